"""Small records that several tests build a store from; made up, and meant to look it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from scorecard.evidence.readings.adjusting import readings
from scorecard.people import Actor
from scorecard.records import (
    Cdf,
    Checks,
    Criterion,
    DateSensitivity,
    Determination,
    ForecastResult,
    ForecastRun,
    Framework,
    Indicator,
    JudgedSeries,
    Lateness,
    Measurement,
    ModelScore,
    NoForecast,
    ShapeResult,
    Source,
    System,
    Threshold,
    TrackRecord,
)
from scorecard.store import Store
from scorecard.thresholds.levels import Reads, reads
from scorecard.thresholds.quoted.freshness import EvidenceHash, evidence_hash
from scorecard.thresholds.quoted.league import LINE, OURS, ScoredForecast
from scorecard.thresholds.quoted.outcomes import packed
from scorecard.thresholds.standing import standing

RESEARCHER = Actor(name="a researcher", identity="typed by hand", role="researcher")
KNOWN = date(2026, 1, 10)
PAPER: dict[str, Any] = {"source": "paper", "grade": "primary", "known_at": KNOWN}

SOURCE = Source(
    id="paper", title="A paper", url="https://example.org/paper", published_on=KNOWN, known_at=KNOWN
)
INDICATOR = Indicator(
    id="horizon",
    name="Horizon",
    unit="minutes",
    scale="log2",
    direction="higher",
    role="capability",
    measures="task length",
    informs=("lab.high",),
    **PAPER,
)


def source(id: str, **more: Any) -> Source:
    """A made-up document, the smallest record there is."""
    fields: dict[str, Any] = {
        "id": id,
        "title": "A paper",
        "url": "https://example.org",
        "published_on": KNOWN,
        "known_at": KNOWN,
    }
    return Source(**{**fields, **more})


def framework(version: str = "1", on: date = date(2025, 1, 1)) -> Framework:
    """One version of the made-up framework."""
    return Framework(
        id="lab",
        version=version,
        developer="Lab",
        name="Safety Framework",
        effective_on=on,
        current=True,
        source="paper",
        grade="primary",
        known_at=on,
    )


def threshold(id: str = "lab.high", version: str = "1", **more: Any) -> Threshold:
    """A threshold of the made-up framework."""
    fields: dict[str, Any] = {
        "id": id,
        "framework": "lab",
        "version": version,
        "category": "self_improvement",
        "level": "High",
        "kind": "substitution",
        "rsi_relevant": True,
        "current": True,
        "paraphrase": "does the work",
        **PAPER,
        "known_at": date(2025, 1, 1),
    }
    return Threshold(**{**fields, **more})


def system(id: str, released_on: date) -> System:
    """A made-up system."""
    return System(id=id, name=id.title(), developer="Lab", released_on=released_on, **PAPER)


def reading(
    system: str, observed_on: date, value: float, vintage: str = "2026-01", **more: Any
) -> Measurement:
    """A reading of the made-up indicator, with a factor of two either way."""
    fields: dict[str, Any] = {
        "indicator": "horizon",
        "system": system,
        "observed_on": observed_on,
        "vintage": vintage,
        "value": value,
        "low": value / 2,
        "high": value * 2,
        "interval": 0.95,
        **PAPER,
    }
    return Measurement(**{**fields, **more})


def criterion(id: str = "horizon-40h", **more: Any) -> Criterion:
    """The made-up threshold measured by the made-up indicator."""
    fields: dict[str, Any] = {
        "id": id,
        "threshold": "lab.high",
        "indicator": "horizon",
        "level": 2400.0,
        "level_sd": 1.0,
        "rationale": "an example of a criterion",
        "author": "the scorecard's defaults",
        "source": "paper",
        "known_at": KNOWN,
    }
    return Criterion(**{**fields, **more})


def determination(finding: Any, on: date, **more: Any) -> Determination:
    """The developer's word on the made-up threshold."""
    fields: dict[str, Any] = {
        "id": f"lab-{on}",
        "threshold": "lab.high",
        "developer": "Lab",
        "system": "One",
        "determined_on": on,
        "finding": finding,
        **PAPER,
        "known_at": on,
    }
    return Determination(**{**fields, **more})


def result(as_of: date = date(2026, 2, 1), **more: Any) -> ForecastResult:
    """A crossing whose distribution is a straight line from 10 % now to 90 % in ten years."""
    dates = tuple(as_of.replace(year=as_of.year + i) for i in range(11))
    fields: dict[str, Any] = {
        "q10": as_of,
        "q50": dates[5],
        "q90": None,
        "p_now": 0.1,
        "p_12_months": 0.18,
        "p_beyond_horizon": 0.1,
        "horizon": dates[10],
        "cdf": Cdf(dates=dates, p=tuple(0.1 + 0.08 * i for i in range(11))),
        "by_shape": {},
        "by_criterion": {},
        "fans": {},
        "parameters": {},
        "notes": (),
        "left_out": {},
        "sensitivity": DateSensitivity(prior=0.1, likelihood=0.2, words="An example."),
    }
    return ForecastResult(**{**fields, **more})


def shape(**more: Any) -> ShapeResult:
    """What one shape gives: no date before the horizon, and all the weight."""
    fields: dict[str, Any] = {
        "q10": None,
        "q50": None,
        "q90": None,
        "p_now": 0.1,
        "p_12_months": 0.2,
        "p_beyond_horizon": 0.1,
        "weight": 1.0,
    }
    return ShapeResult(**{**fields, **more})


def run(as_of: date = date(2026, 2, 1), **more: Any) -> ForecastRun:
    """A stored run that says `result`; with `publishable` false it needs another result, such as `refused`.

    It has read what FACTS hold on its day; see `having_read` for one that has read a store.
    """
    fields: dict[str, Any] = {
        "id": f"run-{as_of}-0000",
        "threshold": "lab.high",
        "as_of": as_of,
        "criteria": ("horizon-40h",),
        "indicators": ("horizon",),
        "prior_set": "default",
        "model": "pool",
        "model_version": "1",
        "seed": 1,
        "data_hash": evidence_hash(
            Reads(shown=(criterion(),), criteria=(criterion(),), findings=()),
            {INDICATOR.id: INDICATOR},
            [one for one in FACTS if isinstance(one, Measurement) and one.known_at <= as_of],
            [one for one in FACTS if isinstance(one, System) and one.known_at <= as_of],
        ),
        "publishable": True,
        "checks": Checks.of(()),
        "result": result(as_of),
        "draws": "",
        "draws_sha256": "",
        "known_at": as_of,
    }
    return ForecastRun(**{**fields, **more})


def having_read(store: Store, *runs: ForecastRun) -> list[ForecastRun]:
    """The same runs as if each had read what a store holds on its day."""
    read = {}
    for day in {one.as_of for one in runs}:
        with store.view(as_of=day) as known, store.view() as now:
            listed, every, findings = (
                standing(known, Criterion),
                known.all(Threshold),
                known.all(Determination),
            )
            indicators = {i.id: i for i in now.all(Indicator)}
            evidence = EvidenceHash(indicators, readings(known), known.all(System))
        for threshold in every:
            read[day, threshold.id] = evidence.hash(reads(threshold, listed, every, findings))
    return [replace(one, data_hash=read[one.as_of, one.threshold]) for one in runs]


def refused(message: str = "R-hat was 1.2; sample longer.") -> dict[str, Any]:
    """The fields of `run` that differ when there is no forecast."""
    return {"publishable": False, "result": NoForecast(message=message, left_out={})}


def score(**more: Any) -> ModelScore:
    """How the combination did in a made-up backtest."""
    fields: dict[str, Any] = {
        "model": "equal pool",
        "basis": "measured again",
        "origins": 27,
        "cases": 126,
        "records": 12,
        "crps": 0.4,
        "log_score": -1.3,
        "covered_50": 0.5,
        "covered_80": 0.9,
        "bias": -0.4,
        "crps_0_3": 0.3,
        "covered_80_0_3": 1.0,
        "crps_3_6": 0.4,
        "covered_80_3_6": 0.9,
        "crps_6_12": 0.6,
        "covered_80_6_12": 0.8,
        "crps_3_12": 0.5,
        "covered_80_3_12": 0.85,
    }
    return ModelScore(**{**fields, **more})


def track(**more: Any) -> TrackRecord:
    """A made-up backtest of METR's 80 % horizon, beside the line that a person would draw."""
    fields: dict[str, Any] = {
        "id": "track",
        "known_at": date(2026, 6, 26),
        "indicator": "metr_p80_horizon",
        "prior_set": "default",
        "model_version": "1.2",
        "seed": 1,
        "data_hash": "abc",
        "origins": 27,
        "records": 12,
        "scores": (score(), score(model="straight line since 2023", crps=0.8)),
        "lateness": (Lateness(model="equal pool", months_ahead=6, cases=7, late=4.7, inside_80=0.86),),
        "calibration": {"equal pool": (0.1, 0.5, 0.8)},
    }
    return TrackRecord(**{**fields, **more})


def judged(**more: Any) -> JudgedSeries:
    """A made-up series of the reference class: twelve forecasts of 2024 for a year ahead, all resolved in 2025."""
    asked: list[ScoredForecast] = []
    for place in range(12):
        day = date(2024, place + 1, 1)
        told: tuple[dict[str, Any], ...] = (
            {"kind": "date", "median": 12.0 + place % 5, "low": 6.0, "high": 15.5, "happened": 12.0},
            {"kind": "level", "said": 0.5, "happened": float(place % 2)},
            {"kind": "value", "median": 1.0, "floor": 0.5, "happened": 1.1, "pit": (place + 0.5) / 12},
        )
        when: dict[str, Any] = {"series": "class", "origin": day, "resolved": day.replace(year=2025)}
        asked += [ScoredForecast(**when, **one, lead=12.0, scores={OURS: 0.2, LINE: 0.3}) for one in told]
    fields: dict[str, Any] = {
        "series": "class",
        "known_at": date(2025, 6, 1),
        "model_version": "1.2",
        "retired": False,
        "rise": 1.0,
        "asked": packed(asked),
    }
    return JudgedSeries(**{**fields, **more})


FACTS = (
    SOURCE,
    framework(),
    threshold(),
    INDICATOR,
    system("one", date(2025, 3, 1)),
    system("two", date(2025, 9, 1)),
    reading("one", date(2025, 3, 1), 60.0),
    reading("two", date(2025, 9, 1), 214.0),
    reading("two", date(2025, 9, 1), 203.0, vintage="2026-03", known_at=date(2026, 3, 3)),
    judged(),
    criterion(),
)
