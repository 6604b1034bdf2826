"""What adopting a proposal would do, beside the form that rules on it: beliefs, dates and levels, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from forecasts.runs.run import MovedForecast, adopting
from forecasts.worlds.compared import differences
from scorecard.clock import MONTH, today
from scorecard.governance.alerts.levels import moved_by
from scorecard.governance.proposals import Proposable, supposed
from scorecard.records import Indicator, PriorError, PriorSet, Ruling
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.board import board, standing_prior_set
from scorecard.thresholds.quoted.forecast import Forecast
from scorecard.words import chance_in_words
from screens.board import median
from screens.frame.record import Opened, threshold_names
from screens.frame.tables import data_table
from screens.frame.text import escaped
from screens.frame.work import aside, wait_for

POINT = 0.005  # of a chance, and a month of a date: what moves less is not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a ruling that is not made yet would do: the dates it would move, and sentences on alert levels."""

    dates: tuple[MovedForecast, ...] = ()
    levels: tuple[str, ...] = ()


def beliefs_changed(now: View, proposed: PriorSet) -> tuple[str, ...]:
    """A proposed prior set against the one in use, belief by belief, old and new."""
    standing = now.get(PriorSet, id=standing_prior_set(now))
    indicators = {one.id: one for one in now.all(Indicator)}
    told = [str(one) for one in differences(standing, proposed, indicators, today())]
    return tuple(told) or ("It holds what the set in use holds.",)


def draw(store: Store, subject: Proposable, id: str) -> None:
    """What adopting it would do today; it is worked out beside the page, which does not wait for it."""
    opened = Opened.of(store)
    work = worked_out(opened, subject, id, today())
    if not work.done():
        wait_for(work, "Working out what adopting it would do to every date ...")
        return
    try:
        effect = work.result()
    except (StoreError, PriorError) as error:
        st.warning(escaped(f"What adopting it would do cannot be worked out: {error}"))
        return
    if subject in ("buffers", "alert_rules"):
        for words in effect.levels or ("Adopted today, it would move no level.",):
            st.markdown(f"- {escaped(words)}")
        return
    _draw_dates(effect.dates, threshold_names(opened))


@st.cache_resource(show_spinner=False, max_entries=16)
def worked_out(opened: Opened, subject: Proposable, id: str, on: date) -> Future[Effect]:
    """What adopting a proposal would do on a day, which is being worked out aside or was."""
    return aside(lambda: _effect(opened, subject, id, on))


def _effect(opened: Opened, subject: Proposable, id: str, on: date) -> Effect:
    store = Store(opened.address)
    with store.view() as now:
        ruling = supposed(now, subject, id, on)
    if subject in ("buffers", "alert_rules"):
        return Effect(levels=_levels(store, ruling, on, threshold_names(opened)))
    return Effect(dates=tuple(adopting(store, ruling, on)))


def _levels(store: Store, ruling: Ruling, on: date, names: Mapping[str, str]) -> tuple[str, ...]:
    with store.view(as_of=on) as known, store.view() as now:
        rows = board(known, now, as_of=on, everything=True)
    return tuple(
        f"Adopted today: {scale} of {names[alert.threshold]} goes from {before.named} to {alert.on(scale).named}, "
        f"because {alert.on(scale).reason}."
        for before, alert, scale in moved_by(store, ruling, rows, on)
    )


def _draw_dates(found: tuple[MovedForecast, ...], names: Mapping[str, str]) -> None:
    rows, still = [], 0
    for one in found:
        cells = _cells(one)
        if cells is None:
            still += 1
        else:
            rows.append({"threshold": names[one.threshold], **cells})
    if not rows:
        st.markdown("Adopting it moves no date by a month and no chance by a point.")
        return
    data_table(pd.DataFrame(rows), alt="What adopting it would move, before and after")
    others = f" {still} other thresholds hardly move." if still else ""
    st.caption(escaped(f"First forecasts of today, before and after in the same worlds.{others}"))


def _cells(one: MovedForecast) -> dict[str, str] | None:
    """Chance and date before and after; None when neither moves to speak of."""
    ends = [
        Forecast.of(run, run.as_of) if run and run.publishable else None for run in (one.before, one.after)
    ]
    was, now = ends
    if was is None and now is None:
        return None
    if was is not None and now is not None:
        moved = abs((now.p_12_months or 0.0) - (was.p_12_months or 0.0))
        shifted = abs((now.q50 - was.q50).days) / MONTH if was.q50 and now.q50 else float(was.q50 != now.q50)
        if moved < POINT and shifted < 1:
            return None
    chances = [chance_in_words(f.p_12_months or 0.0) if f else "no forecast" for f in ends]
    dates = [median(f) if f else "no forecast" for f in ends]
    return {"within 12 months": " → ".join(chances), "even odds by": " → ".join(dates)}
