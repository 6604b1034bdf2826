"""One finding on several thresholds at once, told as a determination of each, so that no reader has to know both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from scorecard.records import Determination, Finding, ThresholdEvent

FINDINGS: tuple[Finding, ...] = get_args(Finding)


def determined(events: Iterable[ThresholdEvent]) -> Iterator[Determination]:
    """A determination for every threshold that an event with a finding names; other events make none."""
    for event in events:
        finding = next((one for one in FINDINGS if one == event.kind), None)
        if finding is None:
            continue
        for threshold in event.thresholds:
            yield Determination(
                id=f"{event.id}/{threshold}",
                threshold=threshold,
                developer=event.developer,
                system=event.system,
                determined_on=event.happened_on,
                finding=finding,
                note=event.statement,
                source=event.source,
                grade=event.grade,
                known_at=event.known_at,
            )
