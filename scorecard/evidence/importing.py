"""From files to the record: read, name, place, check, compare with what is stored, and store in one transaction.

`plan` writes nothing and says everything that `commit` would do. Strict is all or nothing, over every file of
one call; lenient stores the good rows and keeps the refused ones in the quarantine.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa

from scorecard.evidence.checks import Entry, Known, check
from scorecard.evidence.convert import converter
from scorecard.evidence.importers import Imported, Importer, Refusal, Seen, importers, recognised
from scorecard.evidence.importers._gather import slug
from scorecard.evidence.names import Registry, folded, today
from scorecard.evidence.tables import Fault, Row
from scorecard.evidence.vintages import current
from scorecard.records import Import, Indicator, Json, Measurement, Record, Source, System
from scorecard.store import Store, StoreError, View
from scorecard.store.files import digest_of

_MEASUREMENT = converter(Measurement)
NOT_DATED = "the file gives no release day; placed where it was first seen"
type Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value beside what was known of the same thing: `before` is None for a new one."""

    indicator: str
    system: str
    condition: str
    before: str | None
    before_vintage: str
    after: str
    vintage: str


@dataclass(slots=True, kw_only=True)
class Plan:
    """What importing one file would do."""

    path: Path
    file: str
    id: str
    size: int
    importer: Importer
    known_at: date
    source: str
    mapping: Json | None = None
    imported: Imported
    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unknown: dict[str, Seen] = field(default_factory=dict)  # names that nobody has said the system of
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    gone: list[str] = field(default_factory=list)  # what the file before had and this one lacks
    notes: list[str] = field(default_factory=list)
    already: bool = False

    @property
    def measurements(self) -> int:
        """How many values would be stored."""
        return sum(isinstance(record, Measurement) for record in self.records)

    @property
    def attempts(self) -> int | None:
        """How many attempts it holds; None for a file that is counted only while it is stored."""
        held = self.imported.attempts
        return 0 if held is None else held.num_rows if isinstance(held, pa.Table) else None

    def as_json(self) -> dict[str, Any]:
        """The plan as plain values."""
        return {
            "file": self.file, "format": self.importer.name, "sha256": self.id, "known_at": str(self.known_at),
            "source": self.source, "already": self.already, "measurements": self.measurements,
            "attempts": self.attempts, "same": self.same, "refused": [str(refusal) for refusal in self.refusals],
            "unknown": sorted(self.unknown), "notes": self.notes, "gone": self.gone,
            "changes": [{name: getattr(c, name) for name in Change.__slots__} for c in self.changes],
        }  # fmt: skip


@dataclass
class Stored:
    """What is on record, read once for all files of a call, with what earlier files of it add."""

    registry: Registry
    indicators: dict[str, Indicator]
    sources: dict[str, Source]
    imports: dict[str, Import]
    keys: dict[tuple[Any, ...], Measurement]
    latest: dict[tuple[Any, ...], Measurement]
    systems: dict[str, System] = field(default_factory=dict)  # to be added, by folded name

    @classmethod
    def of(cls, view: View) -> Stored:
        measurements = view.all(Measurement)
        return cls(
            Registry.of(view), {i.id: i for i in view.all(Indicator)}, {s.id: s for s in view.all(Source)},
            {i.id: i for i in view.all(Import)}, {key_of(m): m for m in measurements},
            {_thing(m): m for m in current(measurements)},
        )  # fmt: skip

    def system(self, name: str) -> System | None:
        return self.registry.find(name) or self.systems.get(folded(name))


def key_of(m: Measurement) -> tuple[Any, ...]:
    return (m.indicator, m.system, m.condition, m.observed_on, m.vintage)


def _thing(m: Measurement) -> tuple[Any, ...]:
    return (m.indicator, m.system, m.condition, m.observed_on)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files to read: a folder stands for what is in it, a git repository for itself."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise StoreError(f"{path} is not there; name a file, a folder or a git repository")
        repository = path.is_dir() and recognised(path) is not None
        inside = [p for p in sorted(path.rglob("*")) if p.is_file() and not p.name.endswith(".mapping.yaml")]
        found += [path] if repository or path.is_file() else inside
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
    progress: Progress | None = None,
) -> list[Plan]:
    """Say what importing files would do; writes nothing.

    `format` is the name of an importer, or "auto"; `importer` stands in its place (generic with a mapping).
    `new_systems` accepts the systems that the files name and the record does not know.
    """
    if format != "auto" and format not in importers():
        raise StoreError(f"there is no format {format!r}; there are auto, {', '.join(importers())}")
    files = files_of(paths)
    with store.view() as now:
        record = Stored.of(now)
    if source is not None and source not in record.sources:
        raise StoreError(f"there is no source {source!r} on record; leave it out to make one from the file")
    plans = []
    for number, path in enumerate(files):
        if progress:
            progress(number, len(files), path.name)
        chosen = importer or (importers()[format] if format != "auto" else recognised(path))
        plans.append(_plan(record, path, chosen, known_at, source, new_systems, mapping))
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


def _plan(
    record: Stored, path: Path, importer: Importer | None, known_at: date | None, source: str | None,
    new_systems: bool, mapping: Json | None,
) -> Plan:  # fmt: skip
    id, size = _identity(path)
    if importer is None:
        importer = importers()["generic"]
        fault = Fault(path.name, 0, "", "a file of no known format", "a known one, or generic with --mapping")
        imported = Imported(subject="", refusals=(Refusal(fault),))
        return Plan(path=path, file=path.name, id=id, size=size, importer=importer, known_at=known_at or today(),
                    source="", imported=imported, refusals=list(imported.refusals))  # fmt: skip
    before = record.imports.get(id)
    if before is not None and before.version == importer.version and before.format == importer.name:
        made = Plan(path=path, file=path.name, id=id, size=size, importer=importer, known_at=before.known_at,
                    source=before.source, imported=Imported(subject=before.subject), already=True)  # fmt: skip
        made.notes.append(f"Imported before, as known on {before.known_at}; the same file adds nothing.")
        return made
    day = known_at or (before.known_at if before else today())
    named = source or (before.source if before else f"import_{id[:12]}")
    imported = importer.read(path, known_at=day, source=named)
    made = Plan(path=path, file=path.name, id=id, size=size, importer=importer, known_at=day, source=named,
                mapping=mapping, imported=imported, notes=list(imported.notes))  # fmt: skip
    if named not in record.sources:
        record.sources[named] = Source(
            id=named, title=f"{path.name} ({importer.title})"[:200], url=f"urn:sha256:{id}", published_on=day,
            known_at=day, note=f"imported with {importer.name} {importer.version}",
        )  # fmt: skip
        made.records.append(record.sources[named])
    _fill(record, made, new_systems)
    return made


def _fill(record: Stored, made: Plan, new_systems: bool) -> None:
    """Name, place and check every entry; what holds goes to `records`, the rest to `refusals`."""
    imported = made.imported
    fresh = {e.record.id: e for e in imported.entries if isinstance(e.record, Indicator)}
    for id in [id for id in fresh if id in record.indicators]:
        fresh.pop(id)  # the record's own definition stands
    rows = [e.row for e in imported.entries if isinstance(e.record, Measurement)]
    # A value without a day may still be placed, where the record knows when its system was released.
    for refusal in imported.refusals:
        if refusal.cells and refusal.fault.field == "observed_on" and refusal.fault.found == "nothing":
            rows.append(Row(made.file, refusal.fault.row, refusal.cells))
        else:
            made.refusals.append(refusal)
    if new_systems:
        _add_systems(record, made, rows)
    entries: list[Entry] = []
    taken: dict[tuple[Any, ...], str] = {}
    for row in rows:
        fitting = placed(record, made, row)
        if isinstance(fitting, Refusal):
            made.refusals.append(fitting)
        else:
            entries += _apart(fitting, taken)
    for name, seen in imported.systems.items():
        if record.system(name) is None:
            made.unknown.setdefault(name, seen)
    indicators = [*fresh.values(), *(Entry(i, Row(made.file, "", {})) for i in record.indicators.values())]
    good = checked(record, made, indicators, [vintaged(record, entry) for entry in entries])
    used = {m.indicator for m in good}
    for id, entry in fresh.items():
        if id in used and isinstance(entry.record, Indicator):
            record.indicators[id] = entry.record
            made.records.append(entry.record)
    for m in good:
        compare(record, made, m)
        made.records.append(m)
    _missing(record, made, good)
    if not good and imported.attempts is None:
        made.records = []


def _add_systems(record: Stored, made: Plan, rows: Sequence[Row]) -> None:
    """Make a system of every unknown name, as the file describes it; only when a person has accepted that."""
    first: dict[str, str] = {}
    for row in rows:
        name, day = row.cells.get("system"), row.cells.get("observed_on")
        if isinstance(name, str) and isinstance(day, str):
            first[name] = min(first.get(name, day), day)
    for name, seen in made.imported.systems.items():
        if record.system(name) is not None:
            continue
        day = seen.released_on
        if day is None:
            day = min(
                made.known_at, date.fromisoformat(first[name]) if _is_day(first.get(name)) else made.known_at
            )
        id = name if name.startswith(("org.", "repo.")) else slug(name)
        if id in record.registry.systems or any(id == s.id for s in record.systems.values()):
            id = f"{id}_{sha256(name.encode()).hexdigest()[:6]}"
        system = System(
            id=id, name=name, developer=seen.developer or "not stated", released_on=day,
            known_at=max(day, made.known_at), source=made.source, grade="primary",
            note="" if seen.released_on else NOT_DATED,
        )  # fmt: skip
        record.systems[folded(name)] = system
        record.systems.setdefault(folded(id), system)
        made.records.append(system)


def _apart(fitting: list[Entry], taken: dict[tuple[Any, ...], str]) -> list[Entry]:
    """Readings that a file gives under two names of one system are kept apart by the name; the first one is fitted."""
    apart = []
    for entry in fitting:
        m, name = entry.record, str(entry.row.cells["system"])
        assert isinstance(m, Measurement)
        if taken.setdefault(key_of(m), name) != name:
            m = replace(m, condition=f"{m.condition}; named {name}".removeprefix("; "), main=False)
        apart.append(Entry(m, entry.row))
    return apart


def _is_day(text: str | None) -> bool:
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True


def placed(record: Stored, made: Plan, row: Row) -> list[Entry] | Refusal:
    """The measurement of a row, of the system that its name means and at that system's release."""
    cells = dict(row.cells)
    name = str(cells["system"])
    system = record.system(name)
    if system is None:
        made.unknown.setdefault(name, made.imported.systems.get(name, Seen(name=name)))
        near = record.registry.nearest(name, 1)
        hint = f"; is it {near[0]}? then `systems alias {near[0]} {name!r}`" if near else ""
        return Refusal(
            row.fault("system", name, f"the name of a known system{hint}, or --new-systems"), row.cells
        )
    cells["system"] = system.id
    own_day = system.id.startswith(("org.", "repo.")) or not made.importer.at_release
    if not own_day or not cells.get("observed_on"):
        released, given = system.released_on.isoformat(), cells.get("observed_on")
        if given and given != released and not str(cells.get("note") or "").startswith("run on"):
            cells["note"] = "; ".join(
                x for x in (str(cells.get("note") or ""), f"the file dates it {given}") if x
            )
        cells["observed_on"] = released
    converted = _MEASUREMENT(Row(row.file, row.place, cells))
    if isinstance(converted, list):
        return Refusal(converted[0], row.cells)
    return [Entry(converted, row)]


def vintaged(record: Stored, entry: Entry) -> Entry:
    """Another value under a vintage that is taken gets a vintage of its own: nothing is overwritten."""
    m = entry.record
    assert isinstance(m, Measurement)
    number = 1
    while (taken := record.keys.get(key_of(m))) is not None and taken.source != m.source and taken != m:
        number += 1
        m = replace(m, vintage=f"{entry.row.cells['vintage']!s}.{number}")
    return entry if m is entry.record else Entry(m, entry.row)


def checked(
    record: Stored, made: Plan, indicators: Sequence[Entry], entries: list[Entry]
) -> list[Measurement]:
    known = Known(
        ids={
            Source: frozenset(record.sources),
            Indicator: frozenset(e.record.id for e in indicators if isinstance(e.record, Indicator)),
        },
        versions=None,
    )
    if check([*indicators, *entries], known):
        series = {e.record.id: e for e in indicators if isinstance(e.record, Indicator)}
        good, seen = [], set()
        for entry in entries:
            m = entry.record
            assert isinstance(m, Measurement)
            beside = [series[m.indicator]] if m.indicator in series else []
            faults = check([*beside, entry], known)
            if key_of(m) in seen:
                said = ", ".join(str(part) for part in key_of(m) if part != "")
                faults.append(
                    entry.row.fault(", ".join(m.KEY), said, "one row for each; an earlier row has the same")
                )
            seen.add(key_of(m))
            made.refusals += [Refusal(fault, entry.row.cells) for fault in faults[:1]]
            good += [entry] if not faults else []
        entries = good
    return [e.record for e in entries if isinstance(e.record, Measurement)]


def compare(record: Stored, made: Plan, m: Measurement) -> None:
    """Set a value beside what was known of the same thing; `record` then knows it."""
    before = record.latest.get(_thing(m))
    if before is not None and (before.value, before.low, before.high) == (m.value, m.low, m.high):
        made.same += 1
    else:
        made.changes.append(
            Change(indicator=m.indicator, system=m.system, condition=m.condition, after=_shown(m), vintage=m.vintage,
                   before=_shown(before) if before else None, before_vintage=before.vintage if before else "")
        )  # fmt: skip
    record.keys[key_of(m)] = record.latest[_thing(m)] = m


def _shown(m: Measurement) -> str:
    if m.low is None and m.high is None:
        return f"{m.value:g}"
    low, high = ("open" if end is None else f"{end:g}" for end in (m.low, m.high))
    return f"{m.value:g} [{low} to {high}]"


def _missing(record: Stored, made: Plan, good: Sequence[Measurement]) -> None:
    """What the file before, on the same subject, had and this one lacks."""
    about = (made.importer.name, made.imported.subject)
    earlier = {
        i.source for i in record.imports.values() if (i.format, i.subject) == about and i.id != made.id
    }
    if earlier:
        now = {_thing(m) for m in good}
        made.gone = sorted(
            {
                f"{m.system}, {m.indicator}"
                for m in record.keys.values()
                if m.source in earlier and _thing(m) not in now
            }
        )
