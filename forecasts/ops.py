"""One set of arithmetic for numpy and pytensor, so that every formula of a shape is written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import log, pi, sqrt
from typing import Any

import numpy as np
from scipy.special import expit, log_ndtr

type Array = Any  # a numpy array or a pytensor expression: both carry + - * / @ and broadcasting
type Function = Callable[..., Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ops:
    """The elementwise functions that shapes and the likelihood need, for one array library."""

    exp: Function
    log: Function
    log1p: Function
    expm1: Function
    sqrt: Function
    where: Function
    maximum: Function
    minimum: Function
    logaddexp: Function
    sigmoid: Function
    softplus: Function
    cumsum: Function  # along the last axis
    log_ndtr: Function  # log of the standard normal distribution function
    floor_index: Function  # to whole numbers that can index an array
    stack: Function  # a list of arrays along a new last axis
    concatenate: Function  # along the last axis


def _cumsum(x: np.ndarray) -> np.ndarray:
    return np.cumsum(x, axis=-1)


def _floor_index(x: np.ndarray) -> np.ndarray:
    return np.floor(x).astype(np.int64)


def _stack(parts: list[np.ndarray]) -> np.ndarray:
    return np.stack(parts, axis=-1)


def _concatenate(parts: list[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts, axis=-1)


def _softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, x)


NUMPY = Ops(
    exp=np.exp,
    log=np.log,
    log1p=np.log1p,
    expm1=np.expm1,
    sqrt=np.sqrt,
    where=np.where,
    maximum=np.maximum,
    minimum=np.minimum,
    logaddexp=np.logaddexp,
    sigmoid=expit,
    softplus=_softplus,
    cumsum=_cumsum,
    log_ndtr=log_ndtr,
    floor_index=_floor_index,
    stack=_stack,
    concatenate=_concatenate,
)


@cache
def tensor_ops() -> Ops:
    """The same functions in pytensor; importing it takes seconds, so only when a model is compiled."""
    import pytensor.tensor as pt

    def tensor_log_ndtr(x: Array) -> Array:
        # erfc underflows below -37; from -20 down the asymptotic series is exact to nine digits. Both
        # branches are fed arguments that are safe for them, or the unused one would give NaN gradients.
        near, far = pt.maximum(x, -20.0), pt.minimum(x, -20.0)
        inverse = 1.0 / far**2
        series = pt.log1p(-inverse + 3.0 * inverse**2 - 15.0 * inverse**3)
        tail = -0.5 * far**2 - pt.log(-far) - 0.5 * log(2.0 * pi) + series
        return pt.switch(x > -20.0, pt.log(0.5 * pt.erfc(-near / sqrt(2.0))), tail)

    def tensor_cumsum(x: Array) -> Array:
        return pt.cumsum(x, axis=-1)

    def tensor_floor_index(x: Array) -> Array:
        return pt.cast(pt.floor(x), "int64")

    def tensor_stack(parts: list[Array]) -> Array:
        return pt.stack(parts, axis=-1)

    def tensor_concatenate(parts: list[Array]) -> Array:
        return pt.concatenate(parts, axis=-1)

    return Ops(
        exp=pt.exp,
        log=pt.log,
        log1p=pt.log1p,
        expm1=pt.expm1,
        sqrt=pt.sqrt,
        where=pt.switch,
        maximum=pt.maximum,
        minimum=pt.minimum,
        logaddexp=pt.logaddexp,
        sigmoid=pt.sigmoid,
        softplus=pt.softplus,
        cumsum=tensor_cumsum,
        log_ndtr=tensor_log_ndtr,
        floor_index=tensor_floor_index,
        stack=tensor_stack,
        concatenate=tensor_concatenate,
    )
