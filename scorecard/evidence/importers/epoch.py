"""Epoch AI's tables: the Capabilities Index, the matrix it is fitted to, and the benchmark hub's CSV files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import rows_of_csv, whole
from scorecard.evidence.reading.gather import (
    LINEAR,
    PERCENT,
    SHARE,
    Gather,
    around,
    empty,
    gathered,
    number,
    slug,
)
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.tables import Fault, say

type Rows = Iterator[tuple[int, Mapping[str, str]]]

INDEX_LEVEL = 0.9  # Epoch's intervals run from the 5th to the 95th percentile
PERCENTAGES = {"aider_polyglot", "os_world", "live_bench"}  # printed as 0 to 100; the others as shares
ERRORS = ("stderr", "Accuracy SE", "Accuracy Standard Error", "Average Standard error")
# What tells two results of one model on one benchmark apart, where a table has it.
SETTINGS = (
    "Scaffold",
    "Agent",
    "Tools",
    "Edit format",
    "Prompt",
    "Shots",
    "LiveBench Version",
    "SWE-Agent Release Version",
    "Frames",
)
HUB = ("Model version", "Release date", "Organization")


def _eci(gather: Gather) -> str:
    return gather.indicator(
        "epoch_eci",
        name="Epoch Capabilities Index",
        unit="index",
        shared_tasks=True,
        few_lag=False,
        measures="ability over many benchmarks, in the manner of item response; refitted with every file",
        **LINEAR,
    )


def _index(gather: Gather, rows: Rows) -> Imported:
    for line, row in rows:
        gather.system(row["Model"], developer=row["Organization"], released_on=row["date"])
        gather.measurement(
            line,
            indicator=_eci(gather),
            system=row["Model"],
            observed_on=row["date"],
            value=row["eci"],
            low=row["eci_ci_low"],
            high=row["eci_ci_high"],
            interval=INDEX_LEVEL,
        )
    return gather.done("Epoch ECI")


def _old_index(gather: Gather, rows: Rows) -> Imported:
    """A row for each setting of a model, mostly with the model's one score: each score is taken once."""
    first: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    repeated = unscored = 0
    for line, row in rows:
        name, score = row["Model name"] or row["Model version"], row["ECI Score"]
        if empty(score):
            unscored += 1
            continue
        if (name, score) in seen:
            repeated += 1
            continue
        seen.add((name, score))
        own = first.setdefault(name, score) == score
        gather.system(name, developer=row["Organization"], released_on=row["Release date"])
        gather.measurement(
            line,
            indicator=_eci(gather),
            system=name,
            observed_on=row["Release date"],
            value=score,
            main=own,
            condition="" if own else row["Model version"],
        )
    gather.notes.append(
        f"{repeated} rows repeat a model's score under another setting; {unscored} have none."
    )
    return gather.done("Epoch ECI, old table")


def _matrix(gather: Gather, rows: Rows) -> Imported:
    seen: dict[tuple[str, str], int] = {}
    for line, row in rows:
        name = row["Model"] or row["model"]
        gather.system(name, released_on=row["date"])
        indicator = _benchmark(gather, slug(row["benchmark"]), row["benchmark"], SHARE)
        count = seen[indicator, name] = seen.get((indicator, name), 0) + 1
        gather.measurement(
            line,
            indicator=indicator,
            system=name,
            observed_on=row["date"],
            value=row["performance"],
            condition="" if count == 1 else f"row {count}",
            main=count == 1,
        )
    return gather.done("Epoch ECI benchmarks")


def _benchmark(gather: Gather, id: str, name: str, scale: Mapping[str, Any]) -> str:
    unit = {1.0: "share", 100.0: "%"}.get(scale.get("upper", 0.0), "score")
    return gather.indicator(
        f"epoch_{id}",
        name=f"{name} (Epoch AI's tables)",
        unit=unit,
        measures=f"score on {name} as collected by Epoch AI",
        **scale,
    )


def _hub(gather: Gather, path: Path, header: list[str], rows: Rows) -> Imported:
    """One benchmark's table: the score is the first column of numbers between the model and its release."""
    listed = list(rows)
    between = header[header.index("Model version") + 1 : header.index("Release date")]
    scores = [name for name in between if name not in SETTINGS]
    if not scores:
        raise whole(
            path.name, say(", ".join(header)), "a column of scores between Model version and Release date"
        )
    column, id = scores[0], path.stem.removesuffix("_external")
    values = [value for _, row in listed if (value := number(row[column])) is not None]
    scale = (
        PERCENT if id in PERCENTAGES else SHARE if values and 0 <= min(values) <= max(values) <= 1 else LINEAR
    )
    error = next((name for name in ERRORS if name in header), None)
    title = id.replace("_", " ")
    seen: dict[tuple[str, str], int] = {}
    passed = 0
    for line, row in listed:
        name = row["Model version"] or row.get("Name") or row.get("Agent") or ""
        if empty(row[column]) or empty(name):
            passed += 1
            continue
        gather.system(name, developer=row["Organization"], released_on=row["Release date"])
        condition = "; ".join(f"{key} {row[key]}" for key in SETTINGS if not empty(row.get(key)))
        count = seen[name, condition] = seen.get((name, condition), 0) + 1
        if count > 1:
            condition = f"{condition}; result {count}".removeprefix("; ")
        if "95% CI Low" in header:
            shown = {
                "value": row[column],
                "low": row["95% CI Low"],
                "high": row["95% CI High"],
                "interval": 0.95,
            }
        elif scale is SHARE and error:
            shown = around(row[column], row[error], share=True)
        else:
            shown = {"value": row[column]}
        gather.measurement(
            line,
            indicator=_benchmark(gather, slug(id), title, scale),
            system=name,
            observed_on=row["Release date"],
            condition=condition,
            main=count == 1,
            **shown,
        )
    if passed:
        gather.notes.append(f"{passed} rows without a score or a model were passed over.")
    return gather.done(f"Epoch hub {id}")


def _metr(gather: Gather, rows: Rows) -> Imported:
    """Epoch's copy of METR's horizons, which mixes two suites; only rows that say which can be placed."""
    seen: dict[str, int] = {}
    for line, row in rows:
        suite = row["METR version"]
        ending = {"METR-Horizon-v1.1": "", "METR-Horizon-v1": "_th10"}.get(suite)
        if ending is None:
            gather.refuse(
                line, "METR version", suite, "METR-Horizon-v1 or -v1.1; two suites never share a series"
            )
            continue
        name = row["Model version"]
        gather.system(name, developer=row["Organization"], released_on=row["Release date"])
        indicator = gather.indicator(
            f"metr_p50_horizon{ending}",
            name=f"METR 50% time horizon, {suite}",
            unit="minutes",
            scale="log2",
            measures="human-expert time of the tasks a system completes half the time",
            reliable_max=960.0,
            shared_tasks=True,
        )
        count = seen[name] = seen.get(name, 0) + 1
        gather.measurement(
            line,
            indicator=indicator,
            system=name,
            observed_on=row["Release date"],
            value=row["Time horizon"],
            low=row["CI_low"],
            high=row["CI_high"],
            interval=0.95,
            main=False,
            condition="Epoch's copy" if count == 1 else f"Epoch's copy; result {count}",
        )
    return gather.done("Epoch hub METR horizons")


_INDEX = {"Model", "eci", "eci_ci_low", "eci_ci_high", "date", "Organization"}
_OLD = {"Model version", "ECI Score", "Release date", "Model name", "Organization"}
_MATRIX = {"benchmark", "performance", "Model", "model", "date"}
_METR = {"Model version", "Time horizon", "METR version", "CI_low", "CI_high", "Release date", "Organization"}
_DIFFICULTY = {"benchmark_name", "edi"}
_SCALING = {"scaling_anchor1", "scaling_anchor1_eci"}


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    if path.suffix != ".csv":
        raise whole(path.name, "notes about the files", "one of Epoch's CSV tables")
    header, all_rows = rows_of_csv(path)
    names = set(header)
    if names >= _DIFFICULTY:
        raise whole(
            path.name, "difficulties of benchmarks", "results of systems; import the scores or the matrix"
        )
    if names >= _SCALING:
        raise whole(path.name, "the constants of the index's scale", "results of systems; import the scores")

    def good() -> Rows:
        for line, row in all_rows:
            if isinstance(row, Fault):
                gather.fault(row)
            else:
                yield line, row

    if names >= _INDEX:
        return _index(gather, good())
    if names >= _OLD:
        return _old_index(gather, good())
    if names >= _MATRIX:
        return _matrix(gather, good())
    if names >= _METR:
        return _metr(gather, good())
    if names >= set(HUB):
        return _hub(gather, path, header, good())
    raise whole(
        path.name, say(", ".join(header)), "the columns of one of Epoch's tables; else import as generic"
    )


def _recognise(path: Path, seen: Glimpse) -> bool:
    if path.suffix in (".txt", ".md"):
        return b"eci_scores.csv" in seen.head or b"Epoch AI" in seen.head
    if path.suffix != ".csv":
        return False
    names = set(
        re.split(r",", seen.head.decode("utf-8", errors="replace").partition("\n")[0].strip("\r\ufeff"))
    )
    tables = (_INDEX, _MATRIX, _DIFFICULTY, _SCALING, set(HUB))
    return any(names >= columns for columns in tables)


IMPORTER = Importer(
    name="epoch",
    version="1",
    title="Epoch AI: capabilities index, benchmark matrix, benchmark hub",
    recognise=_recognise,
    read=_read,
)
