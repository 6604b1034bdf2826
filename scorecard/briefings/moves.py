"""What moved between two briefings by more than a set amount, as a note that can be read alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from scorecard.briefings.content import Briefing, Figure, Line
from scorecard.briefings.words import chance_in_words, day_in_words, month_in_words

DAYS = 30  # by which a median must move: two runs' draws alone differ by some days


def moves(before: Mapping[str, Any], after: Briefing, *, by: float) -> tuple[str, ...]:
    """A sentence for each threshold that moved since an earlier briefing, which is given as its JSON.

    `by` is the change of the chance within 12 months, 0 to 1, from which on it counts. A changed word of the
    developer, a median that moved by DAYS or more, and a threshold that is new or gone count always.
    """
    old = {line["threshold"]: line for line in before["lines"]}
    told = []
    for line in after.lines:
        parts = _parts(old[line.threshold], line, by) if line.threshold in old else ["new on the scorecard"]
        if parts:
            told.append(f"{line.name}: {'; '.join(parts)}.")
    here = {line.threshold for line in after.lines}
    gone = [line for name, line in old.items() if name not in here]
    told += [f"{x['developer']}: {x['category']}, {x['level']}: no longer on the scorecard." for x in gone]
    return tuple(told)


def _parts(was: Mapping[str, Any], line: Line, by: float) -> list[str]:
    parts = []
    if was["status"] != line.status:
        parts.append(f"the developer's word from “{was['status']}” to “{line.status}”")
    then, now = (was["p_12_months"] or {}).get("value"), _number(line.p_12_months)
    if (then is None) != (now is None):
        parts.append("now has a forecast" if then is None else "no longer has a forecast")
    if then is not None and now is not None and abs(now - then) >= by:
        parts.append(f"chance within 12 months from {chance_in_words(then)} to {chance_in_words(now)}")
    earlier, later = (was["q50"] or {}).get("value"), line.q50.value if line.q50 else None
    if earlier and isinstance(later, date):
        first = date.fromisoformat(earlier)
        if abs((later - first).days) >= DAYS:
            parts.append(f"median from {month_in_words(first)} to {month_in_words(later)}")
    return parts


def _number(figure: Figure | None) -> float | None:
    return figure.value if figure and isinstance(figure.value, float) else None


def note(before: Mapping[str, Any], after: Briefing, told: tuple[str, ...], *, by: float) -> str:
    """The change note: what moved, between which days and contents, and from what amount on."""
    since = day_in_words(date.fromisoformat(before["as_of"]))
    lines = [
        f"{after.title}: what moved between {since} and {day_in_words(after.as_of)}",
        "",
        *(f"- {one}" for one in told),
        "",
        f"Told from a change of {by * 100:g} points in the chance within 12 months, or {DAYS} days in the median.",
        f"Audience: {after.audience}. Content {before['hash'][:12]} before, {after.short_hash} now.",
    ]
    return "\n".join(lines) + "\n"
