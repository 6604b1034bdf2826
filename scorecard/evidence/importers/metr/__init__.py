"""METR's results: benchmark YAML of v1.0 and v1.1 in any vintage, horizon tables, runs, and task outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from scorecard.evidence.importers.metr import outcomes, tables
from scorecard.evidence.importers.metr.documents import results
from scorecard.evidence.reading.bounded import rows_of_csv
from scorecard.evidence.reading.gather import Gather, gathered
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.scores import table
from scorecard.evidence.tables import Fault, Unreadable, say

_TABLES: Mapping[str, frozenset[str]] = {
    "keys": frozenset(
        {
            "key",
            "release_date",
            "is_sota",
            "p50_min",
            "p50_ci_low_min",
            "p80_min",
            "p80_ci_high_min",
            "p50_ci_high_min",
            "p80_ci_low_min",
        }
    ),
    "fits": frozenset(
        {"agent", "release_date", "p50", "p50q0.025", "p50q0.975", "p80", "p80q0.025", "p80q0.975"}
    ),
    "domains": frozenset({"model", "horizon", "slope", "slope_method", "benchmark", "release_date"}),
    "hours": frozenset(
        {
            "model",
            "eval_published",
            "suite",
            "treatment_of_cheating",
            "p50_hours",
            "ci_low_hours",
            "ci_high_hours",
        }
    ),
    "counts": frozenset(
        {"agent", "task_id", "task_family", "human_minutes", "n_successes", "n_runs", "task_weight"}
    ),
    "majority": frozenset({"model", "task_id", "task_family", "human_minutes", "solved_majority"}),
}


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
            return tables.by_key(gather, rows)
        case "fits":
            return tables.fits(gather, rows)
        case "domains":
            return tables.domains(gather, rows)
        case "hours":
            return tables.hours(gather, rows)
        case "draws":
            return tables.draws(gather, header, rows)
        case "counts" | "majority":
            to = outcomes.counts if which == "counts" else outcomes.majority
            attempts = outcomes.outcomes(gather, rows, to)
            return gather.done(f"METR {path.stem}", table(attempts))
    raise Unreadable(
        Fault(path.name, 1, "", say(", ".join(header)), "the columns of a METR file; else import as generic")
    )


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    if path.suffix == ".csv":
        return _csv(gather, path)
    return outcomes.runs(gather, path) if path.suffix == ".jsonl" else results(gather, path)


def _recognise(path: Path, seen: Glimpse) -> bool:
    if path.suffix in (".yaml", ".yml"):
        return seen.head.startswith(b"date:") or b"METR-Horizon" in seen.head
    if path.suffix == ".jsonl":
        return any(word in seen.head for word in (b'"score_binarized"', b'"responses"', b'"human_minutes"'))
    if path.suffix != ".csv":
        return False
    lines = (
        line for line in seen.head.decode("utf-8", errors="replace").splitlines() if not line.startswith("#")
    )
    return _which(next(lines, "").split(",")) is not None


IMPORTER = Importer(
    name="metr",
    version="2",
    title="METR: benchmark results, horizon tables, runs and task outcomes",
    recognise=_recognise,
    read=_read,
)
