"""Long work seen from a page: start it in a process of its own, show how far it is, refresh when it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from scorecard import jobs
from scorecard.jobs import Job
from scorecard.records import QUICK
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow
from scorecard.ui.page import Frame
from scorecard.ui.record import Scorecard

POLL_SECONDS = 1.0


def waiting(rows: Sequence[ScorecardRow]) -> int:
    """How many thresholds could be forecast and are not yet, or only by a quick approximation."""
    return sum(
        1 for row in rows if row.criteria and (row.forecast is None or row.forecast.run.model == QUICK)
    )


def forecasts_under_way(frame: Frame, card: Scorecard) -> bool:
    """Start the forecasts that a day lacks and show their progress; True while they run."""
    missing = waiting(card.rows)
    if not missing:
        return False
    arguments = ("forecasts", "run", "--method", "both", "--as-of", frame.as_of.isoformat())
    job = jobs.find(frame.store, jobs.job_id(arguments))
    outdated = job is not None and job.state == "done" and _began(job) < card.facts_at
    if job is None or outdated:
        job = jobs.start(frame.store, *arguments)
    if any(row.forecast and row.forecast.run.model == QUICK for row in card.rows):
        st.caption(
            "These are first forecasts, by approximation. Sampled ones replace them when they are ready."
        )
    return watch(frame.store, job, arguments, f"Forecasting {missing} of {len(card.rows)} thresholds")


def watch(store: Store, job: Job, arguments: Sequence[str], title: str) -> bool:
    """Show a job until it ends, then draw the page again; a failed one says why and can be repeated."""
    if job.state == "running":
        _progress(store, job.id, title, store.stamp())
        return True
    if job.state == "failed":
        st.warning(f"{title} stopped: {job.message}")
    else:
        st.info(f"{title}: the last attempt ended with: {job.message}")
    if st.button("Run again", key=f"again-{job.id}"):
        jobs.start(store, *arguments)
        st.rerun()
    return False


@st.fragment(run_every=POLL_SECONDS)
def _progress(store: Store, identity: str, title: str, stamp: tuple[int, int]) -> None:
    job = jobs.find(store, identity)
    if job is None or job.state != "running" or store.stamp() != stamp:
        st.rerun()
    st.progress(min(max(job.share, 0.0), 1.0), text=f"{title}. {job.message}")


def _began(job: Job) -> datetime:
    return datetime.fromtimestamp(job.started, tz=UTC)
