"""Questions about indicators, answered from the record as it stood and kept on it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256

from forecasts.dates.paths import HORIZON
from forecasts.dates.worlds import Worlds
from forecasts.priors.sets import Priors, priors_of
from forecasts.runs.plan import MODEL_VERSION, asked_of
from forecasts.runs.request import Known, Request, read
from forecasts.worlds.asking import QuestionError, Reaches, read_level, reply
from forecasts.worlds.building import Asked, learnt_by, worlds
from scorecard.evidence.readings.like import beside
from scorecard.records import AskedQuestion, Indicator
from scorecard.store import Store
from scorecard.store.rows import row_hash, to_row

MOST_KEPT = 3  # of some 40 MB an indicator
_KEPT: dict[Hashable, Worlds] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question's record and the indicator that it is about."""

    record: AskedQuestion
    indicator: Indicator


def answered(
    store: Store,
    indicator: str,
    level: str,
    day: date,
    *,
    given: str = "",
    as_of: date,
    prior_set: str | None = None,
    seed: int,
    keep: bool = True,
) -> Answered:
    """Answer a question about an indicator's best published reading and keep it; one that was asked before is read.

    level: ">= 40 h", or "" for quantiles on the day. given: ">= ..." of this or "epoch_eci >= 165" of another one, by
    the same day. Without `keep` nothing is written, for readers who may not. QuestionError says what cannot be read or
    answered; StoreError when there is no such prior set.
    """
    request = Request(as_of=as_of, prior_set=prior_set, seed=seed)
    known = read(store, request, keep=keep)
    about = _indicator(known.indicators, indicator)
    if day < as_of:
        raise QuestionError(f"{day} lies before {as_of}; ask of a later day, or as of an earlier one")
    if day > HORIZON:
        raise QuestionError(f"forecasts end on {HORIZON}; ask of a day up to then, not of {day}")
    asked = read_level(level, about, day) if level else None
    condition = _condition(known.indicators, given, about, day)
    priors = priors_of(known.prior_set)
    names = list(dict.fromkeys([about.id, *([condition.indicator] if condition else [])]))
    readings = [m for m in known.measurements if m.main]
    wanted = {*names, *beside(known.indicators, names, {m.indicator for m in readings})}
    lines = sorted(row_hash(m.TABLE, to_row(m)) for m in readings if m.indicator in wanted)
    decided = {
        "asked": asdict(asked) if asked else None,
        "indicator": about.id,
        "day": day,
        "given": asdict(condition) if condition else None,
        "as_of": as_of,
        "prior_set": [known.prior_set.id, repr(priors.settings.paces), priors.settings.halts],
        "model": [MODEL_VERSION, learnt_by(as_of)],
        "seed": seed,
        "data": sha256("\n".join(lines).encode()).hexdigest(),
    }
    id = sha256(json.dumps(decided, sort_keys=True, default=str).encode()).hexdigest()
    with store.view() as now:
        if before := now.all(AskedQuestion, id=id):
            return Answered(record=before[0], indicator=about)
    found = reply(_worlds(known, priors, request, names), asked, about.id, day, condition)
    record = AskedQuestion(
        id=id,
        indicator=about.id,
        level=asked.level if asked else None,
        day=day,
        given=str(condition) if condition else "",
        as_of=as_of,
        prior_set=known.prior_set.id,
        model_version=MODEL_VERSION,
        seed=seed,
        data_hash=str(decided["data"]),
        probability=found.probability,
        quantiles=found.quantiles,
        given_probability=found.given_probability,
        mcse=round(found.mcse, 6),
        known_at=as_of,
    )
    if keep:
        store.append([record], action="ask", actor="forecasts", identity="local user of this machine")
    return Answered(record=record, indicator=about)


def _worlds(known: Known, priors: Priors, request: Request, names: list[str]) -> Worlds:
    """The worlds of a few indicators; the last ones are kept, so that the next question of them only counts."""
    asked = asked_of(known, priors, request)
    made = [_worlds_of(asked, name) for name in names]
    return Worlds(
        draws=made[0].draws,
        indicators={name: one for part in made for name, one in part.indicators.items()},
        refused={name: why for part in made for name, why in part.refused.items()},
    )


def _worlds_of(asked: Asked, name: str) -> Worlds:
    """One indicator, and the others of its instrument, which are in order with it."""
    key = (
        (name, asked.as_of, asked.seed, asked.size, repr(asked.paces), asked.halts),
        (tuple(asked.measurements), tuple(asked.systems), tuple(asked.indicators.values())),
    )
    if key not in _KEPT:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = worlds(asked, [name])
    return _KEPT[key]


def _indicator(indicators: Mapping[str, Indicator], name: str) -> Indicator:
    if name not in indicators:
        raise QuestionError(
            f"there is no indicator {name!r}; `preparedness export --table indicators` writes those there are"
        )
    return indicators[name]


def _condition(indicators: Mapping[str, Indicator], text: str, about: Indicator, day: date) -> Reaches | None:
    if not text:
        return None
    first = read_level(text, None if text.strip()[:1] != ">" else about, day)
    return read_level(text, _indicator(indicators, first.indicator), day)
