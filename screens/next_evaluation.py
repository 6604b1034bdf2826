"""What to measure next on the screen: the options weighed, when measures are due, thresholds without evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from forecasts.runs.planning import plan
from scorecard.store import Store
from scorecard.words import day_in_words
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.tables import data_table
from screens.frame.text import bulleted, escaped, marked

type Options = Sequence[Mapping[str, Any]]
MONTHS = 12


@st.cache_data(show_spinner="Simulating what each result would show ...", max_entries=64)
def weighed(opened: Opened, day: date, threshold: str) -> dict[str, Any]:
    """What each result would tell about one threshold's date, remembered."""
    return plan(Store(opened.address), day, threshold=threshold)


@st.cache_data(show_spinner=False, max_entries=16)
def due(opened: Opened, day: date) -> dict[str, Any]:
    """When every measure is due again and which thresholds lack fresh evidence, remembered."""
    return plan(Store(opened.address), day, weigh=False)


def parted(found: Mapping[str, Any]) -> tuple[Options, Options]:
    """The options that could be weighed, the most telling first, and those that could not."""
    weighed = [o for o in found["options"] if "refused" not in o]
    return weighed, [o for o in found["options"] if "refused" in o]


def answer(options: Options, names: Mapping[str, str]) -> str:
    """The most telling result in a sentence."""
    if not options:
        return "No result can be weighed yet: none of the indicators carries a trend on this day."
    best = options[0]
    name, months = names.get(best["indicator"], best["indicator"]), MONTHS * best["narrowing_years"]
    if months < 0.5:
        return "No single result would move the date by half a month; agree on the criteria first."
    what = {
        "level agreed": f"agreeing on the level of {name}",
        "new system": f"measuring the next system on {name}",
        "sharper re-test": f"measuring the next system on {name} with four times the care",
    }[best["kind"]]
    return (
        f"{what[:1].upper()}{what[1:]} would tell most: it cuts the expected error of that criterion's date from "
        f"{MONTHS * best['error_now_years']:.0f} to {MONTHS * best['error_now_years'] - months:.0f} months."
    )


def draw_options(
    frame: Frame, options: Options, refused: Options, kinds: Mapping[str, str], names: Mapping[str, str]
) -> None:
    """Every option as a table, what each kind of result means, and why some could not be weighed."""
    table = pd.DataFrame(
        [
            {
                "result": o["kind"],
                "indicator": names.get(o["indicator"], o["indicator"]),
                "criterion": o["criterion"],
                "weight": o["weight"],
                "error now, months": MONTHS * o["error_now_years"],
                "error cut by, months": MONTHS * o["narrowing_years"],
            }
            for o in options
        ]
    )
    if not table.empty:
        data_table(
            table.drop(columns="criterion").round(1),
            chances=("weight",),
            alt="What each result would tell",
        )
        table_download(table, frame, "next-evaluation")
    for one in refused:
        st.caption(escaped(f"{names.get(one['indicator'], one['indicator'])}: {one['refused']}"))
    st.markdown(
        bulleted(
            marked(f"**{escaped(kind.capitalize())}**: {escaped(said)}.") for kind, said in kinds.items()
        )
    )


def due_again(calendar: Mapping[str, Any], about: str, names: Mapping[str, str]) -> list[str]:
    """When each measure of one threshold is due for a new reading, a sentence each."""
    said = []
    for r in calendar["retests"]:
        if r["threshold"] == about:
            newest = f"newest reading of {_said(r['newest'])}, " if r["newest"] else ""
            late = "overdue since" if r["overdue"] else "next one due on"
            when = f"{late} {_said(r['due'])}" if r["due"] else "never measured"
            said.append(f"{names.get(r['indicator'], r['indicator'])}: {newest}{when}.")
    return list(dict.fromkeys(said))


def _said(day: str) -> str:
    return day_in_words(date.fromisoformat(day))


def _day(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def draw_retests(
    frame: Frame, calendar: Mapping[str, Any], names: Mapping[str, str], thresholds: Mapping[str, str]
) -> None:
    """Every indicator with the day its next reading is due, the earliest first; overdue ones say so."""
    by_indicator: dict[str, dict[str, Any]] = {}
    for r in calendar["retests"]:
        row = by_indicator.setdefault(
            r["indicator"],
            {
                "due": _day(r["due"]),
                "indicator": names.get(r["indicator"], r["indicator"]),
                "overdue": r["overdue"],
                "newest reading": _day(r["newest"]),
                "thresholds": [],
            },
        )
        row["thresholds"].append(thresholds.get(r["threshold"], r["threshold"]))
    table = pd.DataFrame(
        [{**row, "thresholds": "; ".join(row["thresholds"])} for row in by_indicator.values()]
    )
    if table.empty:
        st.caption("No criterion stands on this day, so nothing is due.")
        return
    late = int(table["overdue"].sum())
    st.markdown(
        escaped(
            f"{late} of {len(table)} indicators {'is' if late == 1 else 'are'} overdue for a new reading."
        )
    )
    data_table(table.drop(columns="overdue"), alt="When each measure is due again")
    table_download(table, frame, "re-tests")


def draw_stale(stale: Mapping[str, str], thresholds: Mapping[str, str]) -> None:
    """Each threshold that has no fresh evidence, with the reason."""
    if stale:
        st.markdown(
            bulleted(
                marked(f"**{escaped(thresholds.get(id, id))}**: {escaped(why)}") for id, why in stale.items()
            )
        )
    else:
        st.caption("Every threshold has fresh evidence on this day.")
