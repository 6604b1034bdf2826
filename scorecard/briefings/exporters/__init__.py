"""One format a file; each declares EXPORTER and renders the same content."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from scorecard.briefings import Format
from scorecard.briefings.content.briefing import Briefing
from scorecard.discovery import discover


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter(Format):
    """A format and how it is made: `render` turns a briefing into bytes, the same bytes each time.

    Without a clock or a network. What `Format` asks is written out in the file, so that it can be read unimported.
    """

    render: Callable[[Briefing], bytes]


@cache
def exporters() -> dict[str, Exporter]:
    """Every exporter by the name people ask for it by."""
    return discover(sys.modules[__name__], Exporter, "EXPORTER")
