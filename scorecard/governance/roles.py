"""Who acts, and what their role lets them write. Every function that writes governance asks here first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from scorecard.records import Identity, Role
from scorecard.store import StoreError, local_user

Deed = Literal[
    "propose", "withdraw", "rule", "decide", "plan a safeguard", "hold a meeting", "take minutes",
    "take a snapshot", "sign", "comment", "import evidence", "ask the experts", "answer", "resolve",
]  # fmt: skip

ROLES: tuple[Role, ...] = get_args(Role)  # each may do what those before it may
LOWEST: dict[Deed, Role] = {
    "propose": "researcher",
    "withdraw": "researcher",
    "plan a safeguard": "researcher",
    "take minutes": "researcher",
    "take a snapshot": "researcher",
    "sign": "researcher",
    "comment": "researcher",
    "ask the experts": "researcher",
    "answer": "researcher",
    "import evidence": "researcher",
    "rule": "chair",
    "decide": "chair",
    "resolve": "chair",
    "hold a meeting": "chair",
}
_ADDRESS = re.compile(r"<([^<>]+)>\s*$")


class NotAllowed(StoreError):
    """Somebody tried what their role does not let them do; the message says which role does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is doing something, how that is known, and their role."""

    name: str
    identity: Identity
    role: Role

    def require(self, deed: Deed) -> None:
        """Raise NotAllowed unless this person's role covers the deed."""
        if not self.name.strip():
            raise NotAllowed(f"to {deed} takes a name; say who you are")
        if self.role not in ROLES:
            raise NotAllowed(f"{self.role!r} is no role; the roles are {', '.join(ROLES)}")
        lowest = LOWEST[deed]
        if ROLES.index(self.role) < ROLES.index(lowest):
            raise NotAllowed(
                f"{self.name} is a {self.role}; to {deed} takes a {lowest}. Ask an administrator for the role"
            )


def this_machine(name: str = "") -> Actor:
    """The one user of a machine without single sign-on, an administrator; another name counts as typed by hand."""
    own = local_user()
    if not name.strip() or name.strip() == own:
        return Actor(name=own, identity="local user of this machine", role="administrator")
    return Actor(name=name.strip(), identity="typed by hand", role="administrator")


def same_person(one: str, other: str) -> bool:
    """Whether two recorded names mean one person: by the address in <> where both have one, else by the name."""
    addresses = [found[1] if (found := _ADDRESS.search(name)) else None for name in (one, other)]
    if all(addresses):
        one, other = (str(address) for address in addresses)
    return one.strip().casefold() == other.strip().casefold()
