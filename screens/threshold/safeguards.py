"""The safeguards panel of a threshold: what it obliges, who owns it, and whether it comes in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import get_args

import pandas as pd
import streamlit as st

from scorecard.clock import today
from scorecard.governance.safeguards import (
    Clock,
    Lead,
    Obligation,
    duties,
    lead,
    plan_safeguard,
    safeguards_of,
    standing_rule,
)
from scorecard.records import Safeguard, SafeguardState
from scorecard.store import Store, StoreError
from scorecard.words import chance_in_words, month_in_words, value_in_words
from screens.frame import session
from screens.frame.page import Frame
from screens.frame.record import Dossier, Opened
from screens.frame.tables import data_table
from screens.frame.text import escaped


def draw(frame: Frame, dossier: Dossier) -> None:
    """What is obliged, each safeguard against the clock, all together, and the form for a plan."""
    threshold, forecast = dossier.row.threshold.id, dossier.row.forecast
    owed, ours, tolerance, months = _planned(Opened.of(frame.store), threshold)
    run = forecast.run if forecast and not forecast.refused else None
    clock = Clock.of(run, frame.as_of) if run else None
    fans = run.quoted.fans if run else None
    rows = []
    for duty in owed:
        for s in duty.safeguards:
            one = lead(clock, [s], tolerance=tolerance, months=months) if clock else None
            rows.append(_row(duty.obligation, s, one))
        if not duty.safeguards:
            rows.append({"obligation": duty.obligation, "safeguard": "nobody owns this yet"})
    if rows:
        st.markdown(f"**{escaped(_taken_up(owed))}**")
        data_table(pd.DataFrame(rows).fillna(""), alt="Safeguards and whether they come in time")
    else:
        st.caption("The framework, as we read it, obliges nothing in particular at this threshold.")
    if clock and ours:
        _draw_together(dossier, lead(clock, ours, tolerance=tolerance, months=months, fans=fans))
    _draw_form(frame, threshold, [duty.obligation for duty in owed])


def _taken_up(owed: Sequence[Obligation]) -> str:
    """How much of what is obliged somebody owns, in a sentence."""
    owned = sum(bool(duty.safeguards) for duty in owed)
    if not owned:
        return "Nobody has taken up yet what this threshold obliges."
    return f"{owned} of {len(owed)} obligations {'is' if owned == 1 else 'are'} taken up by somebody."


@st.cache_data(show_spinner=False, max_entries=32)
def _planned(opened: Opened, threshold: str) -> tuple[list[Obligation], list[Safeguard], float, float]:
    """What is owed, the safeguards planned, and the warning rule that stands: tolerance and months to spare."""
    with Store(opened.address).view() as now:
        return (
            duties(now, threshold),
            safeguards_of(now, threshold),
            *standing_rule(now, threshold),
        )


def _row(obligation: str, s: Safeguard, one: Lead | None) -> dict[str, str]:
    row = {
        "obligation": obligation,
        "safeguard": s.name,
        "owner": s.owner,
        "status": s.status,
        "ready 10 / 50 / 90 %": " / ".join(map(month_in_words, (s.ready_10, s.ready_50, s.ready_90))),
    }
    if one:
        row["crossed before ready"] = chance_in_words(one.p_before_ready)
        row["slack in months 10 / 50 / 90 %"] = _slack(one)
    return row


def _slack(one: Lead) -> str:
    return " / ".join("beyond the horizon" if m is None else f"{m:.0f}" for m in one.slack)


def _draw_together(dossier: Dossier, whole: Lead) -> None:
    st.markdown(
        f"**All together: {escaped(chance_in_words(whole.p_before_ready))} chance that the threshold is crossed before "
        f"they are ready; slack {escaped(_slack(whole))} months (10 / 50 / 90 %).** {escaped(whole.words)}"
    )
    units = {c.indicator: c for c in dossier.row.criteria}
    latest = dossier.row.latest
    for name, level in whole.warning.items():
        if name in units and latest and latest.indicator.id == name:
            unit = latest.indicator.unit
            low, middle, high = (value_in_words(level[q], unit) for q in ("q10", "q50", "q90"))
            st.caption(
                escaped(
                    f"Warning level: on that day the forecast expects {latest.indicator.name} at {middle} (80 % "
                    f"interval {low} to {high}). Reached earlier, the work has to start then."
                )
            )
    if whole.outdated:
        st.warning(escaped(f"The plan of {', '.join(whole.outdated)} has run out; enter a new one."))


def _draw_form(frame: Frame, threshold: str, obligations: list[str]) -> None:
    with st.expander("Plan a safeguard, or revise a plan"), st.form("safeguard", border=False):
        left, right = st.columns(2)
        obligation = left.selectbox(
            "It answers", obligations, accept_new_options=True, key="safeguard_obligation"
        )
        name = right.text_input("Safeguard", key="safeguard_name")
        left, right = st.columns(2)
        owner = left.text_input("Owner", key="safeguard_owner")
        status = right.selectbox("Status", get_args(SafeguardState), key="safeguard_status")
        st.caption(
            "Say when work starts, then the earliest and the latest likely day (10 and 90 %), then the middle."
        )
        dates: list[date] = []
        for column, label, key in zip(
            st.columns(4),
            ("Work starts", "Ready 10 %", "Ready 90 %", "Ready 50 %"),
            ("start", "10", "90", "50"),
            strict=True,
        ):
            dates.append(
                column.date_input(
                    escaped(label), value=frame.as_of, format="YYYY-MM-DD", key=f"safeguard_{key}"
                )
            )
        who = session.name_field("Entered by", key="safeguard_by")
        if not st.form_submit_button("Keep the plan"):
            return
    start, low, high, middle = dates
    try:
        plan_safeguard(
            frame.store,
            Safeguard(
                id=f"{threshold}/{name.strip().casefold()}",
                thresholds=(threshold,),
                name=name,
                owner=owner,
                obligation=obligation or "",
                status=status,
                starts_on=start,
                ready_10=low,
                ready_50=middle,
                ready_90=high,
                author=who.name,
                known_at=today(),
            ),
            who,
        )
    except StoreError as error:
        st.error(escaped(f"{str(error)[:1].upper()}{str(error)[1:]}. Nothing was recorded."))
        return
    session.done(
        f"Kept: the plan of {name}. It stands in the table above.", "safeguard_name", "safeguard_owner"
    )
