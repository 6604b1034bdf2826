"""Propose changed priors: who, why, the refit that runs, and its dates beside the standing ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import jobs
from scorecard.charts import crossing
from scorecard.clock import YEAR
from scorecard.jobs import ForecastJob, NamedSet
from scorecard.people import Actor
from scorecard.records import ForecastRun, Override
from scorecard.store import StoreError
from scorecard.thresholds.quoted.forecast import Forecast, in_words
from scorecard.words import chance_in_words, percent
from screens.board import interval, median
from screens.frame import session
from screens.frame.drawing import draw_chart
from screens.frame.page import Frame
from screens.frame.record import Dossier
from screens.frame.text import code, escaped
from screens.frame.work import watch


def draw_work(frame: Frame, dossier: Dossier) -> None:
    """The running refit, and the newest changed forecast beside the standing one."""
    forecast = dossier.row.forecast
    if forecast is None or forecast.refused:
        return
    _draw_refit(frame, dossier)
    changed = [run for run in dossier.runs.values() if run.prior_set != dossier.standing]
    changed = [run for run in changed if run.as_of == forecast.run.as_of and run.publishable]
    if changed:
        st.subheader("The newest proposal beside the standing set", anchor=False)
        _draw_beside(frame, dossier, forecast, changed[-1])


def draw_save(frame: Frame, threshold: str, changes: Sequence[Override], base: str) -> None:
    """The form that saves changes of a prior set as a proposal and refits one threshold with it."""
    with st.form("save_priors", border=True):
        for change in changes:
            st.markdown(code(change))
        saved = _named("Save as a proposal and refit")
    if saved is not None:
        _save(frame, threshold, changes, saved, base)


type Saved = tuple[str, Actor, str]  # name of the set, who, reason


def _named(label: str) -> Saved | None:
    """Ask for name, author and reason, inside a form; None until it is sent."""
    name = st.text_input("Name of the prior set", key="set_name")
    who = session.name_field("Your name", key="set_author")
    reason = st.text_area("Reason, so that a colleague can judge it", key="set_reason")
    return (name, who, reason) if st.form_submit_button(escaped(label), type="primary") else None


def _save(
    frame: Frame, threshold: str, changes: Sequence[Override], saved: Saved, base: str | None = None
) -> None:
    """Start the refit that proposes the set first; what is missing is said, and then nothing is saved."""
    name, who, reason = saved
    try:
        who.require("propose")  # here, since the refit runs in a process of its own, which knows no session
    except StoreError as error:
        st.error(escaped(f"{error}. Nothing was saved."))
        return
    missing = [] if name.strip() else ["a name"]
    if len(reason.split()) < 4:
        missing.append("a reason of at least a sentence")
    if missing:
        st.error(escaped(f"A prior set needs {', '.join(missing)}. Nothing was saved."))
        return
    work = ForecastJob(
        as_of=frame.as_of,
        thresholds=(threshold,),
        prior_set=base,
        overrides=tuple(changes),
        named=NamedSet(name=name.strip(), author=who.name, reason=reason.strip()),
    )
    jobs.start(frame.store, work)
    session.done(
        f"Proposed: {name.strip()}. The sampled refit is running; its dates will stand beside the standing ones.",
        *("set_name", "set_reason"),
    )


def _draw_refit(frame: Frame, dossier: Dossier) -> None:
    """The newest refit of this threshold for this day, while it runs or when it failed."""
    asked = (frame.as_of, (dossier.row.threshold.id,))
    ours = [
        job
        for job in jobs.everything(frame.store)
        if isinstance(job.work, ForecastJob)
        and job.work.named
        and (job.work.as_of, job.work.thresholds) == asked
    ]
    if not ours:
        return
    job = max(ours, key=lambda job: job.started)
    if job.state != "done":
        watch(frame.store, job, "Refitting with the changed priors")


def _draw_beside(frame: Frame, dossier: Dossier, standing: Forecast, run: ForecastRun) -> None:
    changed = Forecast.of(run, frame.as_of)
    proposal = dossier.prior_sets.get(run.prior_set)
    if proposal:
        st.markdown(
            f"**{escaped(proposal.name)}**, proposed by {escaped(proposal.author)}: {escaped(proposal.rationale)}"
        )
    rows = [
        {
            "": label,
            "crossed already": chance_in_words(f.p_now or 0.0),
            "in 12 months": chance_in_words(f.p_12_months or 0.0),
            "in words": in_words(f.p_12_months or 0.0),
            "median": median(f),
            "80 % interval": interval(f),
            "prior set": f.run.prior_set,
        }
        for label, f in (("standing priors", standing), ("changed priors", changed))
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Old and new crossing dates")
    chart = crossing(run, as_of=frame.as_of, before=standing.run)
    draw_chart(chart)
    st.caption(escaped(f"Dashed: the standing priors. {run.quoted.sensitivity.words}"))
    for parameter, told in ((proposal.asked if proposal else None) or {}).items():
        st.caption(escaped(asked_and_got(parameter, told)))


def asked_and_got(parameter: str, told: Mapping[str, Any]) -> str:
    """What was asked of a prior beside what its family can give, in the unit it was asked in."""
    days = told["typed"].startswith("doubling_days")

    def said(quantiles: Mapping[float, float]) -> str:
        # The k-th quantile of a doubling time is the (1 - k)-th of the doublings a year.
        turned = {1 - p: YEAR / x for p, x in quantiles.items()} if days else quantiles
        parts = [f"{percent(p)} at {x:.3g}" for p, x in sorted(turned.items())]
        return ", ".join(parts)

    asked, achieved = ({float(p): x for p, x in told[name].items()} for name in ("asked", "achieved"))
    tails = {0.01: told["one_percent"], 0.99: told["ninety_nine_percent"]}
    name = "doubling time, days" if days else parameter
    return (
        f"{name[:1].upper()}{name[1:]}: asked {said(asked)}; the nearest {told['family']} gives {said(achieved)}, "
        f"and at its ends {said(tails)}."
    )
