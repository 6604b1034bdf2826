"""METR's results: benchmark YAML of v1.0 and v1.1 in any vintage, horizon tables, runs, and task outcomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from scorecard.evidence.importers._attempts import family_of, score_of, table, whole_number
from scorecard.evidence.importers._gather import Gather, gathered, number, slug
from scorecard.evidence.importers._importer import Imported, Importer
from scorecard.evidence.importers._reading import (
    MOST_YAML,
    from_yaml,
    lines_of_json,
    mapping,
    rows_of_csv,
    text,
    whole,
)  # fmt: skip
from scorecard.evidence.tables import Fault, Unreadable, say

SUITES = {"METR-Horizon-v1": "_th10", "METR-Horizon-v1.0": "_th10", "METR-Horizon-v1.1": ""}
RELIABLE = 960.0  # minutes; beyond it METR calls its own estimates unreliable
PERSON = "human"
_LOG2: Mapping[str, Any] = {"scale": "log2", "unit": "minutes", "shared_tasks": True}


def horizon(gather: Gather, suite: str, percent: int) -> str:
    """The series of a suite's 50 % or 80 % horizon; another suite is another series."""
    if suite not in SUITES and not re.fullmatch(r"METR-Horizon-v[\w.]+", suite):
        raise whole(gather.file, say(suite), "benchmark_name METR-Horizon-v1, -v1.1 or a later one")
    ending = SUITES.get(suite, f"_{slug(suite.removeprefix('METR-Horizon-'))}")
    return gather.indicator(
        f"metr_p{percent}_horizon{ending}", name=f"METR {percent}% time horizon, {suite}",
        measures=f"human-expert time of the tasks a system completes {percent} % of the time; {suite}",
        reliable_max=RELIABLE, **_LOG2,
    )  # fmt: skip


def _value(
    gather: Gather, place: str | int, indicator: str, system: Any, released: Any, ends: Mapping[str, Any],
    *, sota: bool = False, **more: Any,
) -> None:  # fmt: skip
    value = number(ends.get("estimate"))
    marks = ["metr_sota"] * sota + ["out_of_range"] * (value is not None and value > RELIABLE)
    gather.measurement(
        place, indicator=indicator, system=system, observed_on=released, value=ends.get("estimate"),
        low=ends.get("ci_low"), high=ends.get("ci_high"), interval=0.95, marks=marks, **more,
    )  # fmt: skip


# ---- benchmark YAML ------------------------------------------------------------------------------


def _yaml(gather: Gather, path: Path) -> Imported:
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
            if not isinstance(ends, dict):
                gather.refuse(key, f"p{percent}_horizon_length", ends, "estimate, ci_low and ci_high")
                continue
            _value(
                gather, key, indicator, key, item.get("release_date"), ends,
                sota=metrics.get("is_sota") is True,
            )  # fmt: skip
    _doubling(gather, got.get("doubling_time_in_days"), suite)
    return gather.done(f"METR {suite}")


def _doubling(gather: Gather, given: Any, suite: str) -> None:
    periods = {"all_time_stitched": "all time", "from_2023_on": "from 2023"}
    if not isinstance(given, dict):
        return
    ending = SUITES.get(suite, f"_{slug(suite.removeprefix('METR-Horizon-'))}")
    indicator = gather.indicator(
        f"metr_doubling_time{ending}", name=f"METR doubling time of the 50% horizon, {suite}", unit="days",
        measures="days in which the 50 % horizon of the best systems doubled", scale="log2", direction="lower",
    )  # fmt: skip
    for name, ends in given.items():
        condition = periods.get(name)
        if condition is None or not isinstance(ends, dict):
            gather.refuse(f"doubling time {name}", "", say(ends), "a known period with its estimate")
            continue
        gather.measurement(
            f"doubling time {name}", indicator=indicator, system="org.metr", condition=condition,
            observed_on=gather.vintage, value=ends.get("point_estimate"), low=ends.get("ci_low"),
            high=ends.get("ci_high"), interval=0.95, main=condition == "from 2023",
        )  # fmt: skip


def _dates(gather: Gather, dates: Mapping[Any, Any]) -> Imported:
    for name, day in dates.items():
        gather.system(str(name), released_on=day)
        if gather.systems[str(name).strip()].released_on is None:
            gather.refuse(str(name), "date", day, "a date as 2026-01-31")
    gather.notes.append(f"{len(dates)} names with release days and no results: they help to name systems.")
    return gather.done("METR release dates")


# ---- tables of horizons --------------------------------------------------------------------------


def _by_key(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """One row a system with columns p50_min ...; its keys say which suite it was."""
    listed = list(rows)
    if not any(row["key"].endswith("_inspect") for _, row in listed):
        raise whole(
            gather.file, "no key ending in _inspect", "rows of METR-Horizon-v1.1; for v1.0 use METR's YAML"
        )
    for line, row in listed:
        gather.system(row["key"], released_on=row["release_date"])
        for percent in (50, 80):
            ends = {"estimate": row[f"p{percent}_min"], "ci_low": row[f"p{percent}_ci_low_min"],
                    "ci_high": row[f"p{percent}_ci_high_min"]}  # fmt: skip
            _value(gather, line, horizon(gather, "METR-Horizon-v1.1", percent), row["key"], row["release_date"],
                   ends, sota=row["is_sota"] == "true")  # fmt: skip
    return gather.done("METR METR-Horizon-v1.1")


def _fits(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    for line, row in rows:
        if row["agent"] == PERSON:
            gather.notes.append("The row of human baseliners is not a system and was passed over.")
            continue
        gather.system(row["agent"], released_on=row["release_date"])
        for percent in (50, 80):
            ends = {"estimate": row[f"p{percent}"], "ci_low": row[f"p{percent}q0.025"],
                    "ci_high": row[f"p{percent}q0.975"]}  # fmt: skip
            _value(gather, line, horizon(gather, "METR-Horizon-v1", percent), row["agent"], row["release_date"], ends,
                   condition="cross-domain fit of 2025", main=False)  # fmt: skip
    return gather.done("METR logistic fits")


def _draws(gather: Gather, header: list[str], rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """Bootstrap draws, a column a system and percentage: median and 95 % interval of each."""
    columns: dict[str, list[float]] = {name: [] for name in header}
    empties = 0
    for _, row in rows:
        for name, cell in row.items():
            value = number(cell)
            if value is None or value <= 0:
                empties += 1
            else:
                columns[name].append(value)
    for name, draws in columns.items():
        system, _, which = name.rpartition("_p")
        if system == PERSON:
            continue
        if len(draws) < 100:
            gather.refuse(f"column {name}", "", f"{len(draws)} draws", "at least 100")
            continue
        gather.system(system)
        low, middle, high = (float(x) for x in np.quantile(draws, (0.025, 0.5, 0.975)))
        _value(gather, f"column {name}", horizon(gather, "METR-Horizon-v1", int(which)), system, None,
               {"estimate": middle, "ci_low": low, "ci_high": high},
               condition="median of bootstrap draws", main=False, n=len(draws))  # fmt: skip
    gather.notes.append(
        "Each column became its median and 95 % interval; that draws of several systems move together is not kept."
        + (f" {empties} empty cells were left out." if empties else "")
    )
    return gather.done("METR bootstrap draws")


def _domains(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """Horizons on other benchmarks; the file has seconds."""
    seen: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        if row["model"] == PERSON:
            continue
        gather.system(row["model"], released_on=row["release_date"])
        benchmark = row["benchmark"]
        indicator = gather.indicator(
            f"metr_horizon_{slug(benchmark)}", name=f"METR 50% time horizon, {benchmark}",
            measures=f"human time of the {benchmark} tasks a system completes half the time, by METR's method",
            caveats=("the slope of the fit is mostly a guess",), **_LOG2,
        )  # fmt: skip
        seconds = number(row["horizon"])
        condition = f"slope {row['slope_method']}"
        count = seen[indicator, row["model"], condition] = (
            seen.get((indicator, row["model"], condition), 0) + 1
        )
        gather.measurement(
            line, indicator=indicator, system=row["model"], observed_on=row["release_date"],
            value=row["horizon"] if seconds is None else seconds / 60,
            condition=condition if count == 1 else f"{condition}; row {count}", main=False,
        )  # fmt: skip
    return gather.done("METR cross-domain horizons")


def _minutes_of(hours: str) -> float | str:
    value = number(hours)
    return hours if value is None else value * 60


def _hours(gather: Gather, rows: Iterator[tuple[int, Mapping[str, str]]]) -> Imported:
    """Horizons as METR prints them in prose: hours, and by how cheating was treated."""
    for line, row in rows:
        columns = {"estimate": "p50_hours", "ci_low": "ci_low_hours", "ci_high": "ci_high_hours"}
        ends = {name: _minutes_of(row[column]) for name, column in columns.items()}
        gather.system(row["model"])
        treatment = row["treatment_of_cheating"]
        _value(gather, line, horizon(gather, row["suite"], 50), row["model"], row["eval_published"], ends,
               condition=treatment, main="standard" in treatment)  # fmt: skip
    return gather.done("METR statements in hours")


# ---- outcomes of tasks ---------------------------------------------------------------------------

type _Attempt = dict[str, Any]


def _outcomes(
    gather: Gather, rows: Iterator[tuple[int, Mapping[str, Any]]], to: Callable[[Mapping[str, Any]], _Attempt]
) -> list[_Attempt]:
    """Attempts of good rows; a row without a score or task, or with impossible minutes, is refused."""
    attempts = []
    for line, row in rows:
        attempt = to(row)
        wrong = [
            (name, expected)
            for name, expected in (("system", "the system's name"), ("task", "the task's id"))
            if not isinstance(attempt[name], str) or not attempt[name].strip()
        ]
        if attempt["score"] is None:
            wrong.append(("score", "a number between 0 and 1"))
        if attempt.get("runs", 1) is None:
            wrong.append(("runs", "a whole number above 0"))
        minutes = attempt.get("human_minutes")
        if minutes is not None and (number(minutes) is None or float(minutes) <= 0):
            wrong.append(("human_minutes", "a number above 0, or nothing"))
        for name, expected in wrong:
            gather.refuse(line, name, attempt[name] if name != "score" else attempt["_found"], expected)
        if not wrong:
            attempt["human_minutes"] = number(minutes)
            attempt["weight"] = number(attempt.get("weight", 1.0)) or 1.0
            gather.system(attempt["system"])
            attempts.append(attempt)
    return attempts


def _counts(row: Mapping[str, Any]) -> _Attempt:
    runs, successes = whole_number(row["n_runs"]), whole_number(row["n_successes"], 0)
    good = runs is not None and successes is not None and successes <= runs
    return {
        "system": row["agent"], "benchmark": "METR-Horizon", "task": row["task_id"], "family": row["task_family"],
        "score": successes / runs if good and runs and successes is not None else None, "runs": runs,
        "human_minutes": row["human_minutes"] or None, "weight": row["task_weight"],
        "_found": f"{row['n_successes']} of {row['n_runs']}",
    }  # fmt: skip


def _majority(row: Mapping[str, Any]) -> _Attempt:
    return {
        "system": row["model"], "benchmark": "METR-Horizon-v1 (majority of runs)", "task": row["task_id"],
        "family": row["task_family"], "score": score_of(row["solved_majority"]),
        "human_minutes": row["human_minutes"] or None, "_found": row["solved_majority"],
    }  # fmt: skip


def _run(row: Mapping[str, Any]) -> _Attempt:
    found = row.get("score_binarized", row.get("score_cont"))
    task = row.get("task_id")
    return {
        "system": row.get("alias") or row.get("model"), "benchmark": "METR-Horizon", "task": task,
        "family": row.get("task_family") or family_of(str(task)), "score": score_of(found),
        "human_minutes": row.get("human_minutes"), "weight": row.get("invsqrt_task_weight", 1.0),
        "scaffold": str(row.get("scaffold") or ""), "_found": found,
    }  # fmt: skip


def _runs(gather: Gather, path: Path) -> Imported:
    """Lines of METR's runs, or of responses by system with the tasks' minutes in a file beside it."""
    faults: list[Fault] = []
    rows: list[tuple[int, dict[str, Any]]] = []
    for line, row in lines_of_json(path):
        if isinstance(row, Fault):
            faults.append(row)
        else:
            rows.append((line, row))
    for fault in faults:
        gather.fault(fault)
    if rows and set(rows[0][1]) == {"task_id", "human_minutes"}:
        raise whole(
            path.name, "lengths of tasks without results",
            "results; keep this file beside them, where it is read with them",
        )  # fmt: skip
    if rows and "responses" in rows[0][1]:
        rows = _unfolded(gather, rows, _minutes_beside(path))
        benchmark = "BRIDGE responses"
    else:
        rows = [
            (line, row) for line, row in rows if row.get("alias") != PERSON and row.get("model") != PERSON
        ]
        benchmark = "METR-Horizon"
    attempts = _outcomes(gather, iter(rows), lambda row: {**_run(row), "benchmark": benchmark})
    return gather.done(f"{benchmark} {path.stem}", table(attempts))


def _unfolded(
    gather: Gather, rows: list[tuple[int, dict[str, Any]]], minutes: Mapping[str, float]
) -> list[tuple[int, dict[str, Any]]]:
    found: list[tuple[int, dict[str, Any]]] = []
    for line, row in rows:
        if not isinstance(row.get("responses"), dict):
            gather.refuse(line, "responses", row.get("responses"), "an object of task ids and scores")
            continue
        for task, score in row["responses"].items():
            found.append((line, {"model": row.get("subject_id"), "task_id": task, "score_cont": score,
                                 "human_minutes": minutes.get(task)}))  # fmt: skip
    if not minutes:
        gather.notes.append(
            "No file of task lengths (*human_minutes*.jsonl) stands beside it: no horizons from it."
        )
    return found


def _minutes_beside(path: Path) -> Mapping[str, float]:
    minutes: dict[str, float] = {}
    for other in sorted(path.parent.glob("*human_minutes*.jsonl")):
        for _, row in lines_of_json(other):
            if isinstance(row, dict) and isinstance(row.get("task_id"), str):
                value = number(row.get("human_minutes"))
                if value is not None and value > 0:
                    minutes[row["task_id"]] = value
    return minutes


# ---- which of them it is -------------------------------------------------------------------------

_TABLES: Mapping[str, frozenset[str]] = {
    "keys": frozenset({"key", "release_date", "is_sota", "p50_min", "p50_ci_low_min", "p80_min", "p80_ci_high_min",
                       "p50_ci_high_min", "p80_ci_low_min"}),
    "fits": frozenset({"agent", "release_date", "p50", "p50q0.025", "p50q0.975", "p80", "p80q0.025", "p80q0.975"}),
    "domains": frozenset({"model", "horizon", "slope", "slope_method", "benchmark", "release_date"}),
    "hours": frozenset({"model", "eval_published", "suite", "treatment_of_cheating", "p50_hours", "ci_low_hours",
                        "ci_high_hours"}),
    "counts": frozenset({"agent", "task_id", "task_family", "human_minutes", "n_successes", "n_runs", "task_weight"}),
    "majority": frozenset({"model", "task_id", "task_family", "human_minutes", "solved_majority"}),
}  # fmt: skip


def _which(header: list[str]) -> str | None:
    if header and all(re.fullmatch(r".+_p(50|80)", name) for name in header):
        return "draws"
    return next((name for name, columns in _TABLES.items() if columns <= set(header)), None)


def _csv(gather: Gather, path: Path) -> Imported:
    header, all_rows = rows_of_csv(path)
    which = _which(header)

    def good() -> Iterator[tuple[int, Mapping[str, str]]]:
        for line, row in all_rows:
            if isinstance(row, Fault):
                gather.fault(row)
            else:
                yield line, row

    rows = good()
    match which:
        case "keys":
            return _by_key(gather, rows)
        case "fits":
            return _fits(gather, rows)
        case "domains":
            return _domains(gather, rows)
        case "hours":
            return _hours(gather, rows)
        case "draws":
            return _draws(gather, header, rows)
        case "counts" | "majority":
            to = _counts if which == "counts" else _majority
            attempts = _outcomes(gather, rows, to)
            return gather.done(f"METR {path.stem}", table(attempts))
    raise Unreadable(
        Fault(path.name, 1, "", say(", ".join(header)), "the columns of a METR file; else import as generic")
    )


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    if path.suffix == ".csv":
        return _csv(gather, path)
    return _runs(gather, path) if path.suffix == ".jsonl" else _yaml(gather, path)


def _recognise(path: Path, head: bytes) -> bool:
    if path.suffix in (".yaml", ".yml"):
        return head.startswith(b"date:") or b"METR-Horizon" in head
    if path.suffix == ".jsonl":
        return any(word in head for word in (b'"score_binarized"', b'"responses"', b'"human_minutes"'))
    if path.suffix != ".csv":
        return False
    lines = (line for line in head.decode("utf-8", errors="replace").splitlines() if not line.startswith("#"))
    return _which(next(lines, "").split(",")) is not None


IMPORTER = Importer(
    name="metr", version="1", title="METR: benchmark results, horizon tables, runs and task outcomes",
    recognise=_recognise, read=_read,
)  # fmt: skip
