"""What to measure next on the screen: the options weighed, the calendar of re-tests, thresholds without evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from screens.board import name_of
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.record import Scorecard
from screens.frame.tables import data_table
from screens.frame.text import escaped

type Options = Sequence[Mapping[str, Any]]
MONTHS = 12


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
        shown = table.round(1)
        data_table(shown, alt="What each result would tell")
        table_download(table, frame, "next-evaluation")
    for one in refused:
        st.caption(escaped(f"{names.get(one['indicator'], one['indicator'])}: {one['refused']}"))
    with st.expander("What each kind of result means"):
        for kind, meaning in kinds.items():
            st.markdown(f"- **{escaped(kind.capitalize())}**: {escaped(meaning)}.")


def draw_retests(frame: Frame, calendar: Mapping[str, Any], names: Mapping[str, str]) -> None:
    """Every indicator with the day its next reading is due, the earliest first; overdue ones say so."""
    by_indicator: dict[str, dict[str, Any]] = {}
    for r in calendar["retests"]:
        row = by_indicator.setdefault(
            r["indicator"],
            {
                "due": r["due"] or "never measured",
                "overdue": r["overdue"],
                "indicator": names.get(r["indicator"], r["indicator"]),
                "newest reading": r["newest"],
                "thresholds": [],
            },
        )
        row["thresholds"].append(r["threshold"])
    table = pd.DataFrame(
        [{**row, "thresholds": ", ".join(row["thresholds"])} for row in by_indicator.values()]
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
    data_table(table, alt="Calendar of re-tests")
    table_download(table, frame, "re-tests")


def draw_stale(calendar: Mapping[str, Any], card: Scorecard) -> None:
    """Each threshold that has no fresh evidence, with the reason."""
    names = {row.threshold.id: f"{row.framework.developer}: {name_of(row)}" for row in card.rows}
    for id, why in calendar["without_fresh_evidence"].items():
        st.markdown(f"- **{escaped(names.get(id, id))}**: {escaped(why)}")
    if not calendar["without_fresh_evidence"]:
        st.caption("Every threshold has fresh evidence on this day.")
