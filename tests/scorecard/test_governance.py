"""Decisions bound to runs, and proposals that take a second person."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scorecard.governance.decisions import DecisionRefused, decide, standing
from scorecard.governance.proposals import ProposalRefused, find, propose, rule
from scorecard.records import Decision, PriorSet
from scorecard.store import Store, StoreError, verify
from tests.scorecard.examples import run

WORDS: dict[str, Any] = {
    "decision": "hold deployment",
    "reason": "the forecast is close",
    "decided_by": "the chair",
}


def prior_set(id: str = "faster", author: str = "a researcher", **more: str) -> PriorSet:
    return PriorSet(
        id=id, name="Faster", author=author, rationale=more.get("rationale", "Two labs report shorter doubling."),
        priors={}, settings={}, known_at=date(2026, 2, 1), supersedes=more.get("supersedes", ""),
    )  # fmt: skip


def test_a_decision_binds_its_run(store: Store) -> None:
    store.append([run()], action="forecast", actor="a test")
    made = decide(store, threshold="lab.high", finding="look_deeper", forecast_run="run-2026", **WORDS)
    assert made.forecast_run == run().id
    with store.view() as now:
        assert now.all(Decision) == [made]
    assert verify(store).rows > 0


def test_a_decision_without_a_run_is_refused_when_there_is_one(store: Store) -> None:
    decide(store, threshold="lab.high", finding="look_deeper", **WORDS)
    store.append([run()], action="forecast", actor="a test")
    with pytest.raises(DecisionRefused, match="name the forecast run"):
        decide(store, threshold="lab.high", finding="look_deeper", **WORDS)


@pytest.mark.parametrize("missing", ["decision", "reason", "decided_by"])
def test_what_is_missing_is_named(store: Store, missing: str) -> None:
    with pytest.raises(DecisionRefused, match=missing):
        decide(store, threshold="lab.high", finding="look_deeper", **{**WORDS, missing: " "})


def test_unknown_threshold_run_finding_and_predecessor_are_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        decide(store, threshold="nowhere", finding="look_deeper", **WORDS)
    with pytest.raises(DecisionRefused, match="no single forecast run"):
        decide(store, threshold="lab.high", finding="look_deeper", forecast_run="abcdefgh", **WORDS)
    with pytest.raises(DecisionRefused, match="is not one of"):
        decide(store, threshold="lab.high", finding="maybe", **WORDS)  # type: ignore[arg-type]
    with pytest.raises(DecisionRefused, match="to supersede"):
        decide(store, threshold="lab.high", finding="look_deeper", supersedes="gone", **WORDS)
    with store.view() as now:
        assert now.all(Decision) == []


def test_a_correction_supersedes_and_both_are_kept(store: Store) -> None:
    first = decide(store, threshold="lab.high", finding="look_deeper", **WORDS)
    second = decide(store, threshold="lab.high", finding="crossed", supersedes=first.id, **WORDS)
    with store.view() as now:
        kept = now.all(Decision)
    assert kept == [first, second]
    assert standing(kept) == [second]


def test_adoption_takes_another_person(store: Store) -> None:
    propose(store, prior_set())
    with pytest.raises(ProposalRefused, match="somebody else"):
        rule(store, "prior_sets", "faster", "adopted", by="A Researcher ", reason="it is mine")
    rule(store, "prior_sets", "faster", "adopted", by="a colleague", reason="I checked the reports")
    with store.view() as now:
        assert find(now, "prior_sets", "faster").standing == "adopted"
    with pytest.raises(ProposalRefused, match="adopted already"):
        rule(store, "prior_sets", "faster", "declined", by="a third person", reason="no")


def test_only_the_author_withdraws(store: Store) -> None:
    propose(store, prior_set())
    with pytest.raises(ProposalRefused, match="only its author"):
        rule(store, "prior_sets", "faster", "withdrawn", by="a colleague", reason="no longer true")
    rule(store, "prior_sets", "faster", "withdrawn", by="a researcher", reason="no longer true")
    with store.view() as now:
        assert find(now, "prior_sets", "faster").standing == "withdrawn"


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (prior_set(author=" "), "author"),
        (prior_set(rationale="because"), "at least a sentence"),
        (prior_set(supersedes="nothing"), "does not exist"),
    ],
)
def test_a_poor_proposal_is_refused(store: Store, item: PriorSet, words: str) -> None:
    with pytest.raises(ProposalRefused, match=words):
        propose(store, item)


def test_an_id_is_used_once(store: Store) -> None:
    propose(store, prior_set())
    with pytest.raises(ProposalRefused, match="already"):
        propose(store, prior_set())
