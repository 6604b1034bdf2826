"""What moved a probability between two days, on the screen: split in a process of its own, drawn as steps."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from scorecard import jobs
from scorecard.charts import crossing
from scorecard.charts.changes import waterfall
from scorecard.clock import today
from scorecard.jobs import ChangesJob
from scorecard.records import AgendaItem, ForecastRun, Moved
from scorecard.thresholds.board import named_thresholds, newest_runs, standing_prior_set
from screens.frame.drawing import draw_chart
from screens.frame.page import Frame
from screens.frame.text import escaped
from screens.frame.work import watch


def draw(frame: Frame, item: AgendaItem, since: date, until: date) -> None:
    """The split of a moved probability on an agenda, once somebody asks for it; both ends are refitted quickly."""
    until = min(until, today())
    moved = item.data
    if not isinstance(moved, Moved) or moved.before is None or since >= until:
        st.caption("There was no forecast before, so there is no change to split.")
        return
    work = ChangesJob(
        since=since,
        until=until,
        thresholds=(item.threshold,),
        by=(moved.by,),
        method="quick",
    )
    job = jobs.find(frame.store, work)
    if job is None:
        if st.button("What changed it?", help="Refits both days quickly, one change at a time."):
            jobs.start(frame.store, work)
            st.rerun()
        return
    if job.state != "done":
        watch(frame.store, job, "Splitting the change into its causes")
        return
    for found in jobs.outcome(frame.store, work) or ():
        _draw_split(found, since, until)


def draw_then_and_now(frame: Frame, item: AgendaItem, since: date) -> None:
    """The chance by date now, over the one of the meeting before, dashed."""
    moved = item.data
    if not isinstance(moved, Moved):
        return
    with frame.store.view(as_of=since) as known, frame.store.view() as now:
        earlier = newest_runs(now, known, as_of=since, prior_set=standing_prior_set(known))
        run = now.get(ForecastRun, id=moved.run)
        name = named_thresholds(now)[item.threshold]
    before = earlier.get(item.threshold)
    draw_chart(crossing(run, as_of=run.as_of, before=before, name=name))


def _draw_split(found: dict[str, Any], since: date, until: date) -> None:
    chart = waterfall(
        found["before"],
        found["parts"],
        found["after"],
        by=date.fromisoformat(found["by"]),
        since=since,
        until=until,
        name=found["threshold"],
    )
    draw_chart(chart)
    st.markdown(escaped(found["words"]))
    st.caption(
        "Both ends are quick refits, so they differ somewhat from the sampled forecasts quoted above; the split is "
        "of the quick ones. Another order of the steps would share out differently what two changes do together."
    )
