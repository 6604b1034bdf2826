"""Which indicators are read beside one: lower percentages of its instrument, and ratios of pace like it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from scorecard.records import Indicator

PERCENT = re.compile(r"_p(\d+)(?=_|$)")
RATIOS = ("pace", "uplift")  # roles whose log2 series are ratios of pace: like one another, unlike benchmarks


def instrument(indicator: Indicator) -> tuple[str, int]:
    """What an indicator reads, and at which percentage of success (0 where it has none): `metr_horizon`, 80."""
    found = PERCENT.search(indicator.id)
    if found is None or indicator.scale not in ("log2", "log10"):
        return indicator.id, 0
    return PERCENT.sub("", indicator.id, count=1), int(found[1])


def is_ratio(indicator: Indicator) -> bool:
    """Whether an indicator is a ratio of pace: its like are other ratios, not benchmarks."""
    return indicator.scale == "log2" and indicator.role in RATIOS and indicator.unit in ("ratio", "times")


def beside(indicators: Mapping[str, Indicator], names: Collection[str], read: Collection[str]) -> list[str]:
    """Those of the indicators `read` (that have readings) that bound the named ones, or teach the pace of a ratio."""
    named = [indicators[name] for name in names if name in indicators]
    wanted = [instrument(i) for i in named]
    ratios = any(map(is_ratio, named))
    return [
        i.id
        for i in indicators.values()
        if i.id in read and i.id not in names
        if any(instrument(i)[0] == name and instrument(i)[1] < percent for name, percent in wanted)
        or (ratios and is_ratio(i))
    ]
