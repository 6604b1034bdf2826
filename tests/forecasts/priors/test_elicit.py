"""Quantiles to priors: asked against achieved, implied tails, contradictions refused."""

from __future__ import annotations

import pytest

from forecasts.prior import Prior, PriorError
from forecasts.priors.elicit import asked_quantiles, elicit
from scorecard.records import Override

LIKE = Prior(
    family="lognormal", params={"mu": 0.7, "sigma": 0.5}, unit="doublings a year", meaning="rate of growth"
)


@pytest.mark.parametrize(
    ("prior", "family"),
    [
        (Prior(family="lognormal", params={"mu": 1.0, "sigma": 0.4}, unit="", meaning=""), "lognormal"),
        (Prior(family="gamma", params={"alpha": 3.0, "beta": 2.0}, unit="", meaning=""), "gamma"),
    ],
)
def test_the_family_the_quantiles_came_from_is_found_again(prior: Prior, family: str) -> None:
    asked = {p: float(prior.frozen.ppf(p)) for p in (0.1, 0.5, 0.9)}
    best = elicit(asked, LIKE, positive=True)[0]
    assert best.prior.family == family
    assert best.miss < 1e-6
    for name, value in prior.params.items():
        assert best.prior.params[name] == pytest.approx(value, rel=1e-3)


def test_a_normal_through_three_quantiles() -> None:
    best = elicit({0.1: -1.2815515655, 0.5: 0.0, 0.9: 1.2815515655}, LIKE, positive=False)[0]
    assert best.prior.family == "normal"
    assert best.one_percent == pytest.approx(-2.326, abs=1e-2)
    assert best.ninety_nine_percent == pytest.approx(2.326, abs=1e-2)


def test_quantiles_that_no_family_meets_are_told_with_their_miss() -> None:
    every = elicit({0.1: 60.0, 0.5: 120.0, 0.9: 4000.0}, LIKE, positive=True)
    assert every[0].miss > 0.01
    assert every[0].asked[0.9] == 4000.0
    assert every[0].achieved[0.9] != pytest.approx(4000.0, rel=1e-3)
    assert [e.miss for e in every] == sorted(e.miss for e in every)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({0.1: 2.0, 0.5: 1.0, 0.9: 3.0}, "rise with their probability"),
        ({0.5: 1.0}, "at least two"),
        ({0.1: -1.0, 0.5: 1.0, 0.9: 3.0}, "above zero"),
        ({0.1: 1.0, 0.5: float("nan"), 0.9: 3.0}, "rise with their probability"),
        ({0.0: 1.0, 0.5: 2.0}, "between 0 and 1"),
    ],
)
def test_contradictions_are_refused_in_words(asked: dict[float, float], words: str) -> None:
    with pytest.raises(PriorError, match=words):
        elicit(asked, LIKE, positive=True)


def test_days_per_doubling_turn_round() -> None:
    quantiles = asked_quantiles(Override.parse("growth=doubling_days(100, 200, 400)"))
    assert quantiles is not None
    assert quantiles == {0.9: 3.6525, 0.5: 1.82625, 0.1: 0.913125}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("doubling_days(200, 100, 400)", "three rising"),
        ("doubling_days(-1, 100, 400)", "three rising"),
        ("quantiles(1)", "10, 50 and 90"),
        ("quantiles(a, b)", "must be a number"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(text: str, words: str) -> None:
    with pytest.raises(PriorError, match=words):
        asked_quantiles(Override.parse(f"growth={text}"))


def test_other_text_is_not_quantiles() -> None:
    assert asked_quantiles(Override.parse("growth=lognormal(0.7, 0.5)")) is None
