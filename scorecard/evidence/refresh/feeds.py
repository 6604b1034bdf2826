"""RSS and Atom feeds, read as text: titles, addresses and days of their entries, for people to read on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
LONGEST = 300
MOST = 500
# Entities and document types are how XML grows beyond its bounds; feeds have no need of them.
_DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Unfeedable(ValueError):
    """No feed, or one that must not be read; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry; `published_on` is None where the feed gives no day that can be read."""

    id: str
    title: str
    address: str
    published_on: date | None


def entries(content: bytes) -> list[FeedEntry]:
    """The entries of a feed, in its order, at most 500; Unfeedable says what is wrong with it."""
    if _DECLARED.search(content):
        raise Unfeedable("it declares a document type or entities, which a feed has no need of")
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise Unfeedable(f"it is no XML ({error})") from None
    if root.tag not in ("rss", f"{ATOM}feed"):
        raise Unfeedable(f"its outermost element is {root.tag[:40]!r}, not rss or feed")
    return [entry for _, entry in zip(range(MOST), _entries(root), strict=False)]


def _entries(root: ElementTree.Element) -> Iterator[FeedEntry]:
    rss = root.tag == "rss"
    for item in root.iter("item" if rss else f"{ATOM}entry"):
        address = _text(item, "link") if rss else _link(item)
        if urlsplit(address).scheme not in ("http", "https"):
            address = ""
        id = _text(item, "guid" if rss else f"{ATOM}id") or address
        title = _text(item, "title" if rss else f"{ATOM}title")
        said = (
            _text(item, "pubDate")
            if rss
            else _text(item, f"{ATOM}published") or _text(item, f"{ATOM}updated")
        )
        if id and title:
            yield FeedEntry(id=id, title=title, address=address, published_on=_day(said))


def _text(item: ElementTree.Element, tag: str) -> str:
    return " ".join((item.findtext(tag) or "").split())[:LONGEST]


def _link(item: ElementTree.Element) -> str:
    links = item.findall(f"{ATOM}link")
    chosen = next((link for link in links if link.get("rel", "alternate") == "alternate"), None)
    return "" if chosen is None else (chosen.get("href") or "")[:LONGEST]


def _day(said: str) -> date | None:
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(said).date()
    except (ValueError, TypeError):
        return None
