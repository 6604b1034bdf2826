"""The reference class, read from data/reference through the product's own importer into stated units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml
from scipy.special import logit

from forecasts.readings import Readings
from forecasts.series import years
from scorecard.evidence import facts
from scorecard.evidence.importers import importers
from scorecard.places import DATA
from scorecard.records import Indicator, Measurement

KNOWN_AT = date(2026, 4, 30)  # the day of the copy of Epoch's hub; the index's file is of 2026-08-11
RETIRED = years(date(2025, 5, 1))  # a series that was last read before the year up to KNOWN_AT
FEWEST_RECORDS = 4  # on as many days, before a series is forecast
LEFT = 0.25  # years of readings that must follow an origin
FIRST_HALF = 22  # of Epoch's benchmarks, by alphabet, were looked at while the models were designed
MOST_SHARE, LEAST_SHARE = 0.995, 0.005  # a share is clipped there where the number of items is not stated
EFFORT = re.compile(r"(_(none|minimal|low|medium|high|xhigh|max|unknown|thinking|\d+[kK]))+$|-pre-release")

type Half = Literal["design", "test"]


class ReferenceError(ValueError):
    """A reference class that cannot be read, with what to do."""


@dataclass(frozen=True, kw_only=True)
class ReferenceSeries:
    """One series of the class in stated units; `half` says whether it was open while models were designed."""

    id: str
    name: str
    indicator: Indicator
    half: Half
    retired: bool
    readings: Readings

    @property
    def last(self) -> float:
        """The moment of the last reading, years since 2024-01-01."""
        return float(self.readings.t[-1])


def origins(last: float) -> list[float]:
    """The first of every month from 2024-01 to three months before the last reading, years."""
    found, months = [], 0
    while (moment := years(date(2024 + months // 12, months % 12 + 1, 1))) + LEFT <= last + 1e-9:
        found.append(moment)
        months += 1
    return found


def origins_of(readings: Readings) -> list[float]:
    """The origins at which a series has records on FEWEST_RECORDS days and readings for LEFT years after."""
    at = readings.t[readings.is_record]
    return [moment for moment in origins(float(readings.t[-1])) if (at < moment).sum() >= FEWEST_RECORDS]


def reference_class(folder: Path = DATA) -> list[ReferenceSeries]:
    """Every series of data/reference/series.yaml that can be forecast from some origin, in order of their ids.

    ReferenceError names a file that the importer refuses.
    """
    listed = yaml.safe_load((folder / "reference" / "series.yaml").read_text(encoding="utf-8"))
    own = facts.load(folder)
    halves = _halves([str(item["id"]) for item in listed if item["id"].startswith("epoch_")])
    found = []
    for item in listed:
        if item.get("source") == "facts":
            indicator = next(one for one in own.of(Indicator) if one.id == item["id"])
            measured = [m for m in own.of(Measurement) if m.indicator == indicator.id and m.main]
        else:
            indicator, measured = _imported(folder / "reference" / item["file"])
        found.append(_series(item, indicator, _latest(measured), halves))
    return sorted((one for one in found if origins_of(one.readings)), key=lambda one: one.id)


def _halves(ids: Sequence[str]) -> Mapping[str, Half]:
    """By alphabet, the index apart: the first FIRST_HALF benchmarks were open, the rest was not."""
    listed = sorted(id for id in ids if id != "epoch_eci")
    return {id: "design" if place < FIRST_HALF else "test" for place, id in enumerate(listed)}


def _imported(path: Path) -> tuple[Indicator, list[Measurement]]:
    read = importers()["epoch"].read(path, known_at=KNOWN_AT, source="epoch_hub")
    if read.refusals:
        raise ReferenceError(f"{path.name}: {read.refusals[0]}; mend the row and run it again")
    indicator = next(one for one in read.records if isinstance(one, Indicator))
    return indicator, [one for one in read.records if isinstance(one, Measurement)]


def _latest(measured: Sequence[Measurement]) -> list[Measurement]:
    """The last vintage of each reading."""
    last: dict[tuple[str, str, str, date], Measurement] = {}
    for m in sorted(measured, key=lambda m: (m.known_at, m.vintage)):
        last[m.subject] = m
    return list(last.values())


def _series(
    item: Mapping[str, Any], indicator: Indicator, measured: Sequence[Measurement], halves: Mapping[str, Half]
) -> ReferenceSeries:
    best: dict[tuple[str, date], tuple[float, float]] = {}
    for m in measured:
        value, error = _in_units(item, indicator, m)
        key = (EFFORT.sub("", m.system).lower(), m.observed_on)
        if key not in best or value > best[key][0]:  # one best reading a system: variants are no arrivals
            best[key] = (value, error)
    rows = sorted((years(day), value, error) for (_, day), (value, error) in best.items())
    t, y, s = (np.array(column) for column in zip(*rows, strict=True))
    return ReferenceSeries(
        id=item["id"],
        name=item["name"],
        indicator=indicator,
        half=halves.get(item["id"], "test"),
        retired=float(t[-1]) < RETIRED,
        readings=Readings(
            t=t,
            y=y,
            s=s,
            exact=np.ones(len(t), dtype=bool),
            ceiling=_ceiling(item),
            link_units=1.0 if item["unit"] == "logit" else float(item["unit"]),
        ),
    )


def _clip(item: Mapping[str, Any]) -> tuple[float, float]:
    """The least and the most share that can be told from none and all: half a success of n."""
    n = item.get("n")
    return (0.5 / n, 1 - 0.5 / n) if n else (LEAST_SHARE, MOST_SHARE)


def _ceiling(item: Mapping[str, Any]) -> float:
    return float(logit(_clip(item)[1])) if item["unit"] == "logit" else np.inf


def _in_units(item: Mapping[str, Any], indicator: Indicator, m: Measurement) -> tuple[float, float]:
    """A value and the standard deviation of its error, units; the error is published, binomial or stated."""
    fallback = float(item.get("error", 0.1))
    if item["unit"] != "logit":
        width = float(item["unit"])

        def link(value: float) -> float:
            return float(np.log2(value)) if indicator.scale == "log2" else value

        if m.low is None or m.high is None or (indicator.scale == "log2" and m.low <= 0):
            return link(m.value) / width, fallback
        return link(m.value) / width, (link(m.high) - link(m.low)) / (2 * _z(m.interval)) / width
    upper = float(item.get("upper", indicator.upper or 1.0))
    least, most = _clip(item)
    share = float(np.clip(m.value / upper, least, most))
    slope = 1.0 / (share * (1.0 - share))
    if m.low is not None and m.high is not None and m.high > m.low:
        # The importer cuts intervals at 0 and 1; the wider side is the error that was published.
        half = max(m.value - m.low, m.high - m.value) / upper
        return float(logit(share)), half / _z(m.interval) * slope
    n = item.get("n")
    return float(logit(share)), float(np.sqrt(slope / n)) if n else fallback


def _z(interval: float | None) -> float:
    return {0.9: 1.6448536, 0.95: 1.959964}[interval or 0.95]
