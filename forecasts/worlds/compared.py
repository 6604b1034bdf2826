"""What differs between two prior sets, belief by belief, in the units that people think in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forecasts.prior import Prior
from forecasts.priors.beliefs import ASKED, Belief
from forecasts.priors.sets import Priors, parameters_of, priors_of
from forecasts.shapes import get_shape
from forecasts.worlds.building import pace_belief
from scorecard.records import Indicator, PriorSet
from scorecard.words import title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One belief of two prior sets: what it is about, and what each holds, in words with their unit.

    keys: INDICATOR:pace, the name of a setting, or SHAPE.PARAMETER of every shape that shares the change.
    """

    keys: tuple[str, ...]
    about: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.about}: {self.old} → {self.new}"


def differences(
    old: PriorSet, new: PriorSet, indicators: Mapping[str, Indicator], as_of: date
) -> list[Difference]:
    """Every belief that two sets do not share: paces first, then settings and weights, then priors of shapes.

    Two that differ by less than their words can say are listed all the same. `as_of` is the day as of which like series
    say what is believed of a pace that a set says nothing about.
    """
    was, now = priors_of(old), priors_of(new)
    return [*_paces(was, now, indicators, as_of), *_settings(old, new), *_shapes(was, now)]


def _paces(
    was: Priors, now: Priors, indicators: Mapping[str, Indicator], as_of: date
) -> Iterator[Difference]:
    for id in dict.fromkeys([*was.settings.paces, *now.settings.paces]):
        if id not in indicators or was.settings.paces.get(id) == now.settings.paces.get(id):
            continue  # the first: of an indicator that this record does not have
        ends = [pace_belief(indicators[id], one.settings.paces, as_of) for one in (was, now)]
        if ends[0] is None or ends[1] is None:
            continue
        yield Difference(
            keys=(f"{id}:pace",), about=ends[1].meaning, old=_believed(ends[0]), new=_believed(ends[1])
        )


def _settings(old: PriorSet, new: PriorSet) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.settings, *new.settings]):
        sides = [one.settings.get(name, {}) for one in (old, new)]
        if name == "paces" or _held(sides[0]) == _held(sides[1]):
            continue
        about = sides[1] or sides[0]
        meaning = f" ({about['meaning']})" if about.get("meaning") else ""
        yield Difference(
            keys=(name,), about=f"{title_of(name)}{meaning}", old=_setting(sides[0]), new=_setting(sides[1])
        )


def _held(setting: Mapping[str, Any]) -> Any:
    return setting.get("value", setting.get("params"))


def _setting(held: Mapping[str, Any]) -> str:
    value = _held(held)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(part)}" for name, part in value.items())
    return "not stated" if value is None else f"{_plain(value)} {held.get('unit', '')}".strip()


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _shapes(was: Priors, now: Priors) -> Iterator[Difference]:
    """Priors of the shapes' parameters; a change that several shapes share is told once."""
    told: dict[tuple[str, str, str, str], list[str]] = {}
    for shape in dict.fromkeys([*was.shapes, *now.shapes]):
        for parameter in parameters_of(get_shape(shape)):
            ends = [one.shapes.get(shape, {}).get(parameter.name) for one in (was, now)]
            before, after = ("not stated" if prior is None else _quantiles(prior) for prior in ends)
            if str(ends[0]) != str(ends[1]):
                told.setdefault((parameter.name, parameter.meaning, before, after), []).append(shape)
    for (name, meaning, before, after), shapes in told.items():
        keys = tuple(f"{shape}.{name}" for shape in shapes)
        yield Difference(keys=keys, about=f"{meaning} ({', '.join(shapes)})", old=before, new=after)


def _quantiles(prior: Prior) -> str:
    return _at([float(x) for x in prior.frozen.ppf(ASKED)], prior.unit)


def _believed(belief: Belief) -> str:
    return _at(belief.quantiles, belief.unit)


def _at(quantiles: tuple[float, ...] | list[float], unit: str) -> str:
    low, middle, high = (f"{x:.3g}" for x in quantiles)
    return f"{middle} {unit} (80 %: {low} to {high})"
