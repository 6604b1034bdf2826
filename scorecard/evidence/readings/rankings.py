"""Where one system stands on each indicator: its best reading beside every other system's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scorecard.evidence.readings.vintages import current
from scorecard.records import Indicator, Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A system's furthest reading of one indicator, and how many other systems it is level with or ahead of."""

    indicator: Indicator
    reading: Measurement
    readings: int  # of this system, every vintage and condition
    others: int  # other systems that have a reading
    behind: int  # of them, those it is level with or ahead of
    led: bool  # ahead of all that had been released by its day
    leads: bool  # ahead of all that are known

    @property
    def share(self) -> float | None:
        """The share of the other systems that it is level with or ahead of, 0 to 1; None without any other."""
        return self.behind / self.others if self.others else None


def standings(
    readings: Mapping[str, Sequence[Measurement]], indicators: Mapping[str, Indicator], systems: Iterable[str]
) -> list[Ranking]:
    """The standing of one system, which may have several ids since a merge, on every indicator that it has.

    `readings` are those known at a moment, by indicator id, every vintage. Indicators come in the order of the record.
    """
    ours = frozenset(systems)
    found = [_standing(indicators[name], of, ours) for name, of in readings.items() if name in indicators]
    return [one for one in found if one is not None]


def _standing(indicator: Indicator, readings: Sequence[Measurement], ours: frozenset[str]) -> Ranking | None:
    own = [m for m in readings if m.system in ours]
    if not own:
        return None
    sign = 1 if indicator.direction == "higher" else -1

    def height(m: Measurement) -> float:
        return sign * m.value

    # A reading that is shown and not fitted stands for a system only where it has no other.
    fitted = [m for m in current(own) if m.main] or current(own)
    best = max(fitted, key=height)
    others: dict[str, Measurement] = {}
    for m in current(readings):
        if m.main and m.system not in ours:
            kept = others.get(m.system)
            others[m.system] = m if kept is None or height(m) > height(kept) else kept
    earlier = [m for m in others.values() if m.observed_on <= best.observed_on]
    return Ranking(
        indicator=indicator,
        reading=best,
        readings=len(own),
        others=len(others),
        behind=sum(height(m) <= height(best) for m in others.values()),
        led=best.main and all(height(m) < height(best) for m in earlier),
        leads=best.main and all(height(m) < height(best) for m in others.values()),
    )
