"""Coordinates in which the task-level posterior is near a standard normal, found without sampling.

With what tasks and families add (`u`) integrated out by Laplace's approximation (task_laplace.py), and with abilities
that no trend ties together, a density in a few dozen coordinates is left: the scales and the abilities. It is climbed,
its mean and covariance are taken by importance sampling, and the mode and root of u are made to follow it as surfaces.
Of the trend the sampler sees what results fix, its height and mean growth over the span of the releases, and the
break and the bend in units of their priors: given few systems the break may lie in either of two places, which no
normal describes. As in transport.py, the map decides how fast the sampler goes, never what is drawn: the compiled
density knows its Jacobian.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from scipy import linalg, optimize
from scipy.special import expit

from forecasts.measurement.sampling import COMPILER
from forecasts.measurement.task_laplace import Given, Laplace
from forecasts.measurement.task_model import (
    Sizes,
    TaskPriors,
    departures,
    grown,
    log_prior,
    parameters,
    trend_priors,
)
from forecasts.ops import NUMPY, Array, Ops, tensor_ops

REACH = 4.0  # standard deviations of the core; the surfaces are level beyond
PER_TERM = 12  # draws of the core for each term of the surfaces
_H, _WIDE = 1e-3, 0.1  # differences of the gradient, and of the curvature
_LEAST_CURVATURE = 0.05  # of the density of x, in the unit of its own width
_LOGISTIC = np.pi**2 / 3  # variance of the logistic distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMap:
    """The map's numbers as the compiled model takes them.

    centre (top,), root (top, top) lower triangular: x = centre + root z, but for the trend's level and growth, which
    follow from those over the `span` (2,), in years. surfaces (3 tasks + 2 families, terms): mean and log sd of what a
    task adds given its family, its slope on the family's coordinate, mean and log sd of families.
    """

    centre: np.ndarray
    root: np.ndarray
    surfaces: np.ndarray
    span: np.ndarray

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        return {"centre": self.centre, "root": self.root, "surfaces": self.surfaces, "span": self.span}


def _pairs(sizes: Sizes) -> list[tuple[int, int]]:
    return list(combinations_with_replacement(range(sizes.scales), 2))


def terms(ops: Ops, z: Array, sizes: Sizes) -> Array:
    """What the surfaces are made of at z (..., core or more): one, every coordinate, products of the scales'."""
    z = ops.minimum(ops.maximum(z[..., : sizes.core], -REACH), REACH)
    products = ops.stack([z[..., i] * z[..., j] for i, j in _pairs(sizes)])
    return ops.concatenate([0 * z[..., :1] + 1, z, products])


def nowhere(sizes: Sizes) -> TaskMap:
    """The map that leaves everything but the trend's level and growth where it is."""
    rows = 3 * sizes.tasks + 2 * sizes.families
    count = 1 + sizes.core + len(_pairs(sizes))
    return TaskMap(
        centre=np.zeros(sizes.top),
        root=np.eye(sizes.top),
        surfaces=np.zeros((rows, count)),
        span=np.array([0.0, 1.0]),
    )


def carry(
    ops: Ops, w: Array, sizes: Sizes, to: Mapping[str, Array], family: Array
) -> tuple[Array, Array, Array]:
    """x (..., top), u (..., tasks + families) and the log of the Jacobian (...,) at w (..., size).

    The Jacobian leaves out what is constant in it.
    """
    n, tasks, families = sizes.top, sizes.tasks, sizes.families
    z, apart, shared = w[..., :n], w[..., n : n + tasks], w[..., n + tasks :]
    found = terms(ops, z, sizes) @ to["surfaces"].T
    log_sd = found[..., tasks : 2 * tasks]
    own = found[..., :tasks] + ops.exp(log_sd) * apart
    x, jacobian = at_origin(ops, to["centre"] + z @ to["root"].T, sizes, to["span"]), log_sd.sum(-1)
    if not families:
        return x, own, jacobian
    own = own + found[..., 2 * tasks : 3 * tasks] * shared[..., family]
    log_kin = found[..., 3 * tasks + families :]
    kin = found[..., 3 * tasks : 3 * tasks + families] + ops.exp(log_kin) * shared
    return x, ops.concatenate([own, kin]), jacobian + log_kin.sum(-1)


def at_origin(ops: Ops, x: Array, sizes: Sizes, span: Array) -> Array:
    """x (..., top) with level and log growth at t = 0, from the level amid the span and the mean growth over it.

    Both are moved by what does not depend on them, so volume is kept.
    """
    level, growth, break_at, bend, scatter = (x[..., i : i + 1] for i in range(sizes.core, sizes.top))
    first, last = (grown(ops, break_at, bend, span[i]) for i in (0, 1))
    growth = growth - ops.log((last - first) / (span[1] - span[0]))
    level = level - ops.exp(growth) * grown(ops, break_at, bend, 0.5 * (span[0] + span[1]))
    return ops.concatenate([x[..., : sizes.core], level, growth, break_at, bend, scatter])


def centred(u: Array, sizes: Sizes) -> tuple[Array, Array]:
    """What tasks and families add, each summing to zero over the suite; their means have no likelihood."""
    own, kin = u[..., : sizes.tasks], u[..., sizes.tasks :]
    return own - own.mean(-1, keepdims=True), kin - kin.mean(-1, keepdims=True) if sizes.families else kin


def build_model(sizes: Sizes) -> Any:
    """The PyMC model in the map's coordinates `w`; its data are `task_model.data_of` and the map's arrays.

    One model serves any priors, dates, lengths and any number of cells.
    """
    import pymc as pm
    import pytensor.tensor as pt

    ops = tensor_ops()
    with pm.Model() as model:
        given = {
            "priors": pm.Data("priors", TaskPriors().array()),
            "when": pm.Data("when", np.zeros((2, sizes.systems))),
            "length": pm.Data("length", np.zeros((2, sizes.tasks))),
            "family": pm.Data("family", np.zeros(sizes.tasks, dtype=np.int64)) if sizes.families else None,
        }
        index = pm.Data("index", np.zeros((2, 1), dtype=np.int64))
        counts = pm.Data("counts", np.ones((2, 1)))
        arrays = {name: pm.Data(name, value) for name, value in nowhere(sizes).arrays.items()}
        w = pm.Flat("w", shape=sizes.size)
        x, u, jacobian = carry(ops, w, sizes, arrays, given["family"])
        x = pt.specify_shape(x, (sizes.top,))
        p = parameters(ops, x, sizes)
        harder = departures(ops, p, *centred(u, sizes), given, sizes)
        difficulty = given["length"][0] + harder
        logit = p["slope"][0] * (p["ability"][index[0]] - difficulty[index[1]])
        pm.Potential("prior", log_prior(ops, x, sizes, given["priors"], given["when"]) - 0.5 * (u**2).sum())
        pm.Potential("jacobian", jacobian)
        pm.Potential("successes", (counts[0] * logit - counts[1] * pt.softplus(logit)).sum())
    return model


def compiled(sizes: Sizes) -> Any:
    """The compiled model of these sizes."""
    return COMPILER.get(("task level", sizes), lambda: build_model(sizes))


def map_to(data: Mapping[str, np.ndarray], sizes: Sizes) -> TaskMap:
    """The map to the posterior, deterministic."""
    laplace, n = Laplace(data, sizes), sizes.core
    top, root, near = _climb(laplace, _start(data, sizes))
    chance = np.random.default_rng(n)
    count = PER_TERM * nowhere(sizes).surfaces.shape[1]

    def drawn() -> tuple[np.ndarray, Given]:
        half = chance.standard_normal((count // 2, n))
        z = np.concatenate([half, -half])
        return z, laplace.given(top + z @ root.T, near)

    z, found = drawn()
    shift, spread = _moments(z, found.height)
    top, root = top + root @ shift, root @ spread
    z, found = drawn()
    targets = [found.own, np.log(found.own_sd), found.own_slope, found.kin, np.log(found.kin_sd)]
    fitted, *_ = np.linalg.lstsq(terms(NUMPY, z, sizes), np.concatenate(targets, axis=1), rcond=None)
    of_trend, sd = trend_priors(data["priors"])
    when = data["when"][0]
    middle, reach = (when.max() + when.min()) / 2, max(float(np.ptp(when)), 1.0) / 2
    return TaskMap(
        centre=np.concatenate([top, [top[sizes.scales :].mean()], of_trend[1:]]),
        root=linalg.block_diag(root, np.diag(sd)),
        surfaces=np.ascontiguousarray(fitted.T),
        span=np.array([middle - reach, middle + reach]),
    )


def _moments(z: np.ndarray, height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and root of the covariance of what `height` is the density of, from standard normal draws z.

    Fewer effective draws than it takes are made up for by the standard normal itself.
    """
    weight = height + 0.5 * (z**2).sum(axis=1)
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    effective, n = 1.0 / (weight**2).sum(), z.shape[1]
    trust = effective / (effective + n)
    covariance = np.cov(z.T, aweights=weight, ddof=0)
    return trust * weight @ z, np.linalg.cholesky(trust * covariance + (1.0 - trust) * np.eye(n))


def _start(data: Mapping[str, np.ndarray], sizes: Sizes) -> np.ndarray:
    """Scales in the middle of their priors, abilities where the number of successes is as expected."""
    k = sizes.scales
    (system, task), (successes, runs) = data["index"], data["counts"]
    x = np.zeros(sizes.core)
    x[0] = data["priors"][8]
    spread = np.exp(2 * x[:k][1:]).sum()
    slope = np.exp(x[0]) / np.sqrt(1.0 + np.exp(2 * x[0]) * spread / _LOGISTIC)
    tried = np.bincount(system, runs)
    done = (np.bincount(system, successes) + 0.5) / (tried + 1.0) * tried
    low, high = np.full(sizes.systems, -20.0), np.full(sizes.systems, 40.0)
    for _ in range(40):
        middle = 0.5 * (low + high)
        expected = np.bincount(system, runs * expit(slope * (middle[system] - data["length"][0][task])))
        low, high = np.where(expected < done, middle, low), np.where(expected < done, high, middle)
    x[k:] = middle
    return x


def _climb(laplace: Laplace, start: np.ndarray) -> tuple[np.ndarray, np.ndarray, Given]:
    """The top of the core's density, a root of the inverse curvature there, and the approximation of u at the top."""
    n = len(start)
    eye = np.eye(n)
    apart = np.concatenate([np.zeros((1, n)), eye, -eye])
    near = laplace.given(start[None])

    def around(x: np.ndarray, h: float) -> tuple[float, np.ndarray, np.ndarray]:
        nonlocal near
        found = laplace.given(x + h * apart, near)
        near = found
        here, up, down = found.height[0], found.height[1 : n + 1], found.height[n + 1 :]
        return here, (up - down) / (2 * h), (2 * here - up - down) / h**2

    width = np.maximum(around(start, _WIDE)[2], _LEAST_CURVATURE) ** -0.5

    def downhill(y: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient, _ = around(start + width * y, _H)
        return -value, -gradient * width

    found = optimize.minimize(downhill, np.zeros(n), jac=True, method="BFGS", options={"gtol": 0.03})
    top = start + width * found.x
    steps = 0.5 * _WIDE * np.diag(width)
    bent = np.array([(around(top - s, _H)[1] - around(top + s, _H)[1]) / (2 * s.max()) for s in steps])
    values, vectors = np.linalg.eigh(0.5 * (bent + bent.T) * np.outer(width, width))
    inverse = (vectors / np.maximum(values, _LEAST_CURVATURE)) @ vectors.T
    return top, np.linalg.cholesky(inverse * np.outer(width, width)), laplace.given(top[None], near)
