"""How the record is kept up to date: who is watched, when somebody last looked, what came in, what was fetched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from scorecard.records._base import Record

InboxState = Literal["seen", "read", "entered", "set_aside"]
FetchOutcome = Literal["changed", "unchanged", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched(Record):
    """A publisher's page or file that somebody has to look at, and how often.

    Silence is vouched for only up to the day that the looks at the `decisive` ones reach. `developer` is the
    developer whose findings would appear there, empty for others.
    """

    TABLE: ClassVar[str] = "watched"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    publisher: str
    address: str
    looks_for: str
    every_days: int
    decisive: bool
    developer: str = ""
    refresh: str = ""  # the id of the machine-readable source that is fetched for it, if there is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Record):
    """Somebody looked: on which day, how far what they saw reaches, by whom, how many new things it held."""

    TABLE: ClassVar[str] = "looks"
    KEY: ClassVar[tuple[str, ...]] = ("watched", "looked_on", "looked_by")
    watched: str
    looked_on: date
    reaches: date
    looked_by: str
    found: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxItem(Record):
    """Something new at a publisher's, and what became of it; a later row of the same id is its next state."""

    TABLE: ClassVar[str] = "inbox"
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    watched: str
    title: str
    address: str
    published_on: date
    state: InboxState
    handled_by: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch(Record):
    """The last answer of a machine-readable source whose content or state was new: what to ask with, what was kept."""

    TABLE: ClassVar[str] = "fetches"
    KEY: ClassVar[tuple[str, ...]] = ("refresh",)
    refresh: str
    address: str
    fetched_on: date
    outcome: FetchOutcome
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    size: int = 0
    kept: str = ""
    note: str = ""
