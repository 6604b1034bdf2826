"""Which series says how far which stage of technical work is automated, at which organisation, by what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scorecard.evidence.vintages import current
from scorecard.records import Indicator, Measurement, System

STAGES = ("ideas", "code", "review", "debugging", "experiments", "analysis", "all")
# indicator -> stage of work, kind of evidence
SERIES: Mapping[str, tuple[str, str]] = {
    "ant_research_steering": ("ideas", "judged by staff"),
    "aar_pgr": ("ideas", "study"),
    "ant_merged_code_share": ("code", "usage"),
    "google_new_code_share": ("code", "usage"),
    "ant_code_per_engineer": ("code", "count of output"),
    "metr_rct_time_change": ("code", "trial"),
    "intervention_rate": ("review", "usage"),
    "oai_internal_research_debugging": ("debugging", "evaluation"),
    "oai_experiment_velocity": ("experiments", "count of output"),
    "alphaevolve_gains": ("experiments", "count of output"),
    "ant_open_ended_success": ("all", "judged by a model"),
    "anthropic_share_al3": ("all", "judged by a model"),
    "anthropic_share_led": ("all", "judged by a model"),
    "oai_agent_workdays": ("all", "usage"),
    "oai_researcher_spend": ("all", "usage"),
    "staff_uplift_survey": ("all", "survey"),
    "drop_in_survey": ("all", "survey"),
    "tech_worker_value_survey": ("all", "survey"),
    "lab_output_multiplier": ("all", "judgement"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """One series at one organisation: newest reading, how many there are, its stage and kind of evidence."""

    indicator: Indicator
    stage: str
    kind: str
    organisation: str
    team: str
    newest: Measurement
    readings: int


def tracker(
    indicators: Mapping[str, Indicator], measurements: Iterable[Measurement], systems: Mapping[str, System]
) -> list[Tracked]:
    """Every series by stage and organisation, its newest reading; imported series count as soon as they are named here.

    The team is the group of people that the figures describe, or the whole organisation.
    """
    groups: dict[tuple[str, str, str], list[Measurement]] = {}
    for m in current(measurements):
        if m.indicator in SERIES and m.indicator in indicators:
            system = systems.get(m.system)
            organisation = system.developer if system else m.system
            team = system.name if system and m.system.startswith("org.") else "whole organisation"
            groups.setdefault((m.indicator, organisation, team), []).append(m)
    found = [
        Tracked(
            indicator=indicators[name], stage=SERIES[name][0], kind=SERIES[name][1], organisation=organisation,
            team=team, newest=max(group, key=lambda m: (m.observed_on, m.main, m.value)), readings=len(group),
        )
        for (name, organisation, team), group in groups.items()
    ]  # fmt: skip
    return sorted(found, key=lambda t: (STAGES.index(t.stage), t.organisation, t.indicator.id))


def unmeasured(tracked: Iterable[Tracked]) -> list[str]:
    """Stages of work for which nothing has been published."""
    seen = {one.stage for one in tracked}
    return [stage for stage in STAGES if stage not in seen and stage != "all"]
