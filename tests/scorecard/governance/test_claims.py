"""From an identity provider's claims to a role: nothing is given that was not vouched for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scorecard.governance.claims import (
    Roles,
    RolesRefused,
    SignIn,
    SignInRefused,
    actor_of,
    address_of,
    role_of,
)
from scorecard.people import same_person
from scorecard.store import StoreError

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
AN_HOUR_AGO = (NOW - timedelta(hours=1)).timestamp()
SECTION: dict[str, Any] = {
    "claim": "teams",
    "chair": {"groups": ["chairs"], "addresses": ["Chair@example.org"]},
    "researcher": {"groups": ["science"]},
    "administrator": {"addresses": ["strasse@example.org", "smith@example.org", "mike@example.org"]},
}
ROLES = Roles.of(SECTION)


def claims(**more: Any) -> dict[str, Any]:
    return {
        "name": "First Last",
        "email": "person@example.org",
        "email_verified": True,
        "iss": "https://login.example.org",
        "sub": "42",
        "iat": AN_HOUR_AGO,
        **more,
    }


ID = SignIn.of(claims()).id


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ({}, "viewer"),
        ({"teams": ["science"]}, "researcher"),
        ({"teams": ["science", "chairs"]}, "chair"),
        ({"teams": "chairs"}, "chair"),
        ({"teams": None}, "viewer"),
        ({"groups": ["chairs"]}, "viewer"),
        ({"email": "chair@EXAMPLE.org"}, "chair"),
        ({"email": "smith@example.org"}, "administrator"),
        ({"email": "smith@example.org", "email_verified": "true"}, "administrator"),
        # Addresses that are another's only by look, by folding, or because nobody checked them.
        ({"email": "straße@example.org"}, "viewer"),
        ({"email": "ſmith@example.org"}, "viewer"),
        ({"email": "mi\u212ae@example.org"}, "viewer"),
        ({"email": "smith@example.org\u200b"}, "viewer"),
        ({"email": " smith@example.org"}, "viewer"),
        ({"email": "smith@example.org", "email_verified": None}, "viewer"),
        ({"email": "smith@example.org", "email_verified": False}, "viewer"),
        ({"email": "smith@example.org", "email_verified": "false"}, "viewer"),
        # A group is no address, and an address no group, whatever they are called.
        ({"teams": ["smith@example.org"]}, "viewer"),
        ({"email": "chairs", "teams": []}, "viewer"),
        ({"teams": ["administrator", "r"]}, "viewer"),
        ({"sub": "smith@example.org", "email": None}, "viewer"),
        ({"role": "administrator"}, "viewer"),
    ],
)
def test_roles_come_from_groups_and_addresses(given: dict[str, Any], role: str) -> None:
    assert role_of(claims(**given), ROLES) == role
    assert actor_of(claims(**given), ROLES, NOW).role == role


@pytest.mark.parametrize("odd", ["ſmith@example.org", "smith@example.org\u200b", "chairs", ""])
def test_an_odd_address_counts_for_nothing(odd: str) -> None:
    """Whoever asks for it later: it may look like, or fold into, somebody else's."""
    assert address_of(claims(email=odd), ROLES) == ""
    assert address_of(claims(email="Smith@example.org"), ROLES) == "smith@example.org"


def test_unchecked_addresses_count_where_the_operator_says_so() -> None:
    trusting = Roles.of(SECTION | {"trust_unverified_addresses": True})
    for checked in (None, False, True):
        assert role_of(claims(email="smith@example.org", email_verified=checked), trusting) == "administrator"
    assert role_of(claims(email="ſmith@example.org"), trusting) == "viewer"


def test_the_name_carries_issuer_and_subject_and_the_address_that_was_vouched_for() -> None:
    assert actor_of(claims(), ROLES, NOW).name == f"First Last <person@example.org, {ID}>"
    assert actor_of(claims(email_verified=False), ROLES, NOW).name == f"First Last <{ID}>"
    forged = actor_of(claims(name="The Chair <chair@example.org>\u202e\n"), ROLES, NOW).name
    assert forged == f"The Chair chair@example.org <person@example.org, {ID}>"
    assert actor_of(claims(), ROLES, NOW).identity == "signed in with single sign-on"


def test_people_are_told_apart_by_issuer_and_subject() -> None:
    one = actor_of(claims(), ROLES, NOW).name
    assert same_person(one, actor_of(claims(name="Married Name", email="new@example.org"), ROLES, NOW).name)
    for other in ({"sub": "43"}, {"iss": "https://elsewhere.example"}, {"sub": "person@example.org"}):
        assert not same_person(one, actor_of(claims(**other), ROLES, NOW).name)
    assert same_person(one, "First Last <Person@example.org>"), "a name recorded before there were ids"
    assert not same_person("A <straße@example.org>", "A <strasse@example.org>")
    assert not same_person("Straße", "Strasse")
    assert not same_person(
        actor_of(claims(email=None, sub="smith@example.org"), ROLES, NOW).name, "<smith@example.org>"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"iat": AN_HOUR_AGO - 8 * 3600}, "8 hours"),
        ({"iat": AN_HOUR_AGO + 10 * 365 * 86400}, "in the future"),
        ({"iat": None}, "no time"),
        ({"iat": float("nan")}, "no time"),
        ({"iat": float("inf")}, "no time"),
        ({"iat": True}, "no time"),
        ({"iat": "yesterday"}, "no time"),
        ({"iat": 1e20}, "in the future"),
        ({"iat": -1e20}, "8 hours"),
        ({"teams": 5}, "teams as something else"),
        ({"teams": [5]}, "teams as something else"),
        ({"teams": {"a": 1}}, "teams as something else"),
        ({"email": ["smith@example.org"]}, "email as something else"),
        ({"email_verified": "yes"}, "neither true nor false"),
        ({"email_verified": 1.5}, "neither true nor false"),
        ({"name": 5}, "name as something else"),
        ({"sub": 42}, "sub as something else"),
        ({"sub": ""}, "no issuer or no id"),
        ({"iss": None}, "no issuer or no id"),
    ],
)
def test_a_claim_that_is_not_what_it_should_be_is_refused_in_words(given: dict[str, Any], said: str) -> None:
    with pytest.raises(SignInRefused, match=said):
        actor_of(claims(**given), ROLES, NOW)


def test_a_clock_that_is_a_little_ahead_is_let_through() -> None:
    assert actor_of(claims(iat=NOW.timestamp() + 60), ROLES, NOW).role == "viewer"
    with pytest.raises(SignInRefused, match="in the future"):
        actor_of(claims(iat=NOW.timestamp() + 360), ROLES, NOW)


def test_a_session_is_as_long_as_the_operator_says() -> None:
    short = Roles.of({"session_hours": 2})
    with pytest.raises(SignInRefused, match="2 hours"):
        actor_of(claims(iat=(NOW - timedelta(hours=3)).timestamp()), short, NOW)
    assert actor_of(claims(), short, NOW).role == "viewer"


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"administrator": "root@example.org"}, r"write \[roles.administrator\]"),
        ({"administrator": ["root@example.org"]}, r"write \[roles.administrator\]"),
        ({"administrator": {"addresses": "root@example.org"}}, "must be a list"),
        ({"administrator": {"groups": [5]}}, "must be a list"),
        ({"administrator": {"groups": [""]}}, "must be a list"),
        ({"administrator": {"people": ["root"]}}, "no key 'people'"),
        ({"administrator": {"addresses": ["root"]}}, "no address in plain ASCII"),
        ({"administrator": {"addresses": ["straße@example.org"]}}, "no address in plain ASCII"),
        ({"adminstrator": {"groups": ["root"]}}, "no key 'adminstrator'"),
        ({"viewer": {"groups": ["all"]}}, "no key 'viewer'"),
        ({"claim": ["groups"]}, "claim must be"),
        ({"session_hours": "8"}, "session_hours must be"),
        ({"session_hours": True}, "session_hours must be"),
        ({"session_hours": 0}, "session_hours must be"),
        ({"session_hours": float("nan")}, "session_hours must be"),
        ({"session_hours": 10_000}, "session_hours must be"),
        ({"trust_unverified_addresses": "no"}, "must be true or false"),
        ("administrator", "must be a section"),
    ],
)
def test_roles_that_may_mean_something_else_are_refused(section: Any, said: str) -> None:
    with pytest.raises(RolesRefused, match=said) as refused:
        Roles.of(section)
    assert isinstance(refused.value, StoreError)
