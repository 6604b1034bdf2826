"""Who reads through a door, known by a token, and whether internal text is for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path

from scorecard.people import ROLES
from scorecard.records import Role
from scorecard.store import StoreError

PLACE = "SCORECARD_READERS"  # a file of readers; --readers names another
_WRITTEN = "one line a reader: ROLE SHA256-OF-TOKEN NAME"


class NotHeld(StoreError):
    """What was asked for is not on the record; the message says where to look."""


class Unaskable(StoreError):
    """The question makes no sense as it was put; the message says how to put it."""


class NotForThisReader(StoreError):
    """It is on the record, and this reader's role does not show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks; a viewer reads what the public does, every other role the internal text too."""

    name: str
    role: Role

    @property
    def internal(self) -> bool:
        """Whether text that was written for this house only is shown."""
        return self.role != "viewer"


ANYBODY = Caller(name="anybody", role="viewer")


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers that have a token, by its sha256; without any, everybody is a viewer."""

    by_digest: Mapping[str, Caller]

    def of(self, token: str) -> Caller | None:
        """The reader of a token, anybody where none is given and none is known; None for a token nobody has."""
        if not token:
            return None if self.by_digest else ANYBODY
        digest = sha256(token.encode()).hexdigest()
        found = [reader for known, reader in self.by_digest.items() if compare_digest(known, digest)]
        return found[0] if found else None


def read_readers(path: Path | None) -> Readers:
    """The readers of a file (else of the one that SCORECARD_READERS names); StoreError says which line is wrong."""
    place = path or (Path(named) if (named := os.environ.get(PLACE)) else None)
    if place is None:
        return Readers({})
    try:
        lines = place.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"the readers in {place} cannot be read ({error}); it holds {_WRITTEN}") from error
    found: dict[str, Caller] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        role, digest, name = (*line.split(maxsplit=2), "", "")[:3]
        if role not in ROLES or len(digest) != 64 or set(digest) - set("0123456789abcdef") or not name:
            raise StoreError(
                f"{place}, line {number}: found {line.split()[0]!r} and {len(line.split())} words, expected "
                f"{_WRITTEN}; roles are {', '.join(ROLES)}"
            )
        found[digest] = Caller(name=name, role=role)
    if not found:
        raise StoreError(f"{place} names no reader; it holds {_WRITTEN}")
    return Readers(found)
