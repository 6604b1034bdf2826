"""Change what is believed about a trend on the Threshold page: quantiles in, old and new crossing dates out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from scorecard import jobs
from scorecard.briefings.charts import crossing
from scorecard.briefings.words import chance_in_words
from scorecard.governance.roles import Actor
from scorecard.records import ForecastRun, Indicator
from scorecard.store import StoreError
from scorecard.thresholds.calendar import calendar
from scorecard.thresholds.forecast import Forecast, in_words
from scorecard.ui import session
from scorecard.ui.board import interval, median
from scorecard.ui.drawing import draw_chart
from scorecard.ui.page import Frame, escaped
from scorecard.ui.record import Dossier
from scorecard.ui.work import watch

YEAR = 365.25  # days


def draw(frame: Frame, dossier: Dossier, indicator: Indicator) -> None:
    """The form, the running refit, and the newest changed forecast beside the standing one."""
    forecast = dossier.row.forecast
    if forecast is None or forecast.refused:
        st.info("Priors can be changed once there is a forecast for this day.")
        return
    doubling = indicator.scale in ("log2", "log10")
    _draw_form(frame, dossier.row.threshold.id, _believed(forecast.run, doubling=doubling), doubling=doubling)
    _draw_work(frame, dossier)
    changed = [run for run in dossier.runs.values() if run.prior_set != dossier.standing]
    changed = [run for run in changed if run.as_of == forecast.run.as_of and run.publishable]
    if changed:
        _draw_beside(frame, dossier, forecast, changed[-1])


def _believed(run: ForecastRun, *, doubling: bool) -> Mapping[str, tuple[float, ...]]:
    """The standing posterior's quantiles, shown as what the data now say; the form starts from them."""
    shape: Mapping[str, Mapping[str, float]] = run.result.get("parameters", {}).get("loglinear", {})
    pace = shape.get("doubling_days" if doubling else "growth", {})
    scatter = shape.get("scatter", {})
    return {
        "pace": tuple(
            float(pace.get(q, fallback)) for q, fallback in (("q10", 90), ("q50", 130), ("q90", 200))
        ),
        "scatter": tuple(float(scatter.get(q, fallback)) for q, fallback in (("q50", 0.4), ("q90", 0.8))),
    }


def _draw_form(
    frame: Frame, threshold: str, believed: Mapping[str, tuple[float, ...]], *, doubling: bool
) -> None:
    what = "Doubling time, days" if doubling else "Growth, standard units a year"
    digits: dict[str, Any] = {"step": 1.0, "format": "%.0f"} if doubling else {"step": 0.1, "format": "%.2f"}
    with st.form("priors", border=True):
        st.caption(
            "Say the low and the high end first, then the middle. The values shown are what the present fit says "
            "(log-linear shape); they are replaced in every shape that has the parameter."
        )
        low, high, middle = st.columns(3)
        q10 = low.number_input(f"{what}: 10 %", value=round(believed["pace"][0], 2), key="pace10", **digits)
        q90 = high.number_input(f"{what}: 90 %", value=round(believed["pace"][2], 2), key="pace90", **digits)
        q50 = middle.number_input(
            f"{what}: 50 %", value=round(believed["pace"][1], 2), key="pace50", **digits
        )
        left, right, _ = st.columns(3)
        s50 = left.number_input(
            "Scatter of systems: 50 %", value=round(believed["scatter"][0], 2), key="scatter50"
        )
        s90 = right.number_input(
            "Scatter of systems: 90 %", value=round(believed["scatter"][1], 2), key="scatter90"
        )
        saved = _named("Save as a proposal and refit")
    if saved is None:
        return
    pace = "doubling_days" if doubling else "quantiles"
    changes = [f"growth={pace}({q10:g}, {q50:g}, {q90:g})", f"scatter=quantiles({s50:g}, {s90:g})"]
    _save(frame, threshold, changes, saved)


def draw_save(frame: Frame, threshold: str, changes: Sequence[str], base: str) -> None:
    """The form that saves changes of a prior set as a proposal and refits one threshold with it."""
    with st.form("save_priors", border=True):
        for text in changes:
            st.markdown(f"`{text}`")
        saved = _named("Save as a proposal and refit")
    if saved is not None:
        _save(frame, threshold, changes, saved, "--prior-set", base)


type Saved = tuple[str, Actor, str]  # name of the set, who, reason


def _named(label: str) -> Saved | None:
    """Ask for name, author and reason, inside a form; None until it is sent."""
    name = st.text_input("Name of the prior set", key="set_name")
    who = session.name_field("Your name", key="set_author")
    reason = st.text_area("Reason, so that a colleague can judge it", key="set_reason")
    return (name, who, reason) if st.form_submit_button(label, type="primary") else None


def _save(frame: Frame, threshold: str, changes: Sequence[str], saved: Saved, *more: str) -> None:
    """Start the refit that proposes the set first; what is missing is said, and then nothing is saved."""
    name, who, reason = saved
    try:
        who.require("propose")  # here, since the refit runs in a process of its own, which knows no session
    except StoreError as error:
        st.error(f"{error}. Nothing was saved.")
        return
    missing = [] if name.strip() else ["a name"]
    if len(reason.split()) < 4:
        missing.append("a reason of at least a sentence")
    if missing:
        st.error(f"A prior set needs {', '.join(missing)}. Nothing was saved.")
        return
    priors = [part for text in changes for part in ("--prior", text)]
    jobs.start(
        frame.store, "forecasts", "run", "--as-of", frame.as_of.isoformat(), "--threshold", threshold, *priors,
        "--name", name.strip(), "--author", who.name, "--reason", reason.strip(), *more,
    )  # fmt: skip
    st.rerun()


def _draw_work(frame: Frame, dossier: Dossier) -> None:
    """The newest refit of this threshold for this day, while it runs or when it failed."""
    asked = ("--as-of", frame.as_of.isoformat(), "--threshold", dossier.row.threshold.id)
    ours = [
        job
        for job in jobs.everything(frame.store)
        if "--name" in job.arguments and job.arguments[2:6] == asked
    ]
    if not ours:
        return
    job = max(ours, key=lambda job: job.started)
    if job.state != "done":
        watch(frame.store, job, job.arguments, "Refitting with the changed priors")


def _draw_beside(frame: Frame, dossier: Dossier, standing: Forecast, run: ForecastRun) -> None:
    changed = Forecast.of(run, frame.as_of, calendar())
    proposal = dossier.prior_sets.get(run.prior_set)
    if proposal:
        st.markdown(
            f"**{escaped(proposal.name)}**, proposed by {escaped(proposal.author)}: {escaped(proposal.rationale)}"
        )
    rows = [
        {"": label, "crossed already": chance_in_words(f.p_now or 0.0),
         "in 12 months": chance_in_words(f.p_12_months or 0.0),
         "in words": in_words(f.p_12_months or 0.0), "median": median(f), "80 % interval": interval(f),
         "prior set": f.run.prior_set}
        for label, f in (("standing priors", standing), ("changed priors", changed))
    ]  # fmt: skip
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Old and new crossing dates")
    chart = crossing(run, as_of=frame.as_of, before=standing.run)
    draw_chart(chart)
    st.caption(f"Dashed: the standing priors. {run.result['sensitivity']['words']}")
    for parameter, told in ((proposal.asked if proposal else None) or {}).items():
        st.caption(escaped(asked_and_got(parameter, told)))


def asked_and_got(parameter: str, told: Mapping[str, Any]) -> str:
    """What was asked of a prior beside what its family can give, in the unit it was asked in."""
    days = told["typed"].startswith("doubling_days")

    def said(quantiles: Mapping[float, float]) -> str:
        # The k-th quantile of a doubling time is the (1 - k)-th of the doublings a year.
        turned = {1 - p: YEAR / x for p, x in quantiles.items()} if days else quantiles
        parts = [f"{p:.0%} at {x:.3g}".replace("%", " %") for p, x in sorted(turned.items())]
        return ", ".join(parts)

    asked, achieved = ({float(p): x for p, x in told[name].items()} for name in ("asked", "achieved"))
    tails = {0.01: told["one_percent"], 0.99: told["ninety_nine_percent"]}
    name = "doubling time, days" if days else parameter
    return (
        f"{name[:1].upper()}{name[1:]}: asked {said(asked)}; the nearest {told['family']} gives {said(achieved)}, "
        f"and at its ends {said(tails)}."
    )
