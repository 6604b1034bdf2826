"""What the board should know beyond the dates: uncertainties, disagreements, decisions, and how it was worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from scorecard.briefings.content.briefing import Figure, Line, Said
from scorecard.briefings.content.material import Material
from scorecard.briefings.content.references import Register
from scorecard.briefings.content.verdict import counted, named
from scorecard.governance import commentary
from scorecard.records import Decision, PriorSet, ShapeResult, Subject
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.forecast import KEY_OF_WORDS, in_words
from scorecard.thresholds.status import kind_of
from scorecard.words import chance_in_words, day_in_words, month_in_words, title_of, value_in_words

DOUBTFUL = 0.33  # from here on, "not crossed" and the forecast no longer say the same


def level_in_words(row: ScorecardRow) -> str:
    """A threshold as its line names it."""
    t = row.threshold
    return f"{row.framework.developer}: {title_of(t.category)}, {title_of(t.level)}"


def uncertainties(material: Material, register: Register) -> tuple[Said, ...]:
    """The three largest: how the trend goes on, how the threshold is measured, and what the evidence lacks."""
    said = [
        _widest(material, "shape", "How the trend goes on", "model of the readings", register),
        _widest(material, "criterion", "How the threshold is measured", "criterion", register),
        _evidence(material, register),
    ]
    return tuple(s for s in said if s.text)


def _widest(
    material: Material, part: Literal["shape", "criterion"], heading: str, noun: str, register: Register
) -> Said:
    """The threshold whose median depends most on one choice, in days between the earliest and latest median."""
    found: list[tuple[int, ScorecardRow, str, str]] = []
    for row in material.rows:
        if row.forecast is None or row.forecast.refused:
            continue
        said = row.forecast.run.quoted
        parts: Mapping[str, ShapeResult] = said.by_shape if part == "shape" else said.by_criterion
        medians = {name: one.q50 or said.horizon for name, one in parts.items()}
        if len(medians) > 1:
            first, last = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
            span = (medians[last] - medians[first]).days
            texts = [
                f"{_when(parts[one].q50, said.horizon)} ({_choice(one, material, row)})"
                for one in (first, last)
            ]
            found.append((span, row, texts[0], texts[1]))
    if not found:
        return Said("")
    _, row, early, late = max(found, key=lambda item: item[0])
    assert row.forecast
    text = f"{heading}. For {level_in_words(row)}, the median depends on the {noun}: from {early} to {late}."
    return Said(text, (register.run(row.forecast.run),))


def _choice(name: str, material: Material, row: ScorecardRow) -> str:
    """A model by its name, a criterion by what it measures and the level it asks for."""
    for c in row.criteria:
        if c.id == name:
            indicator = material.indicators[c.indicator]
            return f"{indicator.name} at {value_in_words(c.level, indicator.unit)}"
    return title_of(name).lower()


def _when(median: date | None, horizon: date) -> str:
    return month_in_words(median) if median else f"after {horizon.year}"


def _evidence(material: Material, register: Register) -> Said:
    """What is weak in the newest readings that the lines rest on."""
    latest = {row.latest.indicator.id: row.latest for row in material.rows if row.latest}
    marks = {
        "stale": "older than the re-test interval",
        "self_reported": "reported by developers about themselves",
        "not_robust": "called not robust by those who measured",
        "saturated": "on a saturated test",
        "out_of_range": "beyond the instrument's reliable range",
    }
    counts = {words: sum(mark in one.marks for one in latest.values()) for mark, words in marks.items()}
    weak = [f"{words}: {count}" for words, count in counts.items() if count]
    if not weak:
        return Said("")
    text = (
        f"What the evidence can carry. Of {counted(len(latest), 'newest reading')} behind the lines: "
        f"{'; '.join(weak)}."
    )
    used = [one for one in latest.values() if set(one.marks) & set(marks)]
    return Said(text, tuple(dict.fromkeys(register.source(one.measurement.source) for one in used)))


def disagreements(material: Material, register: Register) -> tuple[Said, ...]:
    """Where a developer and the forecast, a meeting and a developer, or members of a meeting differ."""
    said: list[Said] = []
    for row in material.rows:
        f, rests_on = row.forecast, row.status.rests_on
        if not f or f.refused or f.p_now is None or not rests_on:
            continue
        if row.status.name in ("not crossed", "below alert") and f.p_now >= DOUBTFUL:
            said.append(
                Said(
                    f"{level_in_words(row)}: {rests_on.developer} found it {row.status.name}; our forecast gives "
                    f"{chance_in_words(f.p_now)} ({in_words(f.p_now)}) that it is crossed already.",
                    (register.source(rests_on.source), register.run(f.run)),
                )
            )
    rows = {row.threshold.id: row for row in material.rows}
    for d in material.decisions:
        about = rows.get(d.threshold)
        rests_on = about.status.rests_on if about else None
        if about and rests_on and kind_of(rests_on) != d.finding:
            said.append(
                Said(
                    f"{level_in_words(about)}: the meeting found “{_finding(d)}”, {rests_on.developer} "
                    f"“{about.status.name}”.",
                    (register.decision(d), register.source(rests_on.source)),
                )
            )
        if d.dissent:
            said.append(
                Said(
                    f"Dissent from the decision of {day_in_words(d.known_at)}: {d.dissent}",
                    (register.decision(d),),
                )
            )
    for id in dict.fromkeys(run.prior_set for run in material.runs):
        priors = material.prior_sets.get(id)
        if priors and priors.dissent:
            said.append(Said(f"Dissent from prior set {id}: {priors.dissent}", (register.prior_set(priors),)))
    return tuple(said)


def _finding(d: Decision) -> str:
    return d.finding.replace("_", " ")


def decided(material: Material, register: Register) -> tuple[Said, ...]:
    """The decisions that stand, newest first, each with the forecast run it rested on."""
    rows = {row.threshold.id: row for row in material.rows}
    said = []
    for d in material.decisions:
        row = rows.get(d.threshold)
        about = level_in_words(row) if row else d.threshold
        text = f"{day_in_words(d.known_at)}, {about}: found “{_finding(d)}”. {d.decision}".rstrip()
        text += f" Reason: {d.reason}" if d.reason else ""
        who = [
            ("Decided by", d.decided_by),
            ("Meeting", d.meeting),
            ("Votes", _votes(d)),
            ("Owner", d.owner),
            ("Due", d.due_on and day_in_words(d.due_on)),
            ("Look again", d.review_on and day_in_words(d.review_on)),
            ("Holds while", d.holds_while),
            ("Conflicts of interest", d.conflicts),
            ("Rested on run", d.forecast_run[:12]),
        ]
        text += "".join(f" {label}: {value}." for label, value in who if value)
        said.append(Said(text, (register.decision(d),)))
    return tuple(said)


def _votes(d: Decision) -> str:
    return ", ".join(f"{name} {vote}" for name, vote in sorted((d.votes or {}).items()))


def sought(material: Material, register: Register) -> tuple[Said, ...]:
    """What the record shows to be waiting for a decision, with options, who sees to it and by when."""
    said: list[Said] = [*_raised(material, register)]
    by = f"Owner: the chair, by {day_in_words(material.calendar.next_meeting(material.as_of))}."
    open_ = [c for c in material.criteria if material.rulings.get(Subject.of(c)) != "adopted"]
    if open_:
        keys = tuple(register.criterion(c, material.standing_of(c)) for c in open_)
        text = f"Adopt or decline {counted(len(open_), 'criterion', 'criteria')} proposed for measuring thresholds."
        text += f" Options: adopt, decline, or ask for another; those of the nearest thresholds first. {by}"
        said.append(Said(text, keys))
    for id in dict.fromkeys(run.prior_set for run in material.runs):
        priors = material.prior_sets.get(id)
        if priors and material.rulings.get(Subject(PriorSet.TABLE, id)) != "adopted":
            text = f"Adopt or decline the prior set “{priors.name}” that the forecasts use. {by}"
            said.append(Said(text, (register.prior_set(priors),)))
    meeting = material.calendar.next_meeting(material.as_of)
    names = {row.threshold.id: level_in_words(row) for row in material.rows}
    for d in material.decisions:
        if d.review_on and d.review_on <= meeting:
            about = names.get(d.threshold, d.threshold)
            text = f"Look again at the decision of {day_in_words(d.known_at)} on {about}"
            text += f", due {day_in_words(d.review_on)}."
            said.append(Said(text, (register.decision(d),)))
    undecided = [
        row
        for row in material.rows
        if row.forecast
        and not row.forecast.refused
        and (row.forecast.p_12_months or 0) >= DOUBTFUL
        and row.threshold.id not in {d.threshold for d in material.decisions}
    ]
    if undecided:
        text = (
            f"Decide on {counted(len(undecided), 'threshold')} with no decision on record and a chance of "
            f"{chance_in_words(DOUBTFUL)} or more within 12 months: "
            f"{named([level_in_words(row) for row in undecided])}. {by}"
        )
        said.append(Said(text, tuple(register.run(row.forecast.run) for row in undecided if row.forecast)))
    return tuple(said)


def _raised(material: Material, register: Register) -> list[Said]:
    """What the alert levels above watch ask for, grouped by what is to be done, the most pressing first."""
    groups: dict[tuple[str, str, date], list[ScorecardRow]] = {}
    rows = {row.threshold.id: row for row in material.rows}
    for alert in sorted(material.alerts.values(), key=lambda one: one.urgency, reverse=True):
        for stand in (alert.capability, alert.safeguards):
            if (
                stand.level in ("warning", "reached")
                and stand.rule
                and stand.due_on
                and alert.threshold in rows
            ):
                key = (stand.rule.action, stand.rule.owner, stand.due_on)
                groups.setdefault(key, []).append(rows[alert.threshold])
    said = []
    for (action, owner, due), found in groups.items():
        keys = [
            register.run(row.forecast.run)
            if row.forecast and not row.forecast.refused
            else register.source(row.threshold.source)
            for row in found
        ]
        text = f"{named([level_in_words(row) for row in found])}: {action}. Owner: {owner}, by {day_in_words(due)}."
        said.append(Said(text, tuple(dict.fromkeys(keys))))
    return said


def own_words(material: Material, lines: Sequence[Line], register: Register) -> tuple[Said, ...]:
    """What named authors say about the thresholds of this briefing, with the figures of its lines filled in."""
    known = {line.threshold: line for line in lines}
    said = []
    for one in material.commentary:
        line = known.get(one.threshold)
        if line is None:
            continue
        used: list[str] = [register.commentary(one)]

        def figure(name: str, line: Line = line, used: list[str] = used) -> str:
            if name == "status":
                used.extend(line.reason.refs)
                return line.status
            found: Figure | None = getattr(line, name)
            used.extend(found.refs if found else ())
            return found.text if found else ""

        text = commentary.filled(one.text, figure)
        who = f"{line.name}. {one.author}, {day_in_words(one.known_at)}"
        said.append(Said(f"{who}: {text}", tuple(dict.fromkeys(used))))
    return tuple(said)


def method(material: Material, register: Register) -> tuple[Said, ...]:
    """How the numbers came about, in the words of the method page, with what this day's runs were."""
    said = [
        Said(
            "A threshold's status is the developer's own latest word; where nothing was found, that is said. "
            "Our forecast is a separate statement and never changes the status."
        ),
        Said(
            "A forecast takes the published readings of an indicator known on the day, learns from like series "
            "how such readings rise and come to stand, and asks when the best system first passes an "
            "uncertain level. Measures of the same thing are mixed by weight and combined by the threshold's own "
            "rule; what the developer found counts as evidence. Chances of never crossing before the "
            "horizon are kept, not cut off."
        ),
        Said(f"Words beside chances: {KEY_OF_WORDS}."),
    ]
    for id in dict.fromkeys(run.prior_set for run in material.runs):
        runs = [run for run in material.runs if run.prior_set == id]
        versions = ", ".join(dict.fromkeys(f"{run.model} {run.model_version}" for run in runs))
        failed = sum(not run.publishable for run in runs)
        text = f"{counted(len(runs), 'forecast run')} with prior set {id}, model {versions}"
        text += f"; {failed} refused because of failed checks." if failed else "; none was refused."
        priors = material.prior_sets.get(id)
        keys = [register.prior_set(priors)] if priors else []
        said.append(Said(text, (*keys, *(register.run(run) for run in runs))))
    since = day_in_words(material.since)
    text = f"Compared with {since}, one meeting earlier; {counted(material.arrived, 'reading')} came since."
    said.append(Said(text, (register.calendar(),)))
    return tuple(said)
