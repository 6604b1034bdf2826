"""Safeguards against the clock, checked against what can be worked out with a pencil."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import exp, floor, log
from typing import Any

import numpy as np
import pytest

from scorecard.clock import MONTH
from scorecard.governance.safeguards import (
    TENTH,
    Clock,
    SafeguardRefused,
    duties,
    lead,
    plan_safeguard,
    readiness,
    safeguards_of,
)
from scorecard.people import Actor, NotAllowed
from scorecard.records import Fan, Safeguard
from scorecard.store import Store, StoreError
from tests.scorecard.examples import run

TODAY = date(2026, 2, 1)
RESEARCHER = Actor(name="a researcher", identity="typed by hand", role="researcher")
HORIZON = 9000  # days


def safeguard(
    low: int, middle: int, high: int, *, starts: int = 0, id: str = "weights", **more: Any
) -> Safeguard:
    """A safeguard ready so many days from today at 10, 50 and 90 %."""
    at = [TODAY + timedelta(days=d) for d in (low, middle, high)]
    fields: dict[str, Any] = {
        "id": id,
        "thresholds": ("lab.high",),
        "name": "Weight security",
        "obligation": "security",
        "owner": "the security lead",
        "status": "being built",
        "starts_on": TODAY + timedelta(days=starts),
        "ready_10": at[0],
        "ready_50": at[1],
        "ready_90": at[2],
        "author": "a researcher",
        "known_at": TODAY,
    }
    return Safeguard(**{**fields, **more})


def exponential(mean: float) -> Clock:
    """A crossing that is exponential with this mean in days."""
    return Clock(as_of=TODAY, p=1 - np.exp(-np.arange(HORIZON) / mean))


def normal(middle: int, sd: float, **more: Any) -> Safeguard:
    return safeguard(round(middle - TENTH * sd), middle, round(middle + TENTH * sd), **more)


def test_readiness_meets_the_three_dates_and_rises() -> None:
    one = safeguard(100, 150, 400)
    assert readiness(one, np.array([100.0, 150.0, 400.0]), TODAY) == pytest.approx([0.1, 0.5, 0.9])
    curve = readiness(one, np.arange(-500.0, 3000.0), TODAY)
    assert (np.diff(curve) >= 0).all()
    assert curve[0] < 1e-6
    assert curve[-1] > 1 - 1e-6


def test_a_known_date_reads_the_crossing_distribution_there() -> None:
    found = lead(exponential(1000), [safeguard(400, 400, 400)])
    assert found.p_before_ready == pytest.approx(1 - exp(-0.4), abs=1e-9)
    expected = [(-1000 * log(1 - q) - 400) / MONTH for q in (0.1, 0.5, 0.9)]
    assert found.slack == pytest.approx(expected, abs=0.05)


def test_normal_readiness_against_an_exponential_crossing() -> None:
    """P(C < R) = 1 - E exp(-R/m) = 1 - exp(-mu/m + sd^2 / 2m^2)."""
    found = lead(exponential(900), [normal(600, 80)])
    assert found.p_before_ready == pytest.approx(1 - exp(-600 / 900 + 80**2 / (2 * 900**2)), abs=1e-3)


def test_normal_against_normal_gives_the_normal_slack() -> None:
    from scipy.stats import norm

    clock = Clock(as_of=TODAY, p=norm.cdf(np.arange(HORIZON), 1500, 200))
    found = lead(clock, [normal(1000, 150)])
    assert found.p_before_ready == pytest.approx(norm.cdf(-500 / 250), abs=1e-3)
    expected = [(500 + 250 * z) / MONTH for z in norm.ppf([0.1, 0.5, 0.9])]
    assert found.slack == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("tolerance", [0.05, 0.1, 0.3])
def test_the_latest_start_leaves_exactly_the_tolerance(tolerance: float) -> None:
    """With a building time of 200 days, start 200 days before the crossing's quantile at the tolerance."""
    found = lead(exponential(2000), [safeguard(200, 200, 200)], tolerance=tolerance)
    assert found.latest_start is not None
    assert (found.latest_start - TODAY).days == floor(-2000 * log(1 - tolerance) - 200)
    assert found.overdue == (found.latest_start < TODAY)
    assert f"{tolerance:.0%}".replace("%", " %") in found.words


def test_started_on_its_latest_day_a_safeguard_is_late_as_often_as_tolerated() -> None:
    planned = normal(300, 60)
    found = lead(exponential(4000), [planned], tolerance=0.1)
    assert found.latest_start is not None
    moved = (found.latest_start - TODAY).days
    again = lead(exponential(4000), [normal(300 + moved, 60, starts=moved)], tolerance=0.1)
    assert again.p_before_ready == pytest.approx(0.1, abs=2e-3)


def test_too_late_and_never_too_late_are_told_apart() -> None:
    already = Clock(as_of=TODAY, p=np.full(HORIZON, 0.4))
    late = lead(already, [safeguard(10, 20, 30)], tolerance=0.1)
    assert late.latest_start is None
    assert late.late
    assert "too late" in late.words
    unlikely = lead(Clock(as_of=TODAY, p=np.full(HORIZON, 0.01)), [safeguard(10, 20, 30)], tolerance=0.1)
    assert unlikely.latest_start is None
    assert not unlikely.late
    assert "Any start" in unlikely.words
    assert unlikely.slack == (None, None, None), "crossing lies beyond the horizon"


def test_a_buffer_moves_readiness_back() -> None:
    plain, spare = (lead(exponential(1000), [safeguard(400, 400, 400)], months=m) for m in (0, 3))
    assert spare.p_before_ready == pytest.approx(1 - exp(-(400 + 3 * MONTH) / 1000), abs=1e-6)
    assert [
        b - a for a, b in zip(spare.slack, plain.slack, strict=True) if a is not None and b is not None
    ] == (pytest.approx([3.0, 3.0, 3.0], abs=0.05))


def test_all_safeguards_are_needed_and_ready_ones_do_not_count() -> None:
    first, second = safeguard(100, 100, 100), safeguard(400, 400, 400, id="monitoring")
    both = lead(exponential(1000), [first, second])
    assert both.p_before_ready == pytest.approx(lead(exponential(1000), [second]).p_before_ready)
    done = safeguard(-30, -30, -30, id="done", status="ready", starts=-60)
    assert lead(exponential(1000), [done, second]).p_before_ready == pytest.approx(both.p_before_ready)
    assert lead(exponential(1000), [done]).p_before_ready == 0.0


def test_what_should_be_ready_and_is_not_is_expected_later() -> None:
    """Half of the plan's dates have passed: what is left of the distribution is what counts."""
    found = lead(exponential(1000), [normal(0, 100)])
    half = lead(exponential(1000), [normal(0, 100, status="ready", starts=-400)])
    assert found.p_before_ready > 0.06
    assert half.p_before_ready == 0.0
    gone = lead(exponential(1000), [safeguard(-30, -20, -10, starts=-60)])
    assert gone.p_before_ready == pytest.approx(1 - exp(-(HORIZON - 1) / 1000), abs=1e-3)
    assert gone.outdated == ("Weight security",)


def test_a_clock_is_read_from_a_stored_run() -> None:
    clock = Clock.of(run(), TODAY + timedelta(days=365))
    assert clock.p[0] == pytest.approx(0.18)
    assert clock.p[-1] == pytest.approx(0.9)
    assert all(b >= a for a, b in pairwise(clock.p))


def test_the_warning_level_is_the_median_reading_on_the_latest_start() -> None:
    fan = Fan(
        dates=tuple(TODAY + timedelta(days=d) for d in (0, 100, 1000)),
        q10=(1, 2, 11),
        q25=(3, 6, 33),
        q50=(10, 20, 110),
        q75=(30, 60, 330),
        q90=(100, 200, 1100),
    )
    found = lead(exponential(2000), [safeguard(100, 100, 100)], fans={"horizon": fan})
    start = int(-2000 * log(0.9) - 100)
    assert found.warning["horizon"]["q50"] == pytest.approx(10 + start / 10)


def test_duties_show_what_nobody_owns(store: Store) -> None:
    from tests.scorecard.examples import threshold

    store.append([threshold(obligations=("security", "monitoring"))], action="import", actor="a test")
    plan_safeguard(store, safeguard(100, 200, 300), RESEARCHER)
    with store.view() as now:
        found = duties(now, "lab.high")
    assert [(d.obligation, len(d.safeguards)) for d in found] == [("security", 1), ("monitoring", 0)]


def test_a_revised_plan_supersedes_and_a_withdrawn_one_goes(store: Store) -> None:
    plan_safeguard(store, safeguard(100, 200, 300), RESEARCHER)
    plan_safeguard(store, safeguard(200, 300, 500), RESEARCHER)
    with store.view() as now:
        assert [s.ready_50 for s in safeguards_of(now, "lab.high")] == [TODAY + timedelta(days=300)]
        assert len(now.history(Safeguard)) == 2
    plan_safeguard(store, safeguard(200, 300, 500, status="withdrawn"), RESEARCHER)
    with store.view() as now:
        assert safeguards_of(now, "lab.high") == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (safeguard(300, 200, 100), "must not fall"),
        (safeguard(100, 200, 300, starts=150), "starts_on"),
        (safeguard(100, 200, 300, status="ready"), "one date"),
        (safeguard(100, 200, 300, owner=" "), "owner"),
        (safeguard(100, 200, 300, thresholds=()), "a threshold"),
    ],
)
def test_a_poor_plan_is_refused(store: Store, wrong: Safeguard, words: str) -> None:
    with pytest.raises(SafeguardRefused, match=words):
        plan_safeguard(store, wrong, RESEARCHER)


def test_a_viewer_and_an_unknown_threshold_are_refused(store: Store) -> None:
    viewer = Actor(name="a guest", identity="signed in with single sign-on", role="viewer")
    with pytest.raises(NotAllowed, match="takes a researcher"):
        plan_safeguard(store, safeguard(100, 200, 300), viewer)
    with pytest.raises(StoreError, match="nowhere"):
        plan_safeguard(store, safeguard(100, 200, 300, thresholds=("nowhere",)), RESEARCHER)
    with store.view() as now:
        assert now.all(Safeguard) == []
