"""How many new benchmarks are saturated within months of their release: one framework's own sign of faster progress.

Meta's Advanced AI Scaling Framework 2 (note 8 to section 4.2.3) calls progress substantially accelerating where, across
key domains, benchmarks are saturated six months or less after release, for at least two of the latest within 18 months.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scorecard.clock import MONTH

SATURATED = 0.9  # ours: the framework names no mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One system's result on a benchmark: share correct from 0 to 1, and the system's release day."""

    benchmark: str
    released_on: date
    performance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Saturation:
    """Of the benchmarks whose time was up on a day, how many were saturated in time; `names` are those that were."""

    on: date
    benchmarks: int
    names: tuple[str, ...]

    @property
    def percent(self) -> float:
        """The share that was, in percent; ZeroDivisionError where no benchmark's time was up."""
        return 100 * len(self.names) / self.benchmarks


def saturation(
    results: Iterable[Result],
    releases: Mapping[str, date],
    *,
    on: date,
    months: int = 6,
    window: int = 18,
    mark: float = SATURATED,
) -> Saturation:
    """Saturation on a day among the benchmarks released in the `window` months whose `months` since release are over.

    `releases` gives each benchmark's day; one without is not counted. Later results are not looked at.
    """
    last = on - timedelta(days=round(months * MONTH))
    first = last - timedelta(days=round(window * MONTH))
    cohort = {name for name, day in releases.items() if first < day <= last}
    done = {
        r.benchmark
        for r in results
        if r.benchmark in cohort
        and r.performance >= mark
        and r.released_on <= releases[r.benchmark] + timedelta(days=round(months * MONTH))
    }
    return Saturation(on=on, benchmarks=len(cohort), names=tuple(sorted(done)))
