"""The facts of data/: text files read into records, all of them or none.

A row without source, grade and date is refused, and so is every other fault that would make a number
untrue; all faults are told at once, so that one pass through the files mends them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from scorecard.evidence.checks import Entry, KnownFacts, check
from scorecard.evidence.convert import converter
from scorecard.evidence.findings.events import determined
from scorecard.evidence.tables import Fault, Row, Unreadable, read_rows
from scorecard.records import (
    AlertRule,
    Assessment,
    Correction,
    Criterion,
    Deadline,
    Determination,
    Duty,
    Event,
    Filing,
    Framework,
    Indicator,
    JudgedSeries,
    Look,
    LoopPriors,
    Measurement,
    Outlook,
    OversightArea,
    OversightBar,
    PaceRule,
    PriorSet,
    Record,
    Rhythm,
    Ruling,
    Search,
    SeriesRole,
    Source,
    System,
    TextCheck,
    Threshold,
    ThresholdEvent,
    Watched,
)
from scorecard.store import Receipt, Store

__all__ = ["Facts", "FactsRefused", "Fault", "build", "load"]

# Where each kind of fact stands, in the order in which one kind may name another.
FILES: Mapping[type[Record], str] = {
    Source: "sources.yaml",
    Framework: "frameworks.yaml",
    Threshold: "thresholds.yaml",
    System: "systems.csv",
    Indicator: "indicators.yaml",
    Determination: "determinations.yaml",
    ThresholdEvent: "threshold_events.yaml",
    Assessment: "assessments.yaml",
    TextCheck: "text_checks.yaml",
    Search: "searches.yaml",
    Duty: "duties.yaml",
    Filing: "filings.yaml",
    Measurement: "measurements/*.csv",
    Event: "events.yaml",
    Outlook: "outlooks.yaml",
    Criterion: "criteria.yaml",
    Ruling: "rulings.yaml",
    PriorSet: "priors/published.yaml",  # the default set comes from the shapes: forecasts/priors/sets.py
    LoopPriors: "loop_priors.yaml",
    Deadline: "deadlines.yaml",
    Rhythm: "rhythms.yaml",
    OversightArea: "oversight_areas.yaml",
    OversightBar: "oversight_bars.yaml",
    PaceRule: "pace_rules.yaml",
    SeriesRole: "series_roles.yaml",
    AlertRule: "alert_rules.yaml",
    JudgedSeries: "reference/outcomes.jsonl",
    Correction: "corrections.yaml",
    Watched: "watch.yaml",
    Look: "looks.csv",
}


class FactsRefused(ValueError):
    """The files hold faults, so nothing of them was used; `faults` lists every one."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{count}; nothing was stored. Correct these and run it again:\n{lines}")


@dataclass(frozen=True)
class Facts:
    """Every record of a folder, in an order in which each names only earlier ones."""

    records: tuple[Record, ...]

    @cached_property
    def by_type(self) -> Mapping[type[Record], tuple[Record, ...]]:
        """The records of each kind; a kind without any has an empty entry."""
        return {kind: tuple(r for r in self.records if type(r) is kind) for kind in FILES}

    def of[R: Record](self, kind: type[R]) -> tuple[R, ...]:
        """The records of one kind."""
        return cast("tuple[R, ...]", self.by_type[kind])


def load(folder: Path) -> Facts:
    """Read a folder of facts laid out as `FILES` says; FactsRefused lists every fault of every file."""
    faults: list[Fault] = []
    entries: list[Entry] = []
    rows: dict[type[Record], list[Row]] = {kind: [] for kind in FILES}
    whole: set[type[Record]] = set(FILES)
    for kind, pattern in FILES.items():
        for path in _paths(folder, pattern):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            try:
                found = list(read_rows(path, name))
            except Unreadable as unreadable:
                faults.append(unreadable.fault)
                whole.discard(kind)
                continue
            faults += [fault for fault in found if isinstance(fault, Fault)]
            rows[kind] += [row for row in found if isinstance(row, Row)]
        convert = converter(kind)
        for row in rows[kind]:
            record = convert(row)
            if isinstance(record, list):
                faults += record
            else:
                entries.append(Entry(record, row))
    faults += check(entries, _known({kind: rows[kind] for kind in whole}))
    if faults:
        raise FactsRefused(faults)
    records = [entry.record for entry in entries]
    events = [record for record in records if isinstance(record, ThresholdEvent)]
    return Facts((*records, *determined(events)))


def _paths(folder: Path, pattern: str) -> list[Path]:
    """The files of one kind; a file that is missing is kept, so that reading it says so."""
    return sorted(folder.glob(pattern)) or [folder / pattern]


def _known(rows: Mapping[type[Record], list[Row]]) -> KnownFacts:
    """The ids of each kind whose files could be read."""
    ids = {kind: frozenset(str(row.cells.get("id")) for row in found) for kind, found in rows.items()}
    pairs = frozenset(
        (str(row.cells.get("id")), str(row.cells.get("version"))) for row in rows.get(Framework, ())
    )
    unread = frozenset(kind.TABLE for kind in FILES if kind not in rows)
    return KnownFacts(ids=ids, versions=pairs if Framework in rows else None, unread=unread)


def build(store: Store, folder: Path, *, actor: str = "the scorecard") -> Receipt:
    """Store a folder's facts in one transaction; what is stored already is left alone.

    A changed row becomes a further row beside the one it supersedes. Raises FactsRefused, with nothing
    stored, when the files hold any fault.
    """
    facts = load(folder)
    return store.append(
        facts.records,
        action="build",
        actor=actor,
        identity="built from data/",
        reason=f"facts of {folder.name}/",
    )
