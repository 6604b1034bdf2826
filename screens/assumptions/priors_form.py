"""Propose changed assumptions: who, why, the refit that runs, and its dates beside the standing ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pandas as pd
import streamlit as st

from forecasts.runs.request import changed_criteria
from scorecard import jobs
from scorecard.charts import crossing
from scorecard.clock import YEAR, today
from scorecard.governance.criteria import propose_criterion
from scorecard.jobs import ForecastJob, NamedSet
from scorecard.people import Actor
from scorecard.records import RULE, ChangedMeasure, Criterion, ForecastRun, Override
from scorecard.store import Store
from scorecard.thresholds.quoted.forecast import Forecast, in_words
from scorecard.words import chance_in_words, percent
from screens.board import interval, median
from screens.frame import session
from screens.frame.drawing import draw_chart
from screens.frame.page import Frame
from screens.frame.record import Dossier
from screens.frame.tables import data_table
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


def draw_save(
    frame: Frame,
    dossier: Dossier,
    changes: Sequence[Override],
    measured: Sequence[ChangedMeasure],
    base: str,
) -> None:
    """The form that proposes what was changed: a prior set, with which one threshold is refitted, and criteria.

    What is missing is said, and then nothing is saved. A rule is the text's own, so that changing it stays a what-if.
    """
    ours = [one for one in measured if one.field != RULE]
    if len(ours) < len(measured):
        st.caption(
            "The rule over routes is what the threshold's text says; it can be tried and not proposed."
        )
    if not (changes or ours):
        return
    with st.form("save_priors", border=True):
        for change in (*changes, *ours):
            st.markdown(code(change))
        name = st.text_input("Name of the prior set", key="set_name").strip() if changes else ""
        who = session.name_field("Your name", key="set_author")
        reason = st.text_area("Reason, so that a colleague can judge it", key="set_reason").strip()
        label = "Save as a proposal and refit" if changes else "Propose the changed criteria"
        if not st.form_submit_button(escaped(label), type="primary"):
            return
    missing = ["a name"] if changes and not name else []
    if len(reason.split()) < 4:
        missing.append("a reason of at least a sentence")
    if missing:
        what = "prior set" if changes else "criterion"
        st.error(escaped(f"A {what} needs {', '.join(missing)}. Nothing was saved."))
        return

    def proposed() -> list[str]:
        who.require("propose")  # here, since the refit runs in a process of its own, which knows no session
        made = [_proposed(frame.store, one, reason, who) for one in _changed(dossier, ours)]
        if changes:
            named = NamedSet(name=name, author=who.name, reason=reason)
            work = ForecastJob(
                as_of=frame.as_of,
                thresholds=(dossier.row.threshold.id,),
                prior_set=base,
                overrides=tuple(changes),
                named=named,
            )
            jobs.start(frame.store, work)
        return [*made, *([name] if changes else [])]

    if made := session.tried(proposed):
        words = f"Proposed: {', '.join(made)}. It counts once a second person adopts it, under Meeting, Proposals."
        refit = (
            " The sampled refit is running; its dates will stand beside the standing ones." if changes else ""
        )
        session.done(
            words + refit,
            *("set_name", "set_reason"),
        )


def _changed(dossier: Dossier, measured: Sequence[ChangedMeasure]) -> list[Criterion]:
    """The criteria that a change makes different ones."""
    criteria = dossier.row.criteria
    return [one for one in changed_criteria(criteria, measured) if one not in criteria]


def _proposed(store: Store, changed: Criterion, reason: str, who: Actor) -> str:
    """Propose a changed criterion in the place of the one it was made from; its id."""
    with store.view() as now:
        taken = {one.id for one in now.all(Criterion)}
    id = next(name for place in count(2) if (name := f"{changed.id}.{place}") not in taken)
    made = replace(changed, id=id, supersedes=changed.id, rationale=reason, author=who.name, known_at=today())
    propose_criterion(store, made, who)
    return id


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
    data_table(pd.DataFrame(rows), alt="Old and new crossing dates")
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
