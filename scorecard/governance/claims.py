"""From what an identity provider says about a person to an actor with a role; every claim is checked for its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from math import isfinite
from typing import Any

from scorecard.people import ADDRESS, ROLES, Actor, ascii_lower
from scorecard.records import Role
from scorecard.store import StoreError

SESSION_HOURS, MOST_HOURS = 8.0, 720.0
LEEWAY = timedelta(minutes=5)  # by how much the provider's clock may be ahead of this machine's
OPTIONS = ("claim", "session_hours", "trust_unverified_addresses")
GIVEN: tuple[Role, ...] = ROLES[1:]  # everybody who signs in is a viewer


class SignInRefused(StoreError):
    """A sign-in that cannot be used; the message says what to do."""


class RolesRefused(StoreError):
    """A [roles] section that says something else than was meant, perhaps; the message names the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The [roles] section of .streamlit/secrets.toml: who gets which role, by group and by address.

    `trust_unverified` counts addresses whose provider did not check them or does not say.
    """

    groups: Mapping[Role, frozenset[str]] = field(default_factory=dict)
    addresses: Mapping[Role, frozenset[str]] = field(default_factory=dict)  # in ASCII lower case
    claim: str = "groups"
    session_hours: float = SESSION_HOURS
    trust_unverified: bool = False

    @classmethod
    def of(cls, section: object) -> Roles:
        """The section as read from TOML; RolesRefused for an unknown key, a wrong type or an odd address."""
        if not isinstance(section, Mapping):
            raise RolesRefused("[roles] must be a section of keys; see docs/deploy.md")
        if unknown := [str(key) for key in section if key not in (*OPTIONS, *GIVEN)]:
            raise RolesRefused(
                f"[roles] has no key {unknown[0]!r}; there are {', '.join((*OPTIONS, *GIVEN))}"
            )
        held = {role: _held(role, section[role]) for role in GIVEN if role in section}
        claim = section.get("claim", "groups")
        if not isinstance(claim, str) or not claim:
            raise RolesRefused("[roles] claim must be the name of a claim, as text")
        hours = section.get("session_hours", SESSION_HOURS)
        if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
            raise RolesRefused(f"[roles] session_hours must be a number above 0 and up to {MOST_HOURS:g}")
        trust = section.get("trust_unverified_addresses", False)
        if not isinstance(trust, bool):
            raise RolesRefused("[roles] trust_unverified_addresses must be true or false")
        return cls(
            groups={role: groups for role, (groups, _) in held.items()},
            addresses={role: addresses for role, (_, addresses) in held.items()},
            claim=claim,
            session_hours=float(hours),
            trust_unverified=trust,
        )


def _held(role: str, given: object) -> tuple[frozenset[str], frozenset[str]]:
    if not isinstance(given, Mapping) or (
        unknown := [key for key in given if key not in ("groups", "addresses")]
    ):
        wrong = f"has no key {unknown[0]!r}" if isinstance(given, Mapping) else "is no section"
        raise RolesRefused(
            f"[roles] {role} {wrong}; write [roles.{role}] with groups = [...] and addresses = [...] below it"
        )
    lists = {}
    for name in ("groups", "addresses"):
        entries = given.get(name, [])
        if not isinstance(entries, list | tuple) or not all(isinstance(one, str) and one for one in entries):
            raise RolesRefused(f"[roles.{role}] {name} must be a list of texts, as [{name!r}]")
        lists[name] = entries
    if odd := [one for one in lists["addresses"] if not ADDRESS.fullmatch(one)]:
        raise RolesRefused(
            f"[roles.{role}] addresses has {odd[0]!r}, which is no address in plain ASCII letters; a group belongs "
            "into groups"
        )
    return frozenset(lists["groups"]), frozenset(map(ascii_lower, lists["addresses"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One sign-in: whose (issuer and subject), since when; what tells it from every other."""

    issuer: str
    subject: str
    issued: float  # seconds since 1970, as the provider's clock has it

    @property
    def id(self) -> str:
        """The person, as 16 hexadecimal digits over issuer and subject."""
        return sha256(f"{self.issuer}\0{self.subject}".encode()).hexdigest()[:16]

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> SignIn:
        """From a provider's claims; SignInRefused when one of the three is missing or no such thing."""
        issuer, subject = (_text(claims, name) for name in ("iss", "sub"))
        if not issuer or not subject:
            raise SignInRefused(
                "the provider named no issuer or no id; ask its administrator to send iss and sub"
            )
        issued = claims.get("iat")
        if isinstance(issued, bool) or not isinstance(issued, int | float) or not isfinite(issued):
            raise SignInRefused("the provider sent no time of the sign-in (iat, a number); sign in again")
        return cls(issuer=issuer, subject=subject, issued=float(issued))


def role_of(claims: Mapping[str, Any], roles: Roles) -> Role:
    """The highest role that lists one of the person's groups or their address; viewer when none does."""
    groups, address = _groups(claims, roles.claim), address_of(claims, roles)
    for role in reversed(GIVEN):
        if groups & roles.groups.get(role, frozenset()) or address in roles.addresses.get(role, frozenset()):
            return role
    return "viewer"


def address_of(claims: Mapping[str, Any], roles: Roles) -> str:
    """The person's address in ASCII lower case; empty when it counts for nothing.

    It counts when the provider says that it checked it (or the operator says that it need not), and is plain ASCII:
    another alphabet's letters may look like, or fold into, those of somebody else's address.
    """
    address = _text(claims, "email")
    checked = claims.get("email_verified")
    if checked not in (True, False, None, "true", "false"):
        raise SignInRefused(
            "the provider sent an email_verified that is neither true nor false; ask its administrator"
        )
    vouched = checked is True or checked == "true" or roles.trust_unverified
    return ascii_lower(address) if vouched and ADDRESS.fullmatch(address) else ""


def _groups(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    given = claims.get(claim)
    if given is None:
        return frozenset()
    entries = [given] if isinstance(given, str) else given
    if not isinstance(entries, list | tuple) or not all(isinstance(one, str) for one in entries):
        raise SignInRefused(
            f"the provider sent {claim} as something else than a list of texts; ask its administrator"
        )
    return frozenset(entries)


def _text(claims: Mapping[str, Any], name: str) -> str:
    given = claims.get(name)
    if given is not None and not isinstance(given, str):
        raise SignInRefused(f"the provider sent {name} as something else than text; ask its administrator")
    return given or ""


def actor_of(claims: Mapping[str, Any], roles: Roles, now: datetime | None = None) -> Actor:
    """The person that a provider's claims describe; SignInRefused when the sign-in is too old or names nobody.

    Who they are is issuer and subject; both are part of the name as an id, beside the address if it counts, since a
    display name can be changed at will.
    """
    moment = now or datetime.now(UTC)
    found = SignIn.of(claims)
    age = moment.timestamp() - found.issued
    if age > timedelta(hours=roles.session_hours).total_seconds():
        raise SignInRefused(f"the sign-in is more than {roles.session_hours:g} hours old; sign in again")
    if age < -LEEWAY.total_seconds():
        raise SignInRefused(
            "the sign-in is dated in the future; ask for the provider's clock to be put right"
        )
    unique = ", ".join(part for part in (address_of(claims, roles), found.id) if part)
    shown = re.sub(
        r"[<>\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]", "", _text(claims, "name")
    )
    return Actor(
        name=f"{shown.strip()[:200]} <{unique}>".strip(),
        identity="signed in with single sign-on",
        role=role_of(claims, roles),
    )
