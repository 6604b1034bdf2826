"""A map from standard normal coordinates to one problem's posterior, found without compiling or sampling.

How wide the posterior is in most directions depends on a few scales: the scatter, the gap, the volatility of the
rate. Given those it is close to normal, since the density of every point is log-concave in the trend at that
point. So the normal approximation is made *given the scales* at a grid of their values (as in integrated nested
Laplace approximations, Rue, Martino and Chopin, 2009) and its mean and root follow the scales as cubic surfaces.
The map serves the sampler, which then sees no funnel (a transport map, Parno and Marzouk, 2018), and the forecast
without sampling (laplace.py). It decides how fast either goes, never what is drawn: both know its Jacobian.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from itertools import combinations_with_replacement, product
from operator import mul
from typing import Any

import numpy as np

from forecasts.inference.problem import Options, Problem, parameter_names
from forecasts.ops import NUMPY, Array, Ops
from forecasts.shapes import Shape

SCALES = ("scatter", "gap", "volatility")
DEGREE = 3  # of the surfaces
REACH = 3.5  # standard deviations of the scales; the surfaces are level beyond
_NODES = (-2.6, -1.3, 0.0, 1.3, 2.6)  # where the surfaces are fitted, in the same unit
_COARSE = {1: 9, 2: 5, 3: 5}  # values a scale to start from, over three prior standard deviations either way
_SEARCHES = 10  # rounds at most from there, until the spread that is found neither moves away nor halves
_ROUNDS = 25  # Newton steps at most at a node
_ENOUGH = 1e-3  # rise of the log density below which a node has arrived
_DRAWS = 4000  # of which the straight map has its mean and covariance
_H = 1e-6  # step of differences in coordinates, prior standard deviations
_HC = 1e-3  # and of central ones in the trend, standard units
_SHARES = 2.0 ** -np.arange(8)  # of a Newton step that are tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport:
    """The map's numbers, as the compiled model takes them; s scales, d other coordinates, m monomials.

    which: the coordinates that are scales. scales (1 + s, s): their mean, then transposed their root. along (m, 2 d):
    surfaces of the others' mean and of the logarithm of their root's diagonal. across (d, m d): surfaces of the root
    below its diagonal, transposed.
    """

    which: tuple[int, ...]
    scales: np.ndarray
    along: np.ndarray
    across: np.ndarray

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        return {"scales": self.scales, "along": self.along, "across": self.across}


@dataclass(frozen=True, slots=True, kw_only=True)
class Straight:
    """The map that follows no scale: v = mean + root w.

    whiten (1 + size, size): the mean (size,), then transposed the root (size, size).
    """

    whiten: np.ndarray

    @property
    def which(self) -> tuple[int, ...]:
        return ()

    @property
    def arrays(self) -> Mapping[str, np.ndarray]:
        return {"whiten": self.whiten}


def scales_of(shape: Shape, options: Options) -> tuple[int, ...]:
    """The coordinates that are scales."""
    names = parameter_names(shape, options)
    return tuple(names.index(name) for name in SCALES if name in names)


def followed(shape: Shape, options: Options) -> tuple[int, ...]:
    """The scales that the sampler's map follows: all where a walk's many steps make a funnel, else none.

    Without a funnel a straight map is as good for the sampler, and its gradients cost a third less.
    """
    return scales_of(shape, options) if shape.steps else ()


@cache
def monomials(scales: int) -> np.ndarray:
    """The surfaces' monomials up to DEGREE as the factors of each, shape (DEGREE, monomials); factor 0 is one."""
    return np.array(list(combinations_with_replacement(range(scales + 1), DEGREE))).T


def _surfaces(ops: Ops, z: Array, scales: int, *, one: Array) -> Array:
    """Value of each monomial at `z` (..., scales), level beyond REACH; `one` (..., 1) is what it says."""
    factors = ops.concatenate([one, ops.minimum(ops.maximum(z, -REACH), REACH)])
    return reduce(mul, [factors[..., row] for row in monomials(scales)])


def carry(
    ops: Ops, which: tuple[int, ...], w: Array, arrays: Mapping[str, Any], size: int
) -> tuple[Array, Array]:
    """Coordinates v (..., size) of the problem for `w` (..., size), and the log of the map's Jacobian (...,).

    `which` are the scales that the map follows. The Jacobian leaves out what is constant in it.
    """
    if not which:
        return arrays["whiten"][0] + w @ arrays["whiten"][1:], 0.0
    s, d = len(which), size - len(which)
    z, r = w[..., :s], w[..., s:]
    surfaces = _surfaces(ops, z, s, one=0 * r[..., :1] + 1)
    along = surfaces @ arrays["along"]
    log_root = along[..., d:]
    rows = (r @ arrays["across"]).reshape((*w.shape[:-1], monomials(s).shape[1], d))
    below = (surfaces[..., None, :] @ rows)[..., 0, :]
    others = along[..., :d] + ops.exp(log_root) * r + below
    order = np.argsort(np.array([*which, *_others(which, size)]))
    scales = arrays["scales"][0] + z @ arrays["scales"][1:]
    return ops.concatenate([scales, others])[..., order], log_root.sum(-1)


def _others(which: tuple[int, ...], size: int) -> list[int]:
    return [i for i in range(size) if i not in which]


def carried(
    problem: Problem, transport: Transport | Straight, w: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """`carry` in numpy for draws `w` (draws, size)."""
    return carry(NUMPY, transport.which, w, transport.arrays, problem.size)


def for_sampler(problem: Problem) -> Transport | Straight:
    """The map that the sampler takes: straightened to its own mean and covariance where no scale is followed."""
    transport = transport_to(problem)
    if followed(problem.shape, problem.options):
        return transport
    v, _ = carried(problem, transport, np.random.default_rng(_DRAWS).standard_normal((_DRAWS, problem.size)))
    return Straight(whiten=np.concatenate([v.mean(axis=0)[None], np.linalg.cholesky(np.cov(v.T)).T]))


def nowhere(which: tuple[int, ...], size: int) -> Transport | Straight:
    """The map that follows the scales `which` and leaves everything where it is, scales first in w."""
    if not which:
        return Straight(whiten=np.eye(size + 1, size, -1))
    s, terms = len(which), monomials(len(which)).shape[1]
    return Transport(
        which=which,
        scales=np.eye(s + 1, s, -1),
        along=np.zeros((terms, 2 * (size - s))),
        across=np.zeros((size - s, terms * (size - s))),
    )


def transport_to(problem: Problem) -> Transport:
    """The map to a problem's posterior, deterministic."""
    which = scales_of(problem.shape, problem.options)
    s = len(which)
    ladder = np.linspace(-3.0, 3.0, _COARSE[s])
    nodes = given_scales(problem, np.array(list(product(ladder, repeat=s))))
    z = np.array(list(product(_NODES, repeat=s)))
    top, root = _moments(nodes, (ladder[1] - ladder[0]) * np.eye(s))
    for _ in range(_SEARCHES):
        nodes = given_scales(problem, top + z @ root.T, near=nodes)
        middle, spread = _moments(nodes, root)
        moved, shrunk = np.linalg.solve(root, middle - top), np.linalg.solve(root, spread)
        away = np.abs(moved).max() > 1.0
        top, root = middle, root if away else spread
        if not away and np.linalg.det(shrunk) > 0.5**s:
            break
    nodes = given_scales(problem, top + z @ root.T, near=nodes)
    heights = np.sqrt(np.exp(-0.25 * (z**2).sum(axis=1)))[:, None]  # the middle counts for more
    surfaces = _surfaces(NUMPY, z, s, one=np.ones((len(z), 1)))

    def fitted(values: np.ndarray) -> np.ndarray:
        flat = values.reshape(len(z), -1)
        return np.asarray(np.linalg.lstsq(surfaces * heights, flat * heights, rcond=None)[0])

    d = nodes.at.shape[1]
    diagonal = np.arange(d)
    below = nodes.root.copy()
    below[:, diagonal, diagonal] = 0.0
    along = np.concatenate([nodes.at, np.log(nodes.root[:, diagonal, diagonal])], axis=1)
    across = fitted(np.swapaxes(below, 1, 2)).reshape(-1, d, d)
    return Transport(
        which=which,
        scales=np.concatenate([top[None], root.T]),
        along=fitted(along),
        across=np.swapaxes(across, 0, 1).reshape(d, -1),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The normal approximation given each of some values of the scales; s scales, d other coordinates.

    scales (nodes, s), at (nodes, d), root (nodes, d, d) lower triangular, height (nodes,): the log of the
    scales' marginal density up to a constant, by Laplace's approximation.
    """

    scales: np.ndarray
    at: np.ndarray
    root: np.ndarray
    height: np.ndarray


def given_scales(problem: Problem, scales: np.ndarray, *, near: Nodes | None = None) -> Nodes:
    """The others' mode and curvature given `scales` (nodes, s), all nodes at once by damped Gauss-Newton steps.

    Each point's density is log-concave in the trend there, so the curvature used is never below the prior's.
    Starts from the nearest of `near`, else from the prior's middle.
    """
    which = list(scales_of(problem.shape, problem.options))
    others = _others(tuple(which), problem.size)
    d = len(others)

    def whole(at: np.ndarray, nodes: np.ndarray) -> np.ndarray:
        v = np.empty((len(at), problem.size))
        v[:, others], v[:, which] = at, scales[nodes]
        return v

    def height(at: np.ndarray, nodes: np.ndarray) -> np.ndarray:
        found = problem.log_likelihood(whole(at, nodes)).sum(axis=1) - 0.5 * (at**2).sum(axis=1)
        return np.where(np.isfinite(found), found, -np.inf)

    if near is None:
        at = np.zeros((len(scales), d))
    else:
        at = near.at[((scales[:, None] - near.scales[None]) ** 2).sum(axis=2).argmin(axis=1)]
    apart = np.concatenate([np.zeros((1, d)), _H * np.eye(d)])
    bent = np.array([_HC, 0.0, -_HC])[:, None, None]
    moving = np.arange(len(scales))  # nodes that have not arrived
    now, precision = height(at, moving), np.empty((len(scales), d, d))
    for _ in range(_ROUNDS):
        here = at[moving]
        around = whole((here[:, None] + apart).reshape(-1, d), np.repeat(moving, d + 1))
        trends = problem.trend(around).reshape(len(here), d + 1, -1)
        slope = (trends[:, 1:] - trends[:, :1]) / _H  # (nodes, d, points)
        up, level, down = problem.density(whole(here, moving), trends[:, 0] + bent)
        with np.errstate(invalid="ignore"):  # where a reading is impossible nothing pulls
            pull = _finite((up - down) / (2 * _HC))
            bend = np.maximum(_finite((2 * level - up - down) / _HC**2), 0.0)
        gradient = (slope * pull[:, None]).sum(axis=2) - here
        precision[moving] = np.eye(d) + (slope * bend[:, None]) @ np.swapaxes(slope, 1, 2)
        step = np.linalg.solve(precision[moving], gradient[..., None])[..., 0]
        rise = _uphill(height, at, now, moving, step)
        moving = moving[rise >= _ENOUGH]
        if not len(moving):
            break
    root = _root_of_inverse(precision)
    widths = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return Nodes(scales=scales, at=at, root=root, height=now - 0.5 * (scales**2).sum(axis=1) + widths)


def _root_of_inverse(precision: np.ndarray) -> np.ndarray:
    """Lower roots (..., d, d) of the inverses of `precision`, from upper ones of itself: inverting first may fail."""
    upper = np.linalg.cholesky(precision[..., ::-1, ::-1])[..., ::-1, ::-1]
    return np.asarray(np.swapaxes(np.linalg.inv(upper), -1, -2))


def _finite(x: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(x), x, 0.0)


def _uphill(height: Any, at: np.ndarray, now: np.ndarray, nodes: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Move `at` and `now` of some nodes along their steps, each halved until it rises; returns the rises."""
    rise, low = np.zeros(len(nodes)), np.arange(len(nodes))
    for share in _SHARES:
        here = nodes[low]
        moved = at[here] + share * step[low]
        then = height(moved, here)
        rises = then >= now[here]
        up = here[rises]
        rise[low[rises]] = (then - now[here])[rises]
        at[up], now[up] = moved[rises], then[rises]
        low = low[~rises]
        if not len(low):
            break
    return rise


def _moments(nodes: Nodes, root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (s,) and root (s, s) of the covariance of the scales by the trapezoid rule over nodes spread by `root`."""
    weights = np.exp(nodes.height - nodes.height.max())
    covariance = np.atleast_2d(np.cov(nodes.scales.T, aweights=weights, ddof=0))
    least = 0.02 * root @ root.T  # a top narrower than the nodes lie apart would leave nothing
    return np.average(nodes.scales, axis=0, weights=weights), np.linalg.cholesky(covariance + least)
