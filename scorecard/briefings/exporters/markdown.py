"""Markdown: for wikis, issues and version control; text that people wrote stays text."""

from __future__ import annotations

import re
from html import escape

from scorecard.briefings.content.briefing import Briefing, Line, Said, Table
from scorecard.briefings.exporters._exporter import Exporter
from scorecard.briefings.layout.parts import (
    cell_in_words,
    field_keys,
    head,
    is_link,
    line_keys,
    ranges,
    sections,
    subtitle,
)
from scorecard.words import day_in_words, visible

# What is markup wherever it stands; what makes a link of a word; what is markup at the beginning of a line only.
ANYWHERE = re.compile(r"([\\`*_{}\[\]|~$@])|(:)(?=//)|(?<=\bwww)(\.)|(#)(?=\w)", re.IGNORECASE)
AT_FIRST = re.compile(r"^(?:([#+=!-])|(\d+)([.)]))")


def plain(text: str) -> str:
    """Text whose markup is escaped where it would be any, without a line break, so that it stays one piece of text."""
    escaped = escape(
        visible(" ".join(text.split())), quote=False
    )  # some renderers let HTML through a backslash
    inside = ANYWHERE.sub(lambda found: f"\\{found[0]}", escaped)
    return AT_FIRST.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", inside)


def render(briefing: Briefing) -> bytes:
    """The briefing as Markdown with tables; every number is followed by its keys."""
    parts = [f"# {plain(briefing.title)}", plain(subtitle(briefing)), _answers(briefing)]
    parts += ["## Thresholds", _scorecard(briefing.lines)]
    for heading, said in sections(briefing):
        parts += [f"## {plain(heading)}", _list(said)]
    for table in briefing.tables:
        parts += [f"## {plain(table.title)}", *([plain(table.note)] if table.note else []), _table(table)]
    for duty in briefing.duties:
        parts.append(f"## {plain(duty.name)}, in force {plain(day_in_words(duty.in_force_on))}")
        parts.append(
            "\n".join(
                f"- {plain(item.asks)}: {plain(item.answer or 'not held in the record')}"
                f"{_keys(field_keys(duty, item))}"
                for item in duty.items
            )
        )
    if briefing.withheld:
        rows = [f"- {plain(w.what)}: {w.count}, because {plain(w.reason)}" for w in briefing.withheld]
        parts += ["## Withheld", "\n".join(rows)]
    parts += ["## Sources", _references(briefing), plain(f"Content {briefing.hash}")]
    return ("\n\n".join(parts) + "\n").encode()


def _list(said: tuple[Said, ...]) -> str:
    return "\n".join(f"- {plain(one.text)}{_keys(one.refs)}" for one in said)


def _answers(briefing: Briefing) -> str:
    return "\n".join(
        f"- **{plain(one.label)}.** {plain(one.said.text)}{_keys(one.said.refs)}" for one in briefing.verdict
    )


def _keys(refs: tuple[str, ...]) -> str:
    return f" \\[{ranges(refs)}\\]" if refs else ""


def _scorecard(lines: tuple[Line, ...]) -> str:
    rows = ["| threshold | status | newest reading | already | 12 months | median (80 %) | sources |"]
    rows.append("| --- | --- | --- | --- | --- | --- | --- |")
    for line in lines:
        median = line.unforecast
        if line.q10 and line.q50 and line.q90:
            median = f"{line.q50.text} ({line.q10.text} to {line.q90.text})"
        cells = [
            line.name,
            line.status,
            line.latest.text if line.latest else "",
            line.p_now.text if line.p_now else "",
            line.p_12_months.text if line.p_12_months else "",
            median,
            ranges(line_keys(line)),
        ]
        rows.append("| " + " | ".join(plain(cell) for cell in cells) + " |")
    return "\n".join(rows)


def _table(table: Table) -> str:
    rows = ["| " + " | ".join(plain(head(column)) for column in table.columns) + " |"]
    rows.append("| " + " | ".join("---" for _ in table.columns) + " |")
    for row in table.rows:
        cells = (
            plain(cell_in_words(value, column)) for value, column in zip(row, table.columns, strict=True)
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _references(briefing: Briefing) -> str:
    rows = []
    for r in briefing.references:
        where = f"<{r.where}>" if is_link(r.where) and not re.search(r"[\s<>]", r.where) else plain(r.where)
        detail = f" ({plain(r.detail)})" if r.detail else ""
        rows.append(f"- **{r.key}** {plain(r.title)}, {plain(r.day.isoformat())}, {where}{detail}")
    return "\n".join(rows)


EXPORTER = Exporter(
    name="markdown",
    title="Markdown",
    suffix=".md",
    mime="text/markdown",
    place=6,
    other_names=("md",),
    render=render,
)
