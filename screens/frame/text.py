r"""Text on a screen: what people and files wrote is shown letter by letter, unless code says that it is markup.

Streamlit reads nearly every text (labels and help too) as Markdown with its own additions: icons, emoji, colours,
formulas, and addresses that become links by themselves. `escaped` is the way of every text that holds data;
`marked` is for markup that code wrote around such parts, and a test finds what passes neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from scorecard.addresses import host_of, web_address

MARKS = re.compile(r"[\\`*_{}\[\]<>#|~$&!]|:(?!\s)")
# A backslash is not enough for these: they are looked for again in the text that is left after it was taken away.
# A directive without attributes is a plain <span>, which parts the text and can still be copied.
APART = re.compile(r":(?=[\w+-]*:|//|material|streamlit)|(?<=\w)@(?=\w)|(?<=\bwww)\.", re.IGNORECASE)
LINE = re.compile(r"^[ \t]+|[ \t]+$", re.MULTILINE)
OPENS = re.compile(r"^(?:(?P<bullet>[-+=])|(?P<number>\d+)(?P<dot>[.)]))", re.MULTILINE)
# Would reorder the words around them, or are no characters at all.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Marked(str):
    """Markdown that code wrote; every text in it that people or files wrote is escaped already."""

    __slots__ = ()


def escaped(text: object) -> Marked:
    """Text as Markdown that shows it letter by letter; what is Marked already stays as it is."""
    if isinstance(text, Marked):
        return text
    words = LINE.sub("", UNSEEN.sub("\N{REPLACEMENT CHARACTER}", str(text).replace("\r\n", "\n")))
    pieces, last = [], 0
    for found in APART.finditer(words):
        pieces += [MARKS.sub(r"\\\g<0>", words[last : found.start()]), rf":color[\{found.group()}]"]
        last = found.end()
    pieces.append(MARKS.sub(r"\\\g<0>", words[last:]))
    return Marked(OPENS.sub(_opened, "".join(pieces)))


def _opened(found: re.Match[str]) -> str:
    """The start of a line that would begin a list or underline a heading."""
    return rf"\{found['bullet']}" if found["bullet"] else rf"{found['number']}\{found['dot']}"


def marked(text: str) -> Marked:
    """Markup that code wrote: a literal, or an f-string whose every part passed `escaped` or is a number."""
    return Marked(text)


def joined(between: str, parts: Iterable[object]) -> Marked:
    """Parts with markup between them; each part is escaped."""
    return Marked(between.join(escaped(part) for part in parts))


def bulleted(lines: Iterable[object]) -> Marked:
    """A list, an item a line; each item is escaped."""
    return Marked("\n".join(f"- {escaped(line)}" for line in lines))


def code(text: object) -> Marked:
    """Text in the letters of a typewriter, on one line."""
    words = " ".join(UNSEEN.sub("\N{REPLACEMENT CHARACTER}", str(text)).split())
    fence = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    return Marked(f"{fence} {words} {fence}" if "`" in words else f"`{words}`")


def link(title: object, address: str) -> Marked:
    """A link that says where it leads: its host stands behind it; what is no web address is no link."""
    to = web_address(address)
    if to is None:
        return escaped(title)
    target = to.replace("(", "%28").replace(")", "%29")
    if str(title) == address:
        return Marked(f"[{escaped(title)}]({target})")
    return Marked(f"[{escaped(title)}]({target}) ({escaped(host_of(to))})")


class Element(str):
    """A part of a page in HTML, which `element` made."""

    __slots__ = ()


def element(tag: str, *inside: object, **given: str) -> Element:
    """An HTML element whose text and attributes are escaped; what `element` made stays as it is inside another.

    Attributes by name: `cls` is the class, an underscore stands for a hyphen (`aria_label`).
    """
    names = {"cls": "class"}
    attributes = "".join(
        f' {names.get(name, name.replace("_", "-"))}="{escape(value)}"' for name, value in given.items()
    )
    parts = "".join(part if isinstance(part, Element) else escape(str(part)) for part in inside)
    return Element(f"<{tag}{attributes}>{parts}</{tag}>")


def link_column(label: str | None = None) -> ColumnConfig:
    """A column of web addresses (`web_address` first), each shown as its host, which is where it leads."""
    return st.column_config.LinkColumn(label, display_text=r"^https?://(?:www\.)?([^/?#]+)")
