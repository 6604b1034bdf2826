"""Which series says how far which stage of technical work is automated, at which organisation, by what evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scorecard.evidence.readings.vintages import current
from scorecard.records import Indicator, Measurement, System

STAGES = ("ideas", "code", "review", "debugging", "experiments", "analysis", "all")


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
    indicators: Mapping[str, Indicator],
    measurements: Iterable[Measurement],
    systems: Mapping[str, System],
    stages: Mapping[str, tuple[str, str]],
) -> list[Tracked]:
    """Every series by stage and organisation, its newest reading; `stages`: indicator to stage and kind.

    The team is the group of people that the figures describe, or the whole organisation.
    """
    groups: dict[tuple[str, str, str], list[Measurement]] = {}
    for m in current(measurements):
        if m.indicator in stages and m.indicator in indicators:
            system = systems.get(m.system)
            organisation = system.developer if system else m.system
            team = system.name if system and m.system.startswith("org.") else "whole organisation"
            groups.setdefault((m.indicator, organisation, team), []).append(m)
    found = [
        Tracked(
            indicator=indicators[name],
            stage=stages[name][0],
            kind=stages[name][1],
            organisation=organisation,
            team=team,
            newest=max(group, key=lambda m: (m.observed_on, m.main, m.value)),
            readings=len(group),
        )
        for (name, organisation, team), group in groups.items()
    ]
    return sorted(found, key=lambda t: (STAGES.index(t.stage), t.organisation, t.indicator.id))


def unmeasured(tracked: Iterable[Tracked]) -> list[str]:
    """Stages of work for which nothing has been published."""
    seen = {one.stage for one in tracked}
    return [stage for stage in STAGES if stage not in seen and stage != "all"]
