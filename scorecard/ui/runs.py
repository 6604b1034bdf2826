"""The Forecasts page in parts: which runs there are, two of them beside each other, in a sentence and a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.briefings.words import chance_in_words, day_in_words, month_in_words, title_of
from scorecard.records import POOL, ForecastRun

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
        return str(run.result.get("message") or "This run failed its checks.")
    words = f"Median {_month(run, 'q50')}, 80 % interval {_month(run, 'q10')} to {_month(run, 'q90')}."
    spread = [by["q50"] for by in run.result["by_shape"].values() if by["q50"]]
    if len(spread) > 1:
        first, last = (month_in_words(date.fromisoformat(text)) for text in (min(spread), max(spread)))
        words += f" By shape, medians run from {first} to {last}."
    if other is None or not other.publishable or not other.result["q50"] or not run.result["q50"]:
        return words
    days = (date.fromisoformat(run.result["q50"]) - date.fromisoformat(other.result["q50"])).days
    way = "later" if days > 0 else "earlier"
    return f"{words} The median is {abs(days) / 30.44:.1f} months {way} than in the run beside it."


def _month(run: ForecastRun, name: str) -> str:
    text = run.result[name]
    if not text:
        return f"after {date.fromisoformat(run.result['horizon']).year}"
    day = date.fromisoformat(text)
    return "already" if day <= run.as_of else month_in_words(day)


def draw_beside(run: ForecastRun, other: ForecastRun | None) -> None:
    """Dates and chances of one or two runs, combined and by shape, with the weights."""
    rows = [row for one in (run, other) if one is not None and one.publishable for row in _rows(one)]
    config = {
        name: st.column_config.NumberColumn(format="percent")
        for name in ("weight", "already", "in 12 months", "not by the horizon")
    }
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=config, alt="Forecasts by shape and combined"
    )


def _rows(run: ForecastRun) -> Iterable[Mapping[str, object]]:
    parts = {"all, combined": {**run.result, "weight": 1.0}, **run.result["by_shape"]}
    for name, part in parts.items():
        yield {
            "as of": run.as_of, "shape": title_of(name), "weight": round(part["weight"], 3),
            "already": round(part["p_now"], 3), "in 12 months": round(part["p_12_months"], 3),
            "10 %": part["q10"], "median": part["q50"], "90 %": part["q90"],
            "not by the horizon": round(part["p_beyond_horizon"], 3), "priors": run.prior_set,
        }  # fmt: skip


def draw_joint(run: ForecastRun, rows: Iterable[Mapping[str, object]]) -> None:
    """What any, some or all criteria give (rows of forecasts/joint.py), under the mixture that is quoted."""
    mixed = {**run.result, "rule": "mixed by weight (quoted)"}
    dates = {"q10": "10 %", "q50": "median", "q90": "90 %"}
    told = [
        {"criteria met": row["rule"], "in 12 months": row["p_12_months"]}
        | {shown: row[name] or "beyond the horizon" for name, shown in dates.items()}
        for row in (mixed, *rows)
    ]
    st.dataframe(
        pd.DataFrame(told), hide_index=True, alt="Crossing dates when any, some or all criteria are met",
        column_config={"in 12 months": st.column_config.NumberColumn(format="percent")},
    )  # fmt: skip
    forecast = run.result["by_criterion"]
    st.caption(
        f"{len(forecast)} of {len(run.criteria)} criteria can be forecast on this day and are meant here. What is "
        "quoted takes them as alternatives, of which one is right by its weight; this is exploratory."
    )


def caution_and_lag(mean: float, sd: float, lag: float) -> tuple[float, float, float]:
    """Let a person move how early a developer decides and how long it waits to tell, in months; sliders start here."""
    first, second, third = st.columns(3)
    return (
        first.slider(
            "Months by which the developer decides early", -12.0, 12.0, _within(mean, -12.0, 12.0), 0.5,
            key="caution", bind="query-params", help="Out of caution; below zero it decides late.",
        ),
        second.slider(
            "How uncertain that is (standard deviation, months)", 0.5, 12.0, _within(sd, 0.5, 12.0), 0.5,
            key="caution_sd", bind="query-params",
        ),
        third.slider(
            "Months from determination to publication (median)", 0.1, 12.0, _within(lag, 0.1, 12.0), 0.1,
            key="lag", bind="query-params",
        ),
    )  # fmt: skip


def _within(value: float, low: float, high: float) -> float:
    return round(min(max(value, low), high), 1)


def draw_reporting(found: Mapping[str, Any]) -> None:
    """Crossed, determined, published (figures of forecasts/determination.py), under the crossing that is quoted."""
    named = {
        "crossed, as quoted": "crossing_alone", "crossed": "crossing", "determined": "determination",
        "published": "publication",
    }  # fmt: skip
    dates = {"q10": "10 %", "q50": "median", "q90": "90 %"}
    told = [
        {"date": shown, "already": found[name]["p_now"], "in 12 months": found[name]["p_12_months"]}
        | {title: found[name][q] or "beyond the horizon" for q, title in dates.items()}
        for shown, name in named.items()
    ]
    st.dataframe(
        pd.DataFrame(told), hide_index=True, alt="When crossed, determined by the developer, and published",
        column_config={
            name: st.column_config.NumberColumn(format="percent") for name in ("already", "in 12 months")
        },
    )  # fmt: skip
    st.caption(f"{found['words']} This is {found['status']}.")


def chances(run: ForecastRun) -> str:
    """How likely crossed already and within a year, in words, for a caption."""
    now, year = (chance_in_words(run.result[name]) for name in ("p_now", "p_12_months"))
    return f"{now} that it was crossed by {day_in_words(run.as_of)}, {year} within 12 months of that day."
