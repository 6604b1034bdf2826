"""The first sentences of a briefing: where things stand, what is nearest, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scorecard.briefings import Audience
from scorecard.briefings.content.briefing import Figure, LabelledAnswer, Line, Said
from scorecard.briefings.content.lines import MOVED, chance_sentence, shift
from scorecard.briefings.content.material import Material
from scorecard.briefings.content.references import Register
from scorecard.evidence.refresh.searched import searched_line
from scorecard.governance.alerts.told import POINTS
from scorecard.thresholds.quoted.forecast import likelier_crossed
from scorecard.thresholds.quoted.outcomes import live, sentence
from scorecard.words import day_in_words

NOT_READY = "This briefing is not ready"
SHOWN = ("reached", "presumed reached", "warning", "watch")
CONFIDENCE = ("high", "moderate", "low")
REACHED = ("crossed", "treated as crossed", "treated as applying")


def verdict(
    material: Material, lines: Sequence[Line], register: Register, asked: Sequence[Said], audience: Audience
) -> tuple[LabelledAnswer, ...]:
    """The four answers of page one: where we stand, what changed, what to decide, how sure we are."""
    if lines:
        stand = _joined(
            _unready(material, register, audience),
            _nearest(lines),
            _any(material, register),
            _levels(lines, register),
            _standing(material, lines, register),
        )
    else:
        day = day_in_words(material.as_of)
        text = f"No threshold that bears on self-improvement was in force on {day}."
        stand = Said(text, (register.calendar(),))
    return (
        LabelledAnswer("Where we stand", stand),
        LabelledAnswer("What changed", _joined(_rose(lines), _moved(material, register))),
        LabelledAnswer("What to decide", _decide(material, asked, register)),
        LabelledAnswer("How sure we are", _joined(_outdated(lines), _sure(material, lines, register))),
    )


def nearest_first(lines: Iterable[Line]) -> list[Line]:
    """The lines with the nearest first: by what was found, then by the chance within 12 months and now."""
    return sorted(lines, key=lambda one: (-_chance(one.p_12_months), -_chance(one.p_now)))


def still_ahead(near: Sequence[Line]) -> Line:
    """Of lines with the nearest first, the first that is not likelier crossed already than not, else the first."""
    return next((line for line in near if not likelier_crossed(_chance(line.p_now))), near[0])


def _joined(*parts: Said) -> Said:
    said = [one for one in parts if one.text]
    return Said(
        " ".join(one.text for one in said), tuple(dict.fromkeys(key for one in said for key in one.refs))
    )


def _levels(lines: Sequence[Line], register: Register) -> Said:
    """How many thresholds stand at which alert level, and which are warned of."""
    counts = {level: sum(one.alert == level for one in lines) for level in SHOWN}
    high = [one for one in lines if one.alert in SHOWN[:3]]
    if not any(counts.values()):
        return Said("Alert levels: all normal.", (register.calendar(),))
    told = ", ".join(f"{count} {level}" for level, count in counts.items() if count)
    return Said(f"Alert levels: {told}, the others normal.", keys_of(one.alert_why for one in high))


def _rose(lines: Sequence[Line]) -> Said:
    """The chance that moved furthest since the earlier day, then and now, by the same priors and model."""
    pairs = [
        (float(one.p_12_months.value) - float(one.p_12_before.value), one)
        for one in lines
        if one.p_12_before is not None
        and one.p_12_months is not None
        and isinstance(one.p_12_before.value, float)
        and isinstance(one.p_12_months.value, float)
    ]
    if not pairs:
        return Said("")
    _, most = max(pairs, key=lambda pair: abs(pair[0]))
    assert most.p_12_before
    assert most.p_12_months
    rose, fell = sum(d >= POINTS for d, _ in pairs), sum(d <= -POINTS for d, _ in pairs)
    text = (
        f"Chances within 12 months: {rose} rose and {fell} fell by {100 * POINTS:.0f} points or more; the furthest, "
        f"{most.name}, from {most.p_12_before.text} to {most.p_12_months.text}."
    )
    return Said(text, keys_of([most.p_12_before, most.p_12_months]))


def _decide(material: Material, asked: Sequence[Said], register: Register) -> Said:
    meeting = day_in_words(material.calendar.next_meeting(material.as_of))
    if not material.safeguards_shown:
        return Said("This public edition asks for no decision.")
    if not asked:
        return Said(
            f"Nothing waits for a decision; the next meeting is on {meeting}.", (register.calendar(),)
        )
    first = asked[0]
    more = f" {counted(len(asked) - 1, 'further item')} below." if len(asked) > 1 else ""
    return Said(f"{first.text}{more}", tuple(dict.fromkeys((*first.refs, register.calendar()))))


def of_class(material: Material, register: Register) -> str:
    """The key of the reference class's backtest as far as it was resolved on the day."""
    ours = live(material.outcomes)
    return register.reference_class(
        f"{len(ours)} forecasts resolved on {len({one.series for one in ours})} live series, reconstructed from the "
        "first of each month since 2024"
    )


def _sure(material: Material, lines: Sequence[Line], register: Register) -> Said:
    """How such dates have done, what the evidence rests on and how far it was searched: always said."""
    record = sentence(material.outcomes)
    mine = [one for one in lines if one.q50]
    ours = sum(material.standing_of(c) != "adopted" for c in material.criteria)
    rests = (
        f" {counted(ours, 'criterion', 'criteria')} of {len(material.criteria)} that the {len(mine)} forecasts rest on "
        "are proposed and not adopted."
        if ours and mine
        else ""
    )
    sure = [row.grounds.confidence for row in material.rows if row.grounds and not row.withheld]
    told = ", ".join(f"{sure.count(one)} {one}" for one in CONFIDENCE if one in sure)
    grounds = f" Confidence in the forecasts: {told}." if told else ""
    text = f"{record}{grounds}{rests} {searched_line(material.reaches, material.as_of)}."
    keys = [of_class(material, register), register.calendar()]
    keys += [register.criterion(c, material.standing_of(c)) for c in material.criteria[:1]] if rests else []
    return Said(text, tuple(dict.fromkeys(keys)))


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
    near = nearest_first(having)
    passed = [line for line in near if likelier_crossed(_chance(line.p_now))]
    line = still_ahead(near)
    if not (line.p_now and line.p_12_months and line.q10 and line.q50 and line.q90):
        return Said("")
    text = f"Likelier crossed already than not: {named([one.name for one in passed])}. " if passed else ""
    text += (
        f"Nearest by our forecast: {line.name}. Already crossed {chance_sentence(line.p_now)}; "
        f"within 12 months {chance_sentence(line.p_12_months)}; median {line.q50.text}, "
        f"80 % interval {line.q10.text} to {line.q90.text}."
    )
    if line.bar:
        text += f" The bar: {line.bar}."
    return Said(text, keys_of([line.p_12_months, line.latest, *(one.p_now for one in passed)]))


def _any(material: Material, register: Register) -> Said:
    """The chance that any threshold is crossed within twelve months, counted in the worlds that forecasts share."""
    found = material.together
    if found is None:
        return Said("")
    runs = {row.threshold.id: row.forecast.run for row in material.rows if row.forecast}
    return Said(f"{found.sentence}.", tuple(register.run(runs[name]) for name in found.names))


def _unready(material: Material, register: Register, audience: Audience) -> Said:
    """That forecasts of the day have not been made, before anything else; how to make them, to those who can."""
    able = [row for row in material.rows if row.criteria and not row.status.reached]
    lacking = [row for row in able if row.forecast is None]
    if not lacking:
        return Said("")
    text = (
        f"{NOT_READY}: {len(lacking)} of {counted(len(able), 'threshold')} that can be forecast "
        f"{'has' if len(lacking) == 1 else 'have'} no forecast of this day yet."
    )
    if audience != "public":
        makes = "it" if len(lacking) == 1 else "them"
        text += f" “preparedness forecast run --as-of {material.as_of}” makes {makes}."
    return Said(text, tuple(dict.fromkeys(register.source(row.threshold.source) for row in lacking)))


def _outdated(lines: Sequence[Line]) -> Said:
    """Which forecasts are not what a forecast made now would be, and why."""
    old = [line for line in lines if line.outdated]
    if not old:
        return Said("")
    reasons = named(list(dict.fromkeys(line.outdated for line in old)))
    return Said(
        f"{counted(len(old), 'forecast')} {'is' if len(old) == 1 else 'are'} outdated and to be renewed before they "
        f"are relied on ({named([line.name for line in old])}): {reasons}.",
        keys_of(line.q50 for line in old),
    )


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
