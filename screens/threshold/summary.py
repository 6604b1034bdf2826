"""One threshold on the screen: the answer, its charts, what it means and obliges, its criteria and findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.charts import crossing, evidence_chart, levels_of
from scorecard.clock import plus_months
from scorecard.evidence.readings.left_out import left_out_words
from scorecard.records import Criterion, ForecastRun, Indicator, Quantiles
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.forecast import Forecast, in_words, likelier_crossed
from scorecard.thresholds.quoted.outcomes import sentence
from scorecard.words import (
    chance_in_words,
    day_in_words,
    month_in_words,
    percent,
    title_of,
    value_in_words,
    whole_month,
)
from screens.board import interval, outdated, whole_name
from screens.first.headline import draw_column, even_odds
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.drawing import draw_chart
from screens.frame.page import GRADES, Frame, choice
from screens.frame.record import Dossier, Evidence
from screens.frame.tables import data_table
from screens.frame.text import bulleted, element, escaped, link
from screens.runs import draw_shapes
from screens.threshold import history
from screens.threshold.occasions import around


def answer(row: ScorecardRow) -> str:
    """The threshold's state in a sentence: how likely within a year, by when, how likely crossed already."""
    f = row.forecast
    if f is None or f.refused or f.p_now is None or f.p_12_months is None:
        return f"{row.status.name.capitalize()}. {row.unforecast}"
    return (
        f"{chance_in_words(f.p_12_months)} within 12 months ({in_words(f.p_12_months)}), {even_odds(f)}; "
        f"{chance_in_words(f.p_now)} that it has been crossed already. "
        f"80 % interval: {interval(f, whole_month)}. {outdated(f)}"
    ).strip()


def how_sure(row: ScorecardRow) -> list[str]:
    """What measurement alone says, what the chance rests on and how sure one can be, a sentence each."""
    f = row.forecast
    if f is None or f.refused or f.by_measurement is None:
        return []
    alone = f.by_measurement
    said = [f"No headline, {row.withheld}."] if row.withheld else []
    if alone.p_12_months != f.p_12_months:
        said.append(
            f"By measurement alone, without what the developer found: {chance_in_words(alone.p_now)} already, "
            f"{chance_in_words(alone.p_12_months)} within 12 months."
        )
    if (f.weight_used or 0) < 1:
        said.append(f"It rests on {percent(f.weight_used or 0)} of the agreed measurement.")
    said += [row.grounds.words] if row.grounds else []
    said += [f"Same forecast as {', '.join(row.same_as)}."] if row.same_as else []
    return said


def draw_figures(f: Forecast) -> None:
    """The chances by date, a line each with its words; the mass beyond the horizon is never left out."""
    soon = plus_months(f.as_of, 12)
    dated = [(f.as_of, "Crossed already", "", f.p_now), (soon, "Within 12 months", "", f.p_12_months)]
    if f.next_meeting:
        dated.append(
            (f.next_meeting, f"By {month_in_words(f.next_meeting)}", "next meeting", f.p_next_meeting)
        )
    dated += [
        (on, f"By {name}", "", p) if name.startswith("end") else (on, f"By {month_in_words(on)}", name, p)
        for on, name, p in f.p_by
    ]
    dated.sort(key=lambda one: one[0])
    if f.horizon:
        dated.append((f.horizon, f"Not by {f.horizon.year}", "", f.p_beyond_horizon))
    lines = [
        element(
            "tr",
            element("th", label, element("small", occasion) if occasion else "", scope="row"),
            element("td", chance_in_words(p)),
            element("td", in_words(p)),
            cls="soon" if on == soon and not occasion else "",
        )
        for on, label, occasion, p in dated
        if p is not None
    ]
    st.html(element("table", element("tbody", *lines), cls="ladder"))


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
    """Each indicator's readings under a run's fan and the criteria's levels, another run's fan dashed; two in a row."""
    shown = list(indicators)
    with st.container(key="pairs"):
        places = [place for _ in shown[::2] for place in st.columns(min(len(shown), 2), gap="large")]
    for indicator, place in zip(shown, places, strict=False):  # an odd one stands alone in its row
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
        draw_chart(chart, place, run=run.id if run else "")


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
        st.markdown(bulleted(t.obligations or ("No obligation is stated.",)))
    read = (
        f" on {day_in_words(row.read.read_on)}, {row.read.place}" if row.read and t.grade == "primary" else ""
    )
    st.caption(
        f"{link(row.source.title, row.source.url)}, {escaped(day_in_words(row.source.published_on))}; "
        + escaped(
            f"{GRADES[t.grade]}{read}. Version {t.version}, in force since {day_in_words(row.framework.effective_on)}."
        )
    )


CRITERIA = (  # what is shown of a criterion; the download carries all
    "measured by",
    "level (median)",
    "80 % interval, gap included",
    "gap to real work",
    "route",
    "weight",
    "decides",
    "chance already",
    "in 12 months",
    "even odds by",
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
                "even odds by": by.q50 if by else None,
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


def draw_criteria(frame: Frame, row: ScorecardRow, known: Evidence, adopted: Collection[str]) -> None:
    """The criteria's table, their reasons behind it; without criteria, what would have to be published first."""
    table = criteria_frame(row, known, adopted)
    if table.empty:
        st.markdown(escaped(row.unforecast))
        return
    told = table[list(CRITERIA)].dropna(axis="columns", how="all")
    told = told.loc[:, [name for name in told if set(told[name]) - {"", "none"}]]
    data_table(
        told.fillna({"80 % interval, gap included": ""}),
        chances=("weight", "decides", "chance already", "in 12 months"),
        months=("even odds by",),
        alt="Criteria by which the threshold is measured",
    )
    st.caption(escaped(adoption(row, adopted)))
    with st.expander("Why these levels, and how they are weighed"):
        for c, said in zip(row.criteria, table.to_dict("records"), strict=True):
            source = known.sources.get(c.source)
            stands = f"Proposed by {c.author}{'; adopted' if c.id in adopted else ''}."
            st.markdown(f"**{escaped(said['measured by'])}.** {escaped(c.rationale)} {escaped(stands)}")
            if source:
                st.caption(link(source.title, source.url))
        st.caption(
            escaped(
                "Within a route weights mix measures of one thing; routes are combined by the rule of the text "
                f"({row.threshold.rule}). What a criterion decides is counted after what the developer found.\n\n"
                f"{left_out_words([c.indicator for c in row.criteria], frame.as_of)}"
            )
        )
        table_download(table, frame, f"criteria-{row.threshold.id}")


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
        st.markdown(escaped(status_of(dossier.row)))
        return
    config = {"note": st.column_config.TextColumn(width="large")}
    data_table(table, links=("source",), config=config, alt="The developer's determinations so far")


def title(row: ScorecardRow) -> str:
    """The page's headline."""
    return whole_name(row)


def choose(frame: Frame, rows: Iterable[ScorecardRow]) -> tuple[str, str]:
    """Let a person choose one threshold of these: its id and its title."""
    names = {row.threshold.id: title(row) for row in rows}
    about = choice(frame, "Threshold", names, key="threshold")
    return about, names.get(about, about)


def nearest_first(rows: Iterable[ScorecardRow], framework: str | None = None) -> list[ScorecardRow]:
    """In the order of choosing: those of a framework that is asked for, then on self-improvement, the nearest first.

    As on the scorecard: what is likelier crossed already than not comes after what is still ahead.
    """

    def place(row: ScorecardRow) -> tuple[bool, bool, bool, float]:
        f = row.forecast
        near = f.p_12_months if f and f.p_12_months is not None and not row.status.reached else -1.0
        passed = f is not None and f.p_now is not None and likelier_crossed(f.p_now)
        return (row.threshold.framework != framework, not row.threshold.rsi_relevant, passed, -near)

    return sorted(rows, key=place)


def draw_answer(frame: Frame, dossier: Dossier) -> None:
    """The tab Answer: the chances by date, why, how sure, what the threshold says, how the answer moved."""
    row = dossier.row
    if row.forecast is None or row.forecast.refused:
        st.markdown(escaped(status_of(row)))
        draw_definition(row)
        return
    run = row.forecast.run
    left, right = st.columns((5, 3), gap="large")
    draw_chart(crossing(run, as_of=frame.as_of, name=title(row)), left)
    with right:
        draw_figures(row.forecast)
    why, sure, found = st.columns(3, gap="large")
    draw_column(why, "Because", row.because or "No reading is on record that says why.")
    late = sentence(record.class_outcomes(frame.store, frame.as_of))
    draw_column(sure, "How sure", " ".join([*how_sure(row), late]))
    draw_column(found, "What the developer has found", status_of(row))
    draw_definition(row)
    st.subheader("How the chance and the date moved", anchor=False)
    history.draw(frame, dossier, title(row))
    st.subheader("How far the answer depends on the model", anchor=False)
    draw_shapes(run)


def status_of(row: ScorecardRow) -> str:
    """What the developer has found, once: the status, and the reason where it says more."""
    name, reason = row.status.name.capitalize(), row.status.reason
    return reason if reason.startswith(name) else f"{name}. {reason}"


def draw_evidence_tab(frame: Frame, dossier: Dossier, known: Evidence) -> None:
    """The tab Evidence: readings under the trend and the levels, criteria, and what the developer has found."""
    row = dossier.row
    run = row.forecast.run if row.forecast and not row.forecast.refused else None
    draw_evidence(run, row, known, measured_by(row, known), as_of=frame.as_of)
    st.subheader("How it is measured", anchor=False)
    draw_criteria(frame, row, known, dossier.adopted)
    st.subheader("What the developer has found", anchor=False)
    draw_determinations(dossier, known)
