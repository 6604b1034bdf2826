"""One threshold on the screen: the answer, its charts, what it means and obliges, criteria, shapes and checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import date

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.charts import crossing, evidence_chart, levels_of
from scorecard.evidence.readings.left_out import left_out_words
from scorecard.records import Criterion, ForecastRun, Indicator, Quantiles
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.forecast import Forecast, in_words
from scorecard.thresholds.quoted.outcomes import sentence
from scorecard.words import chance_in_words, day_in_words, month_in_words, percent, title_of, value_in_words
from screens.board import interval, median, name_of, outdated
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.drawing import draw_chart
from screens.frame.page import GRADES, Frame, choice
from screens.frame.record import Dossier, Evidence
from screens.frame.tables import data_table
from screens.frame.text import escaped, link
from screens.runs import month_of
from screens.threshold import history
from screens.threshold.occasions import around


def answer(row: ScorecardRow) -> str:
    """The threshold's state in a sentence: how likely crossed already, and when otherwise."""
    f = row.forecast
    if f is None or f.refused or f.p_now is None or f.p_12_months is None:
        return f"{row.status.name.capitalize()}. {row.unforecast}"
    when = median(f).lower() if median(f).startswith(("After", "Already")) else median(f)
    return (
        f"{chance_in_words(f.p_now)} chance ({in_words(f.p_now)}) that it has been crossed already, "
        f"{chance_in_words(f.p_12_months)} ({in_words(f.p_12_months)}) within 12 months. "
        f"Median {when}, 80 % interval {interval(f)}. {outdated(f)}"
    ).strip()


def reasons(row: ScorecardRow) -> list[str]:
    """Why the chance is what it is, what measurement alone says, what it rests on and how sure one can be."""
    f = row.forecast
    if f is None or f.refused or f.by_measurement is None:
        return []
    alone = f.by_measurement
    said = [f"Because: {row.because}"] if row.because else []
    if row.withheld:
        said.append(f"No headline, {row.withheld}.")
    if alone.p_12_months != f.p_12_months:
        said.append(
            f"By measurement alone, without what the developer found: {chance_in_words(alone.p_now)} already, "
            f"{chance_in_words(alone.p_12_months)} within 12 months."
        )
    rests = f"It rests on {percent(f.weight_used or 0)} of the agreed measurement"
    if f.mcse:
        rests += f", with a Monte Carlo error of {100 * f.mcse.p_12_months:.1f} points"
    grounds = f" {row.grounds.words}" if row.grounds else ""
    same = f" Same forecast as {', '.join(row.same_as)}." if row.same_as else ""
    return [*said, f"{rests}.{grounds}{same}"]


def draw_figures(f: Forecast) -> None:
    """The chances by date, each with its words; the mass beyond the horizon is never left out."""
    figures = [("Crossed already", "", f.p_now)]
    if f.next_meeting:
        figures.append((f"By {month_in_words(f.next_meeting)}", "next meeting", f.p_next_meeting))
    figures.append(("Within 12 months", "", f.p_12_months))
    figures += [
        (f"By {name}", "", p) if name.startswith("end") else (f"By {month_in_words(on)}", name, p)
        for on, name, p in f.p_by
    ]
    if f.horizon:
        figures.append((f"Not by {f.horizon.year}", "", f.p_beyond_horizon))
    with st.container(horizontal=True, gap="medium"):
        for label, occasion, p in figures:
            if p is not None:
                with st.container(width=158, gap=None):
                    st.caption(escaped(label))
                    st.markdown(f"**{escaped(chance_in_words(p))}**  \n{escaped(in_words(p))}")
                    if occasion:
                        st.caption(escaped(occasion))


def leading(row: ScorecardRow, known: Evidence) -> Indicator | None:
    """The indicator that weighs most in measuring a threshold, if it is known."""
    return known.indicators.get(max(row.criteria, key=lambda c: c.weight).indicator)


def measured_by(row: ScorecardRow, known: Evidence) -> list[Indicator]:
    """The known indicators that a threshold is measured by; without criteria the one that informs on it."""
    names = list(dict.fromkeys(c.indicator for c in row.criteria))
    if not names and row.latest:
        names = [row.latest.indicator.id]
    return [known.indicators[name] for name in names if name in known.indicators]


def draw_evidence(
    run: ForecastRun | None,
    row: ScorecardRow,
    known: Evidence,
    indicators: Iterable[Indicator],
    *,
    as_of: date,
    before: ForecastRun | None = None,
) -> None:
    """Each indicator's readings under a run's fan and the criteria's levels, another run's fan dashed."""
    for indicator in indicators:
        chart = evidence_chart(
            indicator,
            known.measurements[indicator.id],
            known.systems,
            as_of=as_of,
            before=before.quoted.fans.get(indicator.id) if before and before.publishable else None,
            fan=run.quoted.fans.get(indicator.id) if run else None,
            sources=known.titles,
            levels=levels_of(run, row.criteria, indicator) if run else None,
            events=around(row, known, [indicator], as_of),
        )
        draw_chart(chart, run=run.id if run else "")


def draw_definition(row: ScorecardRow) -> None:
    """The threshold in our words, how its developer says it is measured, and what it obliges."""
    t = row.threshold
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**What it says, in our words**")
        st.markdown(escaped(t.paraphrase))
        if t.operationalisation:
            st.caption(f"How it is measured, by its developer: {escaped(t.operationalisation)}")
        if t.note:
            st.caption(escaped(t.note))
    with right:
        st.markdown("**What it obliges**")
        for duty in t.obligations or ("No obligation is stated.",):
            st.markdown(f"- {escaped(duty)}")
    read = (
        f" on {day_in_words(row.read.read_on)}, {row.read.place}" if row.read and t.grade == "primary" else ""
    )
    st.caption(
        f"{link(row.source.title, row.source.url)}, {escaped(day_in_words(row.source.published_on))}; "
        + escaped(
            f"{GRADES[t.grade]}{read}. Version {t.version}, in force since {day_in_words(row.framework.effective_on)}."
        )
    )


def criteria_frame(row: ScorecardRow, known: Evidence, adopted: Collection[str]) -> pd.DataFrame:
    """The criteria with level, gap and weight, and what the forecast says by each alone."""
    quoted = row.forecast and not row.forecast.refused
    stated = row.forecast.run.quoted.by_criterion if row.forecast and quoted else {}
    rows = []
    for c in row.criteria:
        indicator = known.indicators.get(c.indicator)
        unit = indicator.unit if indicator else ""
        by = stated.get(c.id)
        rows.append(
            {
                "measured by": indicator.name if indicator else c.indicator,
                "level (median)": value_in_words(by.level.q50 if by else c.level, unit),
                "80 % interval, gap included": _span(by.level, unit) if by else None,
                "gap to real work": _gap(c, indicator),
                "route": c.route,
                "weight": c.weight,
                "decides": by.weight if by else None,
                "chance already": by.p_now if by else None,
                "in 12 months": by.p_12_months if by else None,
                "median": by.q50.isoformat() if by and by.q50 else None,
                "why this level": c.rationale,
                "author": c.author,
                "standing": "adopted" if c.id in adopted else "proposed, not adopted",
                "source": web_address(known.sources[c.source].url) if c.source in known.sources else None,
            }
        )
    return pd.DataFrame(rows)


def _gap(c: Criterion, indicator: Indicator | None) -> str:
    """How much further real work lies than the indicator's level, in steps of its scale."""
    if not c.gap and not c.gap_sd:
        return "none"
    return f"{c.gap:g} ± {c.gap_sd:g} {step_of(indicator) if indicator else ''}".rstrip()


def step_of(indicator: Indicator) -> str:
    """What one step of an indicator's scale is called."""
    steps = {"log2": "doublings", "log10": "tenfolds", "logit": "logits"}
    return steps.get(indicator.scale, indicator.unit)


def _span(level: Quantiles, unit: str) -> str:
    return f"{value_in_words(level.q10, unit)} to {value_in_words(level.q90, unit)}"


def draw_criteria(row: ScorecardRow, known: Evidence, adopted: Collection[str], as_of: date) -> pd.DataFrame:
    """The criteria's table and how to read it; without criteria, what would have to be published first."""
    table = criteria_frame(row, known, adopted)
    if table.empty:
        st.info(escaped(row.unforecast))
        return table
    chances = ["decides", "chance already", "in 12 months"]
    config = {"why this level": st.column_config.TextColumn(width="large")}
    shown = table.fillna({"80 % interval, gap included": ""})
    data_table(
        shown,
        chances=chances,
        links=("source",),
        config=config,
        alt="Criteria by which the threshold is measured",
    )
    st.caption(
        escaped(
            f"{adoption(row, adopted)} Within a route weights mix measures of one thing; routes are combined "
            f"by the rule of the text ({row.threshold.rule}). What a criterion decides is counted after what "
            f"the developer found.\n\n{left_out_words([c.indicator for c in row.criteria], as_of)}"
        )
    )
    return table


def adoption(row: ScorecardRow, adopted: Collection[str]) -> str:
    """Whether anybody has adopted the criteria, in a sentence."""
    count = sum(c.id in adopted for c in row.criteria)
    if count == len(row.criteria):
        return "Every criterion was adopted by another person than its author."
    if not count:
        return "Criteria are proposed, not adopted: nobody else stands by these levels yet."
    return f"{count} of {len(row.criteria)} criteria are adopted; the others are proposals."


def determinations_frame(dossier: Dossier, known: Evidence) -> pd.DataFrame:
    """What the developer has found so far, newest first."""
    rows = [
        {
            "date": d.determined_on,
            "system": d.system,
            "finding": title_of(d.finding),
            "note": d.note,
            "grade": GRADES[d.grade],
            "source": web_address(known.sources[d.source].url) if d.source in known.sources else None,
        }
        for d in sorted(dossier.determinations, key=lambda d: d.determined_on, reverse=True)
    ]
    return pd.DataFrame(rows)


def draw_determinations(dossier: Dossier, known: Evidence) -> None:
    """The timeline of the developer's own findings."""
    table = determinations_frame(dossier, known)
    if table.empty:
        st.info(escaped(dossier.row.status.reason))
        return
    config = {"note": st.column_config.TextColumn(width="large")}
    data_table(table, links=("source",), config=config, alt="The developer's determinations so far")


def shapes_frame(run: ForecastRun) -> pd.DataFrame:
    """The forecast by each model alone, with its weight in what is quoted."""
    return pd.DataFrame(
        [
            {
                "model": title_of(name),
                "weight": by.weight,
                "in 12 months": by.p_12_months,
                "10 % date": month_of(run, by.q10),
                "median": month_of(run, by.q50),
                "90 % date": month_of(run, by.q90),
                "not by the horizon": by.p_beyond_horizon,
            }
            for name, by in run.quoted.by_shape.items()
        ]
    )


def draw_shapes(run: ForecastRun) -> None:
    """How far the answer depends on the model of the readings."""
    table = shapes_frame(run)
    if table.empty:
        st.info("This run did not keep its shapes apart.")
        return
    chances = ["weight", "in 12 months", "not by the horizon"]
    data_table(table, chances=chances, alt="The forecast by each model")
    medians = [by.q50 for by in run.quoted.by_shape.values() if by.q50]
    spread = (
        f"Medians run from {month_in_words(min(medians))} to {month_in_words(max(medians))}"
        if len(medians) > 1
        else f"The median is {month_in_words(medians[0])}"
        if medians
        else "No model has a median before the horizon"
    )
    st.caption(escaped(f"{spread}. {_weighed(run)}"))


def _weighed(run: ForecastRun) -> str:
    """Which models are quoted, and why others stand beside them."""
    quoted = [title_of(name) for name, by in run.quoted.by_shape.items() if by.weight > 0]
    if len(quoted) > 1:
        return "The data hardly tell them apart, so none is chosen: the combination weights them as shown."
    if len(quoted) == len(run.quoted.by_shape):
        return f"Quoted is {quoted[0]} alone; a run by sampling shows trend shapes beside it."
    return f"Quoted is {quoted[0]} alone; the others stand beside it, to show how much hangs on the model."


def draw_checks(run: ForecastRun) -> None:
    """The run's checks in words; a failed one is why nothing is quoted."""
    items, failed = run.checks.items, run.checks.failed
    if run.publishable:
        st.markdown(f"{len(items) - len(failed)} of {len(items)} checks of this run passed.")
    else:
        st.warning(escaped(run.refusal))
    for item in failed:
        advice = f" {item.advice}" if item.advice else ""
        reading = f"{item.name} is {item.value:.4g}, the limit is {item.limit:g}"
        st.markdown(f"- {escaped(item.what)}: {escaped(reading)}.{escaped(advice)}")
    if run.publishable:
        st.markdown(escaped(run.quoted.sensitivity.words))
    if items:
        table = pd.DataFrame(map(asdict, items))[["what", "name", "value", "limit", "passed"]]
        with st.expander("Every check"):
            data_table(table, alt="Checks of the forecast run")
    st.caption(
        escaped(
            f"Run {run.id[:12]}, model {run.model} {run.model_version}, prior set {run.prior_set}, "
            f"seed {run.seed}, data {run.data_hash[:12]}."
        )
    )


def title(row: ScorecardRow) -> str:
    """The page's headline."""
    return f"{row.framework.developer}: {name_of(row)}"


def choose(frame: Frame, rows: Iterable[ScorecardRow]) -> tuple[str, str]:
    """Let a person choose one threshold of these: its id and its title."""
    names = {row.threshold.id: title(row) for row in rows}
    about = choice(frame, "Threshold", names, key="threshold")
    return about, names.get(about, about)


def nearest_first(rows: Iterable[ScorecardRow], framework: str | None = None) -> list[ScorecardRow]:
    """In the order of choosing: those of a framework that is asked for, then on self-improvement, the nearest first."""

    def place(row: ScorecardRow) -> tuple[bool, bool, float]:
        f = row.forecast
        near = f.p_12_months if f and f.p_12_months is not None and not row.status.reached else -1.0
        return (row.threshold.framework != framework, not row.threshold.rsi_relevant, -near)

    return sorted(rows, key=place)


def draw_answer(frame: Frame, dossier: Dossier) -> None:
    """The tab Answer: where it stands, the chances by date, the crossing date, how far it depends on the model."""
    row = dossier.row
    st.markdown(f"**{escaped(row.status.name.capitalize())}.** {escaped(row.status.reason)}")
    if row.forecast is None or row.forecast.refused:
        draw_definition(row)
        return
    for reason in reasons(row):
        st.markdown(escaped(reason))
    draw_figures(row.forecast)
    draw_definition(row)
    draw_chart(crossing(row.forecast.run, as_of=frame.as_of, name=title(row)))
    st.caption(escaped(sentence(record.class_outcomes(frame.store, frame.as_of))))
    st.subheader("How the chance and the date moved", anchor=False)
    history.draw(frame, dossier, title(row))
    st.subheader("How far the answer depends on the model", anchor=False)
    draw_shapes(row.forecast.run)
    draw_checks(row.forecast.run)


def draw_evidence_tab(frame: Frame, dossier: Dossier, known: Evidence) -> None:
    """The tab Evidence: readings under the trend and the levels, criteria, and what the developer has found."""
    row = dossier.row
    run = row.forecast.run if row.forecast and not row.forecast.refused else None
    draw_evidence(run, row, known, measured_by(row, known), as_of=frame.as_of)
    st.subheader("How it is measured", anchor=False)
    criteria = draw_criteria(row, known, dossier.adopted, frame.as_of)
    table_download(criteria, frame, f"criteria-{row.threshold.id}")
    st.subheader("What the developer has found", anchor=False)
    draw_determinations(dossier, known)
