"""HTML: one self-contained file that works offline and prints well; charts answer to the pointer, nothing is fetched.

Every chart is drawn in as SVG, which is all that a reader without scripts or a printer needs; the chart library inside
the file then draws it again so that it shows the values under the pointer.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path

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
from scorecard.words import day_in_words, visible

STYLE = Path(__file__).with_name("_briefing.css")
# Draws each specification in the page over its picture; expressions are walked, not compiled into code.
DRAW = """for (const held of document.querySelectorAll('script[type="application/json"]')) {
    const figure = held.parentElement, picture = figure.querySelector("svg"), live = document.createElement("div");
    const spec = JSON.parse(held.textContent);
    live.ariaHidden = "true";  // the figure says it in words; marks without any would be read as nameless
    vegaEmbed(live, spec, {ast: true, actions: false, renderer: "svg", logLevel: 1, loader: {http: false}})
        .then(() => picture.replaceWith(live));
}"""
# The page may draw itself and nothing else: only our own script runs and nothing is loaded, whatever a text contains.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def render(briefing: Briefing) -> bytes:
    """The briefing as one HTML file; every text is escaped and isolated in its own writing direction."""
    return html_page(briefing, script=True)


def html_page(briefing: Briefing, *, script: bool) -> bytes:
    """The same with or without the script that makes its charts answer to a pointer; they are drawn either way."""
    body = [
        f"<h1>{_text(briefing.title)}</h1>",
        f"<p class=sub>{_text(subtitle(briefing))}</p>",
        _answers(briefing),
        "<h2>Thresholds</h2>",
        _scorecard(briefing.lines),
        *_charts(briefing),
    ]
    for heading, said in sections(briefing):
        body += [f"<h2>{_text(heading)}</h2>", _list(said)]
    for table in briefing.tables:
        note = f"<p class=sub>{_text(table.note)}</p>" if table.note else ""
        body.append(f"<details open><summary>{_text(table.title)}</summary>{note}{_table(table)}</details>")
    for duty in briefing.duties:
        rows = "".join(
            f"<tr><td>{_text(item.asks)}</td><td>{_text(item.answer)}</td>"
            f"<td>{_text(item.article)}</td><td>{_keys(field_keys(duty, item))}</td></tr>"
            for item in duty.items
        )
        title = f"{duty.name}, in force {day_in_words(duty.in_force_on)}"
        body.append(f"<h2>{_text(title)}</h2><table>{rows}</table>")
    if briefing.withheld:
        rows = "".join(
            f"<li>{_text(w.what)}: {w.count}, because {_text(w.reason)}</li>" for w in briefing.withheld
        )
        body += ["<h2>Withheld</h2>", f"<ul>{rows}</ul>"]
    body += ["<h2>Sources</h2>", _references(briefing), f"<p class=sub>Content {briefing.hash}</p>"]
    policy, code_tag = POLICY, ""
    if briefing.drawings and script:
        code = chart_code()
        policy += f"; script-src 'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"
        code_tag = f"<script>{code}</script>\n"
    opening = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(briefing.title)}, {briefing.as_of.isoformat()}</title>\n"
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
    )
    return (opening + "\n".join(body) + f"\n{code_tag}</body>\n</html>\n").encode()


@cache
def chart_code() -> str:
    """The chart library with what draws this page, as one script; a second and a half to put together."""
    import vl_convert

    return str(vl_convert.javascript_bundle(DRAW)).replace("</script", "<\\/script")


def _text(text: str) -> str:
    return f"<bdi>{escape(visible(text))}</bdi>" if text else ""


def _keys(refs: tuple[str, ...]) -> str:
    links = [f'<a href="#{escape(key)}">{escape(key)}</a>' for key in refs]
    if len(links) > 6:
        return f' <span class=keys title="{escape(" ".join(refs))}">{escape(ranges(refs))}</span>'
    return f" <span class=keys>{', '.join(links)}</span>" if links else ""


def _list(said: tuple[Said, ...], style: str = "") -> str:
    items = "".join(f"<li>{_text(one.text)}{_keys(one.refs)}</li>" for one in said)
    return f'<ul class="{style}">{items}</ul>'


def _answers(briefing: Briefing) -> str:
    items = "".join(
        f"<li><strong>{_text(one.label)}.</strong> {_text(one.said.text)}{_keys(one.said.refs)}</li>"
        for one in briefing.verdict
    )
    return f'<ul class="verdict">{items}</ul>'


def _scorecard(lines: tuple[Line, ...]) -> str:
    names = (
        "threshold",
        "developer's word",
        "newest reading",
        "already",
        "12 months",
        "median, 80 % interval",
        "sources",
    )
    rows = ["<thead><tr>" + "".join(f"<th scope=col>{name}</th>" for name in names) + "</tr></thead><tbody>"]
    for line in lines:
        median = line.unforecast
        if line.q10 and line.q50 and line.q90:
            median = f"{line.q50.text}, {line.q10.text} to {line.q90.text}"
        latest = (
            f"{line.latest.text}, {line.latest_system}, {line.latest_on.text}"
            if line.latest and line.latest_on
            else ""
        )
        cells = (
            line.status,
            latest,
            line.p_now.text if line.p_now else "",
            line.p_12_months.text if line.p_12_months else "",
            median,
        )
        plain = "".join(f"<td>{_text(cell)}</td>" for cell in cells)
        rows.append(
            f"<tr><th scope=row>{_text(line.name)}<p class=sub>{_text(line.paraphrase)}</p></th>{plain}"
            f"<td>{_keys(line_keys(line))}</td></tr>"
        )
    return f"<div class=wide><table>{''.join(rows)}</tbody></table></div>"


def _charts(briefing: Briefing) -> list[str]:
    figures = []
    for drawing in briefing.drawings:
        # Inside a script nothing but its end tag is read as markup, and no "<" leaves it out.
        data = json.dumps(drawing.spec, ensure_ascii=False).replace("<", "\\u003c")
        held = f'<script type="application/json">{data}</script>'
        figures.append(
            f'<figure role="img" aria-label="{escape(drawing.words)}">{drawing.svg}{held}</figure>'
        )
    return figures


def _table(table: Table) -> str:
    head_row = "".join(f"<th scope=col>{_text(head(column))}</th>" for column in table.columns)
    rows = []
    for row in table.rows:
        cells = []
        for value, column in zip(row, table.columns, strict=True):
            told = (
                _keys(tuple(str(value or "").split()))
                if column.kind == "keys"
                else _text(cell_in_words(value, column))
            )
            cells.append(f"<td class={column.kind}>{told}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<div class=wide><table><thead><tr>{head_row}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"


def _references(briefing: Briefing) -> str:
    items = []
    for r in briefing.references:
        where = _text(r.where)
        if is_link(r.where):
            where = f'<a href="{escape(r.where)}" rel="noreferrer">{_text(r.where)}</a>'
        detail = f"<p class=sub>{_text(r.detail)}</p>" if r.detail else ""
        name = f"<b>{escape(r.key)}</b> {_text(r.title)}, {r.day.isoformat()}"
        items.append(f'<li id="{escape(r.key)}">{name}, {where}{detail}</li>')
    return f"<ul class=sources>{''.join(items)}</ul>"


EXPORTER = Exporter(
    name="html",
    title="Web page (HTML)",
    suffix=".html",
    mime="text/html",
    place=5,
    render=render,
)
