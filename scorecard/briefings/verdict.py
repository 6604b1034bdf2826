"""The first sentences of a briefing: where things stand, what is nearest, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scorecard.briefings.content import Figure, Line, Said
from scorecard.briefings.lines import MOVED, chance_sentence, shift
from scorecard.briefings.material import Material
from scorecard.briefings.references import Register
from scorecard.briefings.words import day_in_words

REACHED = ("crossed", "treated as crossed")


def verdict(material: Material, lines: Sequence[Line], register: Register) -> tuple[Said, ...]:
    """Where the thresholds stand, the nearest one, what changed, and what nobody can measure."""
    if not lines:
        day = day_in_words(material.as_of)
        return (
            Said(
                f"No threshold that bears on self-improvement was in force on {day}.", (register.calendar(),)
            ),
        )
    said = [_standing(material, lines, register), _nearest(lines), _moved(material, register)]
    return tuple(s for s in [*said, _unmeasured(material, register)] if s.text)


def keys_of(items: Iterable[Figure | Said | None]) -> tuple[str, ...]:
    """The keys of several figures and sentences, each once."""
    return tuple(dict.fromkeys(key for item in items if item is not None for key in item.refs))


def named(names: Sequence[str], most: int = 3) -> str:
    """A list in words that stops after a few: a; b; c; and 4 more."""
    more = f"; and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def counted(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 threshold, 2 thresholds."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def _standing(material: Material, lines: Sequence[Line], register: Register) -> Said:
    developers = len({line.developer for line in lines})
    text = (
        f"{counted(len(lines), 'threshold')} in the frameworks of {counted(developers, 'developer')} "
        f"{'bears' if len(lines) == 1 else 'bear'} on self-improvement. "
    )
    reached = [line for line in lines if line.status in REACHED]
    silent = sum(line.status == "no determination" for line in lines)
    if reached:
        text += f"Found crossed, or treated so, by the developer: {named([line.name for line in reached])}."
    else:
        text += "No developer has found one crossed."
    if silent:
        text += f" For {silent} no developer's determination was found in what was read."
    frameworks = [register.source(row.framework.source) for row in material.rows]
    return Said(text, tuple(dict.fromkeys([*frameworks, *keys_of(line.reason for line in reached)])))


def _nearest(lines: Sequence[Line]) -> Said:
    having = [line for line in lines if line.p_12_months and line.p_now and line.status not in REACHED]
    if not having:
        return Said("No forecast is held for this day.")
    line = max(having, key=lambda one: (_chance(one.p_12_months), _chance(one.p_now)))
    if not (line.p_now and line.p_12_months and line.q10 and line.q50 and line.q90):
        return Said("")
    text = (
        f"Nearest by our forecast: {line.name}. Already crossed {chance_sentence(line.p_now)}; "
        f"within 12 months {chance_sentence(line.p_12_months)}; median {line.q50.text}, "
        f"80 % interval {line.q10.text} to {line.q90.text}."
    )
    return Said(text, keys_of([line.p_12_months]))


def _chance(figure: Figure | None) -> float:
    return figure.value if figure and isinstance(figure.value, float) else 0.0


def _moved(material: Material, register: Register) -> Said:
    since = day_in_words(material.since)
    changed = [
        row
        for row in material.rows
        if (was := material.before.get(row.threshold.id)) and was.status.name != row.status.name
    ]
    shifts = [
        (days, row)
        for row in material.rows
        if (days := shift(row, material.before.get(row.threshold.id))) is not None
    ]
    parts: list[str] = []
    if changed:
        parts.append(f"the developer's word changed on {counted(len(changed), 'threshold')}")
    if shifts:
        sooner = sum(days <= -MOVED for days, _ in shifts)
        later = sum(days >= MOVED for days, _ in shifts)
        parts.append(
            f"of {counted(len(shifts), 'median date')} compared, {sooner} came sooner by a month or more "
            f"and {later} moved later"
        )
    else:
        parts.append("no forecast of that day is held to compare dates with")
    runs = [register.run(row.forecast.run) for _, row in shifts if row.forecast]
    findings = [
        register.source(row.status.rests_on.source if row.status.rests_on else row.threshold.source)
        for row in changed
    ]
    keys = dict.fromkeys([*findings, *runs, register.calendar()])
    return Said(f"Since {since}: {'; '.join(parts)}.", tuple(keys))


def _unmeasured(material: Material, register: Register) -> Said:
    nobody = [row for row in material.rows if not row.criteria]
    if not nobody:
        return Said("")
    names = named([f"{row.framework.developer}, {row.threshold.level}" for row in nobody])
    text = (
        f"{counted(len(nobody), 'threshold')} cannot be measured by anything published: {names}. "
        f"The annex says what would be needed."
    )
    return Said(text, tuple(dict.fromkeys(register.source(row.threshold.source) for row in nobody)))
