"""Priors as people read them: days turned round, densities that integrate to one, overrides that come back."""

from __future__ import annotations

import numpy as np
import pytest

from forecasts.priors.beliefs import ASKED, beliefs, densities
from forecasts.priors.elicit import asked_quantiles
from scorecard.clock import YEAR
from tests.forecasts.examples import default_priors


def test_growth_is_shown_as_days_with_its_quantiles_turned_round() -> None:
    days, plain = (
        beliefs(default_priors(), doubling=True)["growth"],
        beliefs(default_priors(), doubling=False)["growth"],
    )
    assert days.unit == "days"
    assert days.quantiles == pytest.approx([YEAR / q for q in reversed(plain.quantiles)])
    assert sorted(days.quantiles) == list(days.quantiles)


def test_an_override_of_unchanged_quantiles_asks_for_what_is_there() -> None:
    for belief in beliefs(default_priors(), doubling=True).values():
        override = belief.override(belief.quantiles)
        asked = asked_quantiles(override)
        assert override.target == belief.parameter
        assert asked is not None
        assert [asked[p] for p in ASKED] == pytest.approx(belief.prior.frozen.ppf(ASKED), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("name", ["growth", "scatter", "level"])
def test_a_drawn_density_holds_nearly_all_of_the_belief(name: str) -> None:
    rows = densities([("prior", beliefs(default_priors(), doubling=True)[name])])
    x, density = (np.array([row[key] for row in rows]) for key in ("x", "density"))
    assert np.trapezoid(density, x) == pytest.approx(0.97, abs=0.03)
