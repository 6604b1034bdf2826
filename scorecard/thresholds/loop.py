"""What we hold about the self-improvement loop on a day: its priors, the rules on pace, what each series is read as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scorecard.records import Deadline, LoopPriors, PaceRule, SeriesRole
from scorecard.store import StoreError, View
from scorecard.thresholds.calendar import calendar
from scorecard.thresholds.standing import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopHeld:
    """The priors, pace rules and roles of series in use, and the deadlines that lie ahead."""

    priors: LoopPriors
    rules: tuple[PaceRule, ...]
    roles: tuple[SeriesRole, ...]
    ahead: tuple[Deadline, ...] = ()

    @property
    def multipliers(self) -> Mapping[str, str]:
        """Indicator to the kind of what it says about the multiplier of staff."""
        return {one.indicator: one.kind for one in self.roles if one.role == "multiplier"}

    @property
    def shares(self) -> Sequence[str]:
        """Indicators that are shares of work."""
        return [one.indicator for one in self.roles if one.role == "share"]

    @property
    def stages(self) -> Mapping[str, tuple[str, str]]:
        """Indicator to the stage of work that it tells of, and its kind of evidence."""
        return {one.indicator: (one.part, one.kind) for one in self.roles if one.role == "stage"}

    def gain(self, part: str) -> str:
        """The indicator at one end of the loop's gain, "capability" or "productivity"."""
        return next(one.indicator for one in self.roles if one.role == "gain" and one.part == part)


def loop_held(view: View) -> LoopHeld:
    """What is in use on a view's day; StoreError for a record that holds no priors of the loop."""
    priors = standing(view, LoopPriors)
    if not priors:
        raise StoreError(
            "the record holds no priors of the loop; run `preparedness init` to add the published ones"
        )
    day = view.as_of
    return LoopHeld(
        priors=priors[-1],
        rules=tuple(standing(view, PaceRule)),
        roles=tuple(standing(view, SeriesRole)),
        ahead=calendar(view).ahead(day) if day else (),
    )
