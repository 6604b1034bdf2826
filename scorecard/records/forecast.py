"""What a model said, and how such forecasts have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from scorecard.records._base import Json, Record
from scorecard.records.forecast_result import Checks, ForecastResult, NoForecast, Quantiles
from scorecard.records.typed_json import stored_as

Basis = Literal["measured again", "published then"]  # whose readings the past was forecast from

POOL = "pool"  # all shapes, sampled
QUICK = "pool, approximated"  # the same without sampling: a first answer, never preferred to a sampled one


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRun(Record):
    """A forecast of one threshold: data as of a moment, priors, model and seed to draws, under one hash.

    Only a publishable run has a result to quote (`quoted`); of another, `refusal` says why nothing is.
    """

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
    checks: Checks
    result: ForecastResult | NoForecast
    draws: str  # file name below the store's folder of files
    draws_sha256: str

    @property
    def quoted(self) -> ForecastResult:
        """What a publishable run says; ValueError, in the words of `refusal`, for any other."""
        if not self.publishable or isinstance(self.result, NoForecast):
            raise ValueError(self.refusal or "This run holds no forecast.")
        return self.result

    @property
    def refusal(self) -> str:
        """Why nothing is quoted from the run; empty when something is."""
        if isinstance(self.result, NoForecast) and self.result.message:
            return self.result.message
        return "" if self.publishable else "The run failed its checks."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelScore:
    """One model's mean scores on the link scale in standard units; by lead None where no record was set so late.

    `covered` is the share of what happened inside the 50 or 80 % interval; `bias` is the median forecast less
    what happened, below zero when it came sooner.
    """

    model: str
    basis: Basis
    origins: int
    cases: int
    records: int
    crps: float
    log_score: float
    covered_50: float
    covered_80: float
    bias: float
    crps_0_3: float | None = stored_as("crps 0-3 months")
    covered_80_0_3: float | None = stored_as("covered_80 0-3 months")
    crps_3_6: float | None = stored_as("crps 3-6 months")
    covered_80_3_6: float | None = stored_as("covered_80 3-6 months")
    crps_6_12: float | None = stored_as("crps 6-12 months")
    covered_80_6_12: float | None = stored_as("covered_80 6-12 months")
    crps_3_12: float | None = stored_as("crps 3-12 months")
    covered_80_3_12: float | None = stored_as("covered_80 3-12 months")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """By how many months a model's median date was late (None: it lay beyond what was looked at), so far ahead.

    `inside_80` is the share of dates inside the 80 % interval.
    """

    model: str
    months_ahead: int
    cases: int
    late: float | None
    inside_80: float


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
    scores: tuple[ModelScore, ...]
    lateness: tuple[Lateness, ...]
    calibration: Mapping[str, tuple[float, ...]]  # by model, probability integral transforms


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSeries(Record):
    """How the headline's forecasts of one series of the reference class came out, by one version of the model.

    asked: by kind of question, columns of one length; scorecard/thresholds/quoted/league.py says what each holds.
    `rise`: units of the series a year.
    """

    TABLE: ClassVar[str] = "judged_series"
    KEY: ClassVar[tuple[str, ...]] = ("series",)
    OURS: ClassVar[bool] = True
    STANDING: ClassVar[bool] = True
    series: str
    model_version: str
    retired: bool
    rise: float
    asked: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion(Record):
    """What is forecast of an indicator's best published reading: P(at least `level` by a day), or its quantiles then.

    `level` is in the indicator's unit, None where quantiles on the day were asked. `given` is the condition in words,
    `given_probability` its own chance. `mcse`: Monte Carlo error of the probability, or of the median relative to it.
    """

    TABLE: ClassVar[str] = "asked_questions"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str  # sha256 of everything the answer depends on
    indicator: str
    level: float | None = None
    day: date
    given: str = ""
    as_of: date
    prior_set: str
    model_version: str
    seed: int
    data_hash: str
    probability: float | None = None
    quantiles: Quantiles | None = None
    given_probability: float | None = None
    mcse: float
