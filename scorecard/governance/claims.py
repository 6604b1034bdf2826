"""From what an identity provider says about a person to an actor with a role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scorecard.governance.roles import ROLES, Actor
from scorecard.records import Role
from scorecard.store import StoreError

SESSION_HOURS = 8.0


class SignInRefused(StoreError):
    """A sign-in that cannot be used; the message says what to do."""


def role_of(claims: Mapping[str, Any], roles: Mapping[str, Any]) -> Role:
    """The highest role that lists one of the person's groups or their address; viewer when none does.

    `roles` is the [roles] section of .streamlit/secrets.toml: a list a role, of groups or addresses, and
    `claim`, the claim that holds the groups ("groups" unless named).
    """
    groups = claims.get(str(roles.get("claim", "groups")), ())
    held = {groups} if isinstance(groups, str) else {str(group) for group in groups or ()}
    if _vouched(claims):
        held.add(str(claims["email"]).casefold())
    for role in reversed(ROLES):
        if held & {
            entry if "@" not in entry else entry.casefold() for entry in map(str, roles.get(role, ()))
        }:
            return role
    return "viewer"


def _vouched(claims: Mapping[str, Any]) -> bool:
    """An address counts unless the provider says that it did not check it."""
    return bool(claims.get("email")) and claims.get("email_verified") in (True, "true", None)


def actor_of(claims: Mapping[str, Any], roles: Mapping[str, Any], now: datetime | None = None) -> Actor:
    """The person that a provider's claims describe; SignInRefused when the sign-in is too old or names nobody.

    The address (or the provider's own id) is part of the name, since a display name can be changed at will.
    """
    moment = now or datetime.now(UTC)
    hours = float(roles.get("session_hours", SESSION_HOURS))
    issued = claims.get("iat")
    if issued is None or datetime.fromtimestamp(float(issued), UTC) + timedelta(hours=hours) < moment:
        raise SignInRefused(f"the sign-in is more than {hours:g} hours old or has no date; sign in again")
    unique = str(claims["email"]).casefold() if _vouched(claims) else str(claims.get("sub") or "")
    if not unique:
        raise SignInRefused(
            "the provider named neither an address nor an id; ask its administrator to send one"
        )
    shown = str(claims.get("name") or "").replace("<", "").replace(">", "").strip()
    return Actor(
        name=f"{shown} <{unique}>".strip(),
        identity="signed in with single sign-on",
        role=role_of(claims, roles),
    )
