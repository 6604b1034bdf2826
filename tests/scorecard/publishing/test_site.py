"""The public site: whole, unlinked to anywhere, the same for the same snapshot, and without what is not public."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import icalendar
import pytest
from markupsafe import escape

from scorecard.briefings import export
from scorecard.charts import alt_text
from scorecard.charts.dependents import rests
from scorecard.governance.snapshots import take
from scorecard.people import this_machine
from scorecard.publishing.charts import charts
from scorecard.publishing.feeds import ATOM, SITEMAP
from scorecard.publishing.material import edition
from scorecard.publishing.pages import chart_page, pages
from scorecard.publishing.site import put, site
from scorecard.records import Snapshot
from scorecard.store import Store, StoreError
from tests.scorecard.briefings.conftest import AS_OF, HOSTILE, SECRETS, add_secrets
from tests.scorecard.conftest import Prepared
from tests.scorecard.examples import reading, track
from tests.shared_stores import copy_store

ADDRESS = "https://example.org/sub/path"


@dataclass
class Page(HTMLParser):
    """What a page points at, what it may be pointed at, and what it would load."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    scripts: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given["id"]} if "id" in given else set()
        if tag == "a":
            self.links.append(given["href"])
        elif tag in ("script", "img", "iframe") and "src" in given:
            self.loads.append(given["src"])
        elif tag == "link" and given.get("rel") in ("stylesheet", "alternate"):
            self.loads.append(given["href"])
        self.scripts += tag == "script"


def parsed(content: bytes) -> Page:
    page = Page()
    page.feed(content.decode())
    return page


@pytest.fixture(scope="module")
def decided(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = copy_store(prepared("decided", add_secrets), tmp_path_factory.mktemp("published"))
    store.append([track()], action="backtest", actor="a test")
    return store


@pytest.fixture(scope="module")
def bound(decided: Store) -> Snapshot:
    return take(
        decided,
        this_machine(),
        kind="briefing",
        subject="a test",
        title="Title Secret",
        as_of=AS_OF,
        runs=[],
        text="Text Secret",
    )


@pytest.fixture(scope="module")
def files(decided: Store, bound: Snapshot) -> dict[str, bytes]:
    return site(decided, as_of=AS_OF, snapshot=bound.id, address=ADDRESS)


def test_every_link_leads_somewhere_and_nothing_is_loaded_from_elsewhere(files: dict[str, bytes]) -> None:
    pages = {name: parsed(content) for name, content in files.items() if name.endswith(".html")}
    assert len(pages) > 8
    for name, page in pages.items():
        for link in (*page.links, *page.loads):
            to = urlsplit(link)
            if to.scheme:
                assert link in page.links
                assert to.scheme in ("http", "https")
                continue
            there = normpath(join(dirname(name), unquote(to.path))) if to.path else name
            assert there in files, f"{name} -> {link}"
            if to.fragment:
                assert to.fragment in pages[there].ids, f"{name} -> {link}"


def test_every_page_can_be_reached_from_the_first(files: dict[str, bytes]) -> None:
    reached, waiting = set(), ["index.html"]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        if name.endswith(".html"):
            page = parsed(files[name])
            links = [urlsplit(link) for link in (*page.links, *page.loads)]
            waiting += [
                normpath(join(dirname(name), unquote(to.path))) for to in links if to.path and not to.scheme
            ]
    assert set(files) - reached == {"sitemap.xml"}


def test_no_withheld_text_is_in_the_bytes(decided: Store, files: dict[str, bytes]) -> None:
    secrets = (*SECRETS, "Title Secret", "Text Secret", "Treat it as crossed")
    assert {s for content in files.values() for s in secrets if s.encode() in content} == set()
    internal = export(decided, "json", as_of=AS_OF).content
    assert {s for s in SECRETS if s.encode() in internal} == set(SECRETS), "else nothing is withheld here"


def hashes(store: Store, bound: Snapshot, out: Path, **environment: str) -> dict[str, str]:
    """The files that the command writes, by their sha256, from a process of its own."""
    command = ["publish", str(out), "--snapshot", bound.id, "--address", ADDRESS]
    subprocess.run(
        [sys.executable, "-m", "scorecard", *command],
        env=os.environ | environment | {"SCORECARD_STORE": str(store.path)},
        check=True,
        capture_output=True,
    )
    there = [path for path in out.rglob("*") if path.is_file()]
    return {path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest() for path in there}


def test_a_snapshot_gives_the_same_bytes_elsewhere_and_after_more_was_recorded(
    decided: Store, bound: Snapshot, tmp_path: Path
) -> None:
    store = copy_store(decided.path.parent, tmp_path / "store")
    here = hashes(store, bound, tmp_path / "here", PYTHONHASHSEED="1", TZ="America/Santiago")
    late = reading("one", date(2026, 1, 5), 7777.0, condition="late", known_at=date(2026, 2, 1))
    store.append([late], action="import", actor="a test")
    assert b"7777" in site(store, as_of=AS_OF)["v1/evidence/horizon.csv"]
    there = hashes(
        store, bound, tmp_path / "there", PYTHONHASHSEED="7", TZ="Pacific/Auckland", LANG="de_DE.UTF-8"
    )
    assert {name for name in here | there if here.get(name) != there.get(name)} == set()
    assert "thresholds/lab.high.html" in here


def test_the_data_say_what_the_pages_say(files: dict[str, bytes]) -> None:
    whole = json.loads(files["v1/scorecard.json"])
    (row,) = whole["rows"]
    (flat,) = csv.DictReader(io.StringIO(files["v1/scorecard.csv"].decode()))
    assert float(flat["p_12_months"]) == row["p_12_months"]
    assert flat["q50"] == row["q50"]
    assert float(flat["latest_value"]) == row["latest"]["value"] == 900.0
    one = json.loads(files["v1/thresholds/lab.high.json"])
    curve = list(csv.DictReader(io.StringIO(files["v1/thresholds/lab.high.csv"].decode())))
    assert [float(point["p"]) for point in curve] == [point["p"] for point in one["chance_by"]]
    page = files["thresholds/lab.high.html"].decode()
    assert f"{100 * row['p_12_months']:.0f} %" in page
    assert whole["together"] is None, "one threshold alone"
    assert whole["snapshot"]
    assert len(whole["record"]["head"]) == 64


def test_the_first_page_gives_the_four_answers_under_their_labels(decided: Store) -> None:
    whole = edition(decided, as_of=AS_OF)
    index = unescape(pages(whole, charts(whole))["index.html"].decode())
    assert len(whole.briefing.verdict) == 4
    for one in whole.briefing.verdict:
        assert f"<strong>{one.label}.</strong> <bdi>{one.said.text}</bdi>" in index


def test_a_chance_that_is_withheld_is_no_headline(decided: Store) -> None:
    whole = edition(decided, as_of=AS_OF)
    (row,) = whole.rows
    assert row.forecast is not None
    said = f"{100 * (row.forecast.p_12_months or 0):.0f} %"
    shown = pages(whole, charts(whole))["index.html"].decode()
    assert said in shown.partition("Thresholds, nearest first")[2]
    rows = (replace(row, withheld="rests on a tenth of its weight"),)
    partly = replace(whole, material=replace(whole.material, rows=rows))
    index = pages(partly, charts(partly))["index.html"].decode().partition("Thresholds, nearest first")[2]
    assert "Partial:" in index
    assert "rests on a tenth of its weight" in index
    assert said not in index.partition("</table>")[0]
    assert "overview" not in charts(partly)


def test_why_a_chance_is_withheld_is_said_once_on_its_page(decided: Store) -> None:
    whole = edition(decided, as_of=AS_OF)
    (row,), (line,) = whole.rows, whole.briefing.lines
    assert row.forecast is not None
    why = "rests on a tenth of its weight"
    partly = replace(
        whole,
        material=replace(whole.material, rows=(replace(row, withheld=why),)),
        briefing=replace(whole.briefing, lines=(replace(line, unforecast=why),)),
    )
    page = pages(partly, charts(partly))["thresholds/lab.high.html"].decode()
    assert page.count(why) == 1


def test_the_manifest_has_every_file_with_its_hash(files: dict[str, bytes]) -> None:
    told = json.loads(files["manifest.json"])["files"]
    assert told == {n: sha256(content).hexdigest() for n, content in files.items() if n != "manifest.json"}


def test_the_feeds_are_as_their_standards_ask(files: dict[str, bytes]) -> None:
    feed = json.loads(files["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{ADDRESS}/feed.json"
    items = feed["items"]
    assert len({item["id"] for item in items}) == len(items) > 0
    assert all({"id", "title", "content_text", "url", "date_published"} <= set(item) for item in items)
    assert all(urlsplit(item["url"]).path.removeprefix("/sub/path/") in files for item in items)
    root = ElementTree.fromstring(files["feed.atom"])
    assert root.tag == f"{{{ATOM}}}feed"
    for one in (root, *root.iter(f"{{{ATOM}}}entry")):
        assert all(one.find(f"{{{ATOM}}}{name}") is not None for name in ("id", "title", "updated"))
    ids = [one.findtext(f"{{{ATOM}}}id") for one in root.iter(f"{{{ATOM}}}entry")]
    assert ids == [item["id"] for item in items]
    assert root.find(f"{{{ATOM}}}author/{{{ATOM}}}name") is not None


@pytest.fixture(scope="module")
def unforecast(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The site of a record that holds no forecast yet."""
    store = copy_store(published_folder, tmp_path_factory.mktemp("unforecast"))
    return site(store, as_of=date(2026, 10, 1))


def test_the_calendar_has_what_is_due(unforecast: dict[str, bytes]) -> None:
    content = unforecast["calendar.ics"]
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    titles = {str(event["SUMMARY"]) for event in events}
    assert "Deadline: end of 2026" in titles
    assert any(title.startswith("Due again: METR") for title in titles)
    assert all({"UID", "DTSTAMP", "DTSTART"} <= set(event) for event in events)
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_the_sitemap_has_every_page_and_needs_an_address(
    decided: Store, files: dict[str, bytes], unforecast: dict[str, bytes]
) -> None:
    root = ElementTree.fromstring(files["sitemap.xml"])
    places = {str(place.text).removeprefix(f"{ADDRESS}/") for place in root.iter(f"{{{SITEMAP}}}loc")}
    assert places == {n for n in files if n.endswith(".html") and not n.startswith("embed/")}
    assert "sitemap.xml" not in unforecast
    with pytest.raises(StoreError, match="where the site will stand"):
        site(decided, as_of=AS_OF, address="example.org")


def test_what_people_wrote_is_never_markup(hostile: Store) -> None:
    plain = site(hostile, as_of=AS_OF)
    for name, content in plain.items():
        if name.endswith(".html"):
            page = parsed(content)
            assert page.loads, name
            assert not [link for link in page.links if link.startswith("javascript:")]
            assert b"<script>alert" not in content
            charts = content.count(b'<script type="application/json">')
            assert page.scripts == charts + 1, name
    rows = csv.reader(io.StringIO(plain["v1/scorecard.csv"].decode()))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+1", "@"))]
    assert json.loads(plain["v1/scorecard.json"])["rows"][1]["category"] == HOSTILE[0]


def test_one_chart_is_a_page_that_needs_nothing_and_lets_nothing_in() -> None:
    title = "</title><script>alert(1)</script> & more"
    drawing = rests({"measurements": 3}, as_of=AS_OF, source=title)
    content = chart_page(drawing, title=title, cited=f"As of today. Source: {title}.")
    page = parsed(content)
    assert (page.links, page.loads) == ([], [])
    assert page.scripts == 2, "the specification and the library"
    assert b"<script>alert" not in content
    text = content.decode()
    code = text.rpartition("<script>")[2].partition("</script>")[0]
    allowed = b64encode(sha256(code.encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{allowed}'" in text
    )
    assert f'aria-label="{escape(alt_text(drawing))}"' in text
    assert "As of today. Source:" in text
    assert content == chart_page(drawing, title=title, cited=f"As of today. Source: {title}.")


def test_an_edition_replaces_the_one_before_and_nothing_else(tmp_path: Path) -> None:
    one = {
        "index.html": b"1",
        "old/page.html": b"1",
        "manifest.json": b'{"files": {"index.html": "", "old/page.html": ""}}',
    }
    two = {"index.html": b"2", "manifest.json": b'{"files": {"index.html": ""}}'}
    put(one, tmp_path / "site")
    (tmp_path / "site" / "CNAME").write_text("example.org")
    put(two, tmp_path / "site")
    there = {p.name for p in (tmp_path / "site").rglob("*") if p.is_file()}
    assert there == {"index.html", "manifest.json", "CNAME"}
    assert (tmp_path / "site" / "index.html").read_bytes() == b"2"


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        put({"index.html": b"1", "manifest.json": b"{}"}, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_manifest_that_names_a_file_outside_deletes_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "manifest.json").write_text('{"files": {"../mine": ""}}')
    put({"index.html": b"1", "manifest.json": b"{}"}, tmp_path / "site")
    assert (tmp_path / "mine").read_text() == "mine"


def test_a_site_without_forecasts_says_so_and_sends_no_reader_to_a_command(
    unforecast: dict[str, bytes],
) -> None:
    pages = {name: content.decode() for name, content in unforecast.items() if name.endswith(".html")}
    assert "no forecast of this day yet" in pages["index.html"]
    told = re.compile(r"preparedness [a-z]|python -m|\./run|forecast run --")
    found = {name: hit[0] for name, page in pages.items() if (hit := told.search(unescape(page)))}
    assert found == {}
