"""How a threshold's chance and date moved over the days on record, and the way to any of these days."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from scorecard import jobs
from scorecard.charts import chance_history, months
from scorecard.clock import today
from scorecard.jobs import HistoryJob
from scorecard.records import POOL, ForecastRun
from scorecard.words import day_in_words
from screens.frame.drawing import draw_chart
from screens.frame.page import Frame
from screens.frame.record import Dossier, evidence
from screens.frame.work import watch
from screens.threshold.occasions import around


def one_a_day(runs: Iterable[ForecastRun], prior_set: str) -> list[ForecastRun]:
    """The run that is quoted on each day, oldest first: under this prior set, the sampled one where there is one."""
    quoted = [run for run in runs if run.publishable and run.prior_set == prior_set]
    return list(
        {run.as_of: run for run in sorted(quoted, key=lambda run: (run.as_of, run.model == POOL))}.values()
    )


def draw(frame: Frame, found: Dossier, name: str) -> None:
    """Chance within 12 months and date by the day of the forecast, a slider to these days, and more days to ask for."""
    every = one_a_day(found.runs.values(), found.standing)
    shown = [run for run in every if run.as_of <= frame.as_of]
    if len({run.as_of for run in every}) > 1:
        known = evidence(frame.store, frame.as_of)
        named = dict.fromkeys(c.indicator for c in found.row.criteria)
        read = [known.indicators[id] for id in named if id in known.indicators]
        events = around(found.row, known, read, frame.as_of)
        left, right = st.columns(2, gap="large")
        draw_chart(chance_history(shown, events, as_of=frame.as_of, name=name), left)
        draw_chart(months(shown, events, as_of=frame.as_of, name=name), right)
        days = sorted({run.as_of for run in every} | {frame.as_of, today()})
        st.session_state["stepped"] = frame.as_of
        st.select_slider(
            "Go to a day on record",
            days,
            key="stepped",
            format_func=day_in_words,
            on_change=_go,
            help="The page as of that day: what became known later is left out, of the history too.",
        )
    else:
        st.caption("Fewer than two days are on record.")
    _offer_more(frame, found)


def _go() -> None:
    st.session_state["as_of"] = st.session_state["stepped"]


def _offer_more(frame: Frame, found: Dossier) -> None:
    """The work that forecasts the past year's months with what was known then."""
    work = HistoryJob(as_of=frame.as_of, thresholds=(found.row.threshold.id,))
    job = jobs.find(frame.store, work)
    if job and job.state != "done":
        watch(frame.store, job, "Forecasting month by month")
    elif st.button(
        "Forecast the past twelve months",
        type="tertiary",
        help="With what was known then, by the quick method: how the chance and the date moved.",
    ):
        jobs.start(frame.store, work)
        st.rerun()
