"""The formats that evaluations and coding tools write: one importer a file or folder, found by their names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scorecard.discovery import discover
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer, Refusal, SeenSystem

__all__ = ["Imported", "Importer", "Refusal", "SeenSystem", "importers", "recognised"]


@cache
def importers() -> Mapping[str, Importer]:
    """Every importer by its name."""
    return discover(sys.modules[__name__], Importer, "IMPORTER")


def recognised(path: Path) -> Importer | None:
    """The importer whose format a file, or a git repository, has; None when none says so."""
    glimpse = Glimpse.of(path)
    return next((one for one in importers().values() if one.recognise(path, glimpse)), None)
