"""Proposals take a second person, in their own name, with the role for it."""

from __future__ import annotations

from datetime import date

import pytest

from scorecard.governance.proposals import ProposalRefused, find, propose, rule
from scorecard.people import Actor, NotAllowed, same_person
from scorecard.records import Buffer, PriorSet
from scorecard.store import Store


def actor(name: str, role: str = "chair") -> Actor:
    return Actor(name=name, identity="typed by hand", role=role)  # type: ignore[arg-type]


AUTHOR = actor("a researcher", "researcher")


def prior_set(id: str = "faster", author: str = "a researcher", **more: str) -> PriorSet:
    return PriorSet(
        id=id,
        name="Faster",
        author=author,
        rationale=more.get("rationale", "Two labs report shorter doubling."),
        priors={},
        settings={},
        known_at=date(2026, 2, 1),
        supersedes=more.get("supersedes", ""),
    )


def test_adoption_takes_another_person(store: Store) -> None:
    propose(store, prior_set(), AUTHOR)
    with pytest.raises(ProposalRefused, match="somebody else"):
        rule(store, "prior_sets", "faster", "adopted", actor=actor("A Researcher "), reason="it is mine")
    rule(store, "prior_sets", "faster", "adopted", actor=actor("a colleague"), reason="I checked the reports")
    with store.view() as now:
        assert find(now, "prior_sets", "faster").standing == "adopted"
    with pytest.raises(ProposalRefused, match="adopted already"):
        rule(store, "prior_sets", "faster", "declined", actor=actor("a third person"), reason="no")


def test_only_the_author_withdraws(store: Store) -> None:
    propose(store, prior_set(), AUTHOR)
    with pytest.raises(ProposalRefused, match="only its author"):
        rule(store, "prior_sets", "faster", "withdrawn", actor=actor("a colleague"), reason="no longer true")
    rule(store, "prior_sets", "faster", "withdrawn", actor=actor("a researcher"), reason="no longer true")
    with store.view() as now:
        assert find(now, "prior_sets", "faster").standing == "withdrawn"


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (prior_set(rationale="because"), "at least a sentence"),
        (prior_set(supersedes="nothing"), "does not exist"),
    ],
)
def test_a_poor_proposal_is_refused(store: Store, item: PriorSet, words: str) -> None:
    with pytest.raises(ProposalRefused, match=words):
        propose(store, item, actor(item.author))


def test_an_id_is_used_once(store: Store) -> None:
    propose(store, prior_set(), AUTHOR)
    with pytest.raises(ProposalRefused, match="already"):
        propose(store, prior_set(), AUTHOR)


def test_nobody_proposes_in_anothers_name(store: Store) -> None:
    with pytest.raises(ProposalRefused, match="in the name of 'a researcher'"):
        propose(store, prior_set(), actor("a colleague"))


def test_roles_are_asked_for(store: Store) -> None:
    with pytest.raises(NotAllowed, match="takes a researcher"):
        propose(store, prior_set(), actor("a researcher", "viewer"))
    propose(store, prior_set(), AUTHOR)
    with pytest.raises(NotAllowed, match="takes a chair"):
        rule(store, "prior_sets", "faster", "adopted", actor=actor("a colleague", "researcher"), reason="yes")
    with pytest.raises(NotAllowed, match="is no role"):
        rule(store, "prior_sets", "faster", "adopted", actor=actor("a colleague", "owner"), reason="yes")


def test_an_administrator_cannot_adopt_what_is_their_own_under_another_display_name(store: Store) -> None:
    """The address is what single sign-on vouches for; a display name can be changed at will."""
    one, two = "First Name <a@example.org>", "Other Name <A@example.org>"
    propose(store, prior_set(author=one), actor(one))
    with pytest.raises(ProposalRefused, match="somebody else"):
        rule(store, "prior_sets", "faster", "adopted", actor=actor(two, "administrator"), reason="yes")
    assert same_person(one, two)
    assert not same_person(one, "First Name <b@example.org>")
    assert same_person("The Chair", " the chair")


def test_a_buffer_is_proposed_and_adopted(store: Store) -> None:
    buffer = Buffer(
        id="b",
        threshold="lab.high",
        tolerance=0.05,
        months=3.0,
        author="a researcher",
        rationale="Three months of review are needed.",
        known_at=date(2026, 2, 1),
    )
    propose(store, buffer, AUTHOR)
    rule(store, "buffers", "b", "adopted", actor=actor("a colleague"), reason="agreed")
    with store.view() as now:
        assert find(now, "buffers", "b").standing == "adopted"
