"""The formats that evaluations and coding tools write: one importer a file, found by their names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from scorecard.discovery import discover
from scorecard.evidence.importers._importer import Imported, Importer, Refusal, Seen

__all__ = ["Imported", "Importer", "Refusal", "Seen", "importers", "recognised"]

HEAD = 4096  # bytes that an importer sees of a file when asked whether it is its own


@cache
def importers() -> Mapping[str, Importer]:
    """Every importer by its name."""
    return discover(sys.modules[__name__], Importer, "IMPORTER")


def recognised(path: Path) -> Importer | None:
    """The importer whose format a file, or a git repository, has; None when none says so."""
    head = b""
    if path.is_file():
        with path.open("rb") as content:
            head = content.read(HEAD)
    return next((one for one in importers().values() if one.recognise(path, head)), None)
