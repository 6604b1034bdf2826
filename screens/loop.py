"""The self-improvement loop on the screen: the answer, assumptions to hold, tables; numbers come from the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import log10

import pandas as pd
import streamlit as st

from scorecard.charts.loop import dials, drivers, flaws, pace_curves, scenario_fan
from scorecard.evidence.readings import adjusting
from scorecard.records import Drivers, ErrorsAnswer, ForecastRun, LoopAnswer, Measurement, Span
from scorecard.store import Store
from scorecard.thresholds.board import quoted_runs
from scorecard.words import chance_in_words, month_in_words, percent
from screens.board import query_of, whole_name
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.drawing import draw_chart
from screens.frame.page import Frame
from screens.frame.tables import data_table
from screens.frame.text import Marked, escaped, joined, marked

SCORECARD, SCENARIOS = "scorecard, by ", "scenarios, by "
PRIORS = "the priors of the loop (data/loop_priors.yaml)"
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


def answer(found: LoopAnswer, errors: ErrorsAnswer) -> str:
    """Whether AI that speeds up AI research feeds itself, and whether errors multiply, without a symbol."""
    runaway = found.gain.p_runaway
    if found.gain.combined is None or runaway is None:
        first = "Too few readings are known to say whether AI that speeds up AI research feeds itself"
    elif runaway > 0.5:
        first = f"AI that speeds up AI research probably feeds itself: a chance of {chance_in_words(runaway)}"
    else:
        first = (
            "AI speeds up AI research, but each gain probably brings a smaller one after it: a chance of "
            f"{chance_in_words(runaway)} that it feeds itself"
        )
    ends = "multiply" if errors.p_above_one > 0.5 else "die out rather than multiply"
    return f"{first}. Errors that nobody notices probably {ends}: {chance_in_words(errors.p_above_one)} on multiplying."


def symbols(found: LoopAnswer, errors: ErrorsAnswer) -> str:
    """The same in the model's symbols, with 80 % intervals; what has no estimate is left out."""
    pairs = (("gain of the loop G", found.gain.combined), ("errors passed on per cycle R_e", errors.r))
    told = [f"{name} about {one.q50:.1f} ({one.q10:.1f} to {one.q90:.1f})" for name, one in pairs if one]
    return f"In symbols: {', '.join(told)}; 80 % intervals, and 1 or more feeds itself."


def levers() -> dict[str, float]:
    """Let a person hold assumptions at a value; what is not held keeps its whole prior."""
    chosen = st.multiselect(
        "Hold an assumption at a value",
        list(LEVERS),
        format_func=lambda name: LEVERS[name][0],
        key="held",
        help="Everything else keeps its whole prior. The answer follows at once, from fewer paths.",
    )
    held: dict[str, float] = {}
    for name in chosen:
        words, low, high, decades = LEVERS[name]
        if decades:
            power = st.slider(
                escaped(f"{words} (powers of ten)"),
                log10(low),
                log10(high),
                (log10(low) + log10(high)) / 2,
                0.1,
                key=f"held_{name}",
            )
            held[name] = 10.0**power
        else:
            held[name] = st.slider(escaped(words), low, high, round((low + high) / 2, 2), key=f"held_{name}")
    return held


def thresholds_frame(
    found: LoopAnswer, titles: Mapping[str, str], quoted: Mapping[str, ForecastRun]
) -> pd.DataFrame:
    """Each pace threshold with what its row says by named dates, what scenarios say beside it, and its source."""
    rows = []
    for one in found.thresholds:
        dates = one.dates
        rows.append(
            {
                "threshold": one.name,
                "asks for": f"{one.level:g} times {one.baseline}, over {one.months} months",
                "AI's part at least": one.cause,
                **{
                    f"{SCORECARD}{on}": quoted[one.threshold].quoted.p_by(date.fromisoformat(on))
                    if one.threshold in quoted
                    else None
                    for on in one.scenario_p_by
                },
                "weight of scenarios": one.weight,
                **{f"{SCENARIOS}{on}": p for on, p in one.scenario_p_by.items()},
                "scenarios, whoever caused it, by the last": list(one.scenario_p_by_speed_alone.values())[-1]
                if one.scenario_p_by
                else None,
                "median of scenarios": _month(dates.q50),
                "scenarios, not by 2040": one.scenario_p_beyond_horizon,
                "source": titles.get(one.source, one.source),
            }
        )
    return pd.DataFrame(rows)


def _month(day: date | None) -> str:
    return month_in_words(day) if day else "beyond 2040"


def drivers_frame(found: Drivers) -> pd.DataFrame:
    """Every assumption with its prior, usual range, source, and how it moves the outcome."""
    return pd.DataFrame(
        {
            "assumption": d.meaning,
            "prior": d.prior,
            "usual range": "" if d.usual is None else f"{d.usual[0]:g} to {d.usual[1]:g}",
            "at its 10 %": d.at_10,
            "at its 90 %": d.at_90,
            "share of spread, alone": d.first_order,
            "with interactions": d.total,
            "source": d.source,
        }
        for d in found.drivers
    )


def monitors_frame(errors: ErrorsAnswer) -> pd.DataFrame:
    """What one, two, three or five monitors do to R_e."""
    return pd.DataFrame(
        {
            "monitors": row.monitors,
            "R_e, median": row.r.q50,
            "10 %": row.r.q10,
            "90 %": row.r.q90,
            "P(multiplying)": row.p_above_one,
            "P(runaway within the cycles shown)": row.p_runaway,
        }
        for row in errors.by_monitors
    )


def catches(errors: ErrorsAnswer, titles: Mapping[str, str]) -> Marked:
    """The set-ups that the catch rate rests on, with their sources, as markdown lines."""
    lines = [
        marked(
            f"- {escaped(name)}: {escaped(percent(share))} caught or failed "
            f"({escaped(titles.get(source, source))})"
        )
        for name, share, source in errors.catch_readings
    ]
    return joined("\n", lines or [marked("- none known on this day")])


def capacity(errors: ErrorsAnswer) -> str:
    """How much oversight keeps R_e under 1, in a sentence."""
    enough = errors.p_enough_monitors
    never = errors.p_no_catch_rate_enough
    return (
        f"Oversight needed: one monitor keeps R_e under 1 with {chance_in_words(enough['1'])}, three with "
        f"{chance_in_words(enough['3'])}, ten with {chance_in_words(enough['10'])}; with {chance_in_words(never)} no "
        "catch rate is enough, since too few caught flaws are put right. Monitors that fail alike are why more of them "
        "help so little."
    )


def gains(found: LoopAnswer) -> dict[str, Span]:
    """Every estimate of G, for the chart of dials."""
    g = found.gain
    listed = {**g.estimates, "implied by the priors alone": g.implied}
    return {**({"combined": g.combined} if g.combined else {}), **listed}


def readings_of_day(opened: record.Opened, day: date) -> list[Measurement]:
    """Every reading known on a day, all vintages; a cached read."""
    with Store(opened.address).view(as_of=day) as known:
        return adjusting.readings(known)


def draw_scenarios(found: LoopAnswer, frame: Frame, titles: Mapping[str, str]) -> None:
    """Progress, pace and gain, each with its reading."""
    fans, anchor = found.fans, source_titles([found.anchor.source], titles)
    for place, name, title, unit in zip(
        st.columns(2),
        ("progress", "pace"),
        ("Progress from now", "Pace of progress"),
        ("years of progress at today's pace", "times today's pace"),
        strict=True,
    ):
        plain = fans[f"{name} without the loop"]
        chart = scenario_fan(fans[name], plain, as_of=frame.as_of, title=title, unit=unit, sources=anchor)
        draw_chart(chart, place)
    behind = source_titles(GAIN_SOURCES, titles)
    draw_chart(dials(gains(found), as_of=frame.as_of, title="Gain of the loop, G", sources=behind))
    st.caption(
        "G is the product of elasticities around the loop: below 1 a push is amplified by 1/(1 - G), at 1 or more the "
        "loop feeds itself. Two estimates from readings and METR's note; beside them what the priors alone imply."
    )


def draw_thresholds(found: LoopAnswer, frame: Frame, titles: Mapping[str, str]) -> None:
    """The pace thresholds as curves and as a table, with a link to each one's own figure."""
    rows = record.scorecard(frame.store, frame.as_of).rows
    told = {one.threshold for one in found.thresholds}
    for row in rows:
        if row.threshold.id in told:
            st.page_link(
                "pages/threshold.py",
                label=escaped(f"{whole_name(row)}: what the scorecard says, and on what it rests"),
                query_params=query_of(frame, row),
            )
    named = source_titles([one.source for one in found.thresholds], titles)
    draw_chart(pace_curves(found.thresholds, as_of=frame.as_of, sources=named))
    table = thresholds_frame(found, titles, quoted_runs(rows))
    chances = [name for name in table.columns if pd.api.types.is_float_dtype(table[name])]
    data_table(table, chances=chances, alt="Pace thresholds and their probabilities")
    table_download(table, frame, "pace-thresholds")


def draw_drivers(found: Drivers, frame: Frame) -> None:
    """What drives the spread, and every assumption behind it."""
    draw_chart(drivers(found, as_of=frame.as_of, sources=[PRIORS]), section=True)
    table = drivers_frame(found)
    data_table(table, alt="Every assumption with its prior, range, source and effect")
    table_download(table, frame, "assumptions")


def error_levers() -> tuple[int, int, float, dict[str, float]]:
    """Monitors, cycles ahead, speed-up of the cycle, and what is held of the priors of error compounding."""
    one, two, three, four = st.columns(4)
    monitors = one.slider("Monitors", 1, 10, 1, key="monitors")
    cycles = two.slider("Cycles ahead", 3, 30, 12, key="cycles")
    speed = three.slider("Speed-up of the cycle", 1.0, 10.0, 1.0, key="speed")
    caught = four.slider("Catch rate of one monitor (0: as on record)", 0.0, 0.99, 0.0, key="caught")
    return monitors, cycles, speed, {"catch": caught} if caught > 0 else {}


def draw_errors(errors: ErrorsAnswer, frame: Frame, titles: Mapping[str, str]) -> None:
    """Flaws by cycle, R_e by number of monitors, the oversight needed, and drift as the alternative."""
    left, right = st.columns(2)
    draw_chart(flaws(errors, as_of=frame.as_of, sources=[PRIORS]), left)
    dial = {f"{row.monitors} monitor{'s' * (row.monitors > 1)}": row.r for row in errors.by_monitors}
    title = "Errors passed on per cycle, R_e"
    draw_chart(dials(dial, as_of=frame.as_of, title=title, sources=[PRIORS]), right)
    st.markdown(escaped(capacity(errors)))
    growing = errors.doubling_months_if_growing
    if growing:
        st.markdown(
            f"Where errors multiply they double in about {growing.q50:.1f} months at this speed of the cycle."
        )
    drift, cycles = errors.drift, errors.cycles
    st.markdown(
        f"**Drift instead of flaws.** If alignment drifts and is pulled back, it is past the tolerated deviation "
        f"within {escaped(cycles)} cycles with {escaped(chance_in_words(drift.p_past_bound[-1]))}, when correction "
        f"starts at {escaped(chance_in_words(drift.kappa))} a cycle and loses {escaped(chance_in_words(drift.loss))} "
        f"of itself each time "
        "(assumptions)."
    )
    table = monitors_frame(errors)
    data_table(table, alt="R_e by number of monitors")
    table_download(table, frame, "errors-by-monitors")
    with st.expander("What the catch rate rests on"):
        st.markdown(escaped(catches(errors, titles)))
        st.caption("phi, q and how alike monitors fail have no data: priors only.")


def sources_of(found: LoopAnswer, errors: ErrorsAnswer) -> list[str]:
    """Ids of every source behind the page, each once."""
    used = [found.anchor.source, *(one.source for one in found.thresholds), *GAIN_SOURCES]
    return list(dict.fromkeys([*used, *(source for *_, source in errors.catch_readings)]))


def source_titles(ids: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    """Titles of sources by id, in order, each once."""
    return [titles.get(id, id) for id in dict.fromkeys(ids)]
