"""The task-level model's map: the same posterior as PyMC's own wording, Laplace's closed forms, a rounder density."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from benchmarks.measurement import plain_model
from forecasts.measurement.outcomes import Outcomes, outcomes
from forecasts.measurement.sampling import density
from forecasts.measurement.task_laplace import Laplace
from forecasts.measurement.task_map import TaskMap, at_origin, carry, centred, compiled, map_to, nowhere
from forecasts.measurement.task_model import (
    Sizes,
    TaskPriors,
    data_of,
    log_prior,
    log_prior_of_scales,
    parameters,
    sizes_of,
)
from forecasts.ops import NUMPY
from tests.forecasts.measurement.examples import simulated

type Change = Callable[[object], object]

# Families or none, dates or none, and cells that nobody tried.
TABLES = {
    "whole": lambda d: d,
    "no families": lambda d: d.drop(columns="family"),
    "undated": lambda d: d.assign(released=d["released"].where(d["system"] != "s1")),
    "gaps": lambda d: d[(np.arange(len(d)) % 3 != 0) | (d["system"] == "s2")],
}


# A model of another size takes numba three quarters of a minute to compile.
SLOW = {"no families": pytest.mark.slow}


@pytest.fixture(scope="module", params=[pytest.param(name, marks=SLOW.get(name, ())) for name in TABLES])
def given(request: pytest.FixtureRequest) -> Outcomes:
    truth = simulated(3, priors=TaskPriors(), systems=4, families=6, each=3)
    return outcomes(TABLES[request.param](truth.table))


def _posed(given: Outcomes) -> tuple[dict[str, np.ndarray], Sizes, TaskMap]:
    data, sizes = data_of(given, TaskPriors()), sizes_of(given)
    return data, sizes, map_to(data, sizes)


@cache
def _plain(sizes: Sizes) -> tuple[Any, Callable[..., Any], dict[str, Callable[..., Any]]]:
    """PyMC's own wording, its log density, and its transforms to zero sums: compiled once for all tables of a size."""
    import pytensor
    import pytensor.tensor as pt

    value, forward = pt.vector(), {}
    with plain_model(sizes) as plain:
        log_density = plain.compile_logp(jacobian=True, mode="FAST_COMPILE")
    for name in ("own", "kin")[: 2 if sizes.families else 1]:
        transform = plain.rvs_to_transforms[plain[name]]
        forward[name] = pytensor.function([value], transform.forward(value), mode="FAST_COMPILE")
    return plain, log_density, forward


def test_the_compiled_density_is_that_of_the_model_in_pymcs_own_words(given: Outcomes) -> None:
    """At places w of the map: density of x and u, their Jacobian, and the means of u, which have only a prior."""
    import pymc as pm

    data, sizes, to = _posed(given)
    at = density(compiled(sizes).with_data(**data, **to.arrays))
    plain, log_density, forward = _plain(sizes)
    pm.set_data(data, model=plain)
    chance = np.random.default_rng(4)
    differences = []
    for w in chance.standard_normal((6, sizes.size)):
        x, u, jacobian = carry(NUMPY, w, sizes, to.arrays, data.get("family"))
        named = parameters(NUMPY, x, sizes)
        logs = {"growth", "slope", "scatter", "departure", "spread"}
        point = {
            (f"{name}_log__" if name in logs else name): (
                value if name == "ability" else (np.log(value[0]) if name in logs else value[0])
            )
            for name, value in named.items()
        }
        own, kin = centred(u, sizes)
        means = [(u[: sizes.tasks], own)] + ([(u[sizes.tasks :], kin)] if sizes.families else [])
        zero_sum = dict(zip(("own", "kin"), (pair[1] for pair in means), strict=False))
        for name, value in zero_sum.items():
            point[f"{name}_zerosum__"] = forward[name](value)
        common = sum(-0.5 * len(a) * (a - b)[0] ** 2 for a, b in means)
        differences.append(at(w)[0] - jacobian - common - log_density(point))
    assert np.ptp(differences) < 1e-6 * max(1.0, abs(differences[0])), differences


def test_the_gradient_is_that_of_the_density(given: Outcomes) -> None:
    data, sizes, to = _posed(given)
    at = density(compiled(sizes).with_data(**data, **to.arrays))
    w = 0.5 * np.random.default_rng(2).normal(size=sizes.size)
    for j in (0, 5, sizes.top + 1, sizes.size - 1):
        step = 1e-5 * np.eye(sizes.size)[j]
        assert (at(w + step)[0] - at(w - step)[0]) / 2e-5 == pytest.approx(at(w)[1][j], rel=1e-4, abs=1e-5)


def test_the_map_knows_its_jacobian(given: Outcomes) -> None:
    data, sizes, to = _posed(given)

    def whole(w: np.ndarray) -> np.ndarray:
        return np.concatenate(carry(NUMPY, w, sizes, to.arrays, data.get("family"))[:2], axis=-1)

    found = []
    for w in np.random.default_rng(5).standard_normal((2, sizes.size)):
        steps = 1e-6 * np.eye(sizes.size)
        slopes = (whole(w + steps) - whole(w - steps)) / 2e-6
        found.append(np.linalg.slogdet(slopes)[1] - carry(NUMPY, w, sizes, to.arrays, data.get("family"))[2])
    assert found[0] == pytest.approx(found[1], abs=1e-5)


def test_laplaces_mode_and_curvature_are_those_of_the_density(given: Outcomes) -> None:
    """Against a general optimiser and the determinant of a dense Hessian, over u that sum to zero."""
    data, sizes = data_of(given, TaskPriors()), sizes_of(given)
    at = density(compiled(sizes).with_data(**data, **nowhere(sizes).arrays))
    laplace = Laplace(data, sizes)
    heights, dense = [], []
    for z in 0.3 * np.random.default_rng(6).standard_normal((3, sizes.top)):
        x = at_origin(NUMPY, z, sizes, nowhere(sizes).span)
        near = laplace.given(x[None, : sizes.core])

        def downhill(u: np.ndarray, z: np.ndarray = z) -> tuple[float, np.ndarray]:
            value, gradient = at(np.concatenate([z, u]))
            return -value, -gradient[sizes.top :]

        u = np.concatenate([near.own[0], near.kin[0]])
        found = optimize.minimize(downhill, np.zeros(len(u)), jac=True, method="BFGS", options={"gtol": 1e-7})
        assert u == pytest.approx(found.x, abs=1e-4)
        steps = 1e-5 * np.eye(len(u))
        hessian = np.array([(downhill(u + s)[1] - downhill(u - s)[1]) / 2e-5 for s in steps])
        free = 0.5 * (((x[sizes.scales : sizes.core] - laplace.expected) / laplace.spread) ** 2).sum()
        tied = log_prior(NUMPY, x, sizes, data["priors"], data["when"])
        tied -= log_prior_of_scales(NUMPY, x, sizes, data["priors"])
        heights.append(near.height[0] + free + tied)
        dense.append(-found.fun - 0.5 * np.linalg.slogdet(hessian)[1])
    # The means of u have the same density whatever x is, so the full determinant differs by a constant.
    assert np.ptp(np.subtract(heights, dense)) < 1e-3


def test_the_root_of_the_arrow_is_a_root_of_its_inverse(given: Outcomes) -> None:
    data, sizes = data_of(given, TaskPriors()), sizes_of(given)
    near = Laplace(data, sizes).given(np.zeros((1, sizes.core)))
    tasks, size = sizes.tasks, sizes.tasks + sizes.families
    root = np.zeros((size, size))
    root[np.arange(tasks), np.arange(tasks)] = near.own_sd[0]
    if sizes.families:
        root[np.arange(tasks), tasks + data["family"]] = near.own_slope[0]
        root[range(tasks, size), range(tasks, size)] = near.kin_sd[0]
    p = parameters(NUMPY, np.zeros(sizes.top), sizes)
    apart = np.sqrt(p["departure"] ** 2 + data["length"][1] ** 2) * near.own[0]
    harder = apart + (p["spread"] * near.kin[0][data["family"]] if sizes.families else 0.0)
    (system, task), (_, runs) = data["index"], data["counts"]
    logit = p["slope"] * (p["ability"][system] - (data["length"][0] + harder)[task])
    bend = np.bincount(task, runs / (2 + 2 * np.cosh(logit)), minlength=tasks)
    onto = np.zeros((tasks, size))  # logits a unit of u
    onto[np.arange(tasks), np.arange(tasks)] = np.sqrt(p["departure"] ** 2 + data["length"][1] ** 2)
    if sizes.families:
        onto[np.arange(tasks), tasks + data["family"]] = p["spread"]
    precision = np.eye(size) + (p["slope"] * onto).T @ (bend[:, None] * p["slope"] * onto)
    assert root @ root.T == pytest.approx(np.linalg.inv(precision), abs=1e-4)


def test_what_tasks_add_is_nearly_normal_wherever_the_core_is(given: Outcomes) -> None:
    """How far the weights of normal draws of u vary, in log units, at several values of the scales and abilities."""
    data, sizes, to = _posed(given)
    model, chance = compiled(sizes), np.random.default_rng(7)
    straight = replace(nowhere(sizes), centre=to.centre, root=to.root).arrays
    varies: dict[str, list[float]] = {"map": [], "none": []}
    for z in chance.standard_normal((5, sizes.top)):
        u = chance.standard_normal((100, sizes.size - sizes.top))
        for name, arrays in (("map", to.arrays), ("none", straight)):
            at = density(model.with_data(**data, **arrays))
            weights = [at(np.concatenate([z, row]))[0] + 0.5 * (row**2).sum() for row in u]
            varies[name].append(float(np.std(weights)))
    assert max(varies["map"]) < 0.6, varies
    assert np.mean(varies["map"]) < 0.3 * np.mean(varies["none"]), varies


def test_the_map_is_deterministic(given: Outcomes) -> None:
    one, two = _posed(given)[2], _posed(given)[2]
    assert all((one.arrays[name] == two.arrays[name]).all() for name in one.arrays)
