"""The draws of a forecast run as NetCDF, for researchers who want the distribution itself."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import pyarrow.parquet as pq
from scipy.io import netcdf_file

from scorecard.records import ForecastRun
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import board


def run_of(store: Store, threshold: str, as_of: date) -> ForecastRun:
    """The forecast run that the scorecard quotes for a threshold on a day; StoreError when there is none."""
    with store.view(as_of=as_of) as known, store.view() as now:
        rows = {row.threshold.id: row for row in board(known, now, as_of=as_of, everything=True)}
    if threshold not in rows:
        raise StoreError(f"{threshold!r} is not on the scorecard of {as_of}; `status --json` lists what is")
    forecast = rows[threshold].forecast
    if forecast is None or not forecast.run.draws:
        raise StoreError(
            f"{rows[threshold].threshold.id} has no forecast on {as_of}: {rows[threshold].unforecast}"
        )
    return forecast.run


def netcdf(store: Store, run: ForecastRun) -> bytes:
    """The draws of a run as NetCDF 3, which needs no further library: the same run gives the same bytes.

    One dimension, `draw`: `crossing_time` in years since 2024-01-01 (infinity: never), `weight` (sums to 1) and
    `weight_measured`, the same before the developer's findings, the `world` that runs share, when the level `below` is
    crossed in it, and, by number, the `shape` and `criterion` (joined by "+" where they are combined) that each draw
    belongs to, whose names are in `flag_meanings`. Runs of before there were worlds lack what is theirs.
    """
    table = pq.read_table(io.BytesIO(store.files.get(run.draws, run.draws_sha256)))
    out = io.BytesIO()
    made = netcdf_file(out, "w", version=2)
    about = {
        "title": f"Crossing of {run.threshold}: draws of forecast run {run.id}",
        "as_of": run.as_of.isoformat(),
        "threshold": run.threshold,
        "run": run.id,
        "prior_set": run.prior_set,
        "model": f"{run.model} {run.model_version}",
        "seed": str(run.seed),
        "data": run.data_hash,
    }
    for name, text in about.items():
        setattr(made, name, text.encode())
    made.createDimension("draw", len(table))
    for name, column, unit, meaning in (
        ("crossing_time", "time", "years since 2024-01-01", "first crossing; infinity: never"),
        ("weight", "weight", "1", "share of the mixture, given findings"),
        ("weight_measured", "measured", "1", "share of the mixture by measurement alone"),
        ("world", "world", "1", "number of the world, shared by all runs of one day, seed and data"),
        ("below", "below", "years since 2024-01-01", "first crossing of the level below, in the same world"),
    ):
        if column not in table.column_names:
            continue
        variable = made.createVariable(name, "f8", ("draw",))
        variable[:] = table[column].to_numpy()
        variable.units, variable.long_name = unit.encode(), meaning.encode()
    for name in ("shape", "criterion"):
        coded = table[name].combine_chunks().dictionary_encode()
        variable = made.createVariable(name, "i4", ("draw",))
        variable[:] = coded.indices.to_numpy()
        variable.flag_values = np.arange(len(coded.dictionary), dtype="i4")
        meanings = (
            one.replace(" ", "") for one in coded.dictionary.to_pylist()
        )  # a blank parts two meanings
        variable.flag_meanings = " ".join(meanings).encode()
    made.flush()
    return out.getvalue()
