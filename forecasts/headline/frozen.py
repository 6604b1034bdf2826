"""What was learnt from the class, frozen on a day in data/reference/class.yaml, and the units of indicators.

A forecast reads the newest entry of its as-of day or before, from readings of then, and stores which it was;
`preparedness forecast judge --freeze` writes them anew. An indicator that is itself in the class has an entry of its
own, learnt without it; all others share one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from forecasts.headline.learnt import Learnt
from forecasts.readings import UNITS
from scorecard.records import Indicator

OTHER = "other"


class FrozenError(ValueError):
    """What was learnt cannot serve this forecast, with what to do."""


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """dated: by the day up to which readings were learnt from, what they said of each indicator.

    units: link units in one unit, by indicator.
    """

    dated: Mapping[date, Mapping[str, Learnt]]
    units: Mapping[str, float]

    def day(self, as_of: date) -> date:
        """The newest day of `dated` that a forecast may see; FrozenError before the first."""
        seen = [known_at for known_at in self.dated if known_at <= as_of]
        if not seen:
            raise FrozenError(
                f"the class was first learnt from readings up to {min(self.dated)}, which a forecast as of {as_of} "
                "must not see; ask as of a later day"
            )
        return max(seen)

    def of(self, indicator: str, as_of: date) -> Learnt:
        """What the class said of an indicator by a day; FrozenError for a day before anything was learnt."""
        learnt = self.dated[self.day(as_of)]
        return learnt.get(indicator, learnt[OTHER])

    def unit(self, indicator: Indicator) -> float:
        """Link units in one unit; FrozenError for a linear indicator whose unit nobody stated."""
        width = self.units.get(indicator.id, UNITS.get(indicator.scale))
        if width is None:
            raise FrozenError(
                f"{indicator.id}: nobody stated how many {indicator.unit} make one unit (about one logit); add it to "
                "data/reference/series.yaml"
            )
        return width


def read_frozen(path: Path) -> Frozen:
    """The frozen class of a file."""
    held: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Frozen(
        dated={
            date.fromisoformat(str(known_at)): {id: Learnt.from_plain(plain) for id, plain in learnt.items()}
            for known_at, learnt in held["learnt"].items()
        },
        units={id: float(width) for id, width in held["units"].items()},
    )


@cache
def frozen(path: Path) -> Frozen:
    """The same, read once a process."""
    return read_frozen(path)
