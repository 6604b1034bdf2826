"""Rows that were read -> measurements of known systems, at their place in time and under a vintage of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

from scorecard.evidence.checks import Entry, KnownFacts, check
from scorecard.evidence.convert import converter
from scorecard.evidence.importers import Refusal, SeenSystem
from scorecard.evidence.importing.plans import ImportPlan, Stored, value_key
from scorecard.evidence.names import folded
from scorecard.evidence.reading.gather import slug
from scorecard.evidence.tables import Row
from scorecard.records import Indicator, Measurement, Source, System

_MEASUREMENT = converter(Measurement)
NOT_DATED = "the file gives no release day; placed where it was first seen"
OWN_DAY = ("org.", "repo.")  # organisations and repositories, which are released on no day


def add_systems(record: Stored, made: ImportPlan, rows: Sequence[Row]) -> None:
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
        id = name if name.startswith(OWN_DAY) else slug(name)
        if id in record.registry.systems or any(id == s.id for s in record.systems.values()):
            id = f"{id}_{sha256(name.encode()).hexdigest()[:6]}"
        system = System(
            id=id,
            name=name,
            developer=seen.developer or "not stated",
            released_on=day,
            known_at=max(day, made.known_at),
            source=made.source,
            grade="primary",
            note="" if seen.released_on else NOT_DATED,
        )
        record.systems[folded(name)] = system
        record.systems.setdefault(folded(id), system)
        made.records.append(system)


def _is_day(text: str | None) -> bool:
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True


def placed(record: Stored, made: ImportPlan, row: Row) -> list[Entry] | Refusal:
    """The measurement of a row, of the system that its name means and at that system's release."""
    cells = dict(row.cells)
    name = str(cells["system"])
    system = record.system(name)
    if system is None:
        made.unknown.setdefault(name, made.imported.systems.get(name, SeenSystem(name=name)))
        near = record.registry.nearest(name, 1)
        hint = f"; is it {near[0]}? then `systems alias {near[0]} {name!r}`" if near else ""
        return Refusal(
            row.fault("system", name, f"the name of a known system{hint}, or --new-systems"), row.cells
        )
    cells["system"] = system.id
    own_day = system.id.startswith(OWN_DAY) or not made.importer.at_release
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


def apart(fitting: list[Entry], taken: dict[tuple[Any, ...], str]) -> list[Entry]:
    """Readings that a file gives under two names of one system are kept apart by the name; the first one is fitted."""
    found = []
    for entry in fitting:
        m, name = entry.record, str(entry.row.cells["system"])
        assert isinstance(m, Measurement)
        if taken.setdefault(value_key(m), name) != name:
            m = replace(m, condition=f"{m.condition}; named {name}".removeprefix("; "), main=False)
        found.append(Entry(m, entry.row))
    return found


def vintaged(record: Stored, entry: Entry) -> Entry:
    """Another value under a vintage that is taken gets a vintage of its own: nothing is overwritten.

    An invalidated run takes the place of what was stored of the same run, and of no other run.
    """
    m = entry.record
    assert isinstance(m, Measurement)
    if "invalidated" in m.marks and value_key(m) not in record.keys:
        m = replace(m, condition=f"{m.condition}; invalidated".removeprefix("; "))
    number = 1
    while (taken := record.keys.get(value_key(m))) is not None and taken.source != m.source and taken != m:
        number += 1
        m = replace(m, vintage=f"{entry.row.cells['vintage']!s}.{number}")
    return entry if m is entry.record else Entry(m, entry.row)


def checked(
    record: Stored, made: ImportPlan, indicators: Sequence[Entry], entries: list[Entry]
) -> list[Entry]:
    """The entries that hold beside their indicators; the others go to the plan's refusals."""
    known = KnownFacts(
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
            if value_key(m) in seen:
                said = ", ".join(str(part) for part in value_key(m) if part != "")
                faults.append(
                    entry.row.fault(", ".join(m.KEY), said, "one row for each; an earlier row has the same")
                )
            seen.add(value_key(m))
            made.refusals += [Refusal(fault, entry.row.cells) for fault in faults[:1]]
            good += [entry] if not faults else []
        entries = good
    return [entry for entry in entries if isinstance(entry.record, Measurement)]
