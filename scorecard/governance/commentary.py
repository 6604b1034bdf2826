"""Commentary by a named author; its figures are references, so that text and numbers cannot disagree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256

from scorecard import clock
from scorecard.people import Actor, once
from scorecard.records import Commentary, Threshold
from scorecard.store import Store, StoreError

# What a reference may name: a figure of the threshold's line in a briefing.
REFERENCES = {
    "status": "the developer's word",
    "latest": "newest reading",
    "latest_on": "day of the newest reading",
    "age_days": "age of the newest reading",
    "p_now": "chance that it is crossed already",
    "p_next_meeting": "chance by the next meeting",
    "p_12_months": "chance within 12 months",
    "q10": "10 % date",
    "q50": "median date",
    "q90": "90 % date",
    "p_beyond_horizon": "chance beyond the horizon",
}
BRACED = re.compile(r"\{([^{}]*)\}")
CHANCE = re.compile(r"\d+(?:[.,]\d+)?\s?(?:%|per ?cent)", re.IGNORECASE)


class CommentaryRefused(StoreError):
    """Commentary that cannot follow the record; the message says what to write instead."""


@once(Commentary)
def comment(
    store: Store, *, actor: Actor, threshold: str, text: str, supersedes: str = "", today: date | None = None
) -> Commentary:
    """Record commentary on a threshold in the actor's name and return it.

    Figures are written as references ({p_12_months}); a chance typed as a number, an unknown reference and
    a brace without its partner are refused, and nothing is stored. `supersedes` is the id of the author's
    own earlier commentary that this replaces. Raises NotAllowed or CommentaryRefused.
    """
    actor.require("comment")
    check_text(text)
    with store.view() as now:
        now.get(Threshold, id=threshold)
        earlier = {c.id: c for c in now.all(Commentary, threshold=threshold)}
    if supersedes and supersedes not in earlier:
        raise CommentaryRefused(f"there is no commentary {supersedes!r} on {threshold} to supersede")
    if supersedes and earlier[supersedes].author != actor.name:
        raise CommentaryRefused(
            f"commentary {supersedes} is by {earlier[supersedes].author}; only its author replaces it; add your own"
        )
    day = today or clock.today()
    parts = "\0".join([threshold, text, actor.name, day.isoformat(), str(len(earlier))])
    record = Commentary(
        id=sha256(parts.encode()).hexdigest()[:12],
        threshold=threshold,
        text=text,
        author=actor.name,
        supersedes=supersedes,
        known_at=day,
    )
    store.append([record], action="comment", actor=actor)
    return record


def check_text(text: str) -> None:
    """CommentaryRefused, in a sentence, when text is empty or its figures would not follow the record."""
    if not text.strip():
        raise CommentaryRefused("commentary needs a text; write what the numbers do not say")
    unknown = [name for name in BRACED.findall(text) if name not in REFERENCES]
    if unknown:
        raise CommentaryRefused(f"there is no figure {{{unknown[0]}}}; there are: {_known()}")
    rest = BRACED.sub("", text)
    if "{" in rest or "}" in rest:
        raise CommentaryRefused("a brace has no partner; a reference is written as {p_12_months}")
    typed = CHANCE.search(rest)
    if typed:
        raise CommentaryRefused(
            f"{typed[0]!r} is typed by hand and would not follow the record; refer to a figure instead: {_known()}"
        )


def _known() -> str:
    return ", ".join(f"{{{name}}} ({meaning})" for name, meaning in REFERENCES.items())


def filled(text: str, figure: Callable[[str], str]) -> str:
    """The text with each reference replaced by what `figure` says for its name; "not held" where it says nothing."""
    return BRACED.sub(
        lambda found: figure(found[1]) or f"[{REFERENCES.get(found[1], found[1])}: not held]", text
    )


def newest_commentary(commentary: Iterable[Commentary]) -> list[Commentary]:
    """The commentary that no later one supersedes, newest first."""
    found = list(commentary)
    replaced = {c.supersedes for c in found if c.supersedes}
    return [c for c in reversed(found) if c.id not in replaced]
