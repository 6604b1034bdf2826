"""Automation: how far technical staff are automated, by stage of work; one multiplier; what it costs."""

from datetime import date

import streamlit as st

from forecasts.dynamics import answers
from scorecard.evidence.readings.stages import unmeasured
from scorecard.records import StaffAnswer
from scorecard.store import Store
from screens import automation, loop, sources_footer
from screens.frame import record
from screens.frame.page import Frame


@st.cache_data(show_spinner="Weighing the sources ...", max_entries=32)
def staff(opened: record.Opened, day: date, salary: tuple[int, int], price: int) -> StaffAnswer:
    known = record.evidence(Store(opened.address), day)
    fixed = {"agent_usd_per_hour": float(price)} if price else {}
    return answers.staff(
        loop.readings_of_day(opened, day),
        known.indicators,
        day,
        record.loop_assumptions(opened, day),
        salary=salary,
        fixed=fixed,
        names=known.systems,
    )


def draw(frame: Frame) -> None:
    known, opened = record.evidence(frame.store, frame.as_of), record.Opened.of(frame.store)
    answered = st.empty()
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
        frame.answer(f"Nothing can be said about this day: {error}.", answered)
        return
    frame.answer(automation.answer(found), answered)
    automation.draw_uplift(found, frame, known.titles)
    st.subheader("A share of code is not a speed of research", anchor=False)
    coding = st.slider("Share of research time that is coding", 0.05, 1.0, answers.CODING_TIME, key="coding")
    if found.amdahl:
        automation.draw_bound(answers.bound_of(found.amdahl.share_of_code, coding))
    st.subheader("By organisation, team and stage of work", anchor=False)
    tracked = automation.followed(opened, frame.as_of)
    automation.draw_tracker(tracked, unmeasured(tracked), known, frame)
    automation.draw_adoption(found, known, frame)
    automation.draw_costs(found, frame)
    used = [s.source for s in found.uplift.sources] + [one.newest.source for one in tracked]
    sources_footer(
        [known.sources[id] for id in dict.fromkeys(used) if id in known.sources],
        None,
        note="Exploratory where it forecasts; the same from `preparedness forecast automation`.",
    )
