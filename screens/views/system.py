"""System: everything known of one AI system, where it stands, and what its developer found."""

import streamlit as st

from scorecard.charts.dependents import ranking_chart
from scorecard.evidence.readings.rankings import standings
from scorecard.store import StoreError
from screens import draw_chart, sources_footer
from screens.evidence import systems
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.page import Frame, choice
from screens.frame.tables import data_table


def draw(frame: Frame) -> None:
    known, all_of = record.evidence(frame.store, frame.as_of), systems.systems(frame.store, frame.as_of)
    if not all_of.systems:
        raise StoreError(f"no system was known on {frame.as_of}; pick a later day")
    names = {id: f"{one.name} ({one.developer})" for id, one in all_of.systems.items()}
    chosen = choice(frame, "System", names, key="system")
    system = all_of.one(chosen, frame.as_of)
    ids = all_of.merged[chosen]
    found = standings(known.measurements, known.indicators, ids)
    table = systems.readings_frame(ids, known, frame.as_of)
    said = all_of.found(chosen)

    frame.answer(systems.answer(system, found))
    systems.draw_facts(system, all_of.names[chosen])

    used = [m.source for of in known.measurements.values() for m in of if m.system in ids]
    used = list(dict.fromkeys([*used, *(d.source for d in said), system.source]))
    titles = [known.titles.get(id, id) for id in used]
    if found:
        draw_chart(ranking_chart(found, as_of=frame.as_of, name=system.name, sources=titles))
        places = systems.standing_frame(found)
        data_table(places.drop(columns="id"), alt=f"Where {system.name} stands on each indicator")
        table_download(places, frame, f"standing-{chosen}", label="Download where it stands (CSV)")
        st.markdown("**Readings, every vintage**")
        systems.draw_readings(table, alt=f"Readings of {system.name} known on {frame.as_of}")
        table_download(table, frame, f"readings-{chosen}")
    if said:
        st.markdown("**What its developer found**")
        systems.draw_found(said, known, all_of.thresholds)
    tried = systems.attempts(record.Opened.of(frame.store), frame.as_of, chosen)
    if not tried.empty:
        st.markdown("**Success rates from attempts on record**")
        systems.draw_attempts(tried)
        table_download(tried, frame, f"attempts-{chosen}", label="Download the rates (CSV)")
    sources_footer([known.sources[id] for id in used if id in known.sources], None)
