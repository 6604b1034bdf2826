"""A prior set with some beliefs changed: quantiles are turned into the family that comes closest, and that is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from forecasts.headline.pace import Pace
from forecasts.priors.elicit import Elicited, asked_quantiles, elicit
from forecasts.priors.sets import LATER, NUMBERS, Priors, parameters_of, priors_of
from forecasts.shapes import get_shape
from scorecard.records import Override, PriorError, PriorSet

FIXED, WEIGHT = "fixed", "weight"  # halts=fixed(0.2), loglinear.weight=fixed(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedPriors:
    """Priors with changes applied, the id they go by, and by target what was asked beside what was achieved."""

    priors: Priors
    id: str
    told: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def settings_beside(self, base: PriorSet) -> dict[str, Any]:
        """The base's settings with those that were changed, as they are stored."""
        ours, theirs = self.priors.settings, priors_of(base).settings
        changed: dict[str, Any] = {
            name: {**base.settings.get(name, {}), "value": getattr(ours, name)}
            for name in (*NUMBERS, *LATER, "weights")
            if getattr(ours, name) != getattr(theirs, name)
        }
        return {**base.settings, **changed, **({"paces": self.paces} if self.paces else {})}

    @property
    def paces(self) -> dict[str, Any]:
        """The beliefs about paces as a setting of a prior set; empty without any."""
        value = {id: {"median": p.median, "spread": p.spread} for id, p in self.priors.settings.paces.items()}
        unit = "median a year in the indicator's link scale; spread of its logarithm"
        meaning = "what is believed of an indicator's pace now, in the place of what like series say"
        return {"value": value, "unit": unit, "meaning": meaning} if value else {}

    def as_set(self, base: PriorSet, *, name: str, author: str, reason: str, known_at: date) -> PriorSet:
        """The same as a prior set of its own, to be proposed."""
        return PriorSet(
            id=self.id,
            name=name,
            author=author,
            rationale=reason,
            priors={s: {n: p.as_data() for n, p in of.items()} for s, of in self.priors.shapes.items()},
            settings=self.settings_beside(base),
            known_at=known_at,
            asked=dict(self.told) or None,
            links=(),
        )


def changed_priors(base: PriorSet, overrides: Sequence[Override]) -> ChangedPriors:
    """A prior set with overrides applied in their order; PriorError for what cannot be."""
    priors = priors_of(base)
    if not overrides:
        return ChangedPriors(priors=priors, id=base.id)
    told: dict[str, Mapping[str, Any]] = {}
    for override in overrides:
        if override.how == FIXED:
            priors = _fixed(priors, override)
            continue
        quantiles = asked_quantiles(override)
        if override.indicator:
            priors = priors.with_pace(override.indicator, _pace(override, quantiles))
            continue
        if quantiles is None:
            priors = priors.with_overrides([override])
            continue
        having, parameter = priors.having(override), override.parameter
        positive = any(_positive(shape, parameter) for shape in having) or min(quantiles.values()) > 0
        best = elicit(quantiles, priors.of(having[0])[parameter], positive=positive)[0]
        for shape in having:
            like = priors.of(shape)[parameter]
            own = replace(best.prior, unit=like.unit, meaning=like.meaning)
            priors = priors.with_prior(shape, parameter, own)
        told[override.target] = _told(override, best)
    digest = sha256("\n".join([base.id, *sorted(map(str, overrides))]).encode()).hexdigest()[:8]
    return ChangedPriors(priors=priors, id=f"{base.id}+{digest}", told=told)


def _fixed(priors: Priors, override: Override) -> Priors:
    """A number that a set states: a setting, or a model's weight."""
    settable = (*NUMBERS, *LATER)
    if override.indicator or len(override.numbers) != 1:
        raise PriorError(f"{str(override)!r}: a setting takes one number, for instance halts=fixed(0.1)")
    if override.parameter == WEIGHT and override.shape:
        return priors.with_weight(override.shape, override.numbers[0])
    if override.shape or override.parameter not in settable:
        raise PriorError(
            f"{str(override)!r}: only a setting ({', '.join(settable)}) or MODEL.{WEIGHT} is fixed; "
            "give any other parameter a distribution"
        )
    return priors.with_setting(override.parameter, override.numbers[0])


def _pace(override: Override, quantiles: Mapping[float, float] | None) -> Pace:
    if override.parameter != "pace" or quantiles is None or len(quantiles) != 3:
        raise PriorError(
            f"{str(override)!r}: of an indicator only the pace is believed, as doubling_days(10 %, 50 %, 90 %) or as "
            "quantiles(10 %, 50 %, 90 %) of its rise a year"
        )
    low, middle, high = (quantiles[q] for q in sorted(quantiles))
    if not 0 < low < middle < high:
        raise PriorError(f"{str(override)!r}: give three rising numbers above zero (10, 50 and 90 %)")
    return Pace.between(low, middle, high)


def _told(override: Override, best: Elicited) -> dict[str, Any]:
    return {
        "typed": override.right,
        "family": best.prior.family,
        "params": dict(best.prior.params),
        "asked": {f"{p:g}": x for p, x in best.asked.items()},
        "achieved": {f"{p:g}": x for p, x in best.achieved.items()},
        "one_percent": best.one_percent,
        "ninety_nine_percent": best.ninety_nine_percent,
        "miss": best.miss,
    }


def _positive(shape: str, parameter: str) -> bool:
    return next(p.positive for p in parameters_of(get_shape(shape)) if p.name == parameter)
