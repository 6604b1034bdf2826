"""Values, dates and chances in words and in the units people use: 203 minutes is said as 3.4 h."""

from __future__ import annotations

import re
from datetime import date

from scorecard.records import Measurement

# What XML cannot hold, and one program we draw with stops at: control characters but tab and line ends.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
HOURS = 60  # minutes
TIMES = frozenset({"times", "ratio"})
PERCENT = "percent"
ABBREVIATIONS = {"ai": "AI", "ml": "ML", "rd": "R&D", "cbrn": "CBRN"}

# A tick's label in the chart language's own expressions, by unit; others are shown as plain numbers.
TICKS = {
    "minutes": (
        "datum.value < 1 ? format(datum.value * 60, '~g') + ' s' : datum.value < 60 ? "
        "format(datum.value, '~g') + ' min' : format(datum.value / 60, ',~f') + ' h'"
    ),
    PERCENT: "format(datum.value, '~f') + ' %'",
    "times": "format(datum.value, '~g') + '×'",
    "ratio": "format(datum.value, '~g') + '×'",
    "days": "format(datum.value, ',~f') + ' d'",
}
PLAIN_TICKS = "format(datum.value, ',~g')"

MINUTES_LADDER = (
    1 / 60, 1 / 6, 1, 4, 15, 60, 240, 480, 960, 2400, 10020, 40080, 120_000, 480_000, 2_000_040, 12_000_000,
)  # fmt: skip  # 1 s .. 1 h, a working day, the 16 h that METR's suite measures, a week, a month, a year ...


def visible(text: str) -> str:
    """Text with each control character written as its number, such as [U+0007], so that nothing goes missing."""
    return CONTROL.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def value_in_words(value: float, unit: str) -> str:
    """A value in its unit as a person would say it; `value` is in `unit`."""
    if unit == "minutes":
        return _duration(value)
    if unit == PERCENT:
        return f"{_number(value)} %"
    if unit in TIMES:
        return f"{_number(value)}×"
    return f"{_number(value)} {unit}".strip()


def _duration(minutes: float) -> str:
    if minutes < 1:
        return f"{_number(minutes * 60)} s"
    if minutes < HOURS:
        return f"{_number(minutes)} min"
    return f"{_number(minutes / HOURS)} h"


def _number(value: float) -> str:
    """Three significant figures, thousands grouped, no exponent below a million million."""
    if value == 0:
        return "0"
    if abs(value) >= 1e12:
        return f"{value:.2e}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    text = f"{value:.3g}"
    return text if "e" not in text else f"{value:.1e}"


def day_in_words(day: date) -> str:
    """A date as 25 November 2026."""
    return f"{day.day} {day:%B %Y}"


def month_in_words(day: date) -> str:
    """A date to the month, as precise as a forecast deserves: Nov 2026."""
    return f"{day:%b %Y}"


def chance_in_words(p: float) -> str:
    """A probability in per cent, never rounded to certainty."""
    if 0 < p < 0.005:
        return "< 1 %"
    if 0.995 < p < 1:
        return "> 99 %"
    return f"{p:.0%}".replace("%", " %")


def interval_in_words(m: Measurement, unit: str) -> str:
    """A reading's interval with its level: 3.4 h to 6.8 h (95 %), or that none was published."""
    if m.low is None or m.high is None:
        return "no interval published"
    level = f" ({m.interval:.0%})".replace("%", " %") if m.interval else ""
    return f"{value_in_words(m.low, unit)} to {value_in_words(m.high, unit)}{level}"


def title_of(id: str) -> str:
    """An identifier of data/ as words: ai_self_improvement becomes AI self improvement."""
    if "_" not in id and not id.islower():
        return id
    words = [ABBREVIATIONS.get(word, word) for word in id.replace("_", " ").split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]
