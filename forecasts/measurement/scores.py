"""Scores by system and benchmark, checked and put into the arrays that the multi-benchmark model takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from forecasts.measurement.sampling import Array, MeasurementError

EPOCH_NAMES = {"model": "system", "performance": "score", "date": "released"}
LEAST_SYSTEMS, LEAST_BENCHMARKS = 5, 3
NAMED = 3  # how many of the systems at fault a sentence names


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Cells of a systems x benchmarks table; cells that nobody measured are absent.

    released: days, NaT where unknown. system, benchmark: numbers of each cell's; score: 0 to 1.
    """

    systems: tuple[str, ...]
    benchmarks: tuple[str, ...]
    released: NDArray[np.datetime64]
    system: NDArray[np.int64]
    benchmark: NDArray[np.int64]
    score: Array


def scores(frame: pd.DataFrame) -> Scores:
    """Scores from a table with system, benchmark, score (0 to 1) and, for the frontier, released.

    Epoch's names of these columns (model, performance, date) do as well. Several rows of one system and benchmark are
    averaged. MeasurementError in a sentence for what cannot be measured with: faulty scores, too few systems or
    benchmarks, systems that nothing connects to the rest.
    """
    ours = {theirs: name for theirs, name in EPOCH_NAMES.items() if name not in frame}
    rows = _checked(frame.rename(columns=ours))
    cells = rows.groupby(["system", "benchmark"], sort=True)["score"].mean().reset_index()
    released = rows.groupby("system", sort=True)["released"].min()
    benchmarks = pd.Index(sorted(cells["benchmark"].unique()))
    found = Scores(
        systems=tuple(released.index),
        benchmarks=tuple(benchmarks),
        released=released.to_numpy("datetime64[D]"),
        system=released.index.get_indexer(pd.Index(cells["system"])).astype(np.int64),
        benchmark=benchmarks.get_indexer(pd.Index(cells["benchmark"])).astype(np.int64),
        score=cells["score"].to_numpy(float),
    )
    if len(found.systems) < LEAST_SYSTEMS or len(found.benchmarks) < LEAST_BENCHMARKS:
        raise MeasurementError(
            f"an index needs {LEAST_SYSTEMS} systems and {LEAST_BENCHMARKS} benchmarks; there are "
            f"{len(found.systems)} and {len(found.benchmarks)}: add scores"
        )
    _connected(found)
    return found


def _checked(frame: pd.DataFrame) -> pd.DataFrame:
    needed = ["system", "benchmark", "score"]
    if missing := [name for name in needed if name not in frame]:
        raise MeasurementError(
            f"the table has no column {missing[0]!r}; it needs system (or model), benchmark and score (or "
            "performance), and may have released (or date)"
        )
    rows = frame[needed].copy()
    for name in ("system", "benchmark"):
        if (unnamed := rows[name].isna() | (rows[name].astype(str).str.strip() == "")).any():
            raise MeasurementError(
                f"{int(unnamed.sum())} rows name no {name}; name it, or leave the rows out"
            )
        rows[name] = rows[name].astype(str)
    rows["score"] = pd.to_numeric(rows["score"], errors="coerce")
    if (bad := ~rows["score"].between(0, 1)).any():
        row = rows[bad].iloc[0]
        raise MeasurementError(
            f"{row['system']} on {row['benchmark']}: the score is {row['score']:g}; it must be a share between 0 "
            f"and 1 ({int(bad.sum())} such rows): divide per cents by 100, leave out what was not measured"
        )
    try:
        rows["released"] = pd.to_datetime(frame["released"]) if "released" in frame else pd.NaT
    except ValueError as error:
        raise MeasurementError(f"a release date is none ({error}); write it as 2026-01-31") from error
    return rows


def _connected(found: Scores) -> None:
    """Refuse systems that no chain of shared benchmarks connects: nothing places them on a common scale."""
    systems, benchmarks = len(found.systems), len(found.benchmarks)
    size = systems + benchmarks
    edges = coo_array(
        (np.ones(len(found.score)), (found.system, systems + found.benchmark)), shape=(size, size)
    )
    count, part = connected_components(edges, directed=False)
    if count > 1:
        largest = np.bincount(part[:systems]).argmax()
        apart = [name for name, where in zip(found.systems, part, strict=False) if where != largest]
        more = f" and {len(apart) - NAMED} more" if len(apart) > NAMED else ""
        raise MeasurementError(
            f"no chain of shared benchmarks connects {', '.join(apart[:NAMED])}{more} to the other systems, so one "
            "scale cannot hold both: add scores on a benchmark that both sides have, or leave one side out"
        )
