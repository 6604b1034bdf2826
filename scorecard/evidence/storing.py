"""What was planned goes into the record in one transaction; what was refused waits in the quarantine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from scorecard.evidence.checks import Entry
from scorecard.evidence.importers import Imported, Refusal, importers
from scorecard.evidence.importing import NO_SCORE, ImportPlan, Progress, Stored, attempts_refused
from scorecard.evidence.importing.placing import checked, placed, vintaged
from scorecard.evidence.importing.plans import value_key
from scorecard.evidence.tables import Fault, Row
from scorecard.people import Actor
from scorecard.records import Held, Import, Json, Measurement, Record
from scorecard.store import Receipt, Store, StoreError, attempts
from scorecard.store.outside import Misfits


class ImportRefused(StoreError):
    """Rows of a strict import were refused, so nothing was stored."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        self.refusals = tuple(refusals)
        shown = [f"  {refusal}" for refusal in self.refusals[:20]]
        if len(self.refusals) > len(shown):
            shown.append(f"  and {len(self.refusals) - len(shown)} more; --json lists them all")
        count = sum(refusal.count for refusal in self.refusals)
        rows = "1 refusal" if count == 1 else f"{count} refusals"
        super().__init__(
            f"{rows}; nothing was stored. Correct these, or store the good rows with --lenient:\n"
            + "\n".join(shown)
        )


def commit(
    store: Store,
    plans: Sequence[ImportPlan],
    *,
    actor: Actor,
    lenient: bool = False,
    progress: Progress | None = None,
) -> Receipt:
    """Store what was planned, in one transaction; ImportRefused with nothing stored when strict and not faultless."""
    actor.require("import evidence")
    todo = [
        one
        for one in plans
        if not one.already and (one.records or one.refusals or one.imported.attempts is not None)
    ]
    refusals = [refusal for one in todo for refusal in one.refusals]
    if refusals and not lenient:
        raise ImportRefused(refusals)
    kept, kept_sha, counts = "", "", dict.fromkeys((one.id for one in todo), 0)
    bulk: dict[str, Any] = {
        one.id: one.imported.attempts for one in todo if one.imported.attempts is not None
    }
    if bulk:
        if progress:
            progress(0, 1, "attempts")
        with attempts.workshop(store) as folder:
            batch = attempts.write(Path(folder), bulk.items(), lenient=lenient)
            refusals = [refusal for one in todo for refusal in _refused(one, batch.misfits.get(one.id, ()))]
            if refusals and not lenient:
                raise ImportRefused(refusals)
            counts |= batch.rows
            for one in todo:
                if batch.absent.get(one.id):
                    absent = {**one.imported.absent, NO_SCORE: batch.absent[one.id]}
                    one.imported = replace(one.imported, absent=absent)
            if sum(batch.rows.values()):
                kept, kept_sha = attempts.adopt(store, batch)
    records: list[Record] = [*_answered(store, todo)]
    for one in todo:
        one.counted = counts[one.id]
        records += one.records
        records += [held(one, refusal) for refusal in one.refusals]
        if one.records or counts[one.id]:
            records.append(
                Import(
                    id=one.id,
                    format=one.importer.name,
                    version=one.importer.version,
                    file=one.file,
                    size=one.size,
                    source=one.source,
                    subject=one.imported.subject,
                    measurements=one.measurements,
                    attempts=counts[one.id],
                    refused=one.refused,
                    kept=kept if counts[one.id] else "",
                    kept_sha256=kept_sha if counts[one.id] else "",
                    mapping=_noted(one),
                    known_at=one.known_at,
                )
            )
    unique = {(type(one), *(getattr(one, name) for name in one.KEY)): one for one in records}
    formats = sorted({one.importer.name for one in todo})
    if unique:
        store.back_up_by_itself("before an import")
    return store.append(
        unique.values(),
        action="import",
        actor=actor,
        reason=f"{len(todo)} files of {', '.join(formats)}" if todo else "",
    )


def _answered(store: Store, todo: Sequence[ImportPlan]) -> list[Held]:
    """Rows that only a corrected file can mend leave the quarantine when that file is imported without them."""
    with store.view() as now:
        waiting = [one for one in now.all(Held, state="held") if not one.cells]
    if not waiting:
        return []
    files = {(one.importer.name, one.path.name) for one in todo}
    again = {held(one, refusal).place for one in todo for refusal in one.refusals}
    return [
        replace(one, state="replayed")
        for one in waiting
        if (one.format, Path(one.file).name) in files and one.place not in again
    ]


def _noted(one: ImportPlan) -> Json | None:
    """How a file was read and what it records of its run; None where there is nothing to say."""
    noted = dict(one.mapping or {})
    if one.imported.circumstances:
        noted["circumstances"] = dict(one.imported.circumstances)
    if one.imported.made_at:
        noted["made_at"] = one.imported.made_at
    return noted or None


def _refused(one: ImportPlan, misfits: Iterable[Misfits]) -> list[Refusal]:
    """Attempts that the store will not take, as refusals of their file, once."""
    found = [] if one.counted is not None else attempts_refused(one, misfits)
    one.refusals += found
    return found


def held(one: ImportPlan, refusal: Refusal) -> Held:
    """A refusal as it is kept in the quarantine."""
    fault = refusal.fault
    cells = {name: _plain(value) for name, value in refusal.cells.items()}
    text = json.dumps([one.id, str(fault.row), fault.field, cells], sort_keys=True)
    return Held(
        id=sha256(text.encode()).hexdigest()[:16],
        format=one.importer.name,
        file=one.file,
        place=str(fault.row),
        field=fault.field,
        found=_sound(fault.found),
        expected=_sound(fault.expected),
        cells=cells,
        state="held",
        known_at=one.known_at,
    )


def _sound(text: str) -> str:
    """Text that the store can keep: halves of characters become question marks."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _plain(value: Any) -> Any:
    """A cell as JSON can hold it."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, str):
        return _sound(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else str(value)


def replay(
    store: Store, which: Sequence[str], *, actor: Actor, corrections: Mapping[str, str] | None = None
) -> tuple[list[Measurement], list[Refusal]]:
    """Try refused rows again, with corrected fields if given: what holds now is stored, the rest stays held.

    `which` are ids of quarantined rows; none means all. Returns what was stored and what is still refused.
    """
    actor.require("import evidence")
    with store.view() as now:
        record = Stored.of(now)
        waiting = [one for one in now.all(Held, state="held") if not which or one.id in which]
    if unknown := sorted(set(which) - {one.id for one in waiting}):
        raise StoreError(f"{unknown[0]} is not in the quarantine; `quarantine list` shows what is")
    stored: list[Record] = []
    still: list[Refusal] = []
    done: list[Measurement] = []
    for one in waiting:
        if not one.cells:
            fault = Fault(
                one.file, one.place, one.field, one.found, f"{one.expected}; import the corrected file"
            )
            still.append(Refusal(fault))
            continue
        cells = {**one.cells, **(corrections or {})}
        made = ImportPlan(
            path=Path(one.file),
            file=one.file,
            id="",
            size=0,
            importer=importers()[one.format],
            known_at=one.known_at,
            source=str(cells.get("source")),
            imported=Imported(subject=""),
        )
        fitting = placed(record, made, Row(one.file, one.place, cells))
        if isinstance(fitting, Refusal):
            still.append(fitting)
            continue
        indicators = [Entry(i, Row(one.file, "", {})) for i in record.indicators.values()]
        sound = checked(record, made, indicators, [vintaged(record, entry) for entry in fitting])
        still += made.refusals
        good = [entry.record for entry in sound if isinstance(entry.record, Measurement)]
        if good:
            done += good
            record.keys[value_key(good[0])] = good[0]
            stored += [*good, replace(one, state="replayed")]
    if stored:
        store.append(stored, action="replay", actor=actor, reason=f"{len(done)} rows from the quarantine")
    return done, still
