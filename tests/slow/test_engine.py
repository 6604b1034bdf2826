"""The engine really sampling: METR's series under every shape, reproducible, and in line with closed forms."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest, norm

from forecasts.dates.crossing import Crossing, cross, mix
from forecasts.dates.paths import simulate
from forecasts.dates.pool import FEWEST_SHAPES
from forecasts.inference.checks import approximated, contraction, converged, predicted
from forecasts.inference.fit import Engine, Fit, build_model, first_forecast
from forecasts.inference.problem import Options, pose
from forecasts.inference.transport import carried, for_sampler
from forecasts.series import Series, series, years
from forecasts.shapes import Shape, get_shape
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import Criterion, Indicator, Measurement
from tests.forecasts.examples import (
    AS_OF,
    EVERY_SHAPE,
    INDEPENDENT,
    YEARLY,
    conjugate_posterior,
    conjugate_priors,
    criterion,
    default_priors,
    doubling,
    indicator,
    measurement,
    prior,
)

pytestmark = pytest.mark.slow
TODAY = date(2026, 11, 25)
HEADLINE = "metr_p50_horizon"
RECORDS = facts.load(DATA).records


def real(name: str) -> Series:
    """An indicator of data/ as known on the day these tests were written."""
    (found,) = [r for r in RECORDS if isinstance(r, Indicator) and r.id == name]
    return series(found, [r for r in RECORDS if isinstance(r, Measurement)], as_of=TODAY)


def headline() -> Criterion:
    (found,) = [r for r in RECORDS if isinstance(r, Criterion) and r.id == "openai_high.p50_40h"]
    return found


@pytest.fixture(scope="module")
def engine() -> Engine:
    """Each model is compiled once for all tests of this file."""
    return Engine()


def crossing(fit: Fit, of: Criterion, as_of: date = TODAY) -> Crossing:
    paths = simulate(fit, default_priors().settings, as_of=as_of, seed=1)
    return cross(paths, of, as_of=as_of, seed=1)


@EVERY_SHAPE
@pytest.mark.parametrize("name", [HEADLINE, "metr_p80_horizon"])
def test_every_shape_converges_on_metrs_horizons(engine: Engine, shape: Shape, name: str) -> None:
    fit = engine.fit(shape, real(name), default_priors(), seed=1)
    assert fit.problem.options == Options(points="frontier", error="correlated")
    assert [check for check in (*converged(fit), predicted(fit, seed=1)) if not check.passed] == []
    assert contraction(fit)["level"] > 0.5


@EVERY_SHAPE
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(engine: Engine, shape: Shape) -> None:
    one, two, other = (
        engine.fit(shape, real(HEADLINE), default_priors(), seed=seed, draws=100).v for seed in (3, 3, 4)
    )
    assert (one == two).all()
    assert not (one == other).all()


def test_another_process_draws_the_same_bits(engine: Engine) -> None:
    code = (
        "from hashlib import sha256\n"
        "from forecasts.inference.fit import Engine\n"
        "from forecasts.shapes import get_shape\n"
        "from tests.forecasts.examples import INDEPENDENT, default_priors, doubling\n"
        "fit = Engine().fit(get_shape('loglinear'), doubling(), default_priors(), seed=5, options=INDEPENDENT)\n"
        "print(sha256(fit.v.tobytes()).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    from hashlib import sha256

    here = engine.fit(get_shape("loglinear"), doubling(), default_priors(), seed=5, options=INDEPENDENT)
    assert done.stdout.strip() == sha256(here.v.tobytes()).hexdigest()


def test_other_priors_families_and_data_do_not_compile_again() -> None:
    fresh, shape, options = Engine(), get_shape("quadratic"), INDEPENDENT
    assert not fresh.is_ready(shape, options)
    first = fresh.fit(shape, doubling(), default_priors(), seed=1, options=options)
    assert fresh.is_ready(shape, options)
    model = fresh.compiled(shape, options)
    changed = default_priors().with_prior("quadratic", "growth", prior("gamma", 20.0, 4.0))
    changed = changed.with_prior("quadratic", "curvature", prior("student", 4.0, 0.0, 0.1))
    second = fresh.fit(shape, doubling(), changed, seed=1, options=options)
    third = fresh.fit(shape, real(HEADLINE), changed, seed=1, options=options)
    assert fresh.compiled(shape, options) is model
    assert second.draws["growth"].mean() > first.draws["growth"].mean()
    assert third.v.shape == second.v.shape


@EVERY_SHAPE
@pytest.mark.parametrize("points", ["frontier", "all"])
@pytest.mark.parametrize("error", ["independent", "correlated"])
def test_the_compiled_density_is_the_numpy_one(shape: Shape, points: str, error: str) -> None:
    """Map, checks and the first forecast use numpy, the sampler pytensor: one density and one map."""
    options = Options(points=points, error=error)  # type: ignore[arg-type]  # the test's own spelling
    problem = pose(shape, real(HEADLINE), default_priors(), options)
    transport = for_sampler(problem)
    model = build_model(shape, options)
    with model:
        for name, value in {"tables": problem.tables, "x": problem.x, **transport.arrays}.items():
            model.set_data(name, value)
    density = model.compile_logp(mode="FAST_COMPILE", sum=True)
    w = np.random.default_rng(1).standard_normal((20, problem.size))
    v, jacobian = carried(problem, transport, w)
    compiled = np.array([float(density({"w": row})) for row in w])
    assert compiled == pytest.approx(problem.log_posterior(v) + jacobian, rel=1e-8, abs=1e-6)


def test_sampling_meets_the_conjugate_posterior(engine: Engine) -> None:
    fit = engine.fit(
        get_shape("loglinear"), doubling(), conjugate_priors(), seed=1, options=INDEPENDENT, draws=4000
    )
    mean, covariance = conjugate_posterior()
    for i, name in enumerate(("level", "growth")):
        expected = norm(mean[i], np.sqrt(covariance[i, i]))
        assert kstest(fit.draws[name][:, ::4].ravel(), expected.cdf).pvalue > 0.001
        assert fit.draws[name].mean() == pytest.approx(mean[i], abs=0.03 * expected.std())
        assert fit.draws[name].std() == pytest.approx(expected.std(), rel=0.03)
    correlation = np.corrcoef(fit.draws["level"].ravel(), fit.draws["growth"].ravel())[0, 1]
    expected_correlation = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    assert correlation == pytest.approx(expected_correlation, abs=0.03)


def test_the_first_forecast_agrees_with_sampling_on_the_headline_dates(engine: Engine) -> None:
    """10, 50 and 90 % dates of the equal mixture of shapes, within two months.

    Shapes whose approximation fails its check are left out, as they are wherever first forecasts are shown.
    """
    points, sampled, first = real(HEADLINE), [], []
    for name in default_priors().settings.listed:
        shape = get_shape(name)
        long = engine.fit(shape, points, default_priors(), seed=1, draws=4000)
        near = first_forecast(shape, points, default_priors(), seed=1, draws=16_000)
        if not approximated(near).passed:
            continue
        sampled.append((crossing(long, headline()), 1.0))
        first.append((crossing(near, headline()), 1.0))
    assert len(first) >= FEWEST_SHAPES
    one, other = mix(sampled), mix(first)
    for q in (0.1, 0.5, 0.9):
        assert apart(one, other, q) < 2.0, f"{q:.0%} date"


def apart(one: Crossing, other: Crossing, q: float) -> float:
    """Months between two quantiles."""
    a, b = one.quantile(q), other.quantile(q)
    assert a is not None
    assert b is not None
    return abs((a - b).days) / 30.44


def test_flat_data_give_wide_dates(engine: Engine) -> None:
    """Eight systems that hardly rise, with errors: the level 8 doublings up may be near, far or never."""
    rng = np.random.default_rng(1)
    days = [date(2022 + i // 2, 1 + 6 * (i % 2), 1) for i in range(8)]
    flat = [2.0 ** (3 + 0.1 * i + 0.05 * float(rng.standard_normal())) for i in range(8)]
    steep = [2.0 ** (2.0 * years(on) + 8) for on in days]
    found = {}
    for name, values in (("flat", flat), ("steep", steep)):
        points = series(
            indicator(few_lag=False),
            [
                measurement(v, on, low=v / 2, high=v * 2, interval=0.9)
                for v, on in zip(values, days, strict=True)
            ],
            as_of=AS_OF,
        )
        fits = [
            engine.fit(get_shape(s), points, default_priors(), seed=1) for s in ("loglinear", "local_trend")
        ]
        level = values[-1] * 2.0**8
        found[name] = mix([(crossing(fit, criterion(level), AS_OF), 1.0) for fit in fits])
    assert found["flat"].p_beyond > 0.1
    assert found["flat"].p_beyond > found["steep"].p_beyond
    assert width(found["flat"]) > 10
    assert width(found["flat"]) > 3 * width(found["steep"])


def width(of: Crossing) -> float:
    """Years between the 10 and 90 % dates, infinite when the later one is beyond the horizon."""
    low, high = of.quantile(0.1), of.quantile(0.9)
    assert low is not None
    return np.inf if high is None else (high - low).days / 365.25


def test_three_points_are_enough_to_sample(engine: Engine) -> None:
    values = [(1.0, 0.6, 1.6), (2.6, 1.5, 4.0), (3.6, 2.4, 6.0)]
    three = series(
        indicator(),
        [
            measurement(v, on, low=low, high=high, interval=0.9)
            for (v, low, high), on in zip(values, YEARLY[:3], strict=True)
        ],
        as_of=AS_OF,
    )
    fit = engine.fit(get_shape("loglinear"), three, default_priors(), seed=1, options=INDEPENDENT)
    assert [check for check in converged(fit) if not check.passed] == []


def test_a_negative_seed_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        engine.fit(get_shape("loglinear"), doubling(), default_priors(), seed=-1)
