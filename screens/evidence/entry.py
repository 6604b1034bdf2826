"""One published value by hand on the Import page: a form, what it would store, and the button that stores it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import pandas as pd
import streamlit as st

from scorecard.clock import today
from scorecard.evidence.entering import Typed, draft, enter
from scorecard.evidence.importing import ImportPlan
from scorecard.evidence.names import Registry
from scorecard.records import Bound, Grade, Indicator, Source
from scorecard.store import Store
from scorecard.words import title_of
from screens.frame import session
from screens.frame.page import GRADES
from screens.frame.tables import data_table
from screens.frame.text import escaped

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

CHECKED = "entry_checked"  # in the session: what was typed when Check was pressed last


def draw(store: Store) -> None:
    """The form, then the dry run of what was checked last, with the button that stores it."""
    st.subheader("Enter one published value", anchor=False)
    st.caption(
        "For the day a system card appears. The value is checked as an import is and shown before it is stored."
    )
    with store.view() as now:
        indicators = {one.id: one for one in now.all(Indicator)}
        sources = {one.id: one for one in now.all(Source)}
        systems = sorted(one.name for one in Registry.of(now).systems.values())
    typed = _form(indicators, sources, systems)
    if typed is not None:
        st.session_state[CHECKED] = typed
    checked: Typed | None = st.session_state.get(CHECKED)
    if checked is not None:
        _draw_plan(store, draft(store, checked))


def _form(
    indicators: Mapping[str, Indicator], sources: Mapping[str, Source], systems: list[str]
) -> Typed | None:
    """The fields; None until Check is pressed."""
    newest = sorted(sources, key=lambda id: sources[id].published_on, reverse=True)
    with st.form("entry", border=True):
        places = _in_rows(12)
        cells: dict[str, Any] = {
            "indicator": next(places).selectbox(
                "Indicator",
                list(indicators),
                index=None,
                placeholder="Choose",
                key="entry_indicator",
                format_func=lambda id: f"{indicators[id].name} ({indicators[id].unit})",
            ),
            "system": next(places).selectbox(
                "System, by any of its names",
                systems,
                index=None,
                placeholder="Choose or type",
                accept_new_options=True,
                key="entry_system",
            ),
            "value": next(places).text_input("Value, in the indicator's unit", key="entry_value"),
            "low": next(places).text_input("Interval: low", key="entry_low"),
            "high": next(places).text_input("Interval: high", key="entry_high"),
            "interval": next(places).text_input("Interval: level, such as 0.95", key="entry_interval"),
            "n": next(places).text_input("Trials it rests on (optional)", key="entry_n"),
            "bound": next(places).selectbox(
                "The value is", get_args(Bound), format_func=title_of, key="entry_bound"
            ),
            "condition": next(places).text_input("Condition (effort, scaffold, ...)", key="entry_condition"),
            "source": next(places).selectbox(
                "Source on record",
                newest,
                index=None,
                placeholder="Choose, or describe a new one below",
                format_func=lambda id: sources[id].title,
                key="entry_source",
            ),
            "grade": next(places).selectbox(
                "How far checked", get_args(Grade), format_func=lambda one: GRADES[one], key="entry_grade"
            ),
            "note": next(places).text_input("Note: page or table, doubts", key="entry_note"),
        }
        with st.expander("A source or a system that is not on record; days and vintage"):
            places = _in_rows(9)
            source = {
                "title": next(places).text_input("New source: title", key="entry_title"),
                "url": next(places).text_input("New source: address", key="entry_url"),
                "published_on": _day(
                    next(places).date_input(
                        "New source: published on",
                        value=None,
                        max_value=today(),
                        format="YYYY-MM-DD",
                        key="entry_published",
                    )
                ),
            }
            system = {
                "developer": next(places).text_input("New system: developer", key="entry_developer"),
                "released_on": _day(
                    next(places).date_input(
                        "New system: released on",
                        value=None,
                        max_value=today(),
                        format="YYYY-MM-DD",
                        key="entry_released",
                    )
                ),
            }
            cells |= {
                "marks": next(places).text_input("Marks, with ; between them", key="entry_marks"),
                "observed_on": _day(
                    next(places).date_input(
                        "Day it describes (systems: their release)",
                        value=None,
                        max_value=today(),
                        format="YYYY-MM-DD",
                        key="entry_observed",
                    )
                ),
                "known_at": _day(
                    next(places).date_input(
                        "Could be known on (else when its source appeared)",
                        value=None,
                        max_value=today(),
                        format="YYYY-MM-DD",
                        key="entry_known",
                    )
                ),
                "vintage": next(places).text_input("Vintage (else that day)", key="entry_vintage"),
            }
        fitted = st.checkbox("Fit it; otherwise it is only shown", value=True, key="entry_main")
        if not st.form_submit_button("Check"):
            return None
    return Typed(
        cells=cells | {"main": "true" if fitted else "false"},
        source=source if any(source.values()) else {},
        system=system if any(system.values()) else {},
    )


def _in_rows(count: int, wide: int = 3) -> Iterator[DeltaGenerator]:
    """Places for fields, so many beside each other; on a phone they keep this order."""
    for _ in range(0, count, wide):
        yield from st.columns(wide)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _draw_plan(store: Store, made: ImportPlan) -> None:
    """What would be stored, or what stands against it."""
    for note in made.notes:
        st.caption(escaped(note))
    if made.refusals:
        rows = [
            {"field": r.fault.field, "found": r.fault.found, "expected": r.fault.expected}
            for r in made.refusals
        ]
        st.error("Nothing can be stored yet.")
        data_table(pd.DataFrame(rows), alt="What stands against the value")
        return
    if made.already:
        return
    rows = [
        {
            "series": c.indicator,
            "system": c.system,
            "condition": c.condition,
            "before": c.before or "new",
            "in vintage": c.before_vintage,
            "now": c.after,
            "as vintage": c.vintage,
        }
        for c in made.changes
    ]
    data_table(pd.DataFrame(rows), alt="What would change")
    st.caption("This was a dry run.")
    if not st.button("Store the value", type="primary", key="entry_store"):
        return

    def stored() -> int:
        who = session.acting("entry_store")
        who.require("import evidence")
        return enter(store, made, actor=who).seq

    seq = session.tried(stored)
    if seq is not None:
        st.session_state.pop(CHECKED, None)
        st.success(escaped(f"Stored as entry {seq} of the record."))
