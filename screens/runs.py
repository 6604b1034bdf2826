"""The Forecasts page in parts: which runs there are, two of them beside each other, in a sentence and a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.clock import MONTH
from scorecard.records import POOL, CrossingSummary, ForecastRun
from scorecard.words import chance_in_words, day_in_words, month_in_words, title_of
from screens.frame.tables import data_table
from screens.frame.text import escaped

NOTHING = "none"  # in the address: no run to compare with


def labels(runs: Iterable[ForecastRun]) -> dict[str, str]:
    """Names for runs, newest first: the day, how it was computed and under which priors."""
    newest = sorted(runs, key=lambda run: (run.as_of, run.model == POOL), reverse=True)
    return {
        run.id: f"{day_in_words(run.as_of)}: {run.model} {run.model_version}, {run.prior_set} priors"
        + ("" if run.publishable else " (no forecast)")
        for run in newest
    }


def answer(run: ForecastRun, other: ForecastRun | None) -> str:
    """The run's dates in a sentence, and how far they lie from the other's."""
    if not run.publishable:
        return run.refusal
    said = run.quoted
    ends = dict.fromkeys((month_of(run, said.q10), month_of(run, said.q90)))  # one, if both say "already"
    words = f"Median {month_of(run, said.q50)}, 80 % interval {' to '.join(ends)}."
    spread = [by.q50 for by in said.by_shape.values() if by.q50]
    if len(spread) > 1:
        first, last = month_in_words(min(spread)), month_in_words(max(spread))
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
    return "already" if day <= run.as_of else month_in_words(day)


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
            "median": month_of(run, part.q50),
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
            "median": month_of(run, one.q50),
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
    dates = {"q10": "10 %", "q50": "median", "q90": "90 %"}
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
