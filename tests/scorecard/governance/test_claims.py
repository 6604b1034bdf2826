"""From an identity provider's claims to a role: nothing is given that was not vouched for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scorecard.governance.claims import SignInRefused, actor_of, role_of

NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
ROLES = {
    "claim": "teams", "chair": ["chairs", "Chair@example.org"], "researcher": ["science"],
    "administrator": ["root@example.org"],
}  # fmt: skip


def claims(**more: Any) -> dict[str, Any]:
    return {
        "name": "First Last", "email": "person@example.org", "email_verified": True, "sub": "42",
        "iat": (NOW - timedelta(hours=1)).timestamp(), **more,
    }  # fmt: skip


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
        ({"email": "root@example.org"}, "administrator"),
        ({"email": "root@example.org", "email_verified": False}, "viewer"),
        ({"teams": ["administrator", "root"]}, "viewer"),
    ],
)
def test_roles_come_from_groups_and_addresses(given: dict[str, Any], role: str) -> None:
    assert role_of(claims(**given), ROLES) == role


def test_the_name_carries_the_address_that_was_vouched_for() -> None:
    assert actor_of(claims(), ROLES, NOW).name == "First Last <person@example.org>"
    assert actor_of(claims(email_verified=False), ROLES, NOW).name == "First Last <42>"
    forged = actor_of(claims(name="The Chair <chair@example.org>"), ROLES, NOW).name
    assert forged == "The Chair chair@example.org <person@example.org>"
    assert actor_of(claims(), ROLES, NOW).identity == "signed in with single sign-on"


def test_an_old_or_undated_sign_in_is_refused() -> None:
    with pytest.raises(SignInRefused, match="8 hours"):
        actor_of(claims(iat=(NOW - timedelta(hours=9)).timestamp()), ROLES, NOW)
    with pytest.raises(SignInRefused, match="sign in again"):
        actor_of(claims(iat=None), ROLES, NOW)
    with pytest.raises(SignInRefused, match="2 hours"):
        actor_of(claims(iat=(NOW - timedelta(hours=3)).timestamp()), ROLES | {"session_hours": 2}, NOW)


def test_nobody_is_refused() -> None:
    with pytest.raises(SignInRefused, match="neither"):
        actor_of(claims(email="", sub=""), ROLES, NOW)
