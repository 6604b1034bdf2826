"""One format a file; each declares EXPORTER and renders the same content."""

from __future__ import annotations

import sys
from functools import cache

from scorecard.briefings.exporters._exporter import Exporter
from scorecard.discovery import discover

__all__ = ["Exporter", "exporters"]


@cache
def exporters() -> dict[str, Exporter]:
    """Every exporter by the name people ask for it by."""
    return discover(sys.modules[__name__], Exporter, "EXPORTER")
