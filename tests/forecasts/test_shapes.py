"""Every shape: its declaration, its curve against the algebra, and numpy against pytensor's formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from forecasts.ops import NUMPY
from forecasts.priors.sets import parameters_of
from forecasts.shapes import Shape, TimeFrame, get_shape, shapes
from forecasts.shapes._shape import CEILING
from forecasts.shapes.local_trend import STEPS
from tests.forecasts.examples import EVERY_SHAPE, default_priors

FRAME = TimeFrame(reference=0.5, end=2.0)
TIMES = np.linspace(-4.0, 2.0, 25)


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def mean(name: str, times: np.ndarray = TIMES, frame: TimeFrame = FRAME, **parameters: Any) -> np.ndarray:
    given = {
        key: value if isinstance(value, np.ndarray) else column(value) for key, value in parameters.items()
    }
    return np.asarray(get_shape(name).mean(NUMPY, given, times, frame))[0]


def from_priors(shape: Shape, draws: int, seed: int) -> dict[str, np.ndarray]:
    """Parameters (draws, 1) drawn from the default priors, with steps where the shape has them."""
    rng = np.random.default_rng(seed)
    given = {
        name: prior.frozen.rvs((draws, 1), random_state=rng)
        for name, prior in default_priors().of(shape.name).items()
    }
    if shape.steps:
        given["steps"] = rng.standard_normal((draws, shape.steps))
    return given


def test_the_six_shapes_are_found_by_name() -> None:
    assert {
        "loglinear",
        "breakpoint",
        "superexponential",
        "saturating",
        "local_trend",
        "quadratic",
    } <= set(shapes())
    with pytest.raises(ValueError, match="no shape 'spline'; use one of breakpoint"):
        get_shape("spline")


@EVERY_SHAPE
def test_a_shape_tells_its_story_and_has_default_priors(shape: Shape) -> None:
    assert all((shape.title, shape.story, shape.equation, shape.source, shape.version > 0))
    assert set(default_priors().of(shape.name)) == {p.name for p in parameters_of(shape)}
    for parameter in shape.parameters:
        assert parameter.unit
        assert parameter.meaning
        assert parameter.usual[0] < parameter.usual[1]


@EVERY_SHAPE
def test_the_level_is_the_value_at_the_reference_date(shape: Shape) -> None:
    given = from_priors(shape, 200, seed=1)
    at_reference = shape.mean(NUMPY, given, np.array([FRAME.reference]), FRAME)
    assert at_reference == pytest.approx(given["level"], abs=1e-6)


@EVERY_SHAPE
def test_prior_curves_are_finite_up_to_the_data_and_capped_beyond(shape: Shape) -> None:
    given = from_priors(shape, 500, seed=2)
    assert np.isfinite(shape.mean(NUMPY, given, TIMES, FRAME)).all()
    ahead = np.linspace(2.0, 27.0, 300)
    path = shape.future(given, ahead, FRAME, np.random.default_rng(3))
    assert path.shape == (500, 300)
    assert np.isfinite(path).all()
    assert path.max() <= CEILING


@EVERY_SHAPE
def test_the_future_joins_the_past_and_depends_on_the_seed_alone(shape: Shape) -> None:
    given = from_priors(shape, 100, seed=4)
    ahead = np.array([1.75, 2.0, 3.0, 9.0])
    once = shape.future(given, ahead, FRAME, np.random.default_rng(5))
    again = shape.future(given, ahead, FRAME, np.random.default_rng(5))
    assert (once == again).all()
    past = np.minimum(shape.mean(NUMPY, given, ahead[:2], FRAME), CEILING)
    assert once[:, :2] == pytest.approx(past)


@EVERY_SHAPE
def test_one_formula_for_numpy_and_pytensor(shape: Shape) -> None:
    """Evaluated without compiling to machine code, draw by draw."""
    import pytensor
    import pytensor.tensor as pt

    from forecasts.ops import tensor_ops

    given = from_priors(shape, 5, seed=6)
    expected = np.asarray(shape.mean(NUMPY, given, TIMES, FRAME))
    names = [p.name for p in shape.parameters]
    scalars = {name: pt.dscalar(name) for name in names}
    steps = pt.specify_shape(pt.dvector("steps"), (shape.steps,)) if shape.steps else None
    tensors: dict[str, Any] = dict(scalars) if steps is None else {**scalars, "steps": steps}
    times, frame = pt.dvector("t"), TimeFrame(reference=pt.dscalar("r"), end=pt.dscalar("e"))
    curve = shape.mean(tensor_ops(), tensors, times, frame)
    with pytensor.config.change_flags(mode="FAST_COMPILE", cxx="", linker="py"):
        for i in range(5):
            values: dict[Any, Any] = {scalars[name]: given[name][i, 0] for name in names}
            if steps is not None:
                values[steps] = given["steps"][i]
            values |= {times: TIMES, frame.reference: FRAME.reference, frame.end: FRAME.end}
            got = curve.eval({key: value for key, value in values.items() if key in _inputs(curve)})
            assert got == pytest.approx(expected[i])


def _inputs(expression: Any) -> set[Any]:
    from pytensor.graph.traversal import ancestors

    return set(ancestors([expression]))


def test_loglinear_is_a_line() -> None:
    assert mean("loglinear", level=1.0, growth=2.0) == pytest.approx(1 + 2 * (TIMES - 0.5))


def test_quadratic_is_a_parabola() -> None:
    x = TIMES - 0.5
    curve = mean("quadratic", level=1.0, growth=2.0, curvature=-0.4)
    assert curve == pytest.approx(1 + 2 * x - 0.2 * x**2)


@pytest.mark.parametrize("break_date", [-2.0, 1.2])
def test_breakpoint_has_two_slopes_on_either_side(break_date: float) -> None:
    curve = mean("breakpoint", level=1.0, growth=2.0, change=np.log(1.5), break_date=break_date)
    slope = np.diff(curve) / np.diff(TIMES)
    middle = 0.5 * (TIMES[1:] + TIMES[:-1])
    assert slope[middle < break_date - 1] == pytest.approx(2.0, rel=1e-3)
    assert slope[middle > break_date + 1] == pytest.approx(3.0, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "straight"),
    [
        ("breakpoint", {"change": 0.0, "break_date": 0.2}),
        ("quadratic", {"curvature": 0.0}),
        ("superexponential", {"speedup": 1e-9}),
        ("local_trend", {"volatility": 1e-12, "steps": np.ones((1, STEPS))}),
    ],
)
def test_shapes_that_extend_the_line_contain_it(name: str, straight: dict[str, Any]) -> None:
    line = mean("loglinear", level=1.0, growth=2.0)
    assert mean(name, level=1.0, growth=2.0, **straight) == pytest.approx(line, abs=1e-5)


def test_superexponential_doublings_shorten_by_the_same_share() -> None:
    growth, speedup = 1.5, 0.1
    # y(t) = level - log(1 - s g x) / s, so the time of level + k is (1 - e^(-s k)) / (s g).
    k = np.arange(1, 8)
    x = (1 - np.exp(-speedup * k)) / (speedup * growth)
    curve = mean("superexponential", FRAME.reference + x, level=0.0, growth=growth, speedup=speedup)
    assert curve == pytest.approx(k)
    lengths = np.diff(np.concatenate([[0.0], x]))
    assert lengths[1:] / lengths[:-1] == pytest.approx(np.exp(-speedup))


def test_superexponential_is_finite_and_rising_through_its_pole() -> None:
    growth, speedup = 1.0, 0.2
    pole = FRAME.reference + 1 / (growth * speedup)
    times = np.linspace(pole - 1, pole + 20, 2000)
    curve = mean("superexponential", times, level=0.0, growth=growth, speedup=speedup)
    assert np.isfinite(curve).all()
    assert (np.diff(curve) > 0).all()
    given = {"level": column(0.0), "growth": column(growth), "speedup": column(speedup)}
    capped = get_shape("superexponential").future(given, times, FRAME, np.random.default_rng(0))
    assert capped[0, -1] == CEILING


def test_saturating_stays_between_floor_and_ceiling() -> None:
    times = np.linspace(-60, 60, 500)
    curve = mean("saturating", times, level=0.0, floor=-8.0, span=25.0, rate=0.4)
    assert (np.diff(curve) >= 0).all()
    assert curve[0] == pytest.approx(-8.0, abs=1e-3)
    assert curve[-1] == pytest.approx(17.0, abs=1e-3)
    steepest = (np.diff(curve) / np.diff(times)).max()
    assert steepest == pytest.approx(25.0 * 0.4 / 4, rel=1e-2)


@pytest.mark.parametrize("level", [-30.0, -8.0, 16.99, 40.0])
def test_saturating_draws_a_curve_whatever_the_level(level: float) -> None:
    curve = mean("saturating", np.linspace(-20, 20, 200), level=level, floor=-8.0, span=25.0, rate=0.4)
    assert np.isfinite(curve).all()
    assert (np.diff(curve) >= 0).all()
    assert np.ptp(curve) <= 25.0


def test_local_trend_is_the_integral_of_its_rate() -> None:
    rng = np.random.default_rng(7)
    steps, volatility, growth = rng.standard_normal((1, STEPS)), 0.6, 1.3
    frame = TimeFrame(reference=0.3, end=2.0)
    curve = mean("local_trend", TIMES, frame, level=2.0, growth=growth, volatility=volatility, steps=steps)
    starts = frame.end - 0.25 * (STEPS - np.arange(STEPS))
    walk = volatility * 0.5 * np.cumsum(steps[0])
    quarter = int(np.searchsorted(starts, frame.reference, side="right")) - 1
    fine = np.linspace(-7.0, 2.0, 200_001)
    rate = (
        growth
        * np.exp(walk - walk[quarter])[np.clip(np.searchsorted(starts, fine, side="right") - 1, 0, None)]
    )
    risen = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]) * np.diff(fine))])
    expected = 2.0 + np.interp(TIMES, fine, risen) - np.interp(frame.reference, fine, risen)
    assert curve == pytest.approx(expected, abs=1e-3)


def test_local_trend_goes_on_with_its_last_rate_and_widens() -> None:
    n = 4000
    given = {
        "level": np.zeros((n, 1)),
        "growth": np.ones((n, 1)),
        "volatility": np.full((n, 1), 0.3),
        "steps": np.zeros((n, STEPS)),
    }
    times = np.arange(2.0, 6.0, 1 / 12)
    path = get_shape("local_trend").future(given, times, FRAME, np.random.default_rng(8))
    assert (np.diff(path, axis=1) >= 0).all()
    risen = path - path[:, :1]
    assert np.median(risen[:, 12]) == pytest.approx(1.0, abs=0.1)
    assert np.std(np.log(risen[:, -1])) > np.std(np.log(risen[:, 12]))


def test_frames_without_years_of_history_still_hold() -> None:
    short = TimeFrame(reference=1.99, end=2.0)
    assert np.isfinite(
        mean("local_trend", TIMES, short, level=0.0, growth=1.0, volatility=0.3, steps=np.ones((1, STEPS)))
    ).all()
