"""What an exporter declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scorecard.briefings import Format
from scorecard.briefings.content.briefing import Briefing


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter(Format):
    """A format and how it is made: `render` turns a briefing into bytes, the same bytes each time.

    Without a clock or a network. What `Format` asks is written out in the file, so that it can be read unimported.
    """

    render: Callable[[Briefing], bytes]
