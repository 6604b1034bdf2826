"""Automation: how far technical staff are automated, by stage of work; one multiplier; what it costs."""

from datetime import date
from typing import Any

import streamlit as st

from forecasts.dynamics import answers
from scorecard.evidence.stages import tracker, unmeasured
from scorecard.records import System
from scorecard.store import Store
from scorecard.ui import automation, loop, page, record, sources_footer
from scorecard.ui.page import as_of_line, view_link


@st.cache_data(show_spinner="Weighing the sources ...", max_entries=32)
def staff(opened: record.Opened, day: date, salary: tuple[int, int], price: int) -> dict[str, Any]:
    known = record.evidence(Store(opened.address), day)
    fixed = {"agent_usd_per_hour": float(price)} if price else {}
    return answers.staff(
        loop.readings(opened, day), known.indicators, day, salary=salary, fixed=fixed, names=known.systems
    )


@st.cache_data(show_spinner=False, max_entries=16)
def systems(opened: record.Opened, day: date) -> dict[str, System]:
    with Store(opened.address).view(as_of=day) as view:
        return {s.id: s for s in view.all(System)}


with page(
    "Automation", "How far technical staff are automated: what is used, what it is worth, and what it costs."
) as frame:
    known, opened = record.evidence(frame.store, frame.as_of), record.Opened.of(frame.store)
    answered = st.empty()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    left, right = st.columns(2)
    salary = left.slider(
        "Salary of staff, USD a year", 100_000, 800_000, (295_000, 445_000), 5_000, key="salary"
    )
    price = right.slider(
        "Price of an agent's hour of work, USD (0: the prior, about 22)", 0, 200, 0, key="agent_price"
    )
    try:
        found = staff(opened, frame.as_of, (int(salary[0]), int(salary[1])), int(price))
    except ValueError as error:
        answered.subheader(f"Nothing can be said about this day: {error}.", anchor=False)
        st.stop()
    answered.subheader(automation.answer(found), anchor=False)
    st.subheader("One multiplier behind the sources", anchor=False)
    automation.draw_uplift(found, frame, known.titles)
    st.subheader("A share of code is not a speed of research", anchor=False)
    coding = st.slider("Share of research time that is coding", 0.05, 1.0, answers.CODING_TIME, key="coding")
    if found["amdahl"]:
        automation.draw_bound(answers.bound_of(found["amdahl"]["share_of_code"], coding))
    st.subheader("By organisation, team and stage of work", anchor=False)
    tracked = tracker(known.indicators, loop.readings(opened, frame.as_of), systems(opened, frame.as_of))
    automation.draw_tracker(tracked, unmeasured(tracked), known, frame)
    st.subheader("Shares of the work, ahead", anchor=False)
    automation.draw_adoption(found, known, frame)
    st.subheader("When work by AI is cheaper", anchor=False)
    automation.draw_costs(found, frame)
    used = [s["source"] for s in found["uplift"]["sources"]] + [one.newest.source for one in tracked]
    sources_footer(
        [known.sources[id] for id in dict.fromkeys(used) if id in known.sources], None,
        note="Exploratory where it forecasts; the same from `python -m forecasts automation`.",
    )  # fmt: skip
