"""The feedback layer: closed form on a straight line, a numerical solution on a bent path, limits, and the command."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.special import expit
from typer.testing import CliRunner

from forecasts import commands as forecast_commands
from forecasts.dates.paths import HORIZON
from forecasts.runs.feedback import (
    FARTHEST,
    FedWorlds,
    Feedback,
    FeedbackError,
    duration,
    phi,
    reach,
    sooner,
)
from forecasts.series import day, years
from scorecard.store import Store
from tests.doors import joined
from tests.forecasts.examples import AS_OF, criterion, straight_worlds

HIGH = "openai.pf2.ai_self_improvement.high"
GROWTH, START, HALFWAY = 3.0, 1.0, 6.0  # of the straight line, in doublings
STRONG = Feedback(kappa=3.0, width=1.5)


def fed(t: np.ndarray, frontier: np.ndarray, moment: np.ndarray, feedback: Feedback) -> np.ndarray:
    """`sooner` for many moments of one path whose as-of day comes first."""
    many = (len(moment), 1)
    return sooner(t, 0, np.tile(frontier, many), np.full(len(moment), HALFWAY), moment, feedback)


@pytest.mark.parametrize("kappa", [0.0, 0.3, 3.0, 40.0])
def test_phi_is_an_integral_of_the_inverse_speed(kappa: float) -> None:
    for start, end in ((-9.0, -2.0), (-1.0, 1.5), (2.0, 2.0005), (0.7, 0.7), (-700.0, 800.0)):
        exact, _ = quad(
            lambda x: 1 / (1 + kappa * expit(x)), start, end, points=[0.0] if start < 0 < end else None
        )
        found = float(duration(np.array(start), np.array(end), kappa))
        if end > start:
            assert found == pytest.approx(exact / (end - start), rel=1e-6)
        else:
            assert found == pytest.approx(1 / (1 + kappa * expit(start)))


@pytest.mark.parametrize("grid", [np.array([0.0, 5.0]), np.linspace(0.0, 5.0, 61)])
def test_a_straight_line_takes_the_time_of_the_closed_form(grid: np.ndarray) -> None:
    """tau(D) = S(D_now) (w / g) (phi(D) - phi(D_now)), however fine the grid is."""
    moments = np.array([0.4, 1.7, 3.3, 5.0])
    level = START + GROWTH * moments
    first, last = ((d - HALFWAY) / STRONG.width for d in (np.array(START), level))
    now = 1 + STRONG.kappa * expit(first)
    exact = now * STRONG.width / GROWTH * (phi(last, STRONG.kappa) - phi(first, STRONG.kappa))
    assert fed(grid, START + GROWTH * grid, moments, STRONG) == pytest.approx(exact, rel=1e-12)
    assert (exact < moments).all()


@pytest.mark.parametrize(
    "feedback", [STRONG, Feedback(kappa=8.0, width=0.7, slow_from=date(2025, 1, 1), slow_by=2.5)]
)
def test_a_bent_path_agrees_with_a_numerical_solution(feedback: Feedback) -> None:
    """Rises, a standstill and jumps, from 2024-01-01, with and without compute that grows scarcer after a year."""
    t = np.array([0.0, 0.5, 0.9, 1.6, 1.7, 3.0, 4.0])
    frontier = np.array([1.0, 2.5, 2.5, 6.0, 8.5, 9.0, 14.0])

    def pace(now: float, u: np.ndarray) -> np.ndarray:
        start, here = (
            1 + feedback.kappa * expit((d - HALFWAY) / feedback.width)
            for d in (1.0, np.interp(u, t, frontier))
        )
        late = feedback.slow_from is not None and now > years(feedback.slow_from)
        return np.asarray(here / start / (feedback.slow_by if late else 1.0))

    ends = np.array([0.3, 0.8, 1.2, 1.9, 2.4])
    solved = solve_ivp(pace, (0.0, 2.4), [0.0], t_eval=ends, rtol=1e-9, atol=1e-9, max_step=0.002)
    plain = solved.y[0]
    plain, ends = plain[plain < t[-1]], ends[plain < t[-1]]
    assert len(plain) >= 2
    assert fed(t, frontier, plain, feedback) == pytest.approx(ends, abs=5e-4)
    assert fed(t, frontier, plain[:1], feedback) == pytest.approx(ends[:1], abs=1e-6)


def test_without_feedback_and_on_a_standstill_nothing_moves() -> None:
    t, moments = np.linspace(0.0, 5.0, 61), np.array([0.2, 1.0, 4.9])
    assert fed(t, START + GROWTH * t, moments, Feedback(kappa=0.0)) == pytest.approx(moments)
    assert fed(t, np.full(61, 7.0), moments, STRONG) == pytest.approx(moments)


def test_what_is_past_already_or_never_stays_so() -> None:
    t = np.array([0.0, 0.5, 1.0, 2.0])  # as of 0.5
    moments = np.array([-np.inf, 0.3, 0.5, np.inf])
    frontier = np.tile(START + 3 * t, (4, 1))
    assert sooner(t, 1, frontier, np.full(4, 2.0), moments, STRONG).tolist() == moments.tolist()


def test_scarcer_compute_stretches_only_what_comes_after_it() -> None:
    t, moments = np.linspace(0.0, 5.0, 61), np.array([0.5, 1.5, 3.0])
    slow = Feedback(kappa=0.0, slow_from=date(2025, 1, 1), slow_by=2.0)
    start = years(date(2025, 1, 1))
    assert fed(t, START + t, moments, slow) == pytest.approx(
        [0.5, start + 2 * (1.5 - start), start + 2 * (3.0 - start)]
    )


def test_more_feedback_is_never_later() -> None:
    t = np.linspace(0.0, 5.0, 61)
    frontier = np.maximum.accumulate(np.random.default_rng(1).normal(0.2, 1.0, 61).cumsum())
    moments = np.linspace(0.1, 5.0, 40)
    weaker, stronger = (fed(t, frontier, moments, Feedback(kappa=kappa)) for kappa in (1.0, 4.0))
    assert (weaker <= moments + 1e-12).all()
    assert (np.diff(stronger) >= 0).all()


def test_worlds_under_the_layer_cross_when_the_closed_form_says() -> None:
    """Worlds on one straight line: log2 = 3 + t; halfway at the level itself, 2^8 minutes."""
    plain = straight_worlds(slope=1.0, start=3.0)
    layered = FedWorlds(draws=plain.draws, indicators=plain.indicators, feedback=STRONG)
    now = plain.indicators["length"].frontier[:, 0]
    first = (now - 8) / STRONG.width
    rise = STRONG.width * (phi(np.zeros(len(now)), STRONG.kappa) - phi(first, STRONG.kappa))
    exact = years(AS_OF) + (1 + STRONG.kappa * expit(first)) * rise
    assert np.median(plain.times(criterion(2.0**8))) == pytest.approx(5.0, abs=0.1)
    assert layered.times(criterion(2.0**8)) == pytest.approx(exact, abs=0.1)  # a month, within which it falls
    assert (layered.times(criterion(2.0**8)) < plain.times(criterion(2.0**8))).all()


def test_paths_reach_as_far_as_the_layer_can_bring_forward() -> None:
    assert reach(Feedback(kappa=0.0), AS_OF) == HORIZON
    assert reach(Feedback(kappa=3.0), AS_OF) == day(years(AS_OF) + 4 * (years(HORIZON) - years(AS_OF)))
    assert reach(Feedback(kappa=40.0), AS_OF) == FARTHEST


@pytest.mark.parametrize(
    "wrong",
    [{"kappa": -1.0}, {"kappa": 1.0, "width": 0.0}, {"kappa": float("nan")}, {"kappa": 1.0, "slow_by": 0.0}],
)
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(FeedbackError, match="kappa is zero or more"):
        Feedback(**wrong)  # type: ignore[arg-type]


def test_the_command_shows_the_dates_without_and_with_it(
    published: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the real facts of a day; nothing is stored, and it says that nobody learnt this from the trend."""
    monkeypatch.setenv("SCORECARD_STORE", str(published.path))
    app = joined(forecast_commands)
    arguments = ["feedback", HIGH, "--as-of", "2026-01-31", "--kappa", "3"]
    printed = CliRunner().invoke(app, [*arguments, "--json"])
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    assert told["status"] == "an assumption, not learnt from the trend"
    assert told["without"]["p_now"] == pytest.approx(told["with"]["p_now"], abs=1e-3)
    assert told["with"]["q50"] < told["without"]["q50"]
    assert set(told["with"]["by_shape"]) == set(told["without"]["by_shape"])
    words = CliRunner().invoke(app, arguments).stdout
    assert "not learnt from the trend" in words
    past = CliRunner().invoke(app, [*arguments, "--slow-from", "2025-01-01"])
    assert isinstance(past.exception, FeedbackError)
    assert "in the data already" in str(past.exception)
    none = CliRunner().invoke(
        app, ["feedback", "openai.pf2.bio_chem.high", "--kappa", "3", "--as-of", "2026-01-31"]
    )
    assert "has no criterion" in str(none.exception)
