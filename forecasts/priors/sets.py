"""Prior sets: named priors for every shape, with the settings that belong to no single parameter.

`read_prior_set` turns a file of data/priors/ into the record that is stored, `priors_of` turns a record
into priors that can be fitted, with every fault listed at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf, isfinite, log
from pathlib import Path
from typing import Any

import yaml

from forecasts.headline.pace import Pace
from forecasts.prior import Prior, PriorError, changed
from forecasts.shapes import GAP, SCATTER, Parameter, Shape, get_shape, shapes
from scorecard.records import Override, PriorSet

COMMON: tuple[Parameter, ...] = (SCATTER, GAP)
NUMBERS = {
    "discrepancy": (0.0, 10.0),
    "stall_probability": (0.0, 1.0),
    "correlation_peak": (0.0, 0.98),
    "correlation_length": (1e-6, 1e6),
}
LATER = {
    "finding_error": ((0.0, 0.5), 0.05),
    "halts": ((0.0, 2.0), 0.1),
}  # numbers that older sets lack, with what they are then
HEADLINE = "headline"  # the model of rises and levels, weighed beside the shapes
DISTRIBUTIONS = ("release_rate", "caution", "determination_lag", "publication_lag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What belongs to no single parameter; see the prior set's file for units, meanings and sources.

    discrepancy: standard units per square root of a year. release_rate: frontier systems a year (gamma). paces: what
    somebody believes of an indicator's pace now, in the place of what the class says. caution: months by which a
    developer decides early. Lags in months. No data identify these three. finding_error: chance that a developer's
    finding says the opposite of what the level means. halts: how often a moving indicator comes to stand, a year, half
    by itself and half because leading systems are no longer tested.
    """

    discrepancy: float
    stall_probability: float
    correlation_peak: float
    correlation_length: float
    release_rate: Prior
    caution: Prior
    determination_lag: Prior
    publication_lag: Prior
    weights: Mapping[str, float]
    scaling: Mapping[str, Mapping[str, Any]]
    finding_error: float
    halts: float
    paces: Mapping[str, Pace]

    @property
    def listed(self) -> tuple[str, ...]:
        """The shapes that a sampled run shows, those that only stand beside the forecast (weight zero) included."""
        return tuple(shape for shape in self.weights if shape != HEADLINE)

    @property
    def weighted(self) -> tuple[str, ...]:
        """The shapes with a weight above zero."""
        return tuple(shape for shape, weight in self.weights.items() if weight > 0 and shape != HEADLINE)

    @property
    def pooled(self) -> tuple[str, ...]:
        """The shapes that a pool of shapes is made of: those with a weight, and where none has one, all of them."""
        return self.weighted or self.listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Priors:
    """A prior set ready to fit: `shapes[shape][parameter]`, checked against what each parameter can be."""

    id: str
    shapes: Mapping[str, Mapping[str, Prior]]
    settings: Settings

    def of(self, shape: str) -> Mapping[str, Prior]:
        """The priors of one shape's parameters, scatter and gap included."""
        found = self.shapes.get(shape)
        if found is None:
            raise PriorError(
                f"prior set {self.id} has no priors for {shape}; it has {', '.join(self.shapes)}"
            )
        return found

    def with_prior(self, shape: str, parameter: str, prior: Prior) -> Priors:
        """The same set with one prior replaced, checked."""
        if parameter not in self.of(shape):
            raise PriorError(f"{shape} has no parameter {parameter!r}; it has {', '.join(self.of(shape))}")
        faults = _impossible(shape, parameter, prior)
        if faults:
            raise PriorError(faults)
        return replace(self, shapes={**self.shapes, shape: {**self.shapes[shape], parameter: prior}})

    def with_pace(self, indicator: str, pace: Pace) -> Priors:
        """The same set with a belief about one indicator's pace."""
        paces = {**self.settings.paces, indicator: pace}
        return replace(self, settings=replace(self.settings, paces=paces))

    def with_setting(self, name: str, value: float) -> Priors:
        """The same set with one number of its settings replaced, checked against what it can be."""
        lower, upper = NUMBERS[name] if name in NUMBERS else LATER[name][0]
        if not lower <= value <= upper:
            raise PriorError(f"{name} lies between {lower:g} and {upper:g}; found {value:g}")
        changed: dict[str, Any] = {name: value}
        return replace(self, settings=replace(self.settings, **changed))

    def with_weight(self, model: str, weight: float) -> Priors:
        """The same set with another weight of a shape or of the headline model, in proportion to the others."""
        if model not in self.settings.weights:
            raise PriorError(f"there is no model {model!r}; there are {', '.join(self.settings.weights)}")
        weights = {**self.settings.weights, model: weight}
        if not (0 <= weight < inf and sum(weights.values()) > 0):
            raise PriorError("a weight is zero or more, and not all of them are zero")
        return replace(self, settings=replace(self.settings, weights=weights))

    def on(self, indicator: str, shape: str, unit: float) -> Mapping[str, Prior]:
        """The priors of a shape's parameters on one indicator, whose standard unit is `unit` on the link scale.

        A belief about the indicator's pace takes the place of the prior of `growth`. Where growth changes once, the
        belief is about the pace after the break: it goes to the change, and the pace before keeps its prior.
        """
        given, pace = self.of(shape), self.settings.paces.get(indicator)
        if pace is None or "growth" not in given:
            return given
        if "change" not in given:
            growth = replace(
                given["growth"],
                family="lognormal",
                params={"mu": log(pace.median / unit), "sigma": pace.spread},
            )
            return {**given, "growth": growth}
        before = float(given["growth"].frozen.median())
        change = {"mu": log(pace.median / unit / before), "sigma": pace.spread}
        return {**given, "change": replace(given["change"], family="normal", params=change)}

    def having(self, override: Override) -> tuple[str, ...]:
        """The shapes that an override is about; PriorError with the names there are when there is none."""
        wanted = (override.shape,) if override.shape else tuple(self.shapes)
        having = tuple(name for name in wanted if override.parameter in self.of(name))
        if not having:
            known = sorted({p for name in wanted for p in self.of(name)})
            raise PriorError(
                f"no parameter {override.parameter!r} in {', '.join(wanted)}; there are {', '.join(known)}"
            )
        return having

    def with_overrides(self, overrides: Sequence[Override | str]) -> Priors:
        """Replace priors by families with their numbers; text is read as [SHAPE.]PARAM=FAMILY(args)."""
        made = self
        for one in overrides:
            override = Override.parse(one) if isinstance(one, str) else one
            for name in self.having(override):
                like = self.of(name)[override.parameter]
                made = made.with_prior(name, override.parameter, changed(override, like))
        return made


def parameters_of(shape: Shape) -> tuple[Parameter, ...]:
    """The shape's parameters followed by the ones every shape has: scatter and gap."""
    return (*shape.parameters, *COMMON)


def read_prior_set(path: Path) -> PriorSet:
    """The record of one file of data/priors/; PriorError names the file and every fault in it."""
    with path.open(encoding="utf-8") as stream:
        raw = yaml.safe_load(stream)
    if not isinstance(raw, dict):
        raise PriorError(
            f"{path.name}: expected a mapping with id, name, author, rationale, priors, settings"
        )
    wanted = ("id", "name", "author", "rationale", "known_at", "priors", "settings")
    missing = [field for field in wanted if field not in raw]
    if missing:
        raise PriorError(f"{path.name}: missing {', '.join(missing)}")
    faults = [
        f"{place}: expected a mapping; found {given!r}"
        for place, given in (("priors", raw["priors"]), ("settings", raw["settings"]))
        if not isinstance(given, dict)
    ]
    if faults:
        raise PriorError(f"{path.name}: " + "\n".join(faults))
    if raw.get("from_shapes"):
        _take_from_shapes(raw["priors"], raw["settings"])
    record = PriorSet(
        id=str(raw["id"]),
        name=str(raw["name"]),
        author=str(raw["author"]),
        rationale=str(raw["rationale"]),
        known_at=raw["known_at"]
        if isinstance(raw["known_at"], date)
        else date.fromisoformat(raw["known_at"]),
        priors=_plain(raw["priors"]),
        settings=_plain(raw["settings"]),
        links=tuple(str(link) for link in raw.get("links", ())),
        review_by=raw.get("review_by"),
    )
    try:
        priors_of(record)
    except PriorError as error:
        raise PriorError(f"{path.name}: {error}") from None
    return record


def _take_from_shapes(priors: dict[str, Any], settings: dict[str, Any]) -> None:
    """Give every shape that a set does not speak of its own default priors, and its place in the pool."""
    weights = _value_of(settings, "weights")
    for name, shape in shapes().items():
        if name in priors:
            continue
        priors[name] = {parameter: prior.as_data() for parameter, prior in shape.default_priors.items()}
        if shape.pooled and isinstance(weights, dict):
            weights.setdefault(name, 0 if weights.get(HEADLINE) else 1)


def priors_of(record: PriorSet) -> Priors:
    """A stored prior set as priors to fit with; PriorError lists every fault, one a line."""
    faults: list[str] = []
    of_shapes: dict[str, dict[str, Prior]] = {}
    for name, given in record.priors.items():
        try:
            shape = get_shape(name)
        except ValueError as error:
            faults.append(str(error))
            continue
        if not isinstance(given, Mapping):
            faults.append(f"{name}: expected a mapping of parameters; found {given!r}")
            continue
        names = [p.name for p in parameters_of(shape)]
        for extra in sorted(set(given) - set(names)):
            faults.append(f"{name} has no parameter {extra!r}; it has {', '.join(names)}")
        of_shapes[name] = {}
        for parameter in names:
            if parameter not in given:
                faults.append(f"{name}.{parameter}: no prior given")
                continue
            try:
                prior = _prior(given[parameter])
            except PriorError as error:
                faults.append(f"{name}.{parameter}: {error}")
                continue
            fault = _impossible(name, parameter, prior)
            if fault:
                faults.append(fault)
            of_shapes[name][parameter] = prior
    settings = _settings(record.settings, faults)
    if faults or settings is None:
        raise PriorError("\n".join(faults))
    return Priors(id=record.id, shapes=of_shapes, settings=settings)


def _impossible(shape: str, parameter: str, prior: Prior) -> str:
    """A sentence when the prior reaches values that the parameter cannot take, else nothing."""
    known = {p.name: p for p in parameters_of(get_shape(shape))}
    lower = float(prior.frozen.support()[0])
    if known[parameter].positive and lower < 0:
        return (
            f"{shape}.{parameter}: {prior} reaches below zero, which {known[parameter].meaning} cannot be; "
            "use lognormal, halfnormal, gamma or beta"
        )
    return ""


def _prior(given: Any) -> Prior:
    if not isinstance(given, Mapping) or not isinstance(given.get("params"), Mapping):
        raise PriorError("expected family, params, unit and meaning")
    missing = [field for field in ("family", "unit", "meaning") if field not in given]
    if missing:
        raise PriorError(f"missing {', '.join(missing)}")
    try:
        params = {str(name): float(value) for name, value in given["params"].items()}
    except (TypeError, ValueError):
        raise PriorError(f"params must be numbers; found {dict(given['params'])}") from None
    return Prior(
        family=str(given["family"]),
        params=params,
        unit=str(given["unit"]),
        meaning=str(given["meaning"]),
        rationale=str(given.get("rationale", "")),
        source=str(given.get("source", "")),
    )


def _settings(given: Mapping[str, Any], faults: list[str]) -> Settings | None:
    numbers: dict[str, float] = {}
    for name, (lower, upper) in NUMBERS.items():
        value = given.get(name, {}).get("value") if isinstance(given.get(name), Mapping) else None
        if not isinstance(value, int | float) or not lower <= value <= upper:
            faults.append(f"settings.{name}: needs a `value` between {lower:g} and {upper:g}; found {value}")
        else:
            numbers[name] = float(value)
    for name, ((lower, upper), usual) in LATER.items():
        value = given[name].get("value") if isinstance(given.get(name), Mapping) else given.get(name, usual)
        if not isinstance(value, int | float) or not lower <= value <= upper:
            faults.append(f"settings.{name}: needs a `value` between {lower:g} and {upper:g}; found {value}")
        else:
            numbers[name] = float(value)
    distributions: dict[str, Prior] = {}
    for name in DISTRIBUTIONS:
        try:
            distributions[name] = _prior(given.get(name))
        except PriorError as error:
            faults.append(f"settings.{name}: {error}")
    rate = distributions.get("release_rate")
    if rate is not None and rate.family != "gamma":
        faults.append(
            f"settings.release_rate: must be a gamma, so that counted releases update it; found {rate}"
        )
    weights = _weights(_value_of(given, "weights"), faults)
    scaling = _scaling(_value_of(given, "scaling"), faults)
    paces = _paces(_value_of(given, "paces"), faults)
    if faults:
        return None
    plain: dict[str, Any] = {**numbers, **distributions}
    return Settings(
        **plain,
        weights=weights,
        scaling=scaling,
        paces=paces,
    )


def _value_of(given: Mapping[str, Any], name: str) -> Any:
    """The `value` of a setting; an empty mapping when the setting is left out."""
    setting = given.get(name, {"value": {}})
    return setting.get("value") if isinstance(setting, Mapping) else None


def _weights(given: Any, faults: list[str]) -> dict[str, float]:
    known = dict(given) if isinstance(given, Mapping) else {}
    faults.extend(
        f"settings.weights: there is no shape {name!r}"
        for name in sorted(set(known) - set(shapes()) - {HEADLINE})
    )
    numbers = [w for w in known.values() if isinstance(w, int | float) and 0 <= w < inf]
    if len(numbers) < len(known) or sum(numbers) <= 0:
        faults.append("settings.weights: needs a weight of zero or more for each shape, not all zero")
        return {}
    return {str(name): float(weight) for name, weight in known.items()}


def _paces(given: Any, faults: list[str]) -> dict[str, Pace]:
    """Beliefs about the pace now, by indicator: `median` in link units a year and `spread` of its logarithm."""
    found: dict[str, Pace] = {}
    for indicator, stated in given.items() if isinstance(given, Mapping) else ():
        numbers = stated if isinstance(stated, Mapping) else {}
        median, spread = numbers.get("median", 0.0), numbers.get("spread", 0.0)
        if not all(isinstance(x, int | float) and 0 < x < inf for x in (median, spread)):
            faults.append(
                f"settings.paces.{indicator}: needs a median and a spread above zero; found {stated!r}"
            )
        else:
            found[str(indicator)] = Pace(median=float(median), spread=float(spread))
    return found


def _scaling(given: Any, faults: list[str]) -> dict[str, Mapping[str, Any]]:
    """Stated scalings by indicator; `origin` and `unit` must be numbers and `date` a day."""
    if not isinstance(given, Mapping):
        faults.append(f"settings.scaling: needs a `value` that maps indicators to scalings; found {given!r}")
        return {}
    for indicator, stated in given.items():
        place = f"settings.scaling.{indicator}"
        if not isinstance(stated, Mapping) or {"origin", "date", "unit"} - set(stated):
            faults.append(f"{place}: needs origin, date and unit; found {stated!r}")
            continue
        for name in ("origin", "unit"):
            if not isinstance(stated[name], int | float) or not isfinite(stated[name]):
                faults.append(f"{place}: {name} must be a number; found {stated[name]!r}")
            elif name == "unit" and stated[name] <= 0:
                faults.append(f"{place}: unit must be above zero; found {stated[name]}")
        try:
            date.fromisoformat(str(stated["date"]))
        except ValueError:
            faults.append(f"{place}: date must be written 2024-01-01; found {stated['date']!r}")
    return {str(indicator): stated for indicator, stated in given.items()}


def _plain(value: Any) -> Any:
    """Mappings and lists as plain JSON values: a record must survive being stored and read back."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
