"""Measures, routes and findings against brute force and closed forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from forecasts.dates.combining import Found, Mixed, combined, likelihood
from forecasts.dates.pool import Component
from forecasts.series import years
from tests.forecasts.examples import default_priors, prior
from tests.scorecard.examples import determination

RNG = np.random.default_rng(2)
WORLDS = 4000
SETTINGS = replace(
    default_priors().settings,
    caution=prior("normal", 0.0, 1e-6),
    determination_lag=prior("lognormal", -20.0, 1e-3),
    finding_error=0.1,
)


def part(name: str, time: np.ndarray, weight: float = 1.0) -> Component:
    return Component(criterion=name, shape="headline", time=time, weight=weight)


def times() -> list[np.ndarray]:
    return [RNG.exponential(scale, WORLDS) for scale in (1.0, 2.0, 3.0)]


def chance(mixed: Mixed, by: float) -> float:
    return float(mixed.given[mixed.time <= by].sum())


def test_measures_of_one_thing_are_mixed_by_weight() -> None:
    a, b, _ = times()
    mixed = Mixed.of([part("a", a, 0.3), part("b", b, 0.1)])
    assert chance(mixed, 1.0) == pytest.approx(0.75 * (a <= 1).mean() + 0.25 * (b <= 1).mean())


@pytest.mark.parametrize("rule", ["any", "all"])
def test_routes_are_combined_world_by_world(rule: str) -> None:
    """Brute force: choose a measure a route in every world, many times over."""
    a, b, c = times()
    routes = [Mixed.of([part("a", a, 0.5), part("b", b, 0.5)]), Mixed.of([part("c", c)])]
    mixed = combined(routes, "any" if rule == "any" else "all")
    chosen = np.where(RNG.random((200, WORLDS)) < 0.5, a, b)
    brute = np.minimum(chosen, c) if rule == "any" else np.maximum(chosen, c)
    assert chance(mixed, 1.0) == pytest.approx(float((brute <= 1.0).mean()), abs=2e-3)
    assert [label for label, _ in mixed.parts] == ["a + c", "b + c"]


def test_a_finding_is_bayes_rule_with_its_error() -> None:
    """P(crossed by D) = 0.4; "not crossed" on D with error 0.1 leaves 0.04 / (0.04 + 0.54)."""
    on = date(2026, 1, 1)
    time = np.full(WORLDS, years(on) + 1.0)
    time[: int(0.4 * WORLDS)] = years(on) - 1.0
    mixed = Mixed.of([part("a", time)])
    denied = mixed.finding(Found(on=on, crossed=False, system="S"), SETTINGS)
    assert chance(denied, years(on)) == pytest.approx(0.04 / (0.04 + 0.54), abs=1e-6)
    affirmed = mixed.finding(Found(on=on, crossed=True, system="S"), SETTINGS)
    assert chance(affirmed, years(on)) == pytest.approx(0.36 / (0.36 + 0.06), abs=1e-6)
    assert float(denied.measured[denied.time <= years(on)].sum()) == pytest.approx(0.4)


def test_caution_blurs_what_a_finding_says() -> None:
    """Caution N(0, 6 months) and no lag: a crossing three months before the finding is missed with Phi(-1/2)."""
    from scipy.stats import norm

    blurred = replace(SETTINGS, caution=prior("normal", 0.0, 6.0), finding_error=0.0)
    found = Found(on=date(2026, 1, 1), crossed=False, system="S")
    at = years(found.on) + np.array([-0.25, 0.0, 0.5])
    assert likelihood(at, found, blurred) == pytest.approx(norm.cdf([-0.5, 0.0, 1.0]), abs=2e-3)


def test_the_newest_finding_counts_and_one_that_says_neither_does_not() -> None:
    said = [
        determination("not_crossed", date(2025, 1, 1), id="1"),
        determination("crossed", date(2026, 1, 1), id="2"),
        determination("cannot_rule_out", date(2026, 2, 1), id="3"),
    ]
    newest = Found.newest(said)
    assert newest is not None
    assert (newest.on, newest.crossed) == (date(2026, 1, 1), True)
    assert Found.newest(said[2:]) is None


def test_a_level_is_never_crossed_before_the_one_below_it() -> None:
    a, b, _ = times()
    lower = Mixed.of([part("b", b)]).one_a_world()
    mixed = Mixed.of([part("a", a)]).no_earlier_than(lower)
    assert (mixed.time >= lower).all()
    assert (lower == b).all()


def test_nothing_to_mix_is_refused() -> None:
    with pytest.raises(ValueError, match="weight above zero"):
        Mixed.of([part("a", times()[0], 0.0)])
    with pytest.raises(ValueError, match="one route"):
        combined([], "any")
