"""Forecasts on record in parts: which there are, two of them beside each other, by model, with their checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.clock import MONTH
from scorecard.records import POOL, QUICK, CrossingSummary, ForecastRun
from scorecard.words import chance_in_words, day_in_words, month_in_words, title_of
from screens.frame.tables import data_table
from screens.frame.text import escaped

NOTHING = "none"  # in the address: no run to compare with
NOW = "now"  # what a date of crossing reads that is past


def labels(runs: Iterable[ForecastRun]) -> dict[str, str]:
    """Names for runs, newest first: the day, how it was computed and under which priors."""
    return {
        run.id: f"{day_in_words(run.as_of)}: {made(run)}, model {run.model_version}, {run.prior_set} priors"
        + ("" if run.publishable else " (no forecast)")
        for run in newest_first(runs)
    }


def as_log(runs: Iterable[ForecastRun]) -> pd.DataFrame:
    """A line a forecast, newest first: how it was made and what it said."""
    return pd.DataFrame(
        [
            {
                "as of": run.as_of,
                "in 12 months": run.quoted.p_12_months if run.publishable else None,
                "even odds by": month_of(run, run.quoted.q50) if run.publishable else "no forecast",
                "assumptions": run.prior_set,
                "made": f"{made(run)}, model {run.model_version}",
            }
            for run in newest_first(runs)
        ]
    )


def made(run: ForecastRun) -> str:
    """How a forecast was computed, in a word."""
    return {POOL: "sampled", QUICK: "approximated"}.get(run.model, run.model)


def draw_log(table: pd.DataFrame) -> None:
    """The forecasts of a threshold, a line each."""
    data_table(table, chances=("in 12 months",), alt="Forecasts on record")


def newest_first(runs: Iterable[ForecastRun]) -> list[ForecastRun]:
    """By day, and on a day the sampled one before the approximated."""
    return sorted(runs, key=lambda run: (run.as_of, run.model == POOL), reverse=True)


def answer(run: ForecastRun, other: ForecastRun | None) -> str:
    """The run's dates in a sentence, and how far they lie from the other's."""
    if not run.publishable:
        return run.refusal
    said = run.quoted
    ends = dict.fromkeys((month_of(run, said.q10), month_of(run, said.q90)))  # one, if both are past
    words = f"Median {month_of(run, said.q50)}, 80 % interval {' to '.join(ends)}."
    spread = [by.q50 for by in said.by_shape.values() if by.q50]
    first, last = (month_of(run, day) for day in (min(spread), max(spread))) if spread else ("", "")
    if first != last:
        words += f" By model, medians run from {first} to {last}."
    before = other.quoted.q50 if other is not None and other.publishable else None
    if before is None or said.q50 is None:
        return words
    days = (said.q50 - before).days
    way = "later" if days > 0 else "earlier"
    return f"{words} The median is {abs(days) / MONTH:.1f} months {way} than in the run beside it."


def month_of(run: ForecastRun, day: date | None) -> str:
    """A date that a run says, to the month; one that is past or beyond the horizon says so."""
    if day is None:
        return f"after {run.quoted.horizon.year}"
    return NOW if day <= run.as_of else month_in_words(day)


def draw_beside(run: ForecastRun, other: ForecastRun | None) -> None:
    """Dates and chances of one or two runs, combined and by model, with the weights."""
    rows = [row for one in (run, other) if one is not None and one.publishable for row in _rows(one)]
    chances = ("weight", "already", "in 12 months", "not by the horizon")
    data_table(pd.DataFrame(rows), chances=chances, alt="Forecasts by model and combined")


def _rows(run: ForecastRun) -> Iterable[Mapping[str, object]]:
    whole: tuple[str, CrossingSummary, float] = ("all, combined", run.quoted, 1.0)
    for name, part, weight in (whole, *((n, by, by.weight) for n, by in run.quoted.by_shape.items())):
        yield {
            "as of": run.as_of,
            "model": title_of(name),
            "weight": weight,
            "already": part.p_now,
            "in 12 months": part.p_12_months,
            "10 %": month_of(run, part.q10),
            "even odds by": month_of(run, part.q50),
            "90 %": month_of(run, part.q90),
            "not by the horizon": part.p_beyond_horizon,
            "priors": run.prior_set,
        }


def draw_joint(run: ForecastRun, rules: Iterable[tuple[str, CrossingSummary]]) -> None:
    """What any, some or all criteria give, each rule in words with its crossing, under the mixture that is quoted."""
    told = [
        {
            "criteria met": rule,
            "in 12 months": one.p_12_months,
            "10 %": month_of(run, one.q10),
            "even odds by": month_of(run, one.q50),
            "90 %": month_of(run, one.q90),
        }
        for rule, one in (*_quoted(run), *rules)
    ]
    data_table(
        pd.DataFrame(told),
        alt="Crossing dates when any, some or all criteria are met",
        chances=("in 12 months",),
    )
    forecast = run.quoted.by_criterion
    st.caption(
        f"{len(forecast)} of {len(run.criteria)} criteria can be forecast on this day and are meant here, by "
        "measurement alone. What is quoted combines them by the threshold's own rule; this is exploratory."
    )


def _quoted(run: ForecastRun) -> Iterable[tuple[str, CrossingSummary]]:
    """What is quoted, and where a developer's finding counts in it, what measurement alone says."""
    yield "as quoted", run.quoted
    if run.quoted.findings and run.quoted.by_measurement:
        yield "as quoted, without the developer's findings", run.quoted.by_measurement


def caution_and_lag(mean: float, sd: float, lag: float) -> tuple[float, float, float]:
    """Let a person move how early a developer decides and how long it waits to tell, in months; sliders start here."""
    first, second, third = st.columns(3)
    return (
        first.slider(
            "Months by which the developer decides early",
            -12.0,
            12.0,
            _within(mean, -12.0, 12.0),
            0.5,
            key="caution",
            bind="query-params",
            help="Out of caution; below zero it decides late.",
        ),
        second.slider(
            "How uncertain that is (standard deviation, months)",
            0.5,
            12.0,
            _within(sd, 0.5, 12.0),
            0.5,
            key="caution_sd",
            bind="query-params",
        ),
        third.slider(
            "Months from determination to publication (median)",
            0.1,
            12.0,
            _within(lag, 0.1, 12.0),
            0.1,
            key="lag",
            bind="query-params",
        ),
    )


def _within(value: float, low: float, high: float) -> float:
    return round(min(max(value, low), high), 1)


def draw_reporting(found: Mapping[str, Any]) -> None:
    """Crossed, determined, published (forecasts/dates/determination.py), under the crossing by measurement alone."""
    named = {
        "crossed, by measurement alone": "crossing_alone",
        "crossed": "crossing",
        "determined": "determination",
        "published": "publication",
    }
    dates = {"q10": "10 %", "q50": "even odds by", "q90": "90 %"}
    told = [
        {"date": shown, "already": found[name]["p_now"], "in 12 months": found[name]["p_12_months"]}
        | {title: _month(found[name][q]) for q, title in dates.items()}
        for shown, name in named.items()
    ]
    data_table(
        pd.DataFrame(told),
        alt="When crossed, determined by the developer, and published",
        chances=("already", "in 12 months"),
    )
    st.caption(escaped(f"{found['words']} This is {found['status']}."))


def _month(day: str | None) -> str:
    return month_in_words(date.fromisoformat(day)) if day else "beyond the horizon"


def chances(run: ForecastRun) -> str:
    """How likely crossed already and within a year, in words, for a caption."""
    now, year = (chance_in_words(p) for p in (run.quoted.p_now, run.quoted.p_12_months))
    return f"{now} that it was crossed by {day_in_words(run.as_of)}, {year} within 12 months of that day."


def shapes_frame(run: ForecastRun) -> pd.DataFrame:
    """The forecast by each model alone, with its weight in what is quoted."""
    return pd.DataFrame(
        [
            {
                "model": title_of(name),
                "weight": by.weight,
                "in 12 months": by.p_12_months,
                "10 % by": month_of(run, by.q10),
                "even odds by": month_of(run, by.q50),
                "90 % by": month_of(run, by.q90),
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
    ends = [month_of(run, day) for day in (min(medians), max(medians))] if medians else []
    spread = (
        "No model has even odds before the horizon"
        if not ends
        else f"Even odds run from {ends[0]} to {ends[1]}"
        if ends[0] != ends[1]
        else "Every model puts even odds in the past"
        if ends[0] == NOW
        else f"Every model has even odds by {ends[0]}"
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
        error = run.quoted.mcse
        close = f", with a Monte Carlo error of {100 * error.p_12_months:.1f} points" if error else ""
        st.markdown(escaped(f"{len(items) - len(failed)} of {len(items)} checks of this run passed{close}."))
    else:
        st.warning(escaped(run.refusal))
    for item in failed:
        advice = f" {item.advice[:1].upper()}{item.advice[1:]}." if item.advice else ""
        reading = f"{item.name} is {item.value:.4g}, the limit is {item.limit:g}.{advice}"
        st.markdown(f"- {escaped(item.what)}: {escaped(reading)}")
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
