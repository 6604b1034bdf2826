"""Trend shapes, one a file: adding a file that declares `SHAPE` adds a shape."""

from __future__ import annotations

import sys
from functools import cache

from forecasts.shapes._shape import GAP, SCATTER, Parameter, Shape, TimeFrame
from scorecard.discovery import discover

__all__ = ["GAP", "SCATTER", "Parameter", "Shape", "TimeFrame", "get_shape", "shapes"]


@cache
def shapes() -> dict[str, Shape]:
    """Every shape by name, in module order."""
    return discover(sys.modules[__name__], Shape, "SHAPE")


def get_shape(name: str) -> Shape:
    """The shape called `name`; ValueError lists those there are."""
    found = shapes().get(name)
    if found is None:
        raise ValueError(f"there is no shape {name!r}; use one of {', '.join(shapes())}")
    return found
