"""Values, dates and chances in words and in the units people use: 203 minutes is said as 3.4 h."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape, unescape

from scorecard.records import Measurement, Threshold

# What XML cannot hold, and one program we draw with stops at: control characters but tab and line ends.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP's list for CSV injection
# What is markup wherever it stands; what makes a link of a word; what is markup at the beginning of a line only.
ANYWHERE = re.compile(r"([\\`*_{}\[\]|~$@])|(:)(?=//)|(?<=\bwww)(\.)|(#)(?=\w)", re.IGNORECASE)
AT_FIRST = re.compile(r"^(?:([#+=!-])|(\d+)([.)]))")
KEPT_APART = re.compile(r"\\([\\`*_{}\[\]|~$@:.#+=!)-])")
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

# Durations that people know, in minutes, the best known first: an hour, a working day, week, month and year, then what
# lies below, between (16 h is as far as METR's suite measures) and beyond.
MINUTES_KNOWN = (60, 480, 2400, 10_020, 120_000, 1, 10, 1 / 6, 1 / 60, 1_200_000, 12_000_000, 960, 240, 30)


def visible(text: str) -> str:
    """Text with each control character written as its number, such as [U+0007], so that nothing goes missing."""
    return CONTROL.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def in_markdown(text: str) -> str:
    """Text as Markdown that shows it as it is, without a line break, so that it stays one piece of text."""
    # Some renderers let HTML through a backslash.
    words = escape(visible(" ".join(text.split())), quote=False)
    inside = ANYWHERE.sub(lambda found: f"\\{found[0]}", words)
    return AT_FIRST.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", inside)


def from_markdown(text: str) -> str:
    """What `in_markdown` was given, for a reader that is no renderer of Markdown."""
    return unescape(KEPT_APART.sub(r"\1", text))


def literal(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe goes before what would start one."""
    text = visible(text)
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text


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


def moment_in_words(at: datetime) -> str:
    """A moment (UTC) as people write it."""
    return f"{day_in_words(at.date())}, {at:%H:%M} UTC"


def day_of_both(as_of: date, assumptions: date | None) -> str:
    """For which day something is said, and, where that is another day, whose assumptions it rests on."""
    said = f"As of {day_in_words(as_of)}"
    return f"{said}, with the assumptions of {day_in_words(assumptions)}" if assumptions else said


def month_in_words(day: date) -> str:
    """A date to the month, as precise as a forecast deserves: Nov 2026."""
    return f"{day:%b %Y}"


def percent(share: float, digits: int = 0) -> str:
    """A share in per cent, with a space as in every unit: 0.25 is 25 %."""
    return f"{100 * share:.{digits}f} %"


def chance_in_words(p: float) -> str:
    """A probability in per cent, never rounded to certainty."""
    if 0 < p < 0.005:
        return "< 1 %"
    if 0.995 < p < 1:
        return "> 99 %"
    return percent(p)


def interval_in_words(m: Measurement, unit: str) -> str:
    """A reading's interval with its level: 3.4 h to 6.8 h (95 %), or that none was published."""
    if m.low is None or m.high is None:
        return "no interval published"
    level = f" ({percent(m.interval)})" if m.interval else ""
    return f"{value_in_words(m.low, unit)} to {value_in_words(m.high, unit)}{level}"


def title_of(id: str) -> str:
    """An identifier of data/ as words: ai_self_improvement becomes AI self improvement."""
    if id == "headline":
        return "Rises and levels"  # the model that is quoted, beside trend shapes
    if "_" not in id and not id.islower():
        return id
    words = [ABBREVIATIONS.get(word, word) for word in id.replace("_", " ").split()]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


# Categories whose identifiers are not how people say them; others are said as their identifier's words.
SAID = {
    "ai_self_improvement": "self-improvement",
    "long_range_autonomy": "long-range autonomy",
    "biological_chemical": "biological and chemical",
    "chemical_biological": "chemical and biological",
    "high_stakes_sabotage": "sabotage where stakes are high",
    "advanced_autonomy": "autonomy",
    "nuclear_radiological": "nuclear and radiological",
    "deceptive_alignment": "stealth and situational awareness",
}
# Levels that a framework numbers or abbreviates, by the end of the threshold's id, with what they are about.
SPOKEN = {
    "autonomous_rd": "autonomous R&D",
    "eval_awareness": "awareness of being evaluated",
    "loc2": "loss of control, level 2",
    "checkpoint": "autonomy checkpoint",
    "acceleration_1": "R&D acceleration",
    "automation_1": "R&D automation",
    "cb1": "known chemical and biological weapons",
    "cb2": "novel chemical and biological weapons",
    "cbrn_uplift_1": "CBRN uplift",
    "cbrn_tcl": "CBRN uplift, tracked level",
    "cyber_uplift_1": "cyber uplift",
    "manipulation_1": "harmful manipulation",
}
# Levels that add nothing to the category's name.
SILENT = re.compile(r"research|threshold|autonomy-\d|.* TCL|critical capability threshold", re.IGNORECASE)
ROUTE = re.compile(r"threshold \((?P<either>either )?route(?: \d)?\)", re.IGNORECASE)
BY_KIND = {"substitution": "by substitution", "pace": "by pace", "declaration": "by declaration"}


def spoken(threshold: Threshold) -> str:
    """A threshold as one says it within its developer: automated R&D, by pace; self-improvement, High."""
    tail = threshold.id.rpartition(".")[2]
    if tail in SPOKEN:
        return SPOKEN[tail]
    thing = SAID.get(threshold.category, "")
    if not thing:
        words = title_of(threshold.category)
        thing = words if words.split()[0].isupper() else words[:1].lower() + words[1:]
    if route := ROUTE.fullmatch(threshold.level):
        return f"{thing}, either route" if route["either"] else f"{thing}, {BY_KIND[threshold.kind]}"
    if SILENT.fullmatch(threshold.level):
        return thing
    if thing.lower() in threshold.level.lower():
        return threshold.level
    return f"{thing}, {threshold.level[:1].upper()}{threshold.level[1:]}"


def said_by(developer: str, threshold: Threshold) -> str:
    """The whole name: OpenAI: self-improvement, High."""
    return f"{developer}: {spoken(threshold)}"


def whole_month(day: date) -> str:
    """A date to the month as sentences have it: April 2027."""
    return f"{day:%B %Y}"


def points_in_words(change: float) -> str:
    """A change of a probability in points with its sign, a true minus included; nothing below one point."""
    points = round(100 * change)
    return f"+{points}" if points > 0 else f"\N{MINUS SIGN}{-points}" if points else ""
