"""METR's tables of horizons: by key, logistic fits, bootstrap draws, other benchmarks, and hours in prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from scorecard.evidence.importers.metr.suites import LOG2, PERSON, horizon, value
from scorecard.evidence.reading.bounded import whole
from scorecard.evidence.reading.gather import Gather, number, slug
from scorecard.evidence.reading.importer import Imported


def by_key(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """One row a system with columns p50_min ...; its keys say which suite it was."""
    listed = list(rows)
    if not any(row["key"].endswith("_inspect") for _, row in listed):
        raise whole(
            gather.file, "no key ending in _inspect", "rows of METR-Horizon-v1.1; for v1.0 use METR's YAML"
        )
    for line, row in listed:
        gather.system(row["key"], released_on=row["release_date"])
        for percent in (50, 80):
            ends = {
                "estimate": row[f"p{percent}_min"],
                "ci_low": row[f"p{percent}_ci_low_min"],
                "ci_high": row[f"p{percent}_ci_high_min"],
            }
            value(
                gather,
                line,
                horizon(gather, "METR-Horizon-v1.1", percent),
                row["key"],
                row["release_date"],
                ends,
                sota=row["is_sota"] == "true",
            )
    return gather.done("METR METR-Horizon-v1.1")


def fits(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    for line, row in rows:
        if row["agent"] == PERSON:
            gather.notes.append("The row of human baseliners is not a system and was passed over.")
            continue
        gather.system(row["agent"], released_on=row["release_date"])
        for percent in (50, 80):
            ends = {
                "estimate": row[f"p{percent}"],
                "ci_low": row[f"p{percent}q0.025"],
                "ci_high": row[f"p{percent}q0.975"],
            }
            value(
                gather,
                line,
                horizon(gather, "METR-Horizon-v1", percent),
                row["agent"],
                row["release_date"],
                ends,
                condition="cross-domain fit of 2025",
                main=False,
            )
    return gather.done("METR logistic fits")


def draws(gather: Gather, header: list[str], rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """Bootstrap draws, a column a system and percentage: median and 95 % interval of each."""
    columns: dict[str, list[float]] = {name: [] for name in header}
    empties = 0
    for _, row in rows:
        for name, cell in row.items():
            drawn = number(cell)
            if drawn is None or drawn <= 0:
                empties += 1
            else:
                columns[name].append(drawn)
    for name, draws in columns.items():
        system, _, which = name.rpartition("_p")
        if system == PERSON:
            continue
        if len(draws) < 100:
            gather.refuse(f"column {name}", "", f"{len(draws)} draws", "at least 100")
            continue
        gather.system(system)
        low, middle, high = (float(x) for x in np.quantile(draws, (0.025, 0.5, 0.975)))
        value(
            gather,
            f"column {name}",
            horizon(gather, "METR-Horizon-v1", int(which)),
            system,
            None,
            {"estimate": middle, "ci_low": low, "ci_high": high},
            condition="median of bootstrap draws",
            main=False,
            n=len(draws),
        )
    gather.notes.append(
        "Each column became its median and 95 % interval; that draws of several systems move together is not kept."
        + (f" {empties} empty cells were left out." if empties else "")
    )
    return gather.done("METR bootstrap draws")


def domains(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """Horizons on other benchmarks; the file has seconds."""
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        if row["model"] == PERSON:
            continue
        gather.system(row["model"], released_on=row["release_date"])
        benchmark = row["benchmark"]
        indicator = gather.indicator(
            f"metr_horizon_{slug(benchmark)}",
            name=f"METR 50% time horizon, {benchmark}",
            measures=f"human time of the {benchmark} tasks a system completes half the time, by METR's method",
            caveats=("the slope of the fit is mostly a guess",),
            **LOG2,
        )
        seconds = number(row["horizon"])
        condition = f"slope {row['slope_method']}"
        count = seen[indicator, row["model"], condition] = (
            seen.get((indicator, row["model"], condition), 0) + 1
        )
        gather.measurement(
            line,
            indicator=indicator,
            system=row["model"],
            observed_on=row["release_date"],
            value=row["horizon"] if seconds is None else seconds / 60,
            condition=condition if count == 1 else f"{condition}; row {count}",
            main=False,
        )
    return gather.done("METR cross-domain horizons")


def _minutes_of(hours: str) -> float | str:
    value = number(hours)
    return hours if value is None else value * 60


def hours(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """Horizons as METR prints them in prose: hours, and by how cheating was treated."""
    for line, row in rows:
        columns = {"estimate": "p50_hours", "ci_low": "ci_low_hours", "ci_high": "ci_high_hours"}
        ends = {name: _minutes_of(row[column]) for name, column in columns.items()}
        gather.system(row["model"])
        treatment = row["treatment_of_cheating"]
        value(
            gather,
            line,
            horizon(gather, row["suite"], 50),
            row["model"],
            row["eval_published"],
            ends,
            condition=treatment,
            main="standard" in treatment,
        )
    return gather.done("METR statements in hours")
