"""How forecasts came out, on the screen: calibration on the reference class, the league, and what was issued."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from scorecard.charts.track import pit_by_lead, said_and_happened
from scorecard.governance.alerts.issuing import issued_material
from scorecard.store import Store
from scorecard.thresholds.pooling import FLOOR
from scorecard.thresholds.quoted.league import (
    CHANCES,
    KINDS,
    OURS,
    Estimate,
    LeagueRow,
    Revisions,
    league,
    revisions,
)
from scorecard.thresholds.quoted.outcomes import held, live, reliability
from scorecard.words import day_in_words, percent, title_of
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.drawing import draw_chart
from screens.frame.page import Frame, choice
from screens.frame.record import Opened
from screens.frame.tables import data_table
from screens.frame.text import escaped

if TYPE_CHECKING:
    from forecasts.hub.issued import IssuedScores, OutsideForecasts

NAMED = {
    OURS: "Ours (headline)",
    "fair line": "METR's line, Student interval",
    "one in two": "Always one in two",
}


def forecaster_name(forecaster: str) -> str:
    """A forecaster as it is called on the page."""
    return NAMED.get(forecaster, title_of(forecaster))


def draw_calibration(frame: Frame) -> None:
    """Chances against frequency, where values lay in their forecasts, and intervals by lead and year of forecast."""
    asked = record.class_outcomes(frame.store, frame.as_of)
    left, right = st.columns(2)
    if chances := reliability(asked):
        draw_chart(said_and_happened(chances, as_of=frame.as_of), left)
    draw_chart(pit_by_lead(asked, as_of=frame.as_of), right)
    table = pd.DataFrame(
        {
            "ahead": f"{row.lead} months",
            "forecasts made in": "all years" if row.year is None else str(row.year),
            "in 50 % interval": percent(row.inside[0]),
            "in 80 % interval": percent(row.inside[1]),
            "in 95 % interval": percent(row.inside[2]),
            "forecasts": row.cases,
        }
        for row in held(asked)
    )
    with st.expander("Intervals by lead and year"):
        data_table(table, alt="How often intervals held what came, by lead and year")
        table_download(table, frame, "intervals", label="Download intervals (CSV)")


def who_leads(rows: Sequence[LeagueRow], kind: str) -> str:
    """Who leads at a kind of question, and where we stand, in a sentence."""
    place = next((i for i, row in enumerate(rows, start=1) if row.forecaster == OURS), None)
    leader = forecaster_name(rows[0].forecaster)
    first = f"Leading at the {KINDS[kind]}: {leader if leader.startswith('METR') else leader.lower()}"
    if place is None or place == 1:
        return f"{first}." if place is None else f"Leading at the {KINDS[kind]}: ours."
    return f"{first} ({_told(rows[0].to_ours, kind)} against ours); ours is number {place} of {len(rows)}."


def _beside_ours(row: LeagueRow, found: Estimate) -> str:
    return "ours" if row.forecaster == OURS else _told(found, row.kind)


def _told(found: Estimate, kind: str) -> str:
    if not isfinite(found.value):
        return "-"
    if kind not in CHANCES or found.low is None or found.high is None:
        return str(found) if kind not in CHANCES else f"{found.value:+.3f}"
    return f"{found.value:+.3f} [{found.low:+.3f}, {found.high:+.3f}]"


def as_table(rows: Sequence[LeagueRow], kind: str) -> pd.DataFrame:
    """A league as a table, the leader on top."""
    chance = kind in CHANCES
    return pd.DataFrame(
        {
            "place": place,
            "forecaster": forecaster_name(row.forecaster),
            "mean Brier score" if chance else "error over METR's line": (
                f"{row.score:.3f}" if chance else str(row.to_line)
            ),
            "Brier less ours [95 %]" if chance else "error over ours [95 %]": _beside_ours(row, row.to_ours),
            **(_in_logs(row) if chance else {}),
            "questions": row.questions,
            "series": row.series,
        }
        for place, row in enumerate(rows, start=1)
    )


def _in_logs(row: LeagueRow) -> dict[str, str | int]:
    """The log score of chances, and on how many questions what came was lifted to the least chance that counts."""
    return {
        "mean log score": f"{row.log_score:.3f}",
        "log score less ours [95 %]": _beside_ours(row, row.log_to_ours),
        f"gave what came less than {percent(FLOOR, 1)}": row.floored,
    }


@st.cache_data(show_spinner=False, max_entries=16)
def _compared(opened: Opened, as_of: date, kind: str) -> tuple[list[LeagueRow], Revisions]:
    """The league at a kind of question and the tests of revisions, each with its bootstraps."""
    asked = live(record.class_outcomes(Store(opened.address), as_of))
    return league(asked, kind), revisions(asked)


def draw_league(frame: Frame) -> None:
    """The league on the reference class, a kind of question at a time, and the tests of our revisions."""
    asked = {one.kind for one in live(record.class_outcomes(frame.store, frame.as_of))}
    kinds = [kind for kind in KINDS if kind in asked]
    if not kinds:
        return
    st.subheader("League on the same resolved questions (reconstructed)", anchor=False)
    names = {kind: KINDS[kind].capitalize() for kind in kinds}
    kind = choice(frame, "Question", names, key="league", place=st.container())
    if kind not in names:
        st.markdown("There is no such question; pick another.")
        return
    rows, found = _compared(Opened.of(frame.store), frame.as_of, kind)
    st.markdown(escaped(who_leads(rows, kind)))
    table = as_table(rows, kind)
    data_table(table, alt="League of forecasters")
    table_download(table, frame, f"league-{kind}", label="Download league (CSV)")
    better = (
        "A difference below 0 is better than ours"
        if kind in CHANCES
        else "A ratio below 1 is the smaller error"
    )
    st.caption(escaped(f"{better}. Intervals are 95 % over series, paired by question."))
    with st.expander("Were our forecasts unbiased, and their revisions no surprise?"):
        for words in (
            f"What came, on what was forecast 12 months ahead: slope {found.slope}, where 1 is unbiased.",
            f"Its intercept: {found.intercept} units, where 0 is unbiased.",
            f"Forecasts of one day were revised by {found.drift} units at a time, where 0 is no drift.",
            f"One revision correlates with the next by {found.successive}; 0 where nothing known was left unused.",
        ):
            st.markdown(f"- {escaped(words)}")


@st.cache_data(show_spinner=False, max_entries=8)
def issued(opened: Opened, as_of: date) -> tuple[IssuedScores, OutsideForecasts]:
    """What became of the forecasts that this record issued, and of others' made in public."""
    from forecasts.hub.issued import score_issued, score_outside

    read = issued_material(Store(opened.address), as_of)
    ours = score_issued(read.issues, read.runs, read.indicators, read.known, read.determinations, as_of=as_of)
    return ours, score_outside(read.stated, read.runs)


def issued_sentence(ours: IssuedScores, outside: OutsideForecasts) -> str:
    """How many forecasts were issued, resolved and wait, and the same of others'."""
    if ours.days:
        words = (
            f"Forecasts of {len(ours.days)} month{'s' * (len(ours.days) != 1)} are on record, "
            f"{len(ours.reconstructed)} of them reconstructed; {len(ours.resolved)} of their questions are resolved"
        )
        words += f" and {ours.waiting} wait, until {day_in_words(ours.until)}." if ours.until else "."
    else:
        words = (
            "No forecast has been issued yet; `preparedness issue` does it monthly, and `preparedness forecast "
            "history` reconstructs earlier months."
        )
    others = f" Of {len(outside.resolved) + outside.open} public forecasts by others that carry a number, "
    others += f"{len(outside.resolved)} are resolved" if outside.resolved else "none is resolved"
    if outside.first and outside.last:
        others += (
            f" and {outside.open} are open, for days from {day_in_words(outside.first)} to "
            f"{day_in_words(outside.last)}"
        )
    return f"{words}{others}."


def draw_issued(frame: Frame) -> None:
    """What this record issued or reconstructed, by kind of question."""
    ours, outside = issued(Opened.of(frame.store), frame.as_of)
    st.subheader("What was issued", anchor=False)
    st.markdown(escaped(issued_sentence(ours, outside)))
    asked = [*ours.resolved, *outside.resolved]
    for kind in KINDS:
        rows = league(asked, kind)
        if rows:
            st.markdown(escaped(who_leads(rows, kind)))
            data_table(as_table(rows, kind), alt=f"Issued forecasts, {KINDS[kind]}")
