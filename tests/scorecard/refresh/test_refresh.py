"""Refreshing against a server on the loopback: what is new lands once, what is bad lands nowhere and is told."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scorecard.evidence.refresh.feeds import Unfeedable, entries
from scorecard.evidence.refresh.fetching import Refused, fetch
from scorecard.evidence.refresh.machines import Kind, Machine, machines
from scorecard.evidence.refresh.running import Outcome, client, refresh
from scorecard.evidence.refresh.searched import searched_to, watch_list_of
from scorecard.people import this_machine
from scorecard.places import DATA
from scorecard.records import Fetch, InboxItem, Look, Measurement, Watched
from scorecard.store import Store, StoreError
from tests.scorecard.importers.files import METR
from tests.scorecard.refresh.server import Served, serving

DAY, NEXT = date(2026, 6, 1), date(2026, 6, 2)

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>
<item><title>A card</title><link>https://example.org/card</link><guid>card</guid>
<pubDate>Fri, 29 May 2026 10:00:00 GMT</pubDate></item>
<item><title>Old news</title><link>https://example.org/old</link><guid>old</guid>
<pubDate>Tue, 05 May 2026 10:00:00 GMT</pubDate></item></channel></rss>"""


@pytest.fixture
def served() -> Iterator[Served]:
    with serving() as server:
        server.files = {"/results.yaml": METR.encode(), "/feed.xml": FEED.encode(), "/policy": b"<p>one</p>"}
        yield server


@pytest.fixture
def store(empty: Store) -> Store:
    pages = [
        Watched(
            id=f"lab_{kind}",
            publisher="Lab",
            address="https://example.org",
            looks_for="news",
            every_days=7,
            decisive=kind != "page",
            refresh=kind,
            known_at=date(2026, 5, 1),
        )
        for kind in ("results", "feed", "page")
    ]
    look = Look(
        watched="lab_feed",
        looked_on=date(2026, 5, 20),
        reaches=date(2026, 5, 20),
        looked_by="a researcher",
        found=0,
        known_at=date(2026, 5, 20),
    )
    empty.append([*pages, look], action="import", actor="a test")
    return empty


def machine(
    served: Served,
    path: str = "/results.yaml",
    kind: Kind = "results",
    *,
    megabytes: float = 5.0,
    seconds: float = 60.0,
) -> Machine:
    return Machine(
        id=kind,
        address=f"{served.address}{path}",
        kind=kind,
        hosts=(served.host,),
        format="metr" if kind == "results" else "auto",
        megabytes=megabytes,
        seconds=seconds,
    )


def three(served: Served) -> list[Machine]:
    return [machine(served), machine(served, "/feed.xml", "feed"), machine(served, "/policy", "page")]


def run(store: Store, served: Served, day: date = DAY, **more: bool) -> list[Outcome]:
    return refresh(store, three(served), today=day, actor=this_machine("a test"), new_systems=True, **more)


def test_what_is_new_is_imported_kept_and_put_in_the_inbox(store: Store, served: Served) -> None:
    results, feed, page = run(store, served)
    assert [o.state for o in (results, feed, page)] == ["changed"] * 3
    assert results.indicators == ("metr_p50_horizon", "metr_p80_horizon", "metr_doubling_time")
    assert results.added > 0
    with store.view() as now:
        assert {m.indicator for m in now.all(Measurement)} >= {"metr_p50_horizon", "metr_p80_horizon"}
        items = {i.title: i for i in now.all(InboxItem)}
        kept = now.all(Fetch, refresh="results")[0]
        lines = watch_list_of(now)
    # Old news was looked at before; the page says only that it changed.
    assert set(items) == {"A card", "Lab: the page changed"}
    assert items["A card"].state == "seen"
    assert store.files.get(kept.kept, kept.sha256) == METR.encode()
    assert searched_to(lines) == DAY  # nobody has read the page yet, and it does not decide


def test_a_second_run_changes_nothing_and_fetches_nothing(store: Store, served: Served) -> None:
    run(store, served)
    before, sent = store.stamp(), list(served.sent)
    again = run(store, served)
    assert [o.state for o in again] == ["unchanged"] * 3
    assert store.stamp() == before
    assert served.sent == sent
    assert [conditional for _, conditional in served.asked[-3:]] == [True] * 3


def test_a_changed_file_adds_exactly_its_new_vintage(store: Store, served: Served) -> None:
    run(store, served)
    with store.view() as now:
        before = {(m.indicator, m.system, m.vintage): m.value for m in now.all(Measurement)}
    served.files["/results.yaml"] = METR.replace("estimate: 60.0", "estimate: 66.0").encode()
    (results, *_) = run(store, served, NEXT)
    with store.view() as now:
        after = {(m.indicator, m.system, m.vintage): m.value for m in now.all(Measurement)}
    added = {key: value for key, value in after.items() if key not in before}
    assert {key: after[key] for key in before} == before
    old = {key[:2]: value for key, value in before.items()}
    new = {key[:2]: value for key, value in added.items()}
    assert new == old | {("metr_p50_horizon", "one"): 66.0}
    assert len({vintage for _, _, vintage in added}) == 1
    assert results.indicators == (
        "metr_p50_horizon",
        "metr_doubling_time",
    )  # only what moved is forecast again


def test_a_dry_run_stores_nothing(store: Store, served: Served) -> None:
    before = store.stamp()
    results, feed, _ = run(store, served, dry_run=True)
    assert (results.measurements > 0, len(feed.items)) == (True, 1)
    assert store.stamp() == before


@pytest.mark.parametrize(
    ("path", "bounds", "said"),
    [
        ("/gone", {}, "answers 500"),
        ("/nothing", {}, "answers 404"),
        ("/huge", {}, "would be 50.0 MB"),
        ("/endless", {"megabytes": 0.5}, "larger than the 0.5 MB"),
        ("/slow", {"seconds": 0.2}, "longer than the 0.2 seconds"),
        ("/broken", {}, "connection failed"),
        ("/packed", {}, "packed as 'gzip'"),
        ("/circle", {}, "leads on more than"),
        ("/away", {}, "not among the declared hosts"),
    ],
)
def test_a_bad_answer_is_refused_with_its_reason(
    served: Served, path: str, bounds: dict[str, float], said: str
) -> None:
    most, longest = bounds.get("megabytes", 5.0), bounds.get("seconds", 60.0)
    declared = machine(served, path, megabytes=most, seconds=longest)
    with client() as asking, pytest.raises(Refused, match=said):
        fetch(declared, None, asking)


def test_a_redirect_within_the_declared_hosts_is_followed(served: Served) -> None:
    with client() as asking:
        assert fetch(machine(served, "/moved"), None, asking).content == METR.encode()


def test_no_redirect_is_followed_to_another_server(served: Served) -> None:
    with serving() as other, client() as asking:
        other.files["/secret"] = b"inside"
        served.elsewhere = f"{other.address}/secret"
        with pytest.raises(Refused):
            fetch(machine(served, "/away"), None, asking)
        assert other.asked == []


def test_one_that_fails_stops_no_other_and_says_how_old_what_is_held_is(store: Store, served: Served) -> None:
    run(store, served)
    broken = [machine(served, "/gone"), machine(served, "/feed.xml", "feed")]
    failed, feed = refresh(store, broken, today=date(2026, 6, 11), actor=this_machine("a test"))
    assert (failed.state, failed.stale_days, feed.state) == ("failed", 10, "unchanged")
    assert failed.line == "results: failed, the server answers 500; what is held is 10 days old"
    # The marks of the last good answer are kept, so the next good one is asked for conditionally.
    (results, *_) = run(store, served, date(2026, 6, 12))
    assert results.state == "unchanged"
    with store.view() as now:
        assert now.all(Look, watched="lab_results")[-1].looked_on == date(2026, 6, 12)


def test_a_failed_source_is_no_look(store: Store, served: Served) -> None:
    refresh(store, [machine(served, "/gone")], today=DAY, actor=this_machine("a test"))
    with store.view() as now:
        assert now.all(Look, watched="lab_results") == []
        (noted,) = now.all(Fetch)
    assert (noted.outcome, noted.note, noted.sha256) == ("failed", "the server answers 500", "")


def test_rows_that_an_importer_refuses_wait_in_the_quarantine(store: Store, served: Served) -> None:
    results, *_ = refresh(
        store, [machine(served)], today=DAY, actor=this_machine("a test")
    )  # new systems not accepted
    assert results.measurements == 0
    assert "rows refused" in results.line


def test_the_tables_of_an_archive_are_imported_each(store: Store, served: Served) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("hub/README.md", "about")
        file.writestr("hub/notes.csv", "a,b\n1,2\n")
    served.files["/hub.zip"] = packed.getvalue()
    (hub,) = refresh(
        store, [machine(served, "/hub.zip")], today=DAY, actor=this_machine("a test"), dry_run=True
    )
    assert [one.file for one in hub.plans] == ["notes.csv"]
    served.files["/hub.zip"] = b"PK\x03\x04 no archive"
    (spoilt,) = refresh(
        store, [machine(served, "/hub.zip")], today=DAY, actor=this_machine("a test"), dry_run=True
    )
    assert (spoilt.state, "archive cannot be read" in spoilt.said) == ("failed", True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<rss><channel>", "no XML"),
        (b"<html></html>", "outermost element"),
        (b'<!DOCTYPE x [<!ENTITY a "aa">]><rss>&a;</rss>', "document type"),
    ],
)
def test_what_is_no_feed_is_not_read(content: bytes, said: str) -> None:
    with pytest.raises(Unfeedable, match=said):
        entries(content)


def test_an_atom_feed_and_odd_days() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title> A
      title </title><link href="https://example.org/a"/><updated>2026-05-29T10:00:00Z</updated></entry>
      <entry><id>2</id><title>B</title><link href="javascript:alert(1)"/><updated>soon</updated></entry></feed>"""
    first, second = entries(atom)
    assert (first.title, first.address, first.published_on) == (
        "A title",
        "https://example.org/a",
        date(2026, 5, 29),
    )
    assert (second.address, second.published_on) == ("", None)


def test_the_real_list_names_watched_sources_within_their_hosts() -> None:
    listed = machines(DATA)
    assert {"metr_th11", "metr_feed", "epoch_eci", "epoch_hub"} <= set(listed)
    assert all(one.address.startswith("https://") and not one.allows(one.address) for one in listed.values())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{id: a, address: 'http://example.org/x', kind: feed, hosts: [example.org]}", "not https"),
        (
            "{id: a, address: 'https://example.org/x', kind: feed, hosts: [other.org]}",
            "not among the declared",
        ),
        ("{id: a, address: 'https://example.org/x', kind: song, hosts: [example.org]}", "one of results"),
        ("{id: a, kind: feed, hosts: [example.org]}", "address"),
        (
            "{id: a, address: 'https://example.org/x', kind: feed, hosts: [example.org], command: rm}",
            "a field of that name",
        ),
    ],
)
def test_a_list_with_a_fault_is_refused(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "refresh.yaml").write_text(f"- {row}\n...\n", encoding="utf-8")
    with pytest.raises(StoreError, match=said):
        machines(tmp_path)
