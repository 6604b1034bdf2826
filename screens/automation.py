"""Automation of technical staff on the screen: the answer, the tracker, and tables; numbers come from the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from scorecard.addresses import web_address
from scorecard.charts.automation import adoption_chart, cheaper, reconciled
from scorecard.evidence.readings.stages import Tracked, tracker
from scorecard.records import CodeBound, StaffAnswer, System
from scorecard.store import Store
from scorecard.thresholds.loop import loop_held
from scorecard.words import chance_in_words, month_in_words, title_of, value_in_words
from screens import loop
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.drawing import draw_chart
from screens.frame.page import GRADES, Frame
from screens.frame.record import Evidence
from screens.frame.tables import data_table
from screens.frame.text import escaped

BOUNDS = {"exact": "", "at_least": "at least ", "at_most": "at most "}


def answer(found: StaffAnswer) -> str:
    """How far technical staff are automated, in a sentence."""
    now, bound = found.uplift.now, found.amdahl
    first = (
        f"AI makes research work about {now.q50:.1f} times as fast ({now.q10:.1f} to {now.q90:.1f}), with "
        f"{chance_in_words(found.uplift.p_twofold)} on twice or more"
    )
    if bound is None:
        return f"{first}."
    return (
        f"{first}; writing {chance_in_words(bound.share_of_code)} of the code can by itself make research at most "
        f"{bound.bound:.1f} times as fast."
    )


def tracker_frame(tracked: list[Tracked], known: Evidence, as_of: date) -> pd.DataFrame:
    """Every series by organisation, team and stage: newest value, its kind of evidence, age and source."""
    rows = []
    for one in tracked:
        m, indicator = one.newest, one.indicator
        source = known.sources.get(m.source)
        rows.append(
            {
                "organisation": one.organisation,
                "team": one.team,
                "stage": title_of(one.stage),
                "what is measured": indicator.name,
                "newest": BOUNDS[m.bound] + value_in_words(m.value, indicator.unit),
                "kind of evidence": one.kind,
                "observed on": m.observed_on,
                "days old": (as_of - m.observed_on).days,
                "readings": one.readings,
                "source": source.title if source else m.source,
                "address": web_address(source.url) if source else None,
                "how far checked": GRADES[m.grade],
            }
        )
    return pd.DataFrame(rows)


@st.cache_data(show_spinner=False, max_entries=16)
def followed(opened: record.Opened, day: date) -> list[Tracked]:
    """Every series on stages of work that was known on a day; a cached read."""
    with Store(opened.address).view(as_of=day) as view:
        systems, held = {s.id: s for s in view.all(System)}, loop_held(view)
    known = record.evidence(Store(opened.address), day)
    return tracker(known.indicators, loop.readings_of_day(opened, day), systems, held.stages)


def draw_tracker(tracked: list[Tracked], unmeasured: list[str], known: Evidence, frame: Frame) -> None:
    """The tracker, and the stages for which nobody has published anything."""
    table = tracker_frame(tracked, known, frame.as_of)
    data_table(table, links=("address",), alt="Automation by organisation, team and stage")
    table_download(table, frame, "automation-tracker")
    if unmeasured:
        listed = ", ".join(title_of(stage).lower() for stage in unmeasured)
        st.caption(escaped(f"Nothing published for these stages: {listed}."))


def draw_uplift(found: StaffAnswer, frame: Frame, titles: Mapping[str, str]) -> None:
    """The figure that reconciles the sources, its reason, and what each kind gets wrong."""
    uplift = found.uplift
    draw_chart(reconciled(uplift, as_of=frame.as_of, titles=titles), section=True)
    st.markdown(escaped(uplift.why))
    rows = [
        {
            "kind of source": title_of(kind),
            "says times the truth, median": q.q50,
            "10 %": q.q10,
            "90 %": q.q90,
        }
        for kind, q in uplift.bias.items()
    ]
    table = pd.DataFrame(rows)
    data_table(table, alt="How far each kind of source is off")
    table_download(table, frame, "bias-of-sources")


def draw_adoption(found: StaffAnswer, known: Evidence, frame: Frame) -> None:
    """Shares of the work ahead."""
    names = {id: indicator.name for id, indicator in known.indicators.items()}
    used = [m.source for one in found.adoption for m in known.measurements.get(one.indicator, ())]
    titles = [known.titles.get(id, id) for id in dict.fromkeys(used)]
    draw_chart(adoption_chart(found.adoption, names, as_of=frame.as_of, sources=titles), section=True)
    table = pd.DataFrame(
        {
            "series": names.get(one.indicator, one.indicator),
            "day": day,
            "10 %": low,
            "median": mid,
            "90 %": high,
            "P(at least 90 %)": one.p_90_percent[day.isoformat()],
        }
        for one in found.adoption
        for day, low, mid, high in zip(one.dates, one.q10, one.q50, one.q90, strict=True)
    )
    shares = ("10 %", "median", "90 %", "P(at least 90 %)")
    data_table(table, chances=shares, months=("day",), alt="Shares of the work ahead")
    table_download(table, frame, "adoption")


def draw_bound(bound: CodeBound | None) -> None:
    """Why a large share of code is not a large speed-up of research."""
    if bound is None:
        return
    st.markdown(
        escaped(
            f"If coding is {chance_in_words(bound.share_of_time_coding)} of research time (the slider) and AI "
            f"writes {chance_in_words(bound.share_of_code)} of the code, research goes "
            f"{bound.multiplier_at_ten_times:.2f} times as fast at tenfold coding speed and at most "
            f"{bound.bound:.2f} times, however fast coding gets: what is left over takes its time "
            "(Amdahl's law)."
        )
    )


def draw_costs(found: StaffAnswer, frame: Frame) -> None:
    """When each stage becomes cheaper by AI, and when it is within the ratio that a framework names."""
    horizon = date(frame.as_of.year + 14, 12, 31)
    draw_chart(cheaper(found.costs, as_of=frame.as_of, horizon=horizon), section=True)
    named = found.cost_ratio_named
    table = pd.DataFrame(
        {
            "stage": title_of(c.stage),
            "typical task, hours": c.task_hours[1],
            "AI's success now": c.success_now[1],
            "cost now, times staff's": c.cost_ratio_now[1],
            "10 %": c.cost_ratio_now[0],
            "90 %": c.cost_ratio_now[2],
            "P(cheaper already)": c.p_cheaper_now,
            "cheaper, median": _month(c.cheaper.q50),
            f"within {named:g} times staff's cost, median": _month(c.competitive.q50),
        }
        for c in found.costs
    )
    chances = ("AI's success now", "P(cheaper already)")
    data_table(table, chances=chances, alt="Cost of work by AI against by staff")
    table_download(table, frame, "costs-by-stage")
    st.caption(
        f"Anthropic's substitution route asks for competitive cost, within a factor of {named:g}. Equal quality is "
        "taken as success in four of five tasks, so that success, not price, mostly sets the date."
    )


def _month(day: date | None) -> str:
    return month_in_words(day) if day else "not within 14 years"
