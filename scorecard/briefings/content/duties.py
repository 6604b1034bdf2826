"""What of the record answers a field of a filing: all of it in sentences, with the keys of their sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scorecard.briefings.content.briefing import Line, Said
from scorecard.briefings.content.lines import chance_sentence
from scorecard.briefings.content.material import Material
from scorecard.briefings.content.references import Register
from scorecard.briefings.content.verdict import counted
from scorecard.words import day_in_words


class DutyFacts:
    """What duties are answered from: the material of a day, its lines and the keys of their sources."""

    def __init__(self, material: Material, lines: Sequence[Line], register: Register) -> None:
        self.material = material
        self.lines = lines
        self.register = register


type Answer = tuple[str, str, tuple[Said, ...]]  # what the record holds, where it stands, and all of it
type Answerer = Callable[[DutyFacts], Answer]
NOTHING: Answer = ("", "", ())


def _tiers(known: DutyFacts) -> Answer:
    said = tuple(
        Said(f"{line.name} ({line.framework}, version {line.version}): {line.paraphrase}", line.reason.refs)
        for line in known.lines
    )
    return f"{counted(len(said), 'threshold')} in our own words", "each threshold in turn", said


def _reached(known: DutyFacts) -> Answer:
    found = [line for line in known.lines if line.status != "no determination"]
    said = tuple(Said(f"{line.name}: {line.status}. {line.reason.text}", line.reason.refs) for line in found)
    text = f"developers' determinations on {counted(len(found), 'threshold')}"
    return (text, "each threshold in turn", said) if found else NOTHING


def _forecasts(known: DutyFacts) -> Answer:
    said = tuple(
        Said(
            f"{line.name}: crossed already {chance_sentence(line.p_now)}, within 12 months "
            f"{chance_sentence(line.p_12_months)}; median {line.q50.text}, 80 % interval {line.q10.text} to "
            f"{line.q90.text}, {line.p_beyond_horizon.text} beyond the horizon.",
            line.q50.refs,
        )
        for line in known.lines
        if line.p_now and line.p_12_months and line.q10 and line.q50 and line.q90 and line.p_beyond_horizon
    )
    return (
        (f"distributions for {counted(len(said), 'threshold')}", "chances by date", said) if said else NOTHING
    )


def _assumptions(known: DutyFacts) -> Answer:
    material, register = known.material, known.register
    said = tuple(
        Said(
            f"{c.threshold} by {c.indicator}: {c.rationale}",
            (register.criterion(c, material.standing_of(c)),),
        )
        for c in material.criteria
    )
    text = f"{counted(len(said), 'criterion', 'criteria')} with reasons, and the priors used"
    return (text, "how thresholds are measured; priors", said) if said else NOTHING


def _uncertainties(known: DutyFacts) -> Answer:
    held = any(line.q50 is not None for line in known.lines)
    text = "intervals, and what the median depends on most"
    return (text, "largest uncertainties", ()) if held else NOTHING


def _versions(known: DutyFacts) -> Answer:
    found = {(row.framework.id, row.framework.version): row.framework for row in known.material.rows}
    said = tuple(
        Said(
            f"{f.developer}, {f.name}: version {f.version}, in force {day_in_words(f.effective_on)}",
            (known.register.source(f.source),),
        )
        for f in found.values()
    )
    return (counted(len(said), "framework version"), "each threshold in turn", said) if said else NOTHING


def _margin(known: DutyFacts) -> Answer:
    said = tuple(
        Said(
            f"{b.threshold}: at most {b.tolerance:.0%} that it is crossed before its safeguards are ready, with "
            f"{b.months:g} months to spare.",
            (known.register.buffer(b),),
        )
        for b in known.material.buffers
    )
    text = f"{counted(len(said), 'adopted warning rule')} before safeguards are ready"
    return (text, "lead time against safeguards", said) if said else NOTHING


def _mitigations(known: DutyFacts) -> Answer:
    said = tuple(
        Said(
            f"{s.name}, for {', '.join(s.thresholds)}: {s.status}, ready {day_in_words(s.ready_50)} (median).",
            (known.register.safeguard(s),),
        )
        for s in known.material.safeguards
    )
    text = f"{counted(len(said), 'safeguard')} with readiness dates"
    return (text, "lead time against safeguards", said) if said else NOTHING


def _decisions(known: DutyFacts) -> Answer:
    """Decisions of the quarter: what a summary of a company's own risk assessments can rest on."""
    recent = [d for d in known.material.decisions if d.known_at > known.material.since]
    said = tuple(
        Said(
            f"{day_in_words(d.known_at)}, {d.threshold}: found “{d.finding.replace('_', ' ')}”. {d.decision}",
            (known.register.decision(d),),
        )
        for d in recent
    )
    text = f"{counted(len(said), 'decision')} since {day_in_words(known.material.since)}"
    return (text, "decisions on record", said) if said else NOTHING


def _third_parties(known: DutyFacts) -> Answer:
    newest = list(known.material.readings.values())
    others = [one for one in newest if "self_reported" not in one.measurement.marks]
    if not newest:
        return NOTHING
    keys = tuple(dict.fromkeys(known.register.source(one.measurement.source) for one in others))
    text = f"{len(others)} of {counted(len(newest), 'newest reading')} not reported by the developer itself"
    return text, "newest reading of each indicator", (Said(text, keys),)


def _kept(known: DutyFacts) -> Answer:
    if known.material.recorded_since is None:
        return NOTHING
    day = day_in_words(known.material.recorded_since)
    return f"every row since {day}, append-only under a hash chain", "`preparedness verify`", ()


ANSWERS: Mapping[str, Answerer] = {
    "tier_definition": _tiers,
    "tier_reached": _reached,
    "results": _reached,
    "crossing_forecast_distribution": _forecasts,
    "assumptions": _assumptions,
    "uncertainties": _uncertainties,
    "framework_version": _versions,
    "safety_margin": _margin,
    "mitigations_per_tier": _mitigations,
    "risk_assessment_summary": _decisions,
    "internal_use_quarterly_summary": _decisions,
    "third_party_extent": _third_parties,
    "retention_5y": _kept,
}
