"""METR's series of horizons: another suite is another series, and beyond 960 minutes none measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scorecard.evidence.reading.bounded import whole
from scorecard.evidence.reading.gather import Gather, number, slug
from scorecard.evidence.tables import say

SUITES = {"METR-Horizon-v1": "_th10", "METR-Horizon-v1.0": "_th10", "METR-Horizon-v1.1": ""}
RELIABLE = 960.0  # minutes; beyond it METR calls its own estimates unreliable
PERSON = "human"
LOG2: Mapping[str, Any] = {"scale": "log2", "unit": "minutes", "shared_tasks": True}


def horizon(gather: Gather, suite: str, percent: int) -> str:
    """The series of a suite's 50 % or 80 % horizon; another suite is another series."""
    if suite not in SUITES and not re.fullmatch(r"METR-Horizon-v[\w.]+", suite):
        raise whole(gather.file, say(suite), "benchmark_name METR-Horizon-v1, -v1.1 or a later one")
    ending = ending_of(suite)
    return gather.indicator(
        f"metr_p{percent}_horizon{ending}",
        name=f"METR {percent}% time horizon, {suite}",
        measures=f"human-expert time of the tasks a system completes {percent} % of the time; {suite}",
        reliable_max=RELIABLE,
        **LOG2,
    )


def value(
    gather: Gather,
    place: str | int,
    indicator: str,
    system: Any,
    released: Any,
    ends: Mapping[str, Any],
    *,
    sota: bool = False,
    **more: Any,
) -> None:
    """Take one horizon with its 95 % interval, and mark one beyond what the suite measures."""
    estimate = number(ends.get("estimate"))
    marks = ["metr_sota"] * sota + ["out_of_range"] * (estimate is not None and estimate > RELIABLE)
    gather.measurement(
        place,
        indicator=indicator,
        system=system,
        observed_on=released,
        value=ends.get("estimate"),
        low=ends.get("ci_low"),
        high=ends.get("ci_high"),
        interval=0.95,
        marks=marks,
        **more,
    )


def ending_of(suite: str) -> str:
    """What the ids of a suite's series end in."""
    return SUITES.get(suite, f"_{slug(suite.removeprefix('METR-Horizon-'))}")
