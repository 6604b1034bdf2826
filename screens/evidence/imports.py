"""Import files on the screen: ask, lay them out in a temporary folder, plan, show the difference, store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import clock
from scorecard.evidence.importers import Importer, generic, importers
from scorecard.evidence.importing import Differing, ImportPlan, plan
from scorecard.evidence.names import Registry, alias
from scorecard.evidence.reading.importer import SeenSystem
from scorecard.evidence.storing import ImportRefused, commit
from scorecard.evidence.tables import Unreadable
from scorecard.governance import tripwires
from scorecard.people import NotAllowed
from scorecard.records import Indicator, Measurement, System
from scorecard.store import Store, StoreError
from screens.frame import session
from screens.frame.tables import data_table
from screens.frame.text import escaped

MOST = 20 * 1024 * 1024  # bytes of all files of one upload; larger ones go by the command line
MOST_FILES = 200
SHOWN = 200  # rows of a table
DIFFERING: dict[Differing, str] = {
    "ask": "is asked about",
    "revise": "is the same, newly measured",
    "apart": "stands beside it",
}
MAPPING = """rows: measurements
columns: {system: model, value: score, observed_on: date}
constants: {indicator: metr_p50_horizon}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What a person wants imported, and how."""

    files: tuple[tuple[str, bytes], ...]
    format: str
    known_at: date
    lenient: bool
    new_systems: bool
    mapping: str
    differing: Differing


def ask(*, latest: date) -> ImportRequest | None:
    """The files and settings, or None as long as there is no file."""
    uploads = st.file_uploader(
        "Files",
        accept_multiple_files=True,
        key="files",
        help="At most 20 MB together. Larger files, folders and git repositories: `preparedness import`.",
    )
    with st.expander("How to read them: format, day, what to do about doubts"):
        left, right = st.columns(2)
        names = {"auto": "Find out by itself"} | {
            name: one.title for name, one in importers().items() if name != "git"
        }
        format = left.selectbox("Format", list(names), format_func=lambda name: names[name], key="format")
        known_at = right.date_input(
            "Could have been known on",
            value=latest,
            max_value=latest,
            format="YYYY-MM-DD",
            key="known_at",
            help="The day the file was published. Backtests count a value only from this day on.",
        )
        mapping = ""
        if format == "generic":
            mapping = st.text_area("Which column is what (YAML)", value=MAPPING, height=130, key="mapping")
        with st.container(horizontal=True):
            lenient = st.checkbox("Store good rows even if others are refused", key="lenient")
            new_systems = st.checkbox("Accept systems that are not on record", key="new_systems")
        differing = st.radio(
            "A value that differs from one whose run was recorded under other circumstances",
            list(DIFFERING),
            format_func=lambda name: escaped(DIFFERING[name]),
            horizontal=True,
            key="differing",
        )
    if not uploads:
        return None
    files = tuple((one.name, one.getvalue()) for one in uploads)
    if len(files) > MOST_FILES or sum(len(content) for _, content in files) > MOST:
        raise StoreError(
            f"at most {MOST_FILES} files of 20 MB together can be sent here; use `preparedness import` for more"
        )
    return ImportRequest(
        files=files,
        format=format,
        known_at=known_at,
        lenient=lenient,
        new_systems=new_systems,
        mapping=mapping,
        differing=differing,
    )


@contextmanager
def laid_out(asked: ImportRequest) -> Iterator[Path]:
    """The files in a folder of their own that is gone afterwards, under their bare names."""
    with TemporaryDirectory(prefix="import-") as place:
        folder = Path(place)
        for number, (name, content) in enumerate(asked.files):
            bare = (
                name.replace("\\", "/").rpartition("/")[2].lstrip(".").replace("\0", "") or f"file-{number}"
            )
            target = folder / bare[-150:]
            if target.exists():
                raise StoreError(f"two files are called {bare}; import them one after the other")
            target.write_bytes(content)
        yield folder


def planned(store: Store, folder: Path, asked: ImportRequest) -> list[ImportPlan]:
    """What storing the files would do, with progress while they are read."""
    importer: Importer | None = None
    given: dict[str, Any] | None = None
    if asked.format == "generic":
        beside = folder.with_suffix(".mapping.yaml")
        beside.write_text(asked.mapping, encoding="utf-8")
        try:
            given = generic.load_mapping(beside)
        except Unreadable as unreadable:
            raise StoreError(
                f"the mapping cannot be used: {unreadable.fault.found}, expected {unreadable.fault.expected}"
            ) from None
        finally:
            beside.unlink()
        importer = generic.mapped(given)
    bar = st.progress(0.0, text="Reading")

    def progress(done: int, total: int, what: str) -> None:
        bar.progress(done / max(total, 1), text=f"Reading {escaped(what)}")

    plans = plan(
        store,
        [folder],
        asked.format,
        known_at=asked.known_at,
        new_systems=asked.new_systems,
        importer=importer,
        mapping=given,
        differing=asked.differing,
        look=True,
        progress=progress,
    )
    bar.empty()
    return plans


def answer(plans: Sequence[ImportPlan]) -> str:
    """The sentence on top: what would be stored and what would not."""
    values = sum(one.measurements for one in plans)
    held = sum(one.attempts or 0 for one in plans)
    refused = sum(one.refused for one in plans)
    again = sum(one.already for one in plans)
    if again == len(plans):
        return "Everything here has been imported before; there is nothing to add."
    said = f"{_count(values, 'value')} and {_count(held, 'attempt')} would be stored"
    if any(one.attempts is None for one in plans):
        said = f"{_count(values, 'value')} and a table of attempts would be stored"
    return f"{said}; {_count(refused, 'row')} refused." if refused else f"{said}; nothing is refused."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def draw_files(plans: Sequence[ImportPlan]) -> None:
    """A row a file, and what was passed over in it."""
    rows = [
        {
            "file": one.file,
            "format": one.importer.name if not one.already else "imported before",
            "values": one.measurements,
            "attempts": one.attempts,
            "the same as before": one.same,
            "changed": sum(c.before is not None for c in one.changes),
            "absent": one.absent,
            "refused": one.refused,
        }
        for one in plans
    ]
    data_table(pd.DataFrame(rows), alt="What each file holds")
    for one in plans:
        for note in one.notes:
            st.caption(escaped(f"{one.file}: {note}"))


def draw_unknown(store: Store, plans: Sequence[ImportPlan]) -> None:
    """The names nobody has said the system of, and where a person says it; they are proposed, never guessed."""
    unknown = {name: seen for one in plans for name, seen in one.unknown.items()}
    if not unknown:
        return
    rows = [
        {"name in the file": name, "released": seen.released_on, "developer": seen.developer}
        for name, seen in sorted(unknown.items())
    ]
    st.markdown(f"**{escaped(_count(len(rows), 'name'))} that no system on record has**")
    data_table(pd.DataFrame(rows[:SHOWN]), alt="Unknown systems")
    _draw_naming(store, unknown)


def _draw_naming(store: Store, unknown: Mapping[str, SeenSystem]) -> None:
    """One name given to a system on record, those with a name like it first; the files are then read again."""
    with store.view() as now:
        registry = Registry.of(now)
    with st.container(border=True):
        st.markdown("**Is one of them on record under another name?** If all are new, tick the box above.")
        left, right = st.columns(2)
        name = left.selectbox("Name in the file", sorted(unknown), key="alias_name")
        near = registry.nearest(name)
        rest = sorted(
            {id for id in registry.ids.values() if id not in near}, key=lambda id: _called(registry, id)
        )
        system = right.selectbox(
            "System on record",
            [*near, *rest],
            index=None,
            placeholder="Choose; names like it come first",
            format_func=lambda id: _called(registry, id),
            key=f"alias_system_{name}",
        )
        left, right = st.columns(2)
        reason = left.text_input(
            "Why they are one", placeholder="The card names both", key=f"alias_reason_{name}"
        )
        with right:
            who = session.name_field("Said by", key="alias_by")
        if not st.button("Record the name", disabled=system is None, key="alias"):
            return
    if system and session.tried(lambda: alias(store, system, name, actor=who, reason=reason)):
        session.done(f"Recorded: {name} is {_called(registry, system)}. The files were read again.")


def _called(registry: Registry, id: str) -> str:
    one = registry.systems[id]
    return f"{one.name} ({one.developer})"


def _names(store: Store, plans: Sequence[ImportPlan]) -> Mapping[str, str]:
    """What indicators and systems are called, by id: those on record and those that the files bring."""
    with store.view() as now:
        there: list[Indicator | System] = [*now.all(Indicator), *now.all(System)]
    there += [one for made in plans for one in made.records if isinstance(one, Indicator | System)]
    return {one.id: one.name for one in there}


def draw_questions(store: Store, plans: Sequence[ImportPlan]) -> None:
    """Values that would change others whose runs differ in something that nobody has called harmless."""
    names = _names(store, plans)
    rows = [
        {
            "series": names.get(one.change.indicator, one.change.indicator),
            "system": names.get(one.change.system, one.change.system),
            "before": one.change.before,
            "now": one.change.after,
            "differs in": one.differs,
        }
        for made in plans
        for one in made.questions
    ]
    if rows:
        st.markdown("**Is this the same, newly measured?** Say above what becomes of these values.")
        data_table(pd.DataFrame(rows[:SHOWN]), alt="Values whose circumstances differ")


def draw_changes(store: Store, plans: Sequence[ImportPlan]) -> None:
    """What is new and what has moved, beside the value known before."""
    names = _names(store, plans)
    rows = [
        {
            "series": names.get(c.indicator, c.indicator),
            "system": names.get(c.system, c.system),
            "condition": c.condition,
            "before": c.before or "new",
            "in vintage": c.before_vintage,
            "now": c.after,
        }
        for one in plans
        for c in sorted(one.changes, key=lambda c: c.before is None)
    ]
    if rows:
        st.markdown("**What would change**")
        data_table(pd.DataFrame(rows[:SHOWN]), alt="New and changed values")
        if len(rows) > SHOWN:
            st.caption(f"The first {SHOWN} of {len(rows):,}.")
    for one in plans:
        if one.gone:
            st.warning(
                escaped(f"{one.file} no longer has: {', '.join(one.gone[:20])}. What was stored stays.")
            )


def draw_preview(plans: Sequence[ImportPlan]) -> None:
    """The first rows as they would be stored."""
    records = [r for one in plans for r in one.records if isinstance(r, Measurement)][:20]
    if records:
        names = (
            "indicator",
            "system",
            "condition",
            "observed_on",
            "vintage",
            "value",
            "low",
            "high",
            "interval",
            "n",
        )
        with st.expander("The first rows as they would be stored"):
            data_table(
                pd.DataFrame([{name: getattr(r, name) for name in names} for r in records]),
                alt="Preview of rows",
            )


def draw_refusals(plans: Sequence[ImportPlan]) -> None:
    """Every fault with file, row, field, what was found and what was expected."""
    faults = [refusal.fault for one in plans for refusal in one.refusals]
    if not faults:
        return
    st.markdown("**Refused**")
    rows = [
        {
            "file": f.file,
            "row": str(f.row) if f.row else "whole file",
            "field": f.field,
            "found": f.found,
            "expected": f.expected,
        }
        for f in faults[:SHOWN]
    ]
    data_table(pd.DataFrame(rows), alt="Refused rows")
    if len(faults) > SHOWN:
        st.caption(f"The first {SHOWN} of {len(faults):,}.")


def draw_store(store: Store, plans: Sequence[ImportPlan], asked: ImportRequest) -> None:
    """The button that stores, or the reason why there is none."""
    refused = any(one.refusals for one in plans)
    if all(one.already for one in plans):
        return
    if refused and not asked.lenient:
        st.info(
            "Nothing is stored while rows are refused. Correct the file, say which system a name means, or store the "
            "good rows alone (boxes above)."
        )
        return
    if not any(one.records or one.attempts != 0 for one in plans) and not refused:
        return
    st.caption(
        "This was a dry run. Refused rows are kept in the quarantine, from where they can be read again."
    )
    if not st.button("Store", type="primary", key="store"):
        return
    try:
        who = session.acting("store")
        who.require("import evidence")
        with st.spinner("Storing"):
            receipt = commit(store, plans, actor=who, lenient=asked.lenient)
            fired = tripwires.check(store, clock.today())
    except (ImportRefused, NotAllowed) as error:
        st.error(escaped(str(error)))
        return
    st.success(escaped(f"Stored {_count(receipt.added, 'row')} as entry {receipt.seq} of the record."))
    for one in fired:
        st.warning(escaped(f"A tripwire fired and is on the next agenda: {one.words}."))


def draw_formats() -> None:
    """Which formats there are."""
    known = importers()
    with st.expander(escaped(f"Formats that can be read ({len(known)})")):
        data_table(
            pd.DataFrame(
                [{"what": one.title, "name on the command line": name} for name, one in known.items()]
            ),
            alt="Formats that can be imported",
        )
