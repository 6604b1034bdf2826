"""Several criteria of one threshold at once, and the draws of a run by criterion, by measurement alone.

A run combines its criteria as the threshold's rule says. Here they hold side by side, whatever that rule, and a
threshold counts as crossed when the k-th of them is, in the worlds that they share.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from forecasts.dates.crossing import Crossing
from scorecard.records import ForecastRun
from scorecard.records.typed_json import to_plain
from scorecard.thresholds.quoted.together import criteria_together


class JointError(ValueError):
    """Criteria that cannot be combined as asked, and what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The crossing of `needed` of `of` criteria."""

    needed: int
    of: int
    crossing: Crossing

    @property
    def rule(self) -> str:
        """The rule in words."""
        return {1: "any", self.of: "all"}.get(self.needed, f"{self.needed} of {self.of}")

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON and tables; a date beyond the horizon is None."""
        return {
            "rule": self.rule,
            "needed": self.needed,
            "of": self.of,
            **to_plain(self.crossing.summary()),
        }


def by_criterion(run: ForecastRun, draws: bytes) -> dict[str, Crossing]:
    """Each criterion's own crossing in a run by measurement alone, its shapes mixed by what they weigh there.

    `draws` as stored. A criterion that is combined with others has draws that weigh nothing: they count equally.
    """
    found = parts(run, draws)
    return {name: one for name, (one, _) in found.items() if name in run.criteria}


def parts(run: ForecastRun, draws: bytes) -> dict[str, tuple[Crossing, float]]:
    """What a run's draws are of, a criterion or several combined (" + "), with its crossing and its weight in the run.

    Both by measurement alone, so that findings can be laid over them once. A criterion that only enters a combination
    weighs nothing by itself.
    """
    table = pq.read_table(io.BytesIO(draws))
    before = "measured" if "measured" in table.column_names else "weight"  # runs from before findings counted
    names, time, weight = (table[name].to_numpy() for name in ("criterion", "time", before))
    found = {}
    for name in dict.fromkeys(names):
        ours = names == name
        whole = float(weight[ours].sum())
        shares = weight[ours] / whole if whole > 0 else np.full(ours.sum(), 1 / ours.sum())
        found[str(name)] = Crossing(time=time[ours], weight=shares, as_of=run.as_of), whole
    return found


def every_rule(run: ForecastRun, draws: bytes) -> list[Joint]:
    """Any, each k of n, and all, from the earliest to the latest; JointError where there is nothing to combine."""
    shared = criteria_together(run, draws)
    if shared is None:
        raise JointError(
            "fewer than two criteria are forecast in shared worlds, so there is nothing to combine; a run from before "
            "there were worlds has to be made again"
        )
    of, worlds = shared.time.shape
    return [
        Joint(
            needed=needed,
            of=of,
            crossing=Crossing(time=time, weight=np.full(worlds, 1 / worlds), as_of=run.as_of),
        )
        for needed, time in enumerate(np.sort(shared.time, axis=0), start=1)
    ]
