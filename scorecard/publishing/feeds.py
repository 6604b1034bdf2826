"""What one follows: a JSON Feed and an Atom feed of findings and changes, a calendar of what is due, a sitemap."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from urllib.parse import quote
from xml.etree import ElementTree

from scorecard.briefings.delivery.calendars import CalendarDay, ical
from scorecard.publishing.material import Edition
from scorecard.records import SHIPPED
from scorecard.thresholds.retests import retests
from scorecard.words import day_in_words, title_of, visible

NEWEST = 60  # entries of a feed
ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
TITLE = "Preparedness scorecard"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEntry:
    """One entry of a feed: `page` is the site's page that tells more."""

    key: str
    on: date
    title: str
    text: str
    page: str

    @property
    def id(self) -> str:
        """An address that stays whatever the site's own is."""
        return f"urn:sha256:{sha256(self.key.encode()).hexdigest()}"


def entries(edition: Edition) -> list[PublishedEntry]:
    """Developers' findings of any day, and what this edition found changed, the newest first."""
    found: dict[str, PublishedEntry] = {}
    for row in edition.rows:
        page = f"thresholds/{row.threshold.id}.html"
        name = (
            f"{row.framework.developer}: {title_of(row.threshold.category)}, {title_of(row.threshold.level)}"
        )
        for one in row.timeline:
            found[f"finding {one.id} {row.threshold.id}"] = PublishedEntry(
                key=f"finding {one.id} {row.threshold.id}",
                on=one.on,
                title=f"{name}: {one.kind.replace('_', ' ')} ({one.system})",
                text=visible(one.said) or f"{one.developer} on {one.system}.",
                page=page,
            )
    lines = {line.moved.text: line for line in edition.briefing.lines if line.moved.text}
    for text, line in lines.items():
        key = f"change {edition.as_of} {line.threshold} {text}"
        found[key] = PublishedEntry(
            key=key,
            on=edition.as_of,
            title=f"{line.name}, since {day_in_words(edition.briefing.since)}",
            text=visible(text),
            page=f"thresholds/{line.threshold}.html",
        )
    return sorted(found.values(), key=lambda e: (e.on, e.key), reverse=True)[:NEWEST]


def feeds(edition: Edition) -> dict[str, bytes]:
    """Both feeds, the calendar and, where the site's address is known, the feeds' full addresses."""
    told = entries(edition)
    return {
        "feed.json": _json_feed(edition, told),
        "feed.atom": _atom(edition, told),
        "calendar.ics": _calendar(edition),
    }


def _at(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat().replace("+00:00", "Z")


def _link(edition: Edition, page: str) -> str:
    return f"{edition.address}/{quote(page)}" if edition.address else quote(page)


def _json_feed(edition: Edition, told: Sequence[PublishedEntry]) -> bytes:
    home = {"home_page_url": f"{edition.address}/", "feed_url": f"{edition.address}/feed.json"}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        **(home if edition.address else {}),
        "language": "en-GB",
        "items": [
            {
                "id": one.id,
                "url": _link(edition, one.page),
                "title": one.title,
                "content_text": one.text,
                "date_published": _at(one.on),
            }
            for one in told
        ],
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()


def _atom(edition: Edition, told: Sequence[PublishedEntry]) -> bytes:
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})

    def add(to: ElementTree.Element, name: str, text: str = "", **given: str) -> ElementTree.Element:
        made = ElementTree.SubElement(to, f"{{{ATOM}}}{name}", given)
        made.text = text or None
        return made

    add(feed, "id", f"urn:sha256:{sha256((edition.address or TITLE).encode()).hexdigest()}")
    add(feed, "title", TITLE)
    add(feed, "updated", _at(edition.as_of))
    add(add(feed, "author"), "name", TITLE)
    if edition.address:
        add(feed, "link", rel="self", type="application/atom+xml", href=f"{edition.address}/feed.atom")
        add(feed, "link", rel="alternate", type="text/html", href=f"{edition.address}/")
    for one in told:
        entry = add(feed, "entry")
        add(entry, "id", one.id)
        add(entry, "title", one.title)
        add(entry, "updated", _at(one.on))
        add(entry, "link", rel="alternate", type="text/html", href=_link(edition, one.page))
        add(entry, "content", one.text, type="text")
    return _xml(feed)


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _calendar(edition: Edition) -> bytes:
    """Named deadlines that lie ahead, days on which duties come into force, and readings that are due again."""
    material = edition.material
    days = [
        CalendarDay(on=d.day, title=f"Deadline: {d.name}", id=d.id)
        for d in material.calendar.ahead(edition.as_of)
        if d.author in SHIPPED
    ]
    days += [
        CalendarDay(on=d.in_force_on, title=f"In force: {d.name}", id=d.id)
        for d in material.duties
        if d.in_force_on >= edition.as_of
    ]
    readings = [m for found in edition.readings.values() for m in found]
    due = {
        r.indicator: r for r in retests(material.criteria, material.indicators.values(), readings) if r.due
    }
    days += [
        CalendarDay(on=r.due, title=f"Due again: {r.name}", id=r.indicator)
        for r in due.values()
        if r.due is not None
    ]
    return ical(days, name=TITLE, stamped=datetime.combine(edition.as_of, time(), UTC))


def sitemap(edition: Edition, pages: Iterable[str]) -> dict[str, bytes]:
    """The sitemap, whose addresses must be whole: only where the site's own is known."""
    if not edition.address:
        return {}
    ElementTree.register_namespace("", SITEMAP)
    root = ElementTree.Element(f"{{{SITEMAP}}}urlset")
    for page in sorted(pages):
        place = ElementTree.SubElement(root, f"{{{SITEMAP}}}url")
        ElementTree.SubElement(place, f"{{{SITEMAP}}}loc").text = _link(edition, page)
        ElementTree.SubElement(place, f"{{{SITEMAP}}}lastmod").text = edition.as_of.isoformat()
    return {"sitemap.xml": _xml(root)}
