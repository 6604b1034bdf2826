"""Markdown: for wikis, issues and version control; text that people wrote stays text."""

from __future__ import annotations

import re

from scorecard.briefings.content.briefing import Briefing, Line, Said, Table
from scorecard.briefings.exporters import Exporter
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
from scorecard.words import day_in_words, in_markdown


def render(briefing: Briefing) -> bytes:
    """The briefing as Markdown with tables; every number is followed by its keys."""
    parts = [f"# {in_markdown(briefing.title)}", in_markdown(subtitle(briefing)), _answers(briefing)]
    parts += ["## Thresholds", _scorecard(briefing.lines)]
    for heading, said in sections(briefing):
        parts += [f"## {in_markdown(heading)}", _list(said)]
    for table in briefing.tables:
        parts += [
            f"## {in_markdown(table.title)}",
            *([in_markdown(table.note)] if table.note else []),
            _table(table),
        ]
    for duty in briefing.duties:
        parts.append(f"## {in_markdown(duty.name)}, in force {in_markdown(day_in_words(duty.in_force_on))}")
        parts.append(
            "\n".join(
                f"- {in_markdown(item.asks)}: {in_markdown(item.answer)}{_keys(field_keys(duty, item))}"
                for item in duty.items
            )
        )
    if briefing.withheld:
        rows = [
            f"- {in_markdown(w.what)}: {w.count}, because {in_markdown(w.reason)}" for w in briefing.withheld
        ]
        parts += ["## Withheld", "\n".join(rows)]
    parts += ["## Sources", _references(briefing), in_markdown(f"Content {briefing.hash}")]
    return ("\n\n".join(parts) + "\n").encode()


def _list(said: tuple[Said, ...]) -> str:
    return "\n".join(f"- {in_markdown(one.text)}{_keys(one.refs)}" for one in said)


def _answers(briefing: Briefing) -> str:
    return "\n".join(
        f"- **{in_markdown(one.label)}.** {in_markdown(one.said.text)}{_keys(one.said.refs)}"
        for one in briefing.verdict
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
        rows.append("| " + " | ".join(in_markdown(cell) for cell in cells) + " |")
    return "\n".join(rows)


def _table(table: Table) -> str:
    rows = ["| " + " | ".join(in_markdown(head(column)) for column in table.columns) + " |"]
    rows.append("| " + " | ".join("---" for _ in table.columns) + " |")
    for row in table.rows:
        cells = (
            in_markdown(cell_in_words(value, column))
            for value, column in zip(row, table.columns, strict=True)
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _references(briefing: Briefing) -> str:
    rows = []
    for r in briefing.references:
        where = (
            f"<{r.where}>" if is_link(r.where) and not re.search(r"[\s<>]", r.where) else in_markdown(r.where)
        )
        detail = f" ({in_markdown(r.detail)})" if r.detail else ""
        rows.append(
            f"- **{r.key}** {in_markdown(r.title)}, {in_markdown(r.day.isoformat())}, {where}{detail}"
        )
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
