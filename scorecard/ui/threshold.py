"""One threshold on the screen: the answer, its charts, what it means and obliges, criteria, shapes and checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.briefings.words import chance_in_words, day_in_words, month_in_words, title_of, value_in_words
from scorecard.records import Criterion, ForecastRun, Indicator
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.forecast import Forecast, in_words
from scorecard.ui.board import interval, median, name_of
from scorecard.ui.page import GRADES, choice, escaped
from scorecard.ui.record import Dossier, Evidence


def answer(row: ScorecardRow) -> str:
    """The threshold's state in a sentence: how likely crossed already, and when otherwise."""
    f = row.forecast
    if f is None or f.refused or f.p_now is None or f.p_12_months is None:
        return f"{row.status.name.capitalize()}. {row.unforecast}"
    when = median(f).lower() if median(f).startswith(("After", "Already")) else median(f)
    return (
        f"{chance_in_words(f.p_now)} chance ({in_words(f.p_now)}) that it has been crossed already, "
        f"{chance_in_words(f.p_12_months)} ({in_words(f.p_12_months)}) within 12 months. "
        f"Median {when}, 80 % interval {interval(f)}."
    )


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
                    st.caption(label)
                    st.markdown(f"**{chance_in_words(p)}**  \n{in_words(p)}")
                    if occasion:
                        st.caption(escaped(occasion))


def levels_of(run: ForecastRun, criteria: tuple[Criterion, ...], indicator: Indicator) -> dict[str, Any]:
    """Words for each level of an indicator to its q10, q50, q90, for the evidence chart."""
    found: dict[str, Any] = {}
    for c in criteria:
        stated = run.result.get("by_criterion", {}).get(c.id)
        if c.indicator == indicator.id and stated:
            found[f"level {value_in_words(stated['level']['q50'], indicator.unit)}"] = stated["level"]
    return found


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
    st.caption(
        f"[{escaped(row.source.title)}]({row.source.url}), {day_in_words(row.source.published_on)}; "
        f"{GRADES[t.grade]}. Version {t.version}, in force since {day_in_words(row.framework.effective_on)}."
    )


def criteria_frame(row: ScorecardRow, known: Evidence, adopted: Collection[str]) -> pd.DataFrame:
    """The criteria with level, gap and weight, and what the forecast says by each alone."""
    run = row.forecast.run if row.forecast and not row.forecast.refused else None
    stated = run.result.get("by_criterion", {}) if run else {}
    rows = []
    for c in row.criteria:
        indicator = known.indicators.get(c.indicator)
        unit = indicator.unit if indicator else ""
        by: Mapping[str, Any] = stated.get(c.id, {})
        level = by.get("level")
        rows.append(
            {
                "measured by": indicator.name if indicator else c.indicator,
                "level (median)": value_in_words(level["q50"] if level else c.level, unit),
                "80 % interval, gap included": _span(level, unit) if level else None,
                "gap to real work": _gap(c, indicator),
                "weight": c.weight,
                "chance already": by.get("p_now"),
                "in 12 months": by.get("p_12_months"),
                "median": by.get("q50"),
                "why this level": c.rationale,
                "author": c.author,
                "standing": "adopted" if c.id in adopted else "proposed, not adopted",
                "source": known.sources[c.source].url if c.source in known.sources else None,
            }
        )
    return pd.DataFrame(rows)


def _gap(c: Criterion, indicator: Indicator | None) -> str:
    """How much further real work lies than the indicator's level, in steps of its scale."""
    if not c.gap and not c.gap_sd:
        return "none"
    steps = {"log2": "doublings", "log10": "tenfolds", "logit": "logits"}
    step = steps.get(indicator.scale, indicator.unit) if indicator else ""
    return f"{c.gap:g} ± {c.gap_sd:g} {step}".rstrip()


def _span(level: Mapping[str, Any], unit: str) -> str:
    return f"{value_in_words(level['q10'], unit)} to {value_in_words(level['q90'], unit)}"


def draw_criteria(row: ScorecardRow, known: Evidence, adopted: Collection[str]) -> pd.DataFrame:
    """The criteria's table; without criteria, what would have to be published first."""
    table = criteria_frame(row, known, adopted)
    if table.empty:
        st.info(escaped(row.unforecast))
        return table
    chances = ["chance already", "in 12 months"]
    config: dict[str, Any] = {name: st.column_config.NumberColumn(format="percent") for name in chances}
    config |= {
        "source": st.column_config.LinkColumn(display_text="open"),
        "why this level": st.column_config.TextColumn(width="large"),
    }
    shown = table.fillna({"80 % interval, gap included": ""})
    shown[chances] = shown[chances].astype(float).round(3)
    st.dataframe(
        shown, hide_index=True, column_config=config, alt="Criteria by which the threshold is measured"
    )
    st.caption(f"{adoption(row, adopted)} Weights mix the criteria, each a way to be right.")
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
            "source": known.sources[d.source].url if d.source in known.sources else d.source,
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
    config: dict[str, Any] = {
        "date": st.column_config.DateColumn(format="YYYY-MM-DD"),
        "source": st.column_config.LinkColumn(display_text="open"),
        "note": st.column_config.TextColumn(width="large"),
    }
    st.dataframe(table, hide_index=True, column_config=config, alt="The developer's determinations so far")


def shapes_frame(run: ForecastRun) -> pd.DataFrame:
    """The forecast by each shape alone, with its weight in the combination."""
    shapes: Mapping[str, Mapping[str, Any]] = run.result.get("by_shape", {})
    return pd.DataFrame(
        [
            {
                "shape": title_of(name),
                "weight": by.get("weight"),
                "in 12 months": by.get("p_12_months"),
                "10 % date": _month(by.get("q10"), run),
                "median": _month(by.get("q50"), run),
                "90 % date": _month(by.get("q90"), run),
                "not by the horizon": by.get("p_beyond_horizon"),
            }
            for name, by in shapes.items()
        ]
    )


def _month(text: str | None, run: ForecastRun) -> str:
    """A stored date to the month; one that is past or beyond the horizon says so."""
    if text is None:
        return f"after {date.fromisoformat(run.result['horizon']).year}"
    day = date.fromisoformat(text)
    return "already" if day <= run.as_of else month_in_words(day)


def draw_shapes(run: ForecastRun) -> None:
    """How far the answer depends on the shape of the trend."""
    table = shapes_frame(run)
    if table.empty:
        st.info("This run did not keep its shapes apart.")
        return
    chances = ["weight", "in 12 months", "not by the horizon"]
    config = {name: st.column_config.NumberColumn(format="percent") for name in chances}
    table[chances] = table[chances].astype(float).round(3)
    st.dataframe(table, hide_index=True, column_config=config, alt="The forecast by each trend shape")
    stated = [by.get("q50") for by in run.result["by_shape"].values()]
    medians = [date.fromisoformat(text) for text in stated if text]
    spread = (
        f"Medians run from {month_in_words(min(medians))} to {month_in_words(max(medians))}"
        if medians
        else "No shape has a median before the horizon"
    )
    st.caption(
        f"{spread}. The data hardly tell the shapes apart, so none is chosen: the combination weights them as shown. "
        ""
    )


def draw_checks(run: ForecastRun) -> None:
    """The run's checks in words; a failed one is why nothing is quoted."""
    items: list[Mapping[str, Any]] = list(run.checks.get("items", ()))
    failed = [item for item in items if not item["passed"]]
    if run.publishable:
        st.markdown(
            f"All {len(items)} checks of this run passed."
            if not failed
            else f"{len(items) - len(failed)} of {len(items)} checks passed."
        )
    else:
        st.warning(str(run.result.get("message") or "The run failed its checks; nothing is quoted from it."))
    for item in failed:
        advice = f" {item['advice']}" if item.get("advice") else ""
        reading = f"{item['name']} is {item['value']:.4g}, the limit is {item['limit']:g}"
        st.markdown(f"- {escaped(str(item['what']))}: {reading}.{escaped(advice)}")
    words = run.result.get("sensitivity", {}).get("words")
    if words:
        st.markdown(escaped(str(words)))
    if items:
        table = pd.DataFrame(items)[["what", "name", "value", "limit", "passed"]]
        with st.expander("Every check"):
            st.dataframe(table, hide_index=True, alt="Checks of the forecast run")
    st.caption(
        f"Run {run.id[:12]}, model {run.model} {run.model_version}, prior set {run.prior_set}, "
        f"seed {run.seed}, data {run.data_hash[:12]}."
    )


def title(row: ScorecardRow) -> str:
    """The page's headline."""
    return f"{row.framework.developer}: {name_of(row)}"


def choose(rows: Iterable[ScorecardRow]) -> tuple[str, str]:
    """Let a person choose one threshold of these in the sidebar: its id and its title."""
    names = {row.threshold.id: title(row) for row in rows}
    about = choice("Threshold", names, key="threshold")
    return about, names.get(about, about)
