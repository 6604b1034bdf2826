"""The scorecard in words: the nearest threshold and why, what changed since the last meeting, how sure we are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from scorecard.clock import plus_months
from scorecard.evidence.readings.adjusting import published_readings
from scorecard.records import Determination, Meeting
from scorecard.store import Store
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.forecast import Forecast, likelier_crossed
from scorecard.thresholds.quoted.league import ScoredForecast
from scorecard.thresholds.quoted.outcomes import sentence
from scorecard.thresholds.quoted.together import together
from scorecard.words import (
    chance_in_words,
    day_in_words,
    points_in_words,
    spoken,
    title_of,
    value_in_words,
    whole_month,
)
from screens.board import interval, whole_name
from screens.frame.record import Opened
from screens.frame.text import escaped

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

COUNTS = (
    "None",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
)
LOOKED_BACK = 3  # months, where no meeting was held
LISTED = 110  # characters of names in one line
MOST_NAMED = 3  # thresholds in one sentence


class News(NamedTuple):
    """What came onto the record between two days: findings of developers and readings."""

    findings: int
    readings: int


def measured(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    """The rows whose chance can be said and is still a question, the most probable within 12 months first."""
    usable = [row for row in rows if _quoted(row) and not row.status.reached]
    return sorted(usable, key=lambda row: -(forecast_of(row).p_12_months or 0))


def ahead(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    """The same without those that are likelier crossed already than not, where any other is left."""
    near = measured(rows)
    return [row for row in near if not likelier_crossed(forecast_of(row).p_now)] or near


def _quoted(row: ScorecardRow) -> bool:
    f = row.forecast
    return f is not None and not f.refused and f.p_12_months is not None and not row.withheld


def forecast_of(row: ScorecardRow) -> Forecast:
    """The forecast of a row that has one."""
    if row.forecast is None:
        raise ValueError(f"{row.threshold.id} has no forecast")
    return row.forecast


def count_in_words(number: int) -> str:
    """A number as a sentence begins with it."""
    return COUNTS[number] if number < len(COUNTS) else str(number)


def nearest(rows: Sequence[ScorecardRow]) -> str:
    """The scorecard in one line: the nearest threshold, its chance, its date."""
    if not rows:
        return "No threshold matches these filters."
    near = ahead(rows)
    if not near:
        return f"{len(rows)} thresholds on record; none of them has a forecast for this day yet."
    f = forecast_of(near[0])
    return f"{whole_name(near[0])} is nearest: {chance_in_words(f.p_12_months or 0)} within 12 months, {even_odds(f)}"


def even_odds(f: Forecast) -> str:
    """The median date as people say it."""
    if f.q50 is None:
        return f"even odds only after {f.horizon.year}" if f.horizon else "even odds beyond the horizon"
    return "even odds that it has been crossed" if f.q50 <= f.as_of else f"even odds by {whole_month(f.q50)}"


def together_of(opened: Opened, as_of: date, rows: Sequence[ScorecardRow]) -> str:
    """The chance that any of the rows shown is crossed within twelve months; empty where it cannot be counted."""
    runs = tuple(row.forecast.run.id for row in measured(rows) if row.forecast)
    found = _together(opened, as_of, runs, rows)
    return f"{found}." if found else ""


@st.cache_data(show_spinner=False, max_entries=16)
def _together(opened: Opened, as_of: date, runs: tuple[str, ...], _rows: Sequence[ScorecardRow]) -> str:
    found = together(Store(opened.address), _rows, as_of) if len(runs) > 1 else None
    if found is None:
        return ""
    left = f" ({len(found.left_out)} more could not be counted with them)" if found.left_out else ""
    return (
        f"At least one more of {len(found.names)} thresholds is crossed within 12 months: "
        f"{chance_in_words(found.another(found.soon).p)}{left}"
    )


def above_half(rows: Sequence[ScorecardRow]) -> str:
    """How many stand above 50 %, which are likelier crossed than not, how many cannot be measured: counted."""
    near = measured(rows)
    passed = [whole_name(row) for row in near if likelier_crossed(forecast_of(row).p_now)]
    above = sum((forecast_of(row).p_12_months or 0) > 0.5 for row in near)
    stand = "stands" if above == 1 else "stand"
    of = f"{count_in_words(above)} of {count_in_words(len(near)).lower()} thresholds"
    words = f"{of} {stand} above 50 % within 12 months"
    if passed:
        count = count_in_words(len(passed)).lower()
        words += f", {count} of them ({', '.join(passed)}) likelier crossed already than not"
    if others := len(unmeasured(rows)):
        words += f", {others} more that nobody can measure yet"
    old = sum(bool(forecast_of(row).outdated) for row in near)
    return (
        f"{words}; {old} of the forecasts {'is' if old == 1 else 'are'} outdated and being renewed"
        if old
        else words
    )


def because(row: ScorecardRow) -> str:
    """Why the date is where it is, in a sentence, with the system that the newest reading is of."""
    if row.latest is None:
        return row.because or "No reading is on record that says why."
    m, unit = row.latest.measurement, row.latest.indicator.unit
    bound = {"exact": "", "at_least": "at least ", "at_most": "at most "}[m.bound]
    newest = f"{bound}{value_in_words(m.value, unit)} ({row.latest.system}, {whole_month(m.observed_on)})"
    name = row.latest.indicator.name
    if not row.because:
        return f"{name}: newest reading {newest}."
    of = "" if row.because.startswith(name) else f" of {name}"  # else 81 % would be read as one of hours
    return f"{row.because} Newest reading{of}: {newest}."


def how_sure(row: ScorecardRow, resolved: Sequence[ScoredForecast]) -> str:
    """The interval, the trend shapes that disagree most, and how late such dates were."""
    f = forecast_of(row)
    words = f"80 % interval: {interval(f, whole_month)}. "
    words += f"Confidence is {row.grounds.confidence}. " if row.grounds else ""
    medians = {name: by.q50 for name, by in f.run.quoted.by_shape.items() if by.q50}
    if len(medians) > 1:
        last = max(medians, key=lambda name: medians[name])
        words += f"{title_of(last)} alone would say {whole_month(medians[last])}. "
    return words + sentence(resolved)


@st.cache_resource(show_spinner=False, max_entries=16)
def since(opened: Opened, as_of: date) -> date:
    """The day to compare with: of the last meeting before, else three months ago."""
    with Store(opened.address).view() as now:
        held = [m.held_on for m in now.all(Meeting) if m.held_on < as_of and m.state != "scheduled"]
    return max(held, default=plus_months(as_of, -LOOKED_BACK))


@st.cache_resource(show_spinner=False, max_entries=16)
def news(opened: Opened, then: date, as_of: date) -> News:
    """How many findings and readings became known after one day and by another."""
    with Store(opened.address).view(as_of=as_of) as known:
        findings = sum(d.known_at > then for d in known.all(Determination))
        readings = sum(m.known_at > then for m in published_readings(known))
    return News(findings, readings)


def moves(rows: Sequence[ScorecardRow], before: Sequence[ScorecardRow]) -> dict[str, tuple[float, float]]:
    """P within 12 months then and now, by threshold, where both are on record."""
    earlier = {row.threshold.id: forecast_of(row).p_12_months or 0 for row in measured(before)}
    return {
        row.threshold.id: (earlier[row.threshold.id], forecast_of(row).p_12_months or 0)
        for row in measured(rows)
        if row.threshold.id in earlier
    }


def changed(rows: Sequence[ScorecardRow], moved: Mapping[str, tuple[float, float]], found: News) -> str:
    """What changed since the day compared with: chances that moved by a point, new findings and readings."""
    findings, readings = _counted(found.findings, "finding"), _counted(found.readings, "reading")
    words = f"{findings[:1].upper()}{findings[1:]} of developers and {readings} came on record."
    if not moved:
        return f"{words} That day has no forecast on record to compare with."
    names = {row.threshold.id: whole_name(row) for row in rows}
    told = sorted(moved.items(), key=lambda one: -abs(one[1][1] - one[1][0]))
    told = [(id, both) for id, both in told if points_in_words(both[1] - both[0])]
    if not told:
        return f"No chance moved by a point. {words}"
    up = sum(now > then for _, (then, now) in told)
    rose = f"{count_in_words(up)} of {count_in_words(len(moved)).lower()} rose" if up else "None rose"
    fell = f", {count_in_words(len(told) - up).lower()} fell" if len(told) > up else ""
    listed = "; ".join(
        f"{names[id]} {chance_in_words(then).removesuffix(' %')} to {chance_in_words(now)}"
        for id, (then, now) in told[:MOST_NAMED]
    )
    return f"{rose}{fell}: {listed}. {words}"


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} new {what}{'' if number == 1 else 's'}"


def reached(rows: Sequence[ScorecardRow]) -> str:
    """Whether any of these has been found crossed, or is treated as if, in a sentence."""
    found = [row for row in rows if row.status.reached]
    if not found:
        return "None of these has been found crossed by its developer."
    listed = "; ".join(f"{whole_name(row)} ({row.status.name})" for row in found[:MOST_NAMED])
    return f"Beyond forecasting: {listed}."


def unmeasured(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    """The rows that nobody can measure: no criterion, and not found crossed."""
    return [row for row in rows if not row.criteria and not row.status.reached]


def day_of_comparison(then: date) -> str:
    """The heading over what changed."""
    return f"Changed since {day_in_words(then)}"


def draw_column(place: DeltaGenerator, heading: str, words: str) -> None:
    """A short column: what it answers, small, and the answer."""
    with place, st.container(gap=None):
        st.caption(f"**{escaped(heading)}**")
        st.markdown(escaped(words))


def draw_unmeasured(rows: Sequence[ScorecardRow]) -> None:
    """What has no headline, folded into one line that says how many and which; the reasons are inside."""
    found = unmeasured(rows)
    partly = [row for row in rows if row.withheld and not row.status.reached]
    if not found and not partly:
        return
    parts = [f"{len(found)} more that nobody can measure yet"] if found else []
    parts += [f"{len(partly)} measured only in part, which is no headline"] if partly else []
    listed = ", ".join(spoken(row.threshold) for row in (*found, *partly))
    words = f"{'; '.join(parts)}: {shorten(listed, LISTED, placeholder=' ...')}"
    with st.expander(escaped(words)):
        for row in (*found, *partly):
            reason = row.unforecast or f"{row.withheld[:1].upper()}{row.withheld[1:]}."
            st.markdown(f"**{escaped(whole_name(row))}.** {escaped(reason)}")
