"""A model of one's own beside ours: a function that draws paths of an indicator, with name, author and reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from forecasts.dates.paths import HORIZON, grid
from forecasts.series import Series, years

FEWEST_PATHS = 100

type Draw = Callable[[Series, np.ndarray, np.random.Generator], np.ndarray]


class OwnModelError(ValueError):
    """A model of one's own that gave no paths that can be used, and what it has to give."""


@dataclass(frozen=True, kw_only=True)
class OwnPaths:
    """What a model of one's own says of the best ability so far: t (times,), frontier (draws, times), link scale."""

    t: np.ndarray
    frontier: np.ndarray


@dataclass(frozen=True, kw_only=True)
class OwnModel:
    """Somebody's model of an indicator, in place of a shape.

    draw(series, t, rng) is given the readings known and times in years since 2024-01-01, the first of them the as-of
    day; it returns draws of ability on the series' link scale, (draws, times). What falls is held at its best so far.
    """

    name: str
    author: str
    reason: str
    draw: Draw

    def __post_init__(self) -> None:
        for field in ("name", "author", "reason"):
            if not getattr(self, field).strip():
                raise OwnModelError(f"a model needs its {field}: it stands on record with it")

    def ahead(self, series: Series, as_of: date, *, seed: int, horizon: date = HORIZON) -> OwnPaths:
        """Its paths from a day on; the same seed gives the same. OwnModelError says what it should have given."""
        t, _ = grid(years(as_of), as_of, horizon)
        return self.paths(series, t, np.random.default_rng([seed, 83, *self.name.encode()]))

    def paths(self, series: Series, t: np.ndarray, rng: np.random.Generator) -> OwnPaths:
        """Its paths at these times; OwnModelError says what it should have given."""
        drawn = np.asarray(self.draw(series, t, rng), dtype=float)
        if drawn.ndim != 2 or drawn.shape[1] != len(t) or len(drawn) < FEWEST_PATHS:
            raise OwnModelError(
                f"{self.name} gave an array of shape {drawn.shape}; give (draws, {len(t)}) with at least "
                f"{FEWEST_PATHS} draws, a column for each time"
            )
        if not np.isfinite(drawn).all():
            raise OwnModelError(f"{self.name} gave values that are not numbers; give finite ones, link scale")
        return OwnPaths(t=t, frontier=np.maximum.accumulate(drawn, axis=1))
