"""Small records that several tests build a store from; made up, and meant to look it."""

from __future__ import annotations

from datetime import date
from typing import Any

from scorecard.records import (
    Criterion,
    Determination,
    ForecastRun,
    Framework,
    Indicator,
    Measurement,
    Source,
    System,
    Threshold,
)  # fmt: skip

KNOWN = date(2026, 1, 10)
PAPER: dict[str, Any] = {"source": "paper", "grade": "primary", "known_at": KNOWN}

SOURCE = Source(
    id="paper", title="A paper", url="https://example.org/paper", published_on=KNOWN, known_at=KNOWN
)
INDICATOR = Indicator(
    id="horizon", name="Horizon", unit="minutes", scale="log2", direction="higher", role="capability",
    measures="task length", informs=("lab.high",), **PAPER,
)  # fmt: skip


def source(id: str, **more: Any) -> Source:
    """A made-up document, the smallest record there is."""
    fields: dict[str, Any] = {
        "id": id, "title": "A paper", "url": "https://example.org", "published_on": KNOWN, "known_at": KNOWN,
    }  # fmt: skip
    return Source(**{**fields, **more})


def framework(version: str = "1", on: date = date(2025, 1, 1)) -> Framework:
    """One version of the made-up framework."""
    return Framework(
        id="lab", version=version, developer="Lab", name="Safety Framework", effective_on=on, current=True,
        source="paper", grade="primary", known_at=on,
    )  # fmt: skip


def threshold(id: str = "lab.high", version: str = "1", **more: Any) -> Threshold:
    """A threshold of the made-up framework."""
    fields: dict[str, Any] = {
        "id": id, "framework": "lab", "version": version, "category": "self_improvement", "level": "High",
        "kind": "substitution", "rsi_relevant": True, "current": True, "paraphrase": "does the work",
        **PAPER, "known_at": date(2025, 1, 1),
    }  # fmt: skip
    return Threshold(**{**fields, **more})


def system(id: str, released_on: date) -> System:
    """A made-up system."""
    return System(id=id, name=id.title(), developer="Lab", released_on=released_on, **PAPER)


def reading(
    system: str, observed_on: date, value: float, vintage: str = "2026-01", **more: Any
) -> Measurement:
    """A reading of the made-up indicator, with a factor of two either way."""
    fields: dict[str, Any] = {
        "indicator": "horizon", "system": system, "observed_on": observed_on, "vintage": vintage,
        "value": value, "low": value / 2, "high": value * 2, "interval": 0.95, **PAPER,
    }  # fmt: skip
    return Measurement(**{**fields, **more})


def criterion(id: str = "horizon-40h", **more: Any) -> Criterion:
    """The made-up threshold measured by the made-up indicator."""
    fields: dict[str, Any] = {
        "id": id, "threshold": "lab.high", "indicator": "horizon", "level": 2400.0, "level_sd": 1.0,
        "rationale": "an example of a criterion", "author": "the scorecard's defaults", "source": "paper",
        "known_at": KNOWN,
    }  # fmt: skip
    return Criterion(**{**fields, **more})


def determination(finding: Any, on: date, **more: Any) -> Determination:
    """The developer's word on the made-up threshold."""
    fields: dict[str, Any] = {
        "id": f"lab-{on}", "threshold": "lab.high", "developer": "Lab", "system": "One", "determined_on": on,
        "finding": finding, **PAPER, "known_at": on,
    }  # fmt: skip
    return Determination(**{**fields, **more})


def run(as_of: date = date(2026, 2, 1), **more: Any) -> ForecastRun:
    """A stored run whose distribution is a straight line from 10 % now to 90 % in ten years."""
    dates = [as_of.replace(year=as_of.year + i).isoformat() for i in range(11)]
    fields: dict[str, Any] = {
        "id": f"run-{as_of}-0000", "threshold": "lab.high", "as_of": as_of, "criteria": ("horizon-40h",),
        "indicators": ("horizon",), "prior_set": "default", "model": "pool", "model_version": "1", "seed": 1,
        "data_hash": "0", "publishable": True, "checks": {"passed": True, "items": []},
        "result": {
            "q10": as_of.isoformat(), "q50": dates[5], "q90": None, "p_now": 0.1, "p_12_months": 0.18,
            "p_beyond_horizon": 0.1, "horizon": dates[10],
            "cdf": {"dates": dates, "p": [0.1 + 0.08 * i for i in range(11)]},
        },
        "draws": "", "draws_sha256": "", "known_at": as_of,
    }  # fmt: skip
    return ForecastRun(**{**fields, **more})


FACTS = (
    SOURCE, framework(), threshold(), INDICATOR,
    system("one", date(2025, 3, 1)), system("two", date(2025, 9, 1)),
    reading("one", date(2025, 3, 1), 60.0), reading("two", date(2025, 9, 1), 214.0),
    reading("two", date(2025, 9, 1), 203.0, vintage="2026-03", known_at=date(2026, 3, 3)),
    criterion(),
)  # fmt: skip
