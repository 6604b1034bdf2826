"""Long work seen from a page: in a process of its own or aside in this one, shown while it runs, then refreshed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import streamlit as st

from scorecard import jobs
from scorecard.jobs import ForecastJob, Job
from scorecard.records import QUICK
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import day_in_words
from screens.frame.page import Frame
from screens.frame.record import Scorecard
from screens.frame.text import escaped

POLL_SECONDS = 1.0


def waiting(rows: Sequence[ScorecardRow]) -> int:
    """How many thresholds could be forecast and are not yet, or only approximated, or from what is no longer so."""
    return sum(
        1
        for row in rows
        if row.criteria
        and not row.status.reached
        and (row.forecast is None or row.forecast.outdated or row.forecast.run.model == QUICK)
    )


def renewal(rows: Sequence[ScorecardRow]) -> str:
    """How many of the thresholds that can be forecast have what holds now: 3 of 12."""
    able = [row for row in rows if row.criteria and not row.status.reached]
    ready = [row for row in able if row.forecast and not row.forecast.outdated]
    return f"{len(ready)} of {len(able)}"


def forecasts_under_way(frame: Frame, card: Scorecard) -> bool:
    """Start the forecasts that a day lacks and show their progress; True while they run."""
    missing = waiting(card.rows)
    if not missing:
        return False
    work = ForecastJob(as_of=frame.as_of, method="both", assumptions=frame.assumptions)
    job = jobs.find(frame.store, work)
    there = any(row.forecast and not row.forecast.outdated for row in card.rows)
    # Somebody who steps through the days on record looks at each for a moment; sampling one takes minutes.
    if job is None and there and not frame.is_today:
        st.caption("Some forecasts of this day are missing, or first ones by approximation.")
        if not st.button("Forecast this day in full", type="tertiary"):
            return False
    # What has ended and began before the last change of the record has not read that change.
    if job is None or (job.state != "running" and job.since < card.changed):
        job = jobs.start(frame.store, work)
    if any(row.forecast and row.forecast.run.model == QUICK for row in card.rows):
        st.caption(
            "These are first forecasts, by approximation. Sampled ones replace them when they are ready."
        )
    if (progress := renewal(card.rows)) and any(r.forecast and r.forecast.outdated for r in card.rows):
        st.caption(
            escaped(
                f"Some forecasts are outdated, each row says why; they are being renewed ({progress} are ready) and "
                "keep their place until then."
            )
        )
    return watch(frame.store, job, f"Forecasting {missing} of {len(card.rows)} thresholds")


def compared_under_way(frame: Frame, before: Scorecard, then: date) -> None:
    """Forecast the day that is compared with, quickly, once today's forecasts were made here; else when asked to."""
    if any(row.forecast for row in before.rows):
        return
    today_made = jobs.find(frame.store, ForecastJob(as_of=frame.as_of, method="both"))
    work = ForecastJob(as_of=then, method="quick")
    job = jobs.find(frame.store, work)
    asked = job is not None or (today_made is not None and today_made.state == "done")
    if not asked and not st.button(
        escaped(f"Forecast {day_in_words(then)} to compare with"), type="tertiary"
    ):
        return
    job = job or jobs.start(frame.store, work)
    if job.state == "running":
        watch(frame.store, job, f"Forecasting {day_in_words(then)}, to say what changed")


def watch(store: Store, job: Job, title: str) -> bool:
    """Show a job until it ends, then draw the page again; a failed one says why and can be repeated."""
    if job.state == "running":
        _progress(store, job.id, title, store.stamp())
        return True
    if job.state == "failed":
        st.warning(escaped(f"{title} stopped: {job.message}"))
    else:
        st.info(escaped(f"{title}: the last attempt ended with: {job.message}"))
    if st.button("Run again", key=f"again-{job.id}"):
        jobs.start(store, job.work)
        st.rerun()
    return False


@st.fragment(run_every=POLL_SECONDS)
def _progress(store: Store, identity: str, title: str, stamp: tuple[int, int]) -> None:
    job = jobs.by_id(store, identity)
    if job is None or job.state != "running" or store.stamp() != stamp:
        st.rerun()
    st.progress(min(max(job.share, 0.0), 1.0), text=escaped(f"{title}. {job.message}"))


@st.cache_resource(show_spinner=False)
def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="aside")


def aside[T](work: Callable[[], T]) -> Future[T]:
    """Do seconds of work one after the other, while the page is there to be read and used."""
    return _one_thread().submit(work)


@st.fragment(run_every=POLL_SECONDS)
def wait_for[T](work: Future[T], words: str) -> None:
    """Say what is being done aside, and draw the page again when it is there."""
    if work.done():
        st.rerun()
    st.caption(escaped(words))
