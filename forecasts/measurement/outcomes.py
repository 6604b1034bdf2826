"""Success counts by system and task, checked and put into the arrays that the task-level model takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecasts.measurement.sampling import Array, MeasurementError
from scorecard.clock import YEAR

ORIGIN = pd.Timestamp("2024-01-01")
MINUTES_SD = 0.5  # doublings: how well a task's human time is known where nobody says
LEAST_TASKS, LEAST_LENGTHS = 5, 3


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """Cells of a systems x tasks table; cells that nobody tried are absent.

    released: years since 2024-01-01, NaN where unknown. log2_minutes, minutes_sd: per task, doublings.
    family: number of each task's family, 0..; system, task, successes, runs: per cell.
    """

    systems: tuple[str, ...]
    tasks: tuple[str, ...]
    released: Array
    log2_minutes: Array
    minutes_sd: Array
    family: NDArray[np.int64]
    system: NDArray[np.int64]
    task: NDArray[np.int64]
    successes: Array
    runs: Array

    @property
    def families(self) -> int:
        """How many families have an effect of their own: none where no two tasks share one, or all do."""
        count = int(self.family.max()) + 1
        return count if 1 < count < len(self.tasks) else 0


def outcomes(frame: pd.DataFrame) -> Outcomes:
    """Counts from a table with system, task, successes, runs, human_minutes; optional family, released, minutes_sd.

    Rows of one system and task are added up, so attempts may come one a row or counted. Tasks without human
    minutes are left out. MeasurementError in a sentence for what cannot be measured with.
    """
    rows = _checked(frame)
    by_task = rows.groupby("task", sort=True)
    if (spread := by_task["human_minutes"].nunique()).max() > 1:
        raise MeasurementError(
            f"task {spread.idxmax()!r} has more than one length in human minutes; give each task one"
        )
    tasks = by_task[["human_minutes", "family", "minutes_sd"]].first()
    systems = rows.groupby("system", sort=True)["released"].min().sort_values(kind="stable")
    if len(tasks) < LEAST_TASKS or tasks["human_minutes"].nunique() < LEAST_LENGTHS:
        raise MeasurementError(
            f"a horizon needs {LEAST_TASKS} tasks of {LEAST_LENGTHS} lengths in human minutes; there are {len(tasks)} "
            f"of {tasks['human_minutes'].nunique()}: add results on tasks whose length is known"
        )
    cells = rows.groupby(["system", "task"], sort=True)[["successes", "runs"]].sum().reset_index()
    own = tasks["family"].where(tasks["family"] != "", "\x00" + tasks.index.astype(str))
    days = (pd.to_datetime(systems) - ORIGIN).dt.days.to_numpy(float)
    return Outcomes(
        systems=tuple(systems.index),
        tasks=tuple(tasks.index),
        released=days / YEAR,
        log2_minutes=np.log2(tasks["human_minutes"].to_numpy(float)),
        minutes_sd=tasks["minutes_sd"].to_numpy(float),
        family=pd.factorize(own)[0].astype(np.int64),
        system=systems.index.get_indexer(pd.Index(cells["system"])).astype(np.int64),
        task=tasks.index.get_indexer(pd.Index(cells["task"])).astype(np.int64),
        successes=cells["successes"].to_numpy(float),
        runs=cells["runs"].to_numpy(float),
    )


def _checked(frame: pd.DataFrame) -> pd.DataFrame:
    needed = ["system", "task", "successes", "runs", "human_minutes"]
    if missing := [name for name in needed if name not in frame]:
        raise MeasurementError(
            f"the table has no column {missing[0]!r}; it needs {', '.join(needed)}, and may have family, released "
            "and minutes_sd"
        )
    rows = frame[needed].copy()
    for name in ("successes", "runs", "human_minutes"):
        rows[name] = pd.to_numeric(rows[name], errors="coerce")
    rows["family"] = frame["family"].fillna("").astype(str) if "family" in frame else ""
    rows["minutes_sd"] = pd.to_numeric(frame["minutes_sd"]) if "minutes_sd" in frame else np.nan
    rows["minutes_sd"] = rows["minutes_sd"].fillna(MINUTES_SD)
    rows["released"] = pd.to_datetime(frame["released"]) if "released" in frame else pd.NaT
    rows = rows[rows["human_minutes"].notna()]
    rules = [
        ("runs", ~(rows["runs"] >= 1) | ~np.isfinite(rows["runs"]), "a number of attempts, 1 or more"),
        ("successes", ~rows["successes"].between(0, rows["runs"]), "between none and all of the attempts"),
        (
            "human_minutes",
            ~(rows["human_minutes"] > 0) | ~np.isfinite(rows["human_minutes"]),
            "minutes above 0, or nothing",
        ),
        ("minutes_sd", ~(rows["minutes_sd"] >= 0) | ~np.isfinite(rows["minutes_sd"]), "doublings, 0 or more"),
    ]
    for name, bad, expected in rules:
        if bad.any():
            row = rows[bad].iloc[0]
            raise MeasurementError(
                f"{row['system']} on task {row['task']}: {name} is {row[name]:g}; it must be {expected} "
                f"({int(bad.sum())} such rows)"
            )
    return rows
