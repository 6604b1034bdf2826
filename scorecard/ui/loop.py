"""The self-improvement loop on the screen: the answer, assumptions to hold, tables; numbers come from the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import log10
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.briefings.charts.loop import dials, drivers, flaws, pace_curves, scenario_fan
from scorecard.briefings.words import chance_in_words, month_in_words
from scorecard.records import Measurement
from scorecard.store import Store
from scorecard.ui import record
from scorecard.ui.downloads import table_download
from scorecard.ui.drawing import draw_chart
from scorecard.ui.page import Frame, escaped

PRIORS = "data/priors/dynamics.yaml"
GAIN_SOURCES = ("epoch_eci_2026_08", "oai_velocity_chart", "metr_notes")
# What can be held at a value: parameter, its words, the ends of its slider, and whether the slider runs in decades.
LEVERS: Mapping[str, tuple[str, float, float, bool]] = {
    "sigma": ("sigma, how well thinking replaces compute", 0.1, 4.0, False),
    "returns": ("r, returns to software research", 0.4, 3.6, False),
    "full_multiplier": ("multiplier of progress at full automation", 2.0, 41.0, False),
    "horizon_needed": ("hours of work that full automation needs (80 % horizon)", 100.0, 2_000_000.0, True),
    "doubling_days": ("days per doubling of the time horizon", 85.0, 200.0, False),
    "compute_share": ("weight of compute in research", 0.3, 0.95, False),
    "software_share": ("share of progress that comes from software", 0.2, 0.85, False),
    "compute_growth_later": ("compute growth after 2028, orders of magnitude a year", 0.0, 0.6, False),
    "attribution": ("share of the speed-up since 2024 that is AI's doing", 0.0, 1.0, False),
}


def answer(found: Mapping[str, Any], errors: Mapping[str, Any]) -> str:
    """Whether the loop closes on itself and whether errors multiply, in two sentences."""
    g = found["gain"]
    combined = g["combined"]
    if combined is None:
        first = "Too few readings are known to say how strong the loop is."
    else:
        first = (
            f"The loop amplifies, but probably does not feed itself: G is about {combined['q50']:.1f} "
            f"({combined['q10']:.1f} to {combined['q90']:.1f}), and {chance_in_words(g['p_runaway'])} that it is 1 or "
            "more."
        )
        if g["p_runaway"] > 0.5:
            first = f"The loop probably feeds itself: {chance_in_words(g['p_runaway'])} that G is 1 or more."
    r = errors["r"]
    return (
        f"{first} Undetected errors: R_e is about {r['q50']:.1f}, with {chance_in_words(errors['p_above_one'])} on "
        "multiplying."
    )


def levers() -> dict[str, float]:
    """Let a person hold assumptions at a value; what is not held keeps its whole prior."""
    chosen = st.multiselect(
        "Hold an assumption at a value", list(LEVERS), format_func=lambda name: LEVERS[name][0], key="held",
        help="Everything else keeps its whole prior. The answer follows at once, from fewer paths.",
    )  # fmt: skip
    held: dict[str, float] = {}
    for name in chosen:
        words, low, high, decades = LEVERS[name]
        if decades:
            power = st.slider(f"{words} (powers of ten)", log10(low), log10(high), (log10(low) + log10(high)) / 2, 0.1,
                              key=f"held_{name}")  # fmt: skip
            held[name] = 10.0**power
        else:
            held[name] = st.slider(words, low, high, round((low + high) / 2, 2), key=f"held_{name}")
    return held


def thresholds_frame(found: Mapping[str, Any], titles: Mapping[str, str]) -> pd.DataFrame:
    """Each pace threshold with its probabilities by named dates, and its source."""
    rows = []
    for one in found["thresholds"]:
        dates = one["dates"]
        rows.append(
            {
                "threshold": one["name"],
                "asks for": f"{one['level']:g} times {one['baseline']}, over {one['months']} months",
                "AI's part at least": one["cause"],
                **{f"by {on}": p for on, p in one["p_by"].items()},
                "whoever caused it, by the last": list(one["p_by_speed_alone"].values())[-1]
                if one["p_by"]
                else None,
                "median": _month(dates["q50"]),
                "not by 2040": one["p_beyond_horizon"],
                "source": titles.get(one["source"], one["source"]),
            }
        )
    return pd.DataFrame(rows)


def _month(text: str | None) -> str:
    return month_in_words(date.fromisoformat(text)) if text else "beyond 2040"


def percents(table: pd.DataFrame) -> dict[str, Any]:
    """Column settings that show shares between 0 and 1 as per cent."""
    return {
        name: st.column_config.NumberColumn(format="percent")
        for name in table.columns
        if pd.api.types.is_float_dtype(table[name])
    }


def drivers_frame(found: Mapping[str, Any]) -> pd.DataFrame:
    """Every assumption with its prior, usual range, source, and how it moves the outcome."""
    return pd.DataFrame(
        {
            "assumption": d["meaning"], "prior": d["prior"],
            "usual range": "" if d["usual"] is None else f"{d['usual'][0]:g} to {d['usual'][1]:g}",
            "at its 10 %": d["at_10"], "at its 90 %": d["at_90"], "share of spread, alone": d["first_order"],
            "with interactions": d["total"], "source": d["source"],
        }
        for d in found["drivers"]
    )  # fmt: skip


def monitors_frame(errors: Mapping[str, Any]) -> pd.DataFrame:
    """What one, two, three or five monitors do to R_e."""
    return pd.DataFrame(
        {
            "monitors": row["monitors"], "R_e, median": row["r"]["q50"], "10 %": row["r"]["q10"],
            "90 %": row["r"]["q90"],
            "P(multiplying)": row["p_above_one"], "P(runaway within the cycles shown)": row["p_runaway"],
        }
        for row in errors["by_monitors"]
    )  # fmt: skip


def catches(errors: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The set-ups that the catch rate rests on, with their sources, as markdown lines."""
    lines = [
        f"- {escaped(name)}: {share:.0%} caught or failed ({escaped(titles.get(source, source))})".replace(
            "%", " %"
        )
        for name, share, source in errors["catch_readings"]
    ]
    return "\n".join(lines) or "- none known on this day"


def capacity(errors: Mapping[str, Any]) -> str:
    """How much oversight keeps R_e under 1, in a sentence."""
    enough = errors["p_enough_monitors"]
    never = errors["p_no_catch_rate_enough"]
    return (
        f"Oversight needed: one monitor keeps R_e under 1 with {chance_in_words(enough['1'])}, three with "
        f"{chance_in_words(enough['3'])}, ten with {chance_in_words(enough['10'])}; with {chance_in_words(never)} no "
        "catch rate is enough, since too few caught flaws are put right. Monitors that fail alike are why more of them "
        "help so little."
    )


def gains(found: Mapping[str, Any]) -> dict[str, Mapping[str, float]]:
    """Every estimate of G, for the chart of dials."""
    g = found["gain"]
    listed = {**g["estimates"], "implied by the priors alone": g["implied"]}
    return {**({"combined": g["combined"]} if g["combined"] else {}), **listed}


def readings(opened: record.Opened, day: date) -> list[Measurement]:
    """Every reading known on a day, all vintages; a cached read."""
    known = record.evidence(Store(opened.address), day)
    return [m for found in known.measurements.values() for m in found]


def draw_scenarios(found: Mapping[str, Any], frame: Frame, titles: Mapping[str, str]) -> None:
    """Progress, pace and gain, each with its reading."""
    fans, anchor = found["fans"], source_titles([found["anchor"]["source"]], titles)
    for place, name, title, unit in zip(
        st.columns(2), ("progress", "pace"), ("Progress from now", "Pace of progress"),
        ("years of progress at today's pace", "times today's pace"), strict=True,
    ):  # fmt: skip
        plain = fans[f"{name} without the loop"]
        chart = scenario_fan(fans[name], plain, as_of=frame.as_of, title=title, unit=unit, sources=anchor)
        draw_chart(chart, place)
    behind = source_titles(GAIN_SOURCES, titles)
    draw_chart(dials(gains(found), as_of=frame.as_of, title="Gain of the loop, G", sources=behind))
    st.caption(
        "G is the product of elasticities around the loop: below 1 a push is amplified by 1/(1 - G), at 1 or more the "
        "loop feeds itself. Two estimates from readings and METR's note; beside them what the priors alone imply."
    )


def draw_thresholds(found: Mapping[str, Any], frame: Frame, titles: Mapping[str, str]) -> None:
    """The pace thresholds as curves and as a table."""
    named = source_titles([one["source"] for one in found["thresholds"]], titles)
    draw_chart(pace_curves(found["thresholds"], as_of=frame.as_of, sources=named))
    table = thresholds_frame(found, titles)
    st.dataframe(
        table, hide_index=True, column_config=percents(table), alt="Pace thresholds and their probabilities"
    )
    table_download(table, frame, "pace-thresholds")


def draw_drivers(found: Mapping[str, Any], frame: Frame) -> None:
    """What drives the spread, and every assumption behind it."""
    draw_chart(drivers(found, as_of=frame.as_of, sources=[PRIORS]))
    table = drivers_frame(found)
    st.dataframe(table, hide_index=True, alt="Every assumption with its prior, range, source and effect")
    table_download(table, frame, "assumptions")


def error_levers() -> tuple[int, int, float, dict[str, float]]:
    """Monitors, cycles ahead, speed-up of the cycle, and what is held of the priors of error compounding."""
    one, two, three, four = st.columns(4)
    monitors = one.slider("Monitors", 1, 10, 1, key="monitors")
    cycles = two.slider("Cycles ahead", 3, 30, 12, key="cycles")
    speed = three.slider("Speed-up of the cycle", 1.0, 10.0, 1.0, key="speed")
    caught = four.slider("Catch rate of one monitor (0: as on record)", 0.0, 0.99, 0.0, key="caught")
    return monitors, cycles, speed, {"catch": caught} if caught > 0 else {}


def draw_errors(errors: Mapping[str, Any], frame: Frame, titles: Mapping[str, str]) -> None:
    """Flaws by cycle, R_e by number of monitors, the oversight needed, and drift as the alternative."""
    left, right = st.columns(2)
    draw_chart(flaws(errors, as_of=frame.as_of, sources=[PRIORS]), left)
    dial = {f"{row['monitors']} monitor(s)": row["r"] for row in errors["by_monitors"]}
    title = "Errors passed on per cycle, R_e"
    draw_chart(dials(dial, as_of=frame.as_of, title=title, sources=[PRIORS]), right)
    st.markdown(capacity(errors))
    growing = errors["doubling_months_if_growing"]
    if growing:
        st.markdown(
            f"Where errors multiply they double in about {growing['q50']:.1f} months at this speed of the cycle."
        )
    drift, cycles = errors["drift"], errors["cycles"]
    st.markdown(
        f"**Drift instead of flaws.** If alignment drifts and is pulled back, it is past the tolerated deviation "
        f"within {cycles} cycles with {chance_in_words(drift['p_past_bound'][-1])}, when correction starts at "
        f"{chance_in_words(drift['kappa'])} a cycle and loses {chance_in_words(drift['loss'])} of itself each time "
        "(assumptions)."
    )
    table = monitors_frame(errors)
    st.dataframe(table, hide_index=True, alt="R_e by number of monitors")
    table_download(table, frame, "errors-by-monitors")
    with st.expander("What the catch rate rests on"):
        st.markdown(catches(errors, titles))
        st.caption("phi, q and how alike monitors fail have no data: priors only.")


def sources_of(found: Mapping[str, Any], errors: Mapping[str, Any]) -> list[str]:
    """Ids of every source behind the page, each once."""
    used = [found["anchor"]["source"], *(one["source"] for one in found["thresholds"]), *GAIN_SOURCES]
    return list(dict.fromkeys([*used, *(source for *_, source in errors["catch_readings"])]))


def source_titles(ids: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    """Titles of sources by id, in order, each once."""
    return [titles.get(id, id) for id in dict.fromkeys(ids)]
