"""Long work as values: asked for by a page or a command, done in a process of its own, its progress seen anywhere."""

from __future__ import annotations

from scorecard.jobs.process import NICE, run, start
from scorecard.jobs.state import Job, Reporter, by_id, everything, find, outcome, tidy
from scorecard.jobs.work import (
    BacktestJob,
    ChangesJob,
    ForecastJob,
    HistoryJob,
    NamedSet,
    Work,
)

__all__ = [
    "NICE",
    "BacktestJob",
    "ChangesJob",
    "ForecastJob",
    "HistoryJob",
    "Job",
    "NamedSet",
    "Reporter",
    "Work",
    "by_id",
    "everything",
    "find",
    "outcome",
    "run",
    "start",
    "tidy",
]
