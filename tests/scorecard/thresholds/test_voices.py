"""A threshold's timeline, its voices side by side, and the order of levels."""

from __future__ import annotations

from datetime import date

import pytest

from scorecard.evidence.facts import load
from scorecard.evidence.refresh.searched import searched_line, searched_to, watch_list
from scorecard.places import DATA
from scorecard.records import Assessment, Determination, Look, Source, Threshold, ThresholdEvent, Watched
from scorecard.thresholds.levels import next_level
from scorecard.thresholds.status import status
from scorecard.thresholds.voices import timeline, voices
from tests.scorecard.examples import threshold

FACTS = load(DATA)
SOURCES = {s.id: s for s in FACTS.of(Source)}


def told(name: str) -> tuple[str, bool]:
    """The status of a row of data/ and whether somebody contests it."""
    (row,) = [t for t in FACTS.of(Threshold) if t.id == name]
    found = [d for d in FACTS.records if isinstance(d, Determination) and d.threshold == name]
    events = [e for e in FACTS.of(ThresholdEvent) if name in e.thresholds]
    said = status(row, found, SOURCES, events=events)
    entries = timeline(name, found, events, FACTS.of(Assessment))
    return said.name, voices(said, entries, (), None).contested


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("anthropic.rsp3_4.automated_rd.substitution", "not crossed"),
        ("anthropic.rsp3_4.misaligned_high_stakes", "treated as applying"),
        ("anthropic.rsp3_4.cb1", "treated as applying"),
        ("gdm.fsf3_1.stealth_sa_tcl", "not crossed"),
        ("gdm.fsf3_1.ml_rd.acceleration_1", "not crossed"),
        ("gdm.fsf3_1.cyber_uplift_1", "alert reached"),
        ("openai.pf2.cyber.critical", "crossed"),
        ("openai.pf2.cyber.high", "treated as crossed"),
    ],
)
def test_no_row_is_silent_where_a_finding_exists(name: str, expected: str) -> None:
    assert told(name)[0] == expected


def test_a_review_that_shares_only_the_conclusion_contests_the_row() -> None:
    assert told("anthropic.rsp3_0.automated_rd") == ("not crossed", True)
    assert told("openai.pf2.ai_self_improvement.high") == ("not crossed", False)


def test_one_finding_on_the_threshold_and_its_routes_is_one_entry_of_each_timeline() -> None:
    events = FACTS.of(ThresholdEvent)
    found = [d for d in FACTS.records if isinstance(d, Determination)]
    for route in ("", ".substitution", ".acceleration"):
        entries = timeline(f"anthropic.rsp3_4.automated_rd{route}", found, events)
        assert [e.thresholds for e in entries if e.id == "anthropic.haiku_5_5.autonomy_2"] == [3]
        assert [e.on for e in entries] == sorted((e.on for e in entries), reverse=True)


@pytest.mark.parametrize(
    ("levels", "first", "then"),
    [
        (("High", "Critical"), "High", "Critical"),
        (("Tier 1", "Tier 2", "Tier 3"), "Tier 2", "Tier 3"),
        (("CB-1 (non-novel)", "CB-2 (novel)"), "CB-1 (non-novel)", "CB-2 (novel)"),
        (("ML R&D acceleration level 1", "ML R&D automation level 1"), "ML R&D acceleration level 1", ""),
        (("applicable now",), "applicable now", ""),
    ],
)
def test_the_next_level(levels: tuple[str, ...], first: str, then: str) -> None:
    rows = [threshold(f"lab.{i}", level=level) for i, level in enumerate(reversed(levels))]
    assert next_level(next(r for r in rows if r.level == first), rows) == then


def page(id: str, *, decisive: bool = True, developer: str = "") -> Watched:
    return Watched(
        id=id,
        publisher=id,
        address="https://example.org",
        looks_for="news",
        every_days=7,
        decisive=decisive,
        developer=developer,
        known_at=date(2026, 1, 1),
    )


def look(watched: str, on: int, reaches: int) -> Look:
    return Look(
        watched=watched,
        looked_on=date(2026, 1, on),
        reaches=date(2026, 1, reaches),
        looked_by="a researcher",
        found=0,
        known_at=date(2026, 1, on),
    )


def test_silence_reaches_as_far_as_the_least_looked_at_decisive_page() -> None:
    pages = [page("a", developer="Lab"), page("b"), page("c", decisive=False)]
    lines = watch_list(pages, [look("a", 10, 9), look("a", 20, 18), look("b", 12, 12)])
    assert searched_to(lines) == date(2026, 1, 12)
    assert searched_to(lines, "Lab") == date(2026, 1, 18)
    assert searched_to(lines, "Another") == date(2026, 1, 12)
    assert [line.watched.id for line in lines] == ["c", "b", "a"]
    assert [line.overdue(date(2026, 1, 22)) for line in lines] == [True, True, False]
    assert searched_to(watch_list([*pages, page("d")], [look("a", 20, 18)])) is None


def test_the_line_beside_the_day_counts_the_days_since() -> None:
    assert searched_line(date(2026, 10, 2), date(2026, 11, 29)) == (
        "Evidence searched to 2 October 2026 (58 days ago)"
    )
    assert searched_line(date(2026, 11, 29), date(2026, 11, 29)) == "Evidence searched to 29 November 2026"
    assert searched_line(None, date(2026, 11, 29)) == "Evidence: no search is on record"
