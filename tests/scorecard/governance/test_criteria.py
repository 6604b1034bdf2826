"""Criteria: what they would read differently is said when they are proposed, and kept."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scorecard.governance.criteria import (
    CriterionRefused,
    differences,
    level_in_work,
    propose_criterion,
    reclassified,
    versions_compared,
)
from scorecard.governance.proposals import rule
from scorecard.people import Actor
from scorecard.records import Criterion
from scorecard.store import Store, StoreError
from scorecard.thresholds.standing import standing
from tests.scorecard.examples import INDICATOR, criterion, framework, reading, threshold

RESEARCHER = Actor(name="a researcher", identity="typed by hand", role="researcher")
CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")


def ours(id: str = "horizon-3h", **more: Any) -> Criterion:
    fields: dict[str, Any] = {"level": 180.0, "author": "a researcher", "supersedes": "horizon-40h"}
    return criterion(id, **{**fields, **more})


def test_evidence_already_in_that_would_be_reclassified_is_marked(store: Store) -> None:
    """203 minutes (the corrected reading) reach three hours; 60 do not; nothing had reached 40 hours."""
    (changed,) = propose_criterion(store, ours(), RESEARCHER)
    assert (changed.system, changed.value, changed.before, changed.now) == ("two", 203.0, False, True)
    with store.view() as now:
        assert "two (203 minutes, 2025-09-01) now reaches it" in now.log()[-1].reason


def test_a_criterion_that_changes_no_reading_is_not_marked(store: Store) -> None:
    assert propose_criterion(store, ours(level=1200.0), RESEARCHER) == []
    with store.view() as now:
        assert "read differently" not in now.log()[-1].reason


def test_raising_a_level_takes_readings_back(store: Store) -> None:
    store.append([criterion("low", level=100.0)], action="import", actor="a test")
    (changed,) = propose_criterion(store, ours(level=300.0, supersedes="low"), RESEARCHER)
    assert (changed.before, changed.now) == (True, False)
    assert "no longer reaches it" in changed.words


def test_a_first_criterion_is_marked_when_something_reaches_it_at_once(store: Store) -> None:
    with store.view() as now:
        assert [c.system for c in reclassified(now, ours(level=50.0, supersedes=""))] == ["one", "two"]
        assert reclassified(now, ours(level=50.0, gap=3.0, supersedes="")) == []


def test_an_upper_bound_reaches_nothing(store: Store) -> None:
    store.append(
        [
            reading(
                "two", date(2025, 9, 1), 203.0, vintage="2026-04", bound="at_most", known_at=date(2026, 4, 1)
            )
        ],
        action="x",
        actor="a test",
    )
    with store.view() as now:
        assert reclassified(now, ours()) == []


@pytest.mark.parametrize(
    ("scale", "level", "expected"),
    [("log2", 100.0, 400.0), ("log10", 1.0, 100.0), ("linear", 10.0, 12.0), ("logit", 50.0, 88.0797)],
)
def test_the_gap_is_taken_on_the_link_scale(scale: Any, level: float, expected: float) -> None:
    from dataclasses import replace

    indicator = replace(INDICATOR, scale=scale, lower=0.0, upper=100.0)
    assert level_in_work(ours(level=level, gap=2.0), indicator) == pytest.approx(expected)


def test_an_adopted_criterion_takes_the_place_of_the_old(store: Store) -> None:
    propose_criterion(store, ours(), RESEARCHER)
    with store.view() as now:
        assert [c.id for c in standing(now, Criterion)] == ["horizon-40h"]
    rule(store, "criteria", "horizon-3h", "adopted", actor=CHAIR, reason="closer to the work")
    with store.view() as now:
        assert [c.id for c in standing(now, Criterion)] == ["horizon-3h"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"level": -5.0}, "no place"),
        ({"level_sd": -1.0}, "zero or more"),
        ({"weight": 0.0}, "above zero"),
        ({"level": float("nan")}, "zero or more"),
    ],
)
def test_what_cannot_measure_is_refused(store: Store, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(CriterionRefused, match=words):
        propose_criterion(store, ours(**wrong), RESEARCHER)


def test_unknown_names_are_refused(store: Store) -> None:
    for wrong in ({"threshold": "nowhere"}, {"indicator": "nothing"}, {"supersedes": "no-such"}):
        with pytest.raises(StoreError):
            propose_criterion(store, ours(**wrong), RESEARCHER)
    with store.view() as now:
        assert [c.id for c in now.all(Criterion)] == ["horizon-40h"]


def test_two_criteria_field_by_field(store: Store) -> None:
    propose_criterion(store, ours(), RESEARCHER)
    with store.view() as now:
        found = differences(now, "horizon-40h", "horizon-3h")
    assert found["fields"] == {
        "level": [2400.0, 180.0],
        "author": ["the scorecard's defaults", "a researcher"],
    }
    assert found["reached_only_by_to"] == ["two"]


def test_versions_clause_by_clause(store: Store) -> None:
    store.append(
        [
            framework("2", date(2026, 1, 1)),
            threshold("lab2.high", "2", paraphrase="does the work alone"),
            threshold("lab2.critical", "2", level="Critical"),
        ],
        action="import",
        actor="a test",
    )
    with store.view() as now:
        rows = versions_compared(now, "lab", "1", "2")
        with pytest.raises(StoreError):
            versions_compared(now, "lab", "1", "3")
    assert [(r["level"], r["from"], r["to"]) for r in rows] == [
        ("High", "does the work", "does the work alone"),
        ("Critical", "", "does the work"),
    ]
    assert 0.7 < rows[0]["alike"] < 1
    assert [r["was"] for r in rows] == ["", ""]
    assert rows[1]["alike"] == 0


def test_a_threshold_that_was_renamed_is_paired_by_its_text(store: Store) -> None:
    """The more alike text wins, each is paired once, and what nothing resembles stays alone."""
    old = {"Level 1": "doubles the pace of research", "Level 2": "does all research by itself"}
    new = {
        "Uplift": "doubles the pace of our research",
        "Autonomy": "does all the research by itself",
        "Other": "xyz",
    }
    store.append(
        [
            *(framework(v, date(2026, int(v), 1)) for v in ("3", "4")),
            *(threshold(f"a.{n}", "3", level=n, paraphrase=text) for n, text in old.items()),
            *(threshold(f"b.{n}", "4", level=n, paraphrase=text) for n, text in new.items()),
        ],
        action="import",
        actor="a test",
    )
    with store.view() as now:
        rows = versions_compared(now, "lab", "3", "4")
    assert [(r["level"], r["was"], bool(r["from"])) for r in rows] == [
        ("Uplift", "Self improvement: Level 1", True),
        ("Autonomy", "Self improvement: Level 2", True),
        ("Other", "", False),
    ]
