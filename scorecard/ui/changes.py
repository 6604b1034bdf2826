"""What moved a probability between two days, on the screen: split in a process of its own, drawn as steps."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from scorecard import jobs
from scorecard.briefings.charts.changes import waterfall
from scorecard.governance.agenda import Item
from scorecard.ui.drawing import draw_chart
from scorecard.ui.page import Frame, escaped, today
from scorecard.ui.work import watch


def draw(frame: Frame, item: Item, since: date, until: date) -> None:
    """The split of a moved probability on an agenda, once somebody asks for it; both ends are refitted quickly."""
    until = min(until, today())
    if item.data.get("before") is None or since >= until:
        st.caption("There was no forecast before, so there is no change to split.")
        return
    arguments = (
        "forecasts", "changes", "--from", since.isoformat(), "--to", until.isoformat(), "--threshold", item.threshold,
        "--by", str(item.data["by"]), "--quick", "--quiet",
    )  # fmt: skip
    job = jobs.find(frame.store, jobs.job_id(arguments))
    if job is None:
        if st.button("What changed it?", help="Refits both days quickly, one change at a time."):
            jobs.start(frame.store, *arguments)
            st.rerun()
        return
    if job.state != "done":
        watch(frame.store, job, arguments, "Splitting the change into its causes")
        return
    for found in jobs.outcome(frame.store, job.id) or ():
        _draw_split(found, since, until)


def _draw_split(found: dict[str, Any], since: date, until: date) -> None:
    chart = waterfall(
        found["before"], found["parts"], found["after"], by=date.fromisoformat(found["by"]), since=since, until=until,
        name=found["threshold"],
    )  # fmt: skip
    draw_chart(chart)
    st.markdown(escaped(found["words"]))
    st.caption(
        "Both ends are quick refits, so they differ somewhat from the sampled forecasts quoted above; the split is "
        "of the quick ones. Another order of the steps would share out differently what two changes do together."
    )
