"""What an exporter declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scorecard.briefings.content import Briefing


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: `render` turns a briefing into bytes, the same bytes each time, without a clock or a network."""

    name: str
    suffix: str
    mime: str
    render: Callable[[Briefing], bytes]
