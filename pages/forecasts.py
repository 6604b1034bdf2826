"""Forecasts: every run of a threshold, by shape and combined, two beside each other, and what the date leans on."""

from datetime import date
from typing import Any

import streamlit as st

from forecasts import determination, joint
from forecasts.leaning import Leanings, leanings
from forecasts.prior_sets import priors_of
from forecasts.runs import Request, read
from scorecard import jobs
from scorecard.briefings.charts import crossing, evidence, leaning, months
from scorecard.records import QUICK, ForecastRun
from scorecard.store import Store
from scorecard.ui import beliefs, draw_chart, forecasts_under_way, page, runs, sources_footer, threshold
from scorecard.ui.page import as_of_line, choice, view_link
from scorecard.ui.record import Opened, dossier, scorecard
from scorecard.ui.record import evidence as known_evidence
from scorecard.ui.work import watch


@st.cache_data(show_spinner="Changing one assumption after another ...", max_entries=16)
def leans(opened: Opened, as_of: date, about: str) -> Leanings | None:
    """What the date of one threshold leans on; None when it cannot be forecast on this day."""
    request = Request(as_of=as_of, thresholds=(about,), method="quick")
    return next(iter(leanings(read(Store(opened.address), request), request)), None)


@st.cache_data(show_spinner=False, max_entries=64)
def together(opened: Opened, run: ForecastRun, dependence: float) -> list[dict[str, object]]:
    """The dates of one run when any, some or all of its criteria have to be met."""
    criteria = joint.by_criterion(run, Store(opened.address).files.get(run.draws, run.draws_sha256))
    return [one.as_data() for one in joint.every_rule(criteria, dependence=dependence)]


@st.cache_data(show_spinner=False, max_entries=64)
def reporting(
    opened: Opened, run: ForecastRun, given: determination.Reporting, denied_on: date | None
) -> dict[str, Any]:
    """When one run's threshold is crossed, determined and published, nothing of which has been published."""
    draws = Store(opened.address).files.get(run.draws, run.draws_sha256)
    crossing = determination.crossing_of(run, draws)
    return determination.three_dates(crossing, given, denied_on=denied_on).as_data()


with page("Forecasts", "Every forecast on record: by shape and combined, checked, compared.") as frame:
    card = scorecard(frame.store, frame.as_of)
    forecasts_under_way(frame, card)
    about, name = threshold.choose(row for row in card.rows if row.criteria)
    found = dossier(frame.store, frame.as_of, about)
    st.header(name, anchor=False)
    on_record = {run.id: run for run in found.runs.values() if run.as_of <= frame.as_of}
    if not on_record:
        st.subheader("No forecast of this threshold is on record for this day or before.", anchor=False)
        st.stop()
    labels = runs.labels(on_record.values())
    chosen = on_record.get(choice("Forecast", labels, key="run"))
    other = on_record.get(choice("Beside it", {runs.NOTHING: "Nothing", **labels}, key="beside"))
    if chosen is None:
        st.subheader("That forecast run is not on record for this threshold and day.", anchor=False)
        st.stop()

    st.subheader(runs.answer(chosen, other), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{as_of_line(frame)} Run {chosen.id[:12]}, {chosen.model} {chosen.model_version}.")
        view_link(frame)
    draw_chart(crossing(chosen, as_of=chosen.as_of, before=other, name=name))
    if chosen.publishable:
        st.caption(runs.chances(chosen))
        runs.draw_beside(chosen, other)
        known = known_evidence(frame.store, chosen.as_of)
        for id in chosen.result["fans"]:
            before = other.result.get("fans", {}).get(id) if other else None
            indicator = known.indicators[id]
            chart = evidence(
                indicator, known.measurements[id], known.systems, as_of=chosen.as_of, before=before,
                fan=chosen.result["fans"][id], sources=known.titles,
                levels=threshold.levels_of(chosen, found.row.criteria, indicator),
            )  # fmt: skip
            draw_chart(chart)

    if len(chosen.result.get("by_criterion", {})) > 1:
        st.subheader("If any, some or all criteria have to be met", anchor=False)
        dependence = st.slider(
            "How far the criteria's dates hang together", 0.0, 1.0, joint.DEPENDENCE, 0.05,
            key="dependence", bind="query-params",
            help="0: each for itself. 1: the date of one decides the others'. An assumption; no data fix it.",
        )  # fmt: skip
        runs.draw_joint(chosen, together(Opened.of(frame.store), chosen, dependence))

    if chosen.result.get("by_criterion"):
        st.subheader("Crossed, determined, published", anchor=False)
        developer = found.row.framework.developer
        base = found.prior_sets[chosen.prior_set.partition("+")[0]]  # changed priors are no set of their own
        usual = determination.reporting_of(priors_of(base).settings)
        try:
            denied_on = determination.denied_until(found.determinations, developer, chosen.as_of)
            given = determination.moved(usual, *runs.caution_and_lag(*determination.centres(usual)))
            runs.draw_reporting(reporting(Opened.of(frame.store), chosen, given, denied_on))
        except determination.DeterminationError as error:
            st.info(str(error))

    st.subheader("How the date moved, month by month", anchor=False)
    ours = [run for run in on_record.values() if run.prior_set == found.standing]
    work = ("forecasts", "history", "--threshold", about, "--as-of", frame.as_of.isoformat())
    job = jobs.find(frame.store, jobs.job_id(work))
    if job and job.state != "done":
        watch(frame.store, job, work, "Forecasting month by month")
    elif st.button("Forecast the past twelve months", help="With what was known then, by the quick method."):
        jobs.start(frame.store, *work)
        st.rerun()
    monthly = [run for run in ours if run.model == QUICK]
    if len({run.as_of for run in monthly}) > 1:
        draw_chart(months(monthly, as_of=frame.as_of, name=name))
    else:
        st.caption("Fewer than two days are on record.")

    st.subheader("What the date leans on", anchor=False)
    if st.toggle("Change each assumption in turn (some ten quick refits)", key="lean", bind="query-params"):
        leaned = leans(Opened.of(frame.store), frame.as_of, about)
        if leaned is None:
            st.info("This threshold cannot be forecast on this day. Choose a later one.")
        else:
            rows = [one.as_data() for one in leaned.found]
            st.markdown(leaned.words)
            draw_chart(leaning(rows, as_of=frame.as_of, name=name, words=leaned.words))
    else:
        st.caption(str(chosen.result.get("sensitivity", {}).get("words", "")))

    st.subheader("Parameters and checks", anchor=False)
    beliefs.draw_parameters(chosen)
    threshold.draw_checks(chosen)
    sources_footer([found.row.source], card.entry, note="Criteria and priors are proposed, not adopted.")
