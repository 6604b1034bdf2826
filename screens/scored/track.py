"""How forecasts have done, on the screen: the sentence that stands beside every date, and the tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from scorecard import jobs
from scorecard.jobs import BacktestJob
from scorecard.records import TrackRecord
from scorecard.records.typed_json import to_plain
from scorecard.words import percent, title_of
from screens.frame.page import Frame
from screens.frame.tables import data_table
from screens.frame.work import watch

POOL = "equal pool"
LINE = "straight line since 2023"
COLUMNS = {
    "model": "model",
    "crps": "CRPS",
    "crps 0-3 months": "0 to 3 months",
    "crps 3-6 months": "3 to 6 months",
    "crps 6-12 months": "6 to 12 months",
    "log_score": "log score",
    "covered_50": "in 50 % interval",
    "covered_80": "in 80 % interval",
    "covered_80 3-12 months": "the same 3 to 12 months ahead",
    "bias": "median too high by",
    "cases": "forecasts",
    "records": "records",
    "origins": "origins",
}


def lateness_sentence(track: TrackRecord | None) -> str:
    """How late such dates were in the past, in a sentence to stand beside any date."""
    if track is None:
        return "How late such dates were in the past is not on record yet; see Track record."
    rows = [row for row in track.lateness if row.model == POOL]
    if not rows:
        return "The past is too short to say how late such dates were."
    parts = [f"{_months(row.late)} at {row.months_ahead} months ahead ({row.cases} dates)" for row in rows]
    return f"How such dates did in the past: the median was {', '.join(parts)}."


def _months(late: float | None) -> str:
    if late is None:
        return "more than six years late"
    return f"{abs(late):.0f} months {'late' if late >= 0 else 'early'}"


def answer(track: TrackRecord, name: str) -> str:
    """Whether the combination beat what a person would otherwise take, in a sentence."""
    rows = {row.model: row for row in track.scores if row.basis == "measured again"}
    ours, line = rows[POOL], rows[LINE]
    ratio = ours.crps / line.crps
    best = min(rows.values(), key=lambda row: row.crps).model
    held = percent(ours.covered_80)
    return (
        f"{name}: over {track.origins} monthly origins the combination had {ratio:.2f} times the error of a straight "
        f"line since 2023, and its 80 % intervals held {held} of what happened. Best here: {title_of(best).lower()}. "
        f"Only {track.records} records decide this, so small differences say nothing."
    )


def scores_frame(track: TrackRecord, basis: str) -> pd.DataFrame:
    """Scores by model on one basis, best first."""
    rows = [to_plain(row) | {"model": title_of(row.model)} for row in track.scores if row.basis == basis]
    return pd.DataFrame(rows, columns=list(COLUMNS)).rename(columns=COLUMNS)


def lateness_frame(track: TrackRecord) -> pd.DataFrame:
    """Months by which median dates were late, a row a model."""
    rows: dict[str, dict[str, Any]] = {}
    for row in track.lateness:
        ours = rows.setdefault(row.model, {"model": title_of(row.model)})
        inside = round(row.inside_80 * row.cases)
        ours[f"{row.months_ahead} months ahead"] = _months(row.late)
        ours[f"in 80 % interval at {row.months_ahead}"] = f"{inside} of {row.cases}"
    return pd.DataFrame(list(rows.values()))


def draw_scores(table: pd.DataFrame, alt: str) -> None:
    """A table of scores with two digits."""
    config: dict[str, Any] = {
        name: st.column_config.NumberColumn(format="%.2f") for name in list(COLUMNS.values())[1:6]
    }
    config |= {COLUMNS["bias"]: st.column_config.NumberColumn(format="%.2f")}
    covered = [title for name, title in COLUMNS.items() if name.startswith("covered")]
    data_table(table, chances=covered, config=config, alt=alt)


def backtests_under_way(frame: Frame, *, missing: bool) -> None:
    """Start the backtests that a day lacks, or show how far they are."""
    work = BacktestJob(as_of=frame.as_of)
    job = jobs.find(frame.store, work)
    if job is None and missing:
        job = jobs.start(frame.store, work)
    if job is not None and (job.state == "running" or (job.state == "failed" and missing)):
        watch(frame.store, job, "Backtesting")
