"""The kinds of long work, each a value that knows what is asked: pages, commands and the working process share it.

The working process gets the value itself (as JSON beside the store), not a command line, so that a renamed field is
found by the type checker and two askers of the same work are found to ask for the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Literal

from scorecard.records import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSet:
    """Who proposes changed priors as a set of their own, under what name, and why."""

    name: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastJob:
    """Forecast the thresholds of a day and store the runs; all that can be measured, or those that are named.

    With `overrides` under changed priors, which are proposed when they are `named`. Quick runs are
    approximations, made in seconds; `both` makes them first. `assumptions` is the day whose criteria and priors
    are used, where that is not the day of the evidence.
    """

    as_of: date
    thresholds: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    prior_set: str | None = None
    overrides: tuple[Override, ...] = ()
    named: NamedSet | None = None
    seed: int | None = None
    method: Literal["sampled", "quick", "both"] = "sampled"
    assumptions: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryJob:
    """Forecast from the first of each past month with what was known then, by the quick method."""

    as_of: date
    thresholds: tuple[str, ...] = ()
    months: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestJob:
    """Backtest indicators on what is known on a day; by default every one with a criterion."""

    as_of: date
    indicators: tuple[str, ...] = ()
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesJob:
    """Split the change of each threshold's P(crossed by a day) between two days into its causes."""

    since: date
    until: date
    thresholds: tuple[str, ...] = ()
    by: tuple[date, ...] = ()
    method: Literal["sampled", "quick"] = "sampled"


type Work = ForecastJob | HistoryJob | BacktestJob | ChangesJob
KINDS: Mapping[str, type[Work]] = {
    kind.__name__: kind for kind in (ForecastJob, HistoryJob, BacktestJob, ChangesJob)
}


def identity(work: Work) -> str:
    """The same work has the same name, so that two sessions do not start it twice."""
    return sha256(json.dumps(as_data(work), sort_keys=True).encode()).hexdigest()[:16]


def as_data(work: Work) -> dict[str, Any]:
    """A piece of work as plain values."""
    given = {name: _plain(getattr(work, name)) for name in work.__dataclass_fields__}
    return {"kind": type(work).__name__, **given}


def from_data(data: Mapping[str, Any]) -> Work:
    """The work that `as_data` wrote; KeyError, TypeError or ValueError when it was written otherwise."""
    given = {name: _read(name, value) for name, value in data.items() if name != "kind"}
    return KINDS[data["kind"]](**given)


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, NamedSet):
        return asdict(value)
    return str(value) if isinstance(value, (date, Override)) else value


def _read(name: str, value: Any) -> Any:
    match name:
        case "as_of" | "since" | "until":
            return date.fromisoformat(value)
        case "assumptions":
            return None if value is None else date.fromisoformat(value)
        case "by":
            return tuple(map(date.fromisoformat, value))
        case "overrides":
            return tuple(map(Override.parse, value))
        case "named":
            return None if value is None else NamedSet(**value)
    return tuple(value) if isinstance(value, list) else value
