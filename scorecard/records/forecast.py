"""What a model said, and how such forecasts have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from scorecard.records._base import Json, Record

POOL = "pool"  # all shapes, sampled
QUICK = "pool, approximated"  # the same without sampling: a first answer, never preferred to a sampled one


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRun(Record):
    """A forecast of one threshold: data as of a moment, priors, model and seed to draws, under one hash."""

    TABLE: ClassVar[str] = "forecast_runs"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str  # sha256 of everything the result depends on
    threshold: str
    as_of: date
    criteria: tuple[str, ...]
    indicators: tuple[str, ...]
    prior_set: str
    model: str  # POOL, or QUICK until the sampler has answered
    model_version: str
    seed: int
    data_hash: str
    publishable: bool
    checks: Json
    result: Json  # probabilities, quantiles, fans, weights; see forecasts/runs.py
    draws: str  # file name below the store's folder of files
    draws_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord(Record):
    """How forecasts of one indicator would have done in the past: scores by model, and lateness of dates."""

    TABLE: ClassVar[str] = "track_records"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str  # sha256 of everything the result depends on
    indicator: str
    prior_set: str
    model_version: str
    seed: int
    data_hash: str
    origins: int
    records: int  # distinct records that were forecast: what limits what the scores can tell
    scores: tuple[Json, ...]  # a row a model; see forecasts/judging/backtest.py
    lateness: tuple[Json, ...]
    calibration: Json  # model -> probability integral transforms
