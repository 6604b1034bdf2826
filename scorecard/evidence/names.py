"""The names that sources give to systems, and the one system that each name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scorecard.records import System


def by_name(systems: Iterable[System]) -> Mapping[str, System]:
    """Every id, name and alias in `folded` form -> its system; the loader has seen that none is shared."""
    return {folded(name): s for s in systems for name in (s.id, s.name, *s.aliases)}


def folded(name: str) -> str:
    """A name as it is compared: without regard to case or to spaces round it."""
    return name.strip().casefold()
