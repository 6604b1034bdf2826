"""What every record has, and the words that their fields are chosen from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal

Grade = Literal["primary", "dataset", "secondary_verified", "secondary", "own_knowledge"]
Scale = Literal["log2", "log10", "logit", "linear"]
Direction = Literal["higher", "lower"]
Bound = Literal["exact", "at_least", "at_most"]
Kind = Literal["substitution", "pace", "declaration"]
Rule = Literal["any", "all"]
Finding = Literal["crossed", "not_crossed", "cannot_rule_out", "look_deeper", "precautionary", "below_alert"]
Doubt = Literal["contamination", "cheating", "under_elicitation", "other"]
Verdict = Literal["adopted", "declined", "withdrawn"]
Identity = Literal[
    "typed by hand", "signed in with single sign-on", "local user of this machine", "built from data/"
]
SafeguardState = Literal["planned", "being built", "being tested", "ready", "withdrawn"]
Role = Literal["viewer", "researcher", "chair", "administrator"]
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every stored thing has: a table, a key, and the day it could have been known.

    `OURS` marks what we ourselves hold or rule (criteria, priors, rulings); of these, the `STANDING` kinds stand from
    the start: before the first of them was recorded, the first ones are applied to earlier days.
    """

    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]]
    OURS: ClassVar[bool] = False
    STANDING: ClassVar[bool] = False
    known_at: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Record):
    """A record taken from a published source; without source and grade it is refused."""

    source: str
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One transaction of the store; `hash` chains it to the one before.

    `token` is the id that its client gave the act, `clock` what was odd about the time it was stamped with; both are
    mostly empty, and then no part of the hash, as in the entries of before there were any.
    """

    seq: int
    recorded_at: datetime
    actor: str
    identity: Identity
    action: str
    reason: str
    rows: int
    content: str
    previous: str
    hash: str
    token: str = ""
    clock: str = ""
