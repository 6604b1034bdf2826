"""What one more result is worth, against cases whose answer is known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.priors.sets import priors_of, read_prior_set
from forecasts.runs.next_evaluation import KINDS, best_error, expected_error, options
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import Criterion, Indicator, Measurement, System


def test_the_value_of_a_noisy_look_matches_the_normal_case() -> None:
    """X normal, seen with error: the expected absolute error falls by the root of what the look leaves."""
    rng = np.random.default_rng(1)
    x = 3.0 * rng.standard_normal(200_000)
    seen = x + 2.0 * rng.standard_normal(len(x))
    left = 3.0 * 2.0 / np.hypot(3.0, 2.0)
    assert best_error(x) == pytest.approx(3.0 * np.sqrt(2 / np.pi), rel=0.01)
    assert expected_error(x, seen, groups=200) == pytest.approx(left * np.sqrt(2 / np.pi), rel=0.02)
    assert expected_error(x, rng.standard_normal(len(x))) == pytest.approx(best_error(x), rel=0.01)
    assert expected_error(x, x, groups=1000) < 0.1


def test_results_on_the_horizon_are_worth_something_and_a_sharper_one_more() -> None:
    facts, on = load(DATA), date(2026, 11, 21)
    indicators = {i.id: i for i in facts.of(Indicator)}
    indicator = indicators["metr_p50_horizon"]
    criteria = [c for c in facts.of(Criterion) if c.id == "openai_critical.p50_2000h"]
    readings = [m for m in facts.of(Measurement) if m.indicator == indicator.id]
    priors = priors_of(read_prior_set(DATA / "priors" / "default.yaml"))
    found = {
        o.kind: o
        for o in options(
            indicator, indicators, readings, facts.of(System), criteria, priors, as_of=on, seed=1
        )
    }
    assert set(found) == set(KINDS)
    assert 0 < found["new system"].narrowing < found["sharper re-test"].narrowing
    assert found["level agreed"].narrowing > 0
    assert len({o.error_now for o in found.values()}) == 1
