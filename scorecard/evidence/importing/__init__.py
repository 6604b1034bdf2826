"""From files to the record: read, name, place, check, compare with what is stored; storing is a step of its own.

`plan` writes nothing and says everything that `commit` (scorecard/evidence/storing.py) would do. Strict is all or
nothing, over every file of one call; lenient stores the good rows and keeps the refused ones in the quarantine.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scorecard.clock import today
from scorecard.evidence.checks import Entry
from scorecard.evidence.importers import Imported, Importer, Refusal, importers, recognised
from scorecard.evidence.importing.comparing import compare, missing, read_anew
from scorecard.evidence.importing.placing import add_systems, apart, checked, placed, vintaged
from scorecard.evidence.importing.plans import Differing, ImportPlan, InDoubt, Stored, ValueChange
from scorecard.evidence.tables import Fault, Row
from scorecard.records import Indicator, Json, Measurement, Source
from scorecard.store import Store, StoreError, attempts
from scorecard.store.files import digest_of
from scorecard.store.outside import Misfits, Outside

__all__ = [
    "NO_SCORE",
    "Differing",
    "ImportPlan",
    "InDoubt",
    "Progress",
    "Stored",
    "ValueChange",
    "attempts_refused",
    "files_of",
    "plan",
]

NO_SCORE = "without a score"
type Progress = Callable[[int, int, str], None]

# Endings of what lies beside results in a folder and holds none: texts, programs, pictures, locks.
BESIDE = frozenset(
    {".md", ".rst", ".txt", ".log", ".pdf", ".png", ".jpg", ".jpeg", ".svg", ".gif", ".html", ".htm", ".css"}
    | {".js", ".ts", ".py", ".ipynb", ".sh", ".toml", ".ini", ".cfg", ".lock"}
)


def files_of(paths: Iterable[Path]) -> list[tuple[Path, str, bool]]:
    """The files to read, each with its name below what was asked for, and whether a folder brought it along.

    A git repository stands for itself.
    """
    found: list[tuple[Path, str, bool]] = []
    for path in paths:
        if not path.exists():
            raise StoreError(f"{path} is not there; name a file, a folder or a git repository")
        if path.is_file() or recognised(path) is not None:
            found.append((path, path.name, False))
            continue
        inside = (p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.endswith(".mapping.yaml"))
        found += [(p, p.relative_to(path).as_posix(), True) for p in inside]
    if not found:
        raise StoreError("there is no file to import; name a file or a folder that has some")
    return found


def plan(
    store: Store,
    paths: Iterable[Path],
    format: str = "auto",
    *,
    known_at: date | None = None,
    source: str | None = None,
    new_systems: bool = False,
    importer: Importer | None = None,
    mapping: Json | None = None,
    differing: Differing = "ask",
    look: bool = False,
    progress: Progress | None = None,
) -> list[ImportPlan]:
    """Say what importing files would do; writes nothing.

    `format` is the name of an importer, or "auto"; `importer` stands in its place (generic with a mapping).
    `new_systems` accepts the systems that the files name and the record does not know. `differing` says what becomes
    of a value that differs from one whose run was recorded under other circumstances. `look` reads tables of attempts
    to their end, so that a dry run says what they hold; storing looks at them in any case.
    """
    if format != "auto" and format not in importers():
        raise StoreError(
            f"there is no format {format!r}; there are auto, {', '.join(importers())}. A table of your own "
            "(CSV, Parquet) is read by generic with --mapping (docs/imports.md)"
        )
    files = files_of(paths)
    with store.view() as now:
        record = Stored.of(now)
    if source is not None and source not in record.sources:
        raise StoreError(f"there is no source {source!r} on record; leave it out to make one from the file")
    plans = []
    for number, (path, name, along) in enumerate(files):
        if progress:
            progress(number, len(files), path.name)
        chosen = importer or (importers()[format] if format != "auto" else recognised(path))
        passed = chosen is None and along and _beside(path)
        made = (
            _passed(path, name)
            if passed
            else _read(record, path, name, chosen, known_at, source, mapping, differing)
        )
        if not made.already and made.source:
            _fill(record, made, new_systems)
            if look and isinstance(made.imported.attempts, Outside):
                _look(made, made.imported.attempts)
        plans.append(made)
    if progress:
        progress(len(files), len(files), "read")
    return plans


def _identity(path: Path) -> tuple[str, int]:
    if path.is_file():
        return digest_of(path), path.stat().st_size
    head = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return sha256(f"git {head}".encode()).hexdigest(), 0


def _read(
    record: Stored,
    path: Path,
    name: str,
    importer: Importer | None,
    known_at: date | None,
    source: str | None,
    mapping: Json | None,
    differing: Differing,
) -> ImportPlan:
    """A file as it was read, before its rows are named and placed."""
    id, size = _identity(path)

    def made(importer: Importer, day: date, source: str, imported: Imported, **more: Any) -> ImportPlan:
        return ImportPlan(
            path=path,
            file=name,
            id=id,
            size=size,
            importer=importer,
            known_at=day,
            source=source,
            imported=imported,
            differing=differing,
            **more,
        )

    if importer is None:
        fault = Fault(path.name, 0, "", "a file of no known format", "a known one, or generic with --mapping")
        nothing = Imported(subject="", refusals=(Refusal(fault),))
        return made(importers()["generic"], known_at or today(), "", nothing, refusals=list(nothing.refusals))
    before = record.imports.get(id)
    if before is not None and before.version == importer.version and before.format == importer.name:
        note = f"Imported before, as known on {before.known_at}; the same file adds nothing."
        kept = Imported(subject=before.subject)
        return made(importer, before.known_at, before.source, kept, already=True, notes=[note])
    day = known_at or (before.known_at if before else today())
    named = source or (before.source if before else f"import_{id[:12]}")
    imported = importer.read(path, known_at=day, source=named)
    return made(importer, day, named, imported, mapping=mapping, notes=list(imported.notes))


def _beside(path: Path) -> bool:
    """Whether a file of no known format may be passed over: its name says that it holds no results."""
    ending = path.suffix.lower()
    return ending in BESIDE or path.name.startswith(".") or not ending


def _passed(path: Path, name: str) -> ImportPlan:
    """A file that lies beside results in a folder and is none."""
    id, size = _identity(path)
    return ImportPlan(
        path=path,
        file=name,
        id=id,
        size=size,
        importer=importers()["generic"],
        known_at=today(),
        source="",
        imported=Imported(subject=""),
        notes=["Passed over: it lies beside results and holds none."],
    )


def _fill(record: Stored, made: ImportPlan, new_systems: bool) -> None:
    """Name, place and check every entry; what holds goes to `records`, the rest to `refusals`."""
    imported = made.imported
    if made.source not in record.sources:
        record.sources[made.source] = _source(made)
        made.records.append(record.sources[made.source])
    fresh = {e.record.id: e for e in imported.entries if isinstance(e.record, Indicator)}
    for id in [id for id in fresh if id in record.indicators]:
        fresh.pop(id)  # the record's own definition stands
    rows = _rows(made)
    if new_systems:
        add_systems(record, made, rows)
    entries: list[Entry] = []
    taken: dict[tuple[Any, ...], str] = {}
    for row in rows:
        fitting = placed(record, made, row)
        if isinstance(fitting, Refusal):
            made.refusals.append(fitting)
        else:
            entries += apart(fitting, taken)
    for name, seen in imported.systems.items():
        if record.system(name) is None:
            made.unknown.setdefault(name, seen)
    indicators = [*fresh.values(), *(Entry(i, Row(made.file, "", {})) for i in record.indicators.values())]
    sound = checked(record, made, indicators, [vintaged(record, entry) for entry in entries])
    compared = [compare(record, made, entry) for entry in sound]
    good = [m for m in compared if m is not None]
    record.circumstances[made.source] = dict(imported.circumstances)
    used = {m.indicator for m in good}
    for id, entry in fresh.items():
        if id in used and isinstance(entry.record, Indicator):
            record.indicators[id] = entry.record
            made.records.append(entry.record)
    superseded = read_anew(record, made, good)
    made.records += [*good, *superseded]
    if superseded:
        made.notes.append(
            f"{len(superseded)} values that an earlier version read of this file are no longer fitted."
        )
    missing(record, made, good)
    if not good and imported.attempts is None:
        made.records = []


def _look(made: ImportPlan, outside: Outside) -> None:
    """Count a table's attempts, and note what is refused in it."""
    with TemporaryDirectory(prefix="look-") as folder:
        try:
            found = attempts.look(Path(folder), outside)
        except StoreError as error:
            fault = Fault(made.path.name, 0, "", str(error), "a table of attempts that can be read")
            made.refusals.append(Refusal(fault))
            found = attempts.TableContents(rows=0, absent=0, misfits=())
    made.counted = found.rows
    made.refusals += attempts_refused(made, found.misfits)
    if found.absent:
        made.imported = replace(made.imported, absent={**made.imported.absent, NO_SCORE: found.absent})


def attempts_refused(made: ImportPlan, misfits: Iterable[Misfits]) -> list[Refusal]:
    """Rows of a table of attempts that the store will not take: the first ones by place and cell, and how many."""
    found = []
    for misfit in misfits:
        shown = zip(misfit.places, misfit.found, strict=True)
        places = ", ".join(f"row {place} with {cell}" for place, cell in shown)
        said = places if misfit.count == len(misfit.places) else f"{misfit.count} rows, first {places}"
        fault = Fault(made.path.name, 0, misfit.field, said, misfit.expected)
        found.append(Refusal(fault, count=misfit.count))
    return found


def _source(made: ImportPlan) -> Source:
    """The file itself as a source, where none on record was named."""
    return Source(
        id=made.source,
        title=f"{made.path.name} ({made.importer.title})"[:200],
        url=f"urn:sha256:{made.id}",
        published_on=made.known_at,
        known_at=made.known_at,
        note=f"imported with {made.importer.name} {made.importer.version}",
    )


def _rows(made: ImportPlan) -> list[Row]:
    """The rows that may become values: those read, and those that lack nothing but a day.

    A value without a day may still be placed, where the record knows when its system was released.
    """
    rows = [e.row for e in made.imported.entries if isinstance(e.record, Measurement)]
    for refusal in made.imported.refusals:
        if refusal.cells and refusal.fault.field == "observed_on" and refusal.fault.found == "nothing":
            rows.append(Row(made.file, refusal.fault.row, refusal.cells))
        else:
            made.refusals.append(refusal)
    return rows
