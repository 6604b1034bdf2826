"""Who acts, and what their role lets them write. Every function that writes governance asks here first."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, get_args

from scorecard.records import Identity, Record, Role
from scorecard.store import Store, StoreError, local_user

Deed = Literal[
    "propose",
    "withdraw",
    "rule",
    "decide",
    "plan a safeguard",
    "hold a meeting",
    "take minutes",
    "take a snapshot",
    "sign",
    "comment",
    "import evidence",
    "ask the experts",
    "answer",
    "resolve",
    "add a reader",
    "acknowledge",
    "draft a filing",
    "review a filing",
]

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
    "add a reader": "researcher",
    "acknowledge": "researcher",
    "draft a filing": "researcher",
    "review a filing": "chair",
    "rule": "chair",
    "decide": "chair",
    "resolve": "chair",
    "hold a meeting": "chair",
}
START_KEY = "SCORECARD_START_KEY"  # set by `app --shared-machine`; screens/frame/guard.py asks for it
TOKEN = "SCORECARD_TOKEN"  # set by --token: the id of the one act of this process
ADDRESS = re.compile(r"[!#-'*-+\-/-9=?A-Z^-~.]+@[A-Za-z0-9.-]+")  # plain ASCII, and nothing that needs quotes
_BRACKETS = re.compile(r"<([^<>]+)>\s*$")
_ID = re.compile(r"[0-9a-f]{16}")
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


class NotAllowed(StoreError):
    """Somebody tried what their role does not let them do; the message says which role does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is doing something, how that is known, their role, and which act of theirs it is."""

    name: str
    identity: Identity
    role: Role
    token: str = ""  # the client's id for this act: the same act a second time stores nothing
    clock_is_right: bool = False  # said of a clock that makes the record doubt it

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


def once[**P, R: Record](kind: type[R]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a function that stores a record for an actor: the same act (same token) again returns what the first stored.

    So a repeated press, and a command run again after a kill, record once and are answered alike.
    """

    def wrapped(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def acting(*args: P.args, **kwargs: P.kwargs) -> R:
            given = (*args, *kwargs.values())
            store = next(one for one in given if isinstance(one, Store))
            actor = next(one for one in given if isinstance(one, Actor))
            if (before := store.written(actor, kind)) is not None:
                return before
            done = function(*args, **kwargs)
            return store.written(actor, kind) or done  # another press may have come first

        return acting

    return wrapped


def this_machine(name: str = "") -> Actor:
    """The one user of a machine without single sign-on, an administrator; another name counts as typed by hand."""
    own, token = local_user(), os.environ.get(TOKEN, "")
    if not name.strip() or name.strip() == own:
        return Actor(name=own, identity="local user of this machine", role="administrator", token=token)
    return Actor(name=name.strip(), identity="typed by hand", role="administrator", token=token)


def ascii_lower(text: str) -> str:
    """A-Z as a-z and nothing else: what case folding does to other letters makes two people's addresses one."""
    return text.translate(_LOWER)


def same_person(one: str, other: str) -> bool:
    """Whether two recorded names mean one person: by the id in <> where both have one, else the address, else the name.

    The id is made of issuer and subject (governance/claims.py); names of before there was one have the address alone.
    """
    (first, first_id), (second, second_id) = (_in_brackets(name) for name in (one, other))
    if first_id and second_id:
        return first_id == second_id
    if first and second:
        return first == second
    return ascii_lower(one.strip()) == ascii_lower(other.strip())


def _in_brackets(name: str) -> tuple[str, str]:
    """The address and the id at the end of a recorded name; either may be empty."""
    found = _BRACKETS.search(name)
    if found is None:
        return "", ""
    address, _, id = found[1].rpartition(", ")
    return (ascii_lower(address), id) if _ID.fullmatch(id) else (ascii_lower(found[1]), "")
