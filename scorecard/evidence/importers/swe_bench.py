"""SWE-bench: the report that its harness writes for a run, and the lists that its leaderboard keeps.

Format: the harness's `MODEL.RUN.json` (schema_version 2) with counts and lists of instance ids; older lists `resolved`,
`no_generation` and the like. The model stands only in the file's name, as the harness writes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import mapping, parsed, text, whole
from scorecard.evidence.reading.gather import Gather, gathered
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Run, listed, measured
from scorecard.evidence.reading.scores import table, whole_number

# What became of an instance, by the list that it stands in: solved, tried and not solved, or not tried.
RESOLVED = ("resolved_ids", "resolved")
FAILED = (
    "unresolved_ids",
    "unresolved",
    "empty_patch_ids",
    "no_apply",
    "applied",
    "no_generation",
    "generated",
)
ERRORS = ("error_ids", "infra_failure_ids", "test_errored", "test_timeout", "install_fail", "reset_failed")
LEFT = ("incomplete_ids", "with_logs")
PLAIN = ("results", "report", "swebench_results", "summary", "evaluation")  # names that name no model


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    report = mapping(parsed(text(path), path.name), path.name, "a report of SWE-bench")
    system, run_id = _named(report, path)
    gather.system(system)
    solved = _ids(report, RESOLVED)
    errors = _ids(report, ERRORS) - solved
    failed = _ids(report, FAILED) - solved - errors
    left = _ids(report, ("incomplete_ids",)) - solved - errors - failed
    there = whole_number(report.get("total_instances")) or len(solved | failed | errors | left)
    tried = len(solved | failed | errors)
    if not there:
        raise whole(path.name, "no instance", "lists of resolved and unresolved instances")
    gather.absent("errored", len(errors))
    gather.absent("not submitted", max(there - tried, 0))
    run = Run(
        format="swe_bench",
        title="SWE-bench",
        benchmark="SWE-bench",
        system=system,
        condition=[f"{there} instances", f"run {run_id}" if run_id else ""],
        partial=f"{tried} of {there} instances submitted" if tried < there else "",
        remarks=[f"{len(errors)} of {there} instances errored and count as not solved" if errors else ""],
    )
    # As the harness and the leaderboard have it: of all instances, whatever became of the others.
    measured(gather, run, "resolved", len(solved) / there, scale="share", n=there)
    attempts = [
        {
            "system": system,
            "benchmark": "SWE-bench",
            "task": id,
            "family": id.rpartition("-")[0],
            "score": float(id in solved),
            "scorer": "resolved",
            "settings": f"run {run_id}" if run_id else "",
        }
        for id in sorted(solved | failed)
    ]
    return gather.done(f"SWE-bench {path.stem}", table(attempts), circumstances={"report": path.stem})


def _ids(report: Mapping[str, Any], names: tuple[str, ...]) -> set[str]:
    return {id for name in names for id in listed(report.get(name)) if isinstance(id, str)}


def _named(report: Mapping[str, Any], path: Path) -> tuple[str, str]:
    """The model and the run: from the report where it says them, else from the name `MODEL.RUN.json`."""
    given = report.get("model_name_or_path") or report.get("model_name") or report.get("model")
    model, _, run = path.stem.rpartition(".")
    if isinstance(given, str) and given.strip():
        return given.strip(), run
    if not model:
        model, run = path.stem, ""
    if model.lower() in PLAIN or any(word in model.lower() for word in ("result", "report")):
        expected = (
            "a file named MODEL.RUN.json, as the harness writes it: rename it so that it names the model"
        )
        raise whole(path.name, "a SWE-bench report that names no model", expected)
    return model.replace("__", "/"), run


def _recognise(path: Path, seen: Glimpse) -> bool:
    return (
        path.suffix == ".json"
        and (
            seen.has("resolved_ids", "unresolved_ids")
            or seen.has("resolved_ids", "total_instances")
            or seen.has("resolved", "no_generation")
        )
        and not seen.has("results")
    )


IMPORTER = Importer(
    name="swe_bench",
    version="1",
    title="SWE-bench: a run's report",
    recognise=_recognise,
    read=_read,
)
