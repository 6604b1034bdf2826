"""One published value typed in by hand: checked as an import is, shown before it is stored, with its source.

For the day a system card appears and there is no file. `draft` writes nothing and says all that `enter` would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from scorecard.clock import today
from scorecard.evidence.checks import Entry
from scorecard.evidence.convert import converter
from scorecard.evidence.importers import Imported, Refusal, importers
from scorecard.evidence.importing import ImportPlan, Stored
from scorecard.evidence.importing.comparing import compare
from scorecard.evidence.importing.placing import checked, placed, vintaged
from scorecard.evidence.importing.plans import value_key
from scorecard.evidence.names import folded
from scorecard.evidence.reading.gather import slug
from scorecard.evidence.storing import ImportRefused
from scorecard.evidence.tables import Row
from scorecard.people import Actor
from scorecard.records import Measurement, Source, System
from scorecard.store import Receipt, Store

HERE = "what was typed"
_SOURCE, _SYSTEM = converter(Source), converter(System)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a person typed, as text: `cells` by the fields of a measurement, `system` by any of its names.

    `source` (title, url, published_on) describes a source that is not on record, and `system` (developer,
    released_on) a system; both stay empty otherwise.
    """

    cells: Mapping[str, Any]
    source: Mapping[str, Any]
    system: Mapping[str, Any]


def draft(store: Store, typed: Typed) -> ImportPlan:
    """What storing the value would do, or every fault that stands against it."""
    cells = {name: value for name, value in typed.cells.items() if value not in (None, "")}
    with store.view() as now:
        record = Stored.of(now)
    importer = replace(
        importers()["generic"], name="entry", title="A value typed in by hand", at_release=True
    )
    made = ImportPlan(
        path=Path(HERE),
        file=HERE,
        id="",
        size=0,
        importer=importer,
        known_at=today(),
        source="",
        imported=Imported(subject=""),
    )
    source = _source(record, made, typed, cells)
    if source is None:
        return made
    made.source = cells["source"] = source.id
    cells.setdefault("known_at", source.known_at.isoformat())
    cells.setdefault("vintage", cells["known_at"])
    cells.setdefault("grade", "primary")
    _known_at(made, source, cells)
    if typed.system and not _new_system(record, made, typed, cells, source):
        return made
    _value(record, made, cells)
    if made.refusals:
        made.records = []
    return made


def _source(record: Stored, made: ImportPlan, typed: Typed, cells: Mapping[str, Any]) -> Source | None:
    """The source on record, or the one described; a refusal when there is neither."""
    row = Row(HERE, 0, cells)
    if not typed.source:
        known = record.sources.get(str(cells.get("source", "")))
        if known is None:
            expected = "the id of a source on record, or title, address and day of a new one"
            made.refusals.append(Refusal(row.fault("source", cells.get("source"), expected)))
        return known
    given = {name: value for name, value in typed.source.items() if value not in (None, "")}
    described = {"id": slug(str(given.get("title", "")))[:60], "known_at": given.get("published_on"), **given}
    source = _SOURCE(Row(HERE, 0, described))
    if isinstance(source, list):
        made.refusals += [Refusal(fault) for fault in source if fault.field != "known_at"]
        return None
    same = next((one for one in record.sources.values() if one.url == source.url), None)
    if same is not None:
        made.notes.append(f"That address is on record as {same.title} ({same.id}), which is used.")
        return same
    if source.id in record.sources:
        source = replace(source, id=f"{source.id}_{sha256(source.url.encode()).hexdigest()[:6]}")
    record.sources[source.id] = source
    made.records.append(source)
    return source


def _known_at(made: ImportPlan, source: Source, cells: Mapping[str, Any]) -> None:
    """The value cannot be known before its source, nor be known already on a day to come."""
    try:
        day = date.fromisoformat(str(cells["known_at"]))
    except ValueError:
        return  # the value's own check says so
    if not source.known_at <= day <= today():
        expected = f"a day from {source.known_at}, when its source was out, to today"
        made.refusals.append(Refusal(Row(HERE, 0, cells).fault("known_at", str(day), expected)))


def _new_system(
    record: Stored, made: ImportPlan, typed: Typed, cells: Mapping[str, Any], source: Source
) -> bool:
    """Add the system described, unless the name means one already; false with a refusal when it cannot be made."""
    name = str(cells.get("system", ""))
    known = record.system(name)
    if known is not None:
        made.notes.append(f"{name} is on record as {known.name} ({known.id}), which is used.")
        return True
    id = slug(name)
    if id in record.registry.systems:
        id = f"{id}_{sha256(name.encode()).hexdigest()[:6]}"
    given = {field: value for field, value in typed.system.items() if value not in (None, "")}
    described = {
        "id": id,
        "name": name,
        "source": source.id,
        "grade": cells["grade"],
        "known_at": cells["known_at"],
        **given,
    }
    system = _SYSTEM(Row(HERE, 0, described))
    if isinstance(system, list):
        made.refusals += [Refusal(fault) for fault in system]
        return False
    record.systems[folded(name)] = system
    made.records.append(system)
    return True


def _value(record: Stored, made: ImportPlan, cells: Mapping[str, Any]) -> None:
    """Place, check and compare the value."""
    row = Row(HERE, 0, cells)
    missing = [name for name in ("indicator", "system", "value") if name not in cells]
    if missing:
        made.refusals += [Refusal(row.fault(name, None, f"the {name}")) for name in missing]
        return
    system = record.system(str(cells["system"]))
    if system is None:
        near = ", ".join(record.registry.nearest(str(cells["system"]))) or "none is like it"
        expected = f"the name of a known system (near it: {near}), or developer and release day of a new one"
        made.refusals.append(Refusal(row.fault("system", cells["system"], expected)))
        return
    if system.id.startswith(("org.", "repo.")) and not cells.get("observed_on"):
        expected = "the day or the end of the period that it describes"
        made.refusals.append(Refusal(row.fault("observed_on", None, expected)))
        return
    fitting = placed(record, made, row)
    if isinstance(fitting, Refusal):
        made.refusals.append(fitting)
        return
    (entry,) = [vintaged(record, one) for one in fitting]
    m = entry.record
    assert isinstance(m, Measurement)
    before = record.keys.get(value_key(m))
    if before == m:
        made.already = True
        made.notes.append("This very value is on record; there is nothing to add.")
        return
    if before is not None:
        expected = f"another vintage: this one is {before.value:g} on record, and nothing is overwritten"
        made.refusals.append(Refusal(row.fault("vintage", m.vintage, expected)))
        return
    indicators = [Entry(one, Row(HERE, "", {})) for one in record.indicators.values()]
    for sound in checked(record, made, indicators, [entry]):
        if (good := compare(record, made, sound)) is not None:
            made.records.append(good)


def enter(store: Store, made: ImportPlan, *, actor: Actor) -> Receipt:
    """Store a drafted value with its source and system in one transaction; ImportRefused when there is a fault."""
    actor.require("import evidence")
    if made.refusals:
        raise ImportRefused(made.refusals)
    return store.append(
        made.records,
        action="enter",
        actor=actor,
        reason="a published value typed in by hand",
    )
