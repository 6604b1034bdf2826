"""Whether safeguards will be in time, and how forecasts like these have done: the board's two last questions."""

from __future__ import annotations

from scorecard.briefings.content.briefing import Said
from scorecard.briefings.content.findings import level_in_words
from scorecard.briefings.content.material import Material
from scorecard.briefings.content.references import Register
from scorecard.briefings.content.verdict import counted, named, of_class
from scorecard.governance.safeguards import TOLERANCE, Clock, lead
from scorecard.records import TrackRecord
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.quoted.outcomes import held
from scorecard.words import chance_in_words

POOL = "equal pool"


def lead_times(material: Material, register: Register) -> tuple[Said, ...]:
    """For each threshold with a forecast: will its safeguards be ready before it is crossed? Then those without."""
    having = [row for row in material.rows if row.forecast and not row.forecast.refused]
    said, without = [], []
    for row in having:
        one = _lead(row, material, register)
        if one is None:
            without.append(row)
        else:
            said.append(one)
    if without:
        text = (
            f"For {counted(len(without), 'threshold')} no safeguard with a readiness date is on record, so their lead "
            f"time cannot be told: {named([level_in_words(row) for row in without])}."
        )
        said.append(
            Said(text, tuple(dict.fromkeys(register.source(row.threshold.source) for row in without)))
        )
    return tuple(said)


def _lead(row: ScorecardRow, material: Material, register: Register) -> Said | None:
    ours = [s for s in material.safeguards if row.threshold.id in s.thresholds]
    if not ours or row.forecast is None:
        return None
    rule = next((b for b in material.buffers if b.threshold == row.threshold.id), None)
    clock = Clock.of(row.forecast.run, material.as_of)
    found = lead(
        clock, ours, tolerance=rule.tolerance if rule else TOLERANCE, months=rule.months if rule else 0.0
    )
    low, middle, high = (_months(s) for s in found.slack)
    text = (
        f"{level_in_words(row)}: {chance_in_words(found.p_before_ready)} that it is crossed before "
        f"{named([s.name for s in ours])} {'is' if len(ours) == 1 else 'are'} ready; slack {middle} "
        f"(80 % interval {low} to {high})."
    )
    if found.p_before_ready > found.tolerance:
        text += f" That is more than the {chance_in_words(found.tolerance)} that is tolerated."
    keys = [register.run(row.forecast.run), *(register.safeguard(s) for s in ours)]
    return Said(text, (*keys, register.buffer(rule)) if rule else tuple(keys))


def _months(value: float | None) -> str:
    if value is None:
        return "beyond the horizon"
    return f"{value:+.0f} months"


def track_record(material: Material, register: Register) -> tuple[Said, ...]:
    """How often intervals held on the reference class, then how late dates of each indicator of a threshold were."""
    used = dict.fromkeys(c.indicator for c in material.criteria)
    tracks = {t.indicator: t for t in material.tracks}
    said = [_track(tracks[name], material, register) for name in used if name in tracks]
    whole = [row for row in held(material.outcomes) if row.year is None]
    if whole:
        told = ", ".join(
            f"{chance_in_words(row.inside[1])} at {row.lead} months ({row.cases})" for row in whole
        )
        text = f"Reference class: 80 % intervals of values held {told}; scores in Forecasts scored."
        said.insert(0, Said(text, (of_class(material, register),)))
    return tuple(said)


def _track(track: TrackRecord, material: Material, register: Register) -> Said:
    parts = []
    for row in track.lateness:
        if row.model == POOL:
            late = row.late
            how = (
                "never came" if late is None else f"{abs(late):.0f} months {'late' if late >= 0 else 'early'}"
            )
            parts.append(f"{how} at {row.months_ahead} months ahead ({row.cases} dates)")
    held = next((r.covered_80 for r in track.scores if r.model == POOL and r.basis == "measured again"), None)
    text = f"{material.indicators[track.indicator].name}: " + (
        f"the median date was {', '.join(parts)}" if parts else "the past is too short to score dates"
    )
    text += f"; 80 % intervals held {chance_in_words(held)} of what happened" if held is not None else ""
    return Said(f"{text}. {counted(track.records, 'record')} decide this.", (register.backtest(track),))
