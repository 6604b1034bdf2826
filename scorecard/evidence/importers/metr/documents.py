"""METR's results as YAML: every vintage of v1.0 and v1.1, release dates, and what METR's own generator writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.importers.metr.suites import ending_of, horizon, value
from scorecard.evidence.reading.bounded import MOST_YAML, from_yaml, mapping, text
from scorecard.evidence.reading.gather import Gather
from scorecard.evidence.reading.importer import Imported
from scorecard.evidence.tables import say


def results(gather: Gather, path: Path) -> Imported:
    """Horizons by system, and the time in which the best of them doubled."""
    got = mapping(from_yaml(text(path, MOST_YAML), path.name), path.name, "METR's results as YAML")
    if "results" not in got and isinstance(got.get("date"), dict):
        return _dates(gather, got["date"])
    suite = str(got.get("benchmark_name"))
    series = {percent: horizon(gather, suite, percent) for percent in (50, 80)}
    for key, item in mapping(got.get("results"), path.name, "results, by system").items():
        key = str(key)
        metrics = item.get("metrics") if isinstance(item, dict) else None
        if not isinstance(metrics, dict):
            gather.refuse(key, "metrics", metrics, "the system's metrics")
            continue
        own = item.get("benchmark_name", suite)
        # Early vintages of v1.1 carry some systems' values of v1.0, and say so.
        theirs = (
            series if own == suite else {percent: horizon(gather, str(own), percent) for percent in series}
        )
        gather.system(key, released_on=item.get("release_date"))
        for percent, indicator in theirs.items():
            ends = metrics.get(f"p{percent}_horizon_length")
            if ends is None:
                gather.absent(f"without a {percent} % horizon")
                continue
            if not isinstance(ends, dict):
                gather.refuse(key, f"p{percent}_horizon_length", ends, "estimate, ci_low and ci_high")
                continue
            value(
                gather,
                key,
                indicator,
                key,
                item.get("release_date"),
                ends,
                sota=metrics.get("is_sota") is True,
            )
    _doubling(gather, got.get("doubling_time_in_days"), suite)
    return gather.done(f"METR {suite}")


def _doubling(gather: Gather, given: Any, suite: str) -> None:
    # The names of older and newer generators; a period of another name keeps it.
    periods = {"all_time_stitched": "all time", "all_time": "all time", "from_2023_on": "from 2023"}
    if not isinstance(given, dict):
        return
    indicator = gather.indicator(
        f"metr_doubling_time{ending_of(suite)}",
        name=f"METR doubling time of the 50% horizon, {suite}",
        unit="days",
        measures="days in which the 50 % horizon of the best systems doubled",
        scale="log2",
        direction="lower",
    )
    gather.system("org.metr", developer="METR")
    for name, ends in given.items():
        condition = periods.get(name, str(name).replace("_", " "))
        if not isinstance(ends, dict):
            gather.refuse(f"doubling time {name}", "", say(ends), "point_estimate, ci_low and ci_high")
            continue
        gather.measurement(
            f"doubling time {name}",
            indicator=indicator,
            system="org.metr",
            condition=condition,
            observed_on=gather.vintage,
            value=ends.get("point_estimate"),
            low=ends.get("ci_low"),
            high=ends.get("ci_high"),
            interval=0.95,
            main=name == "from_2023_on",
        )


def _dates(gather: Gather, dates: Mapping[Any, Any]) -> Imported:
    for name, day in dates.items():
        gather.system(str(name), released_on=day)
        if gather.systems[str(name).strip()].released_on is None:
            gather.refuse(str(name), "date", day, "a date as 2026-01-31")
    gather.notes.append(f"{len(dates)} names with release days and no results: they help to name systems.")
    return gather.done("METR release dates")
