"""Any, some or all criteria: closed forms for independent and for bound dates, and what cannot be asked."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from forecasts.crossing import Crossing
from forecasts.joint import DRAWS, JointError, every_rule, jointly
from forecasts.series import day

AS_OF = date(2026, 1, 1)
ON = 4.0  # years since 2024-01-01, within the horizon
ROUGH = 4 / np.sqrt(DRAWS)


def crossing(chance: float) -> Crossing:
    """Crossed by ON with this chance, a year before or a year after it."""
    return Crossing(time=np.array([ON - 1, ON + 1]), weight=np.array([chance, 1 - chance]), as_of=AS_OF)


THREE = {"a": crossing(0.2), "b": crossing(0.5), "c": crossing(0.9)}


def chances(dependence: float) -> list[float]:
    return [one.crossing.p_by(day(ON)) for one in every_rule(THREE, dependence=dependence)]


def test_independent_criteria_multiply() -> None:
    some, two, every = chances(0.0)
    assert some == pytest.approx(1 - 0.8 * 0.5 * 0.1, abs=ROUGH)
    assert two == pytest.approx(
        0.2 * 0.5 * 0.1 + 0.2 * 0.5 * 0.9 + 0.8 * 0.5 * 0.9 + 0.2 * 0.5 * 0.9, abs=ROUGH
    )
    assert every == pytest.approx(0.2 * 0.5 * 0.9, abs=ROUGH)


def test_bound_criteria_follow_the_likeliest_the_middle_and_the_least_likely() -> None:
    assert chances(1.0) == pytest.approx([0.9, 0.5, 0.2], abs=ROUGH)


def test_dependence_brings_any_and_all_towards_each_other() -> None:
    apart = [chances(rho)[0] - chances(rho)[-1] for rho in (0.0, 0.4, 0.8, 1.0)]
    assert apart == sorted(apart, reverse=True)


def test_a_criterion_that_never_comes_leaves_all_beyond_and_any_as_before() -> None:
    never = Crossing(time=np.array([np.inf]), weight=np.array([1.0]), as_of=AS_OF)
    some, every = every_rule({"a": crossing(0.5), "never": never}, dependence=0.0)
    assert some.crossing.p_by(day(ON)) == pytest.approx(0.5, abs=ROUGH)
    assert every.as_data()["q50"] is None
    assert [some.rule, every.rule] == ["any", "all"]


def test_what_cannot_be_is_refused_in_a_sentence() -> None:
    with pytest.raises(JointError, match="nothing to combine"):
        jointly({"a": crossing(0.5)}, needed=1)
    with pytest.raises(JointError, match="4 of 3 criteria cannot be; ask for 1 to 3"):
        jointly(THREE, needed=4)
    with pytest.raises(JointError, match=r"from 0 to 1; found 1\.5"):
        jointly(THREE, needed=1, dependence=1.5)
