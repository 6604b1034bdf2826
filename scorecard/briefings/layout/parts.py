"""What several formats share: the sections in their order, the scorecard as one flat table, keys and cells as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from scorecard.briefings.content.briefing import (
    Briefing,
    Cell,
    Column,
    DutyAnswer,
    DutyItem,
    Figure,
    Line,
    Reference,
    Said,
    Table,
)
from scorecard.clock import plus_months
from scorecard.words import chance_in_words, day_in_words

KEYS = Column("keys", "sources", "keys")
DATED = "p_by_"  # columns named after a date of the calendar, which are others next year


def sections(briefing: Briefing) -> tuple[tuple[str, tuple[Said, ...]], ...]:
    """The sections of sentences after the verdict that say anything, in reading order."""
    since = day_in_words(briefing.since)
    made = (
        (f"What changed since {since}", briefing.changed),
        ("Lead time against safeguards", briefing.lead_times),
        ("Largest uncertainties", briefing.uncertainties),
        ("Disagreements", briefing.disagreements),
        ("Decisions sought", briefing.sought),
        ("Commentary", briefing.commentary),
        ("Decisions on record", briefing.decided),
        ("How such forecasts have done", briefing.track_record),
        ("How this was worked out", briefing.method),
    )
    return tuple((heading, said) for heading, said in made if said)


def labelled(briefing: Briefing) -> tuple[Said, ...]:
    """The four answers as sentences that begin with their label."""
    return tuple(Said(f"{one.label}. {one.said.text}", one.said.refs) for one in briefing.verdict)


def subtitle(briefing: Briefing) -> str:
    """The line under the title: day, audience, the hash that stands for the content, the snapshot if it has one."""
    bound = f" · snapshot {briefing.snapshot[:12]}" if briefing.snapshot else ""
    return (
        f"As of {day_in_words(briefing.as_of)} · {briefing.audience} · content {briefing.short_hash}{bound}"
    )


def scorecard_table(briefing: Briefing) -> Table:
    """The thresholds as one flat table, a row each; chances in [0, 1], dates as dates."""
    named = list(dict.fromkeys(by for line in briefing.lines for by, _ in line.p_by))
    columns = (
        Column("threshold", "threshold id"),
        Column("developer", "developer"),
        Column("framework", "framework"),
        Column("version", "version"),
        Column("category", "category"),
        Column("level", "level"),
        Column("kind", "kind"),
        Column("paraphrase", "in our words"),
        Column("status", "status"),
        Column("reason", "reason"),
        Column("measured_by", "measured by"),
        Column("latest", "newest reading", "number"),
        Column("unit", "unit"),
        Column("latest_interval", "interval"),
        Column("latest_system", "system"),
        Column("latest_on", "observed on", "date"),
        Column("age_days", "age", "count", "days"),
        Column("marks", "marks"),
        Column("p_now", "chance already crossed", "chance"),
        Column("p_next_meeting", f"chance by next meeting ({briefing.next_meeting})", "chance"),
        Column("p_12_months", "chance within 12 months", "chance"),
        *(Column(f"{DATED}{i}", f"chance by {by}", "chance") for i, by in enumerate(named, start=1)),
        Column("q10", "10 % date", "date"),
        Column("q50", "median date", "date"),
        Column("q90", "90 % date", "date"),
        Column("p_beyond_horizon", "chance beyond the horizon", "chance"),
        Column("unforecast", "why no forecast"),
        Column("outdated", "why outdated"),
        Column("moved", "what changed"),
        KEYS,
    )
    rows = tuple(_flat(line, named) for line in briefing.lines)
    return Table(name="scorecard", title="Scorecard", columns=columns, rows=rows)


def scorecard_data(briefing: Briefing) -> Table:
    """The same for programs: only columns that are there every day; `dates_table` holds the dates that change."""
    table = scorecard_table(briefing)
    kept = [at for at, column in enumerate(table.columns) if not column.name.startswith(DATED)]
    return Table(
        name=table.name,
        title=table.title,
        columns=tuple(table.columns[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in table.rows),
    )


def dates_table(briefing: Briefing) -> Table:
    """A row a threshold and date: the chance in [0, 1] of a crossing by then, and what the row says.

    `now`, `next meeting` and `12 months` are chances by a day; `quantile` is the day by which the chance is reached,
    empty where that is beyond the horizon; `curve` is the drawn distribution.
    """
    rows: list[tuple[Cell, ...]] = []
    curves = {drawing.name: drawing.points for drawing in briefing.drawings}
    ahead = plus_months(briefing.as_of, 12)
    for line in briefing.lines:
        if line.p_now is None:
            continue
        asked = (
            ("now", briefing.as_of, line.p_now),
            ("next meeting", briefing.next_meeting, line.p_next_meeting),
            ("12 months", ahead, line.p_12_months),
        )
        found: list[tuple[str, Cell, Cell]] = [
            (says, by, figure.value) for says, by, figure in asked if figure is not None
        ]
        quantiles = ((0.1, line.q10), (0.5, line.q50), (0.9, line.q90))
        found += [("quantile", _value(day), chance) for chance, day in quantiles if day is not None]
        found += [("curve", day, p) for day, p in curves.get(f"crossing {line.threshold}", tuple)()]
        keys = " ".join(line.p_now.refs)
        rows += [(line.threshold, line.developer, says, day, chance, keys) for says, day, chance in found]
    columns = (
        Column("threshold", "threshold id"),
        Column("developer", "developer"),
        Column("says", "what the row says"),
        Column("by", "by", "date"),
        Column("chance", "chance", "chance"),
        KEYS,
    )
    return Table(name="dates", title="Chances by date", columns=columns, rows=tuple(rows))


def _flat(line: Line, named: list[str]) -> tuple[Cell, ...]:
    by = dict(line.p_by)
    return (
        line.threshold,
        line.developer,
        line.framework,
        line.version,
        line.category,
        line.level,
        line.kind,
        line.paraphrase,
        line.status,
        line.reason.text,
        line.measured_by,
        _value(line.latest),
        line.latest.unit if line.latest else "",
        line.latest_interval,
        line.latest_system,
        _value(line.latest_on),
        _value(line.age_days),
        ", ".join(mark.replace("_", " ") for mark in line.marks),
        _value(line.p_now),
        _value(line.p_next_meeting),
        _value(line.p_12_months),
        *(_value(by.get(name)) for name in named),
        _value(line.q10),
        _value(line.q50),
        _value(line.q90),
        _value(line.p_beyond_horizon),
        line.unforecast,
        line.outdated,
        line.moved.text,
        " ".join(line_keys(line)),
    )


def _value(figure: Figure | None) -> Cell:
    return None if figure is None else figure.value


def line_keys(line: Line) -> tuple[str, ...]:
    """The keys of everything one line says, each once."""
    figures = (line.latest, line.latest_on, line.p_now, line.q50)
    keys = [*line.reason.refs, *(key for f in figures if f for key in f.refs), *line.moved.refs, line.source]
    return tuple(dict.fromkeys(keys))


def field_keys(duty: DutyAnswer, item: DutyItem) -> tuple[str, ...]:
    """The keys of everything one field of a duty says, each once, and of the duty itself."""
    return tuple(dict.fromkeys([*(key for one in item.said for key in one.refs), *duty.refs]))


def ranges(keys: Iterable[str]) -> str:
    """Keys as short as they can be said: S1-S4, F2, from any order."""
    parted = sorted((re.sub(r"\d", "", key), int(re.sub(r"\D", "", key))) for key in dict.fromkeys(keys))
    runs: list[list[tuple[str, int]]] = []
    for letter, number in parted:
        if runs and runs[-1][-1] == (letter, number - 1):
            runs[-1].append((letter, number))
        else:
            runs.append([(letter, number)])
    said = []
    for one in runs:
        names = [f"{letter}{number}" for letter, number in one]
        said += [f"{names[0]}–{names[-1]}"] if len(names) > 2 else names
    return ", ".join(said)


def cell_in_words(value: Cell, column: Column) -> str:
    """A table's cell as a person reads it; empty where there is nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if column.kind == "chance" and isinstance(value, float):
        return chance_in_words(value)
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)


def head(column: Column) -> str:
    """A column's heading with its unit."""
    return f"{column.label} ({column.unit})" if column.unit else column.label


def reference_in_words(reference: Reference) -> str:
    """One reference on one line: key, title, day, where, detail."""
    tail = f" ({reference.detail})" if reference.detail else ""
    return f"{reference.key}: {reference.title}, {reference.day.isoformat()}, {reference.where}{tail}"


def is_link(where: str) -> bool:
    """Whether an address may be made a link: the web only, never a script."""
    return where.startswith(("https://", "http://"))
