"""What several questions share: the record of a day as one reader may see it, cited sources, parts of lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pydantic import TypeAdapter

from scorecard import __version__
from scorecard.briefings.content.audience import public_row
from scorecard.doors.answers import About, AnotherCrossed, Cited, Page, Reading, Row
from scorecard.doors.readers import Caller, NotHeld
from scorecard.records import Indicator, Measurement, Source, System
from scorecard.store import Store, View
from scorecard.thresholds.board import ScorecardRow, board

_ROW = TypeAdapter(Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorContext:
    """A question's surroundings: the store, who asks, and the day asked for."""

    store: Store
    reader: Caller
    as_of: date

    def about(self) -> About:
        """What the answer rests on, to print on it."""
        with self.store.view() as now:
            last = now.log()[-1]
        audience = "internal" if self.reader.internal else "public"
        return About(as_of=self.as_of, entry=last.seq, head=last.hash, audience=audience, version=__version__)

    def rows(self, on: date | None = None) -> Sequence[ScorecardRow]:
        """The scorecard's rows of a day (the one asked for), without internal text where the reader may not have it."""
        found = _rows(self.store.address, self.store.stamp(), on or self.as_of)
        return found if self.reader.internal else [public_row(row) for row in found]

    def another(self) -> AnotherCrossed | None:
        """The chance that at least one more threshold on self-improvement is crossed within twelve months."""
        return _another(self.store.address, self.store.stamp(), self.as_of)

    def row(self, threshold: str) -> ScorecardRow:
        """One threshold's row; NotHeld names those there are."""
        rows = {row.threshold.id: row for row in self.rows()}
        if threshold not in rows:
            raise NotHeld(
                f"there is no threshold {threshold!r} on the scorecard of {self.as_of}; there are: {', '.join(rows)}"
            )
        return rows[threshold]


@lru_cache(maxsize=32)
def _rows(address: str, stamp: tuple[int, int], as_of: date) -> tuple[ScorecardRow, ...]:  # noqa: ARG001  # a key
    """Kept while the record stays as it is, so that a second question about a day takes no second reading of it."""
    store = Store(address)
    with store.view(as_of=as_of) as known, store.view() as now:
        return tuple(board(known, now, as_of=as_of, everything=True))


@lru_cache(maxsize=32)
def _another(address: str, stamp: tuple[int, int], as_of: date) -> AnotherCrossed | None:
    from scorecard.thresholds.quoted.together import together  # which reads draws, with packages for that

    rows = [row for row in _rows(address, stamp, as_of) if row.threshold.rsi_relevant]
    found = together(Store(address), rows, as_of)
    if found is None:
        return None
    chance = found.another(found.soon)
    return AnotherCrossed(thresholds=found.names, by=found.soon, p=chance.p, mcse=chance.mcse)


def page[T](found: Sequence[T], offset: int, limit: int) -> tuple[Page, tuple[T, ...]]:
    """Part of a list, and which part it is."""
    end = offset + limit
    following = end if end < len(found) else None
    return Page(total=len(found), offset=offset, next_offset=following), tuple(found[offset:end])


def told(row: ScorecardRow) -> Row:
    """A row as the command prints it, typed."""
    return _ROW.validate_python(row.as_json())


@dataclass(frozen=True, slots=True)
class Citations:
    """Readings and records with their sources, units and names spelt out."""

    sources: Mapping[str, Source]
    indicators: Mapping[str, Indicator]
    systems: Mapping[str, str]

    @classmethod
    def of(cls, known: View, now: View) -> Citations:
        """Those of a day; titles and addresses of sources as they are today."""
        return cls(
            {s.id: s for s in now.all(Source)},
            {i.id: i for i in known.all(Indicator)},
            {s.id: s.name for s in known.all(System)},
        )

    def cite(self, sources: Iterable[str]) -> tuple[Cited, ...]:
        """Each source once, in order; ids that name no source are left out."""
        found = (self.sources[id] for id in dict.fromkeys(sources) if id in self.sources)
        return tuple(
            Cited(id=s.id, title=s.title, url=s.url, published_on=s.published_on, licence=s.licence)
            for s in found
        )

    def read(self, m: Measurement) -> Reading:
        """A measurement as an answer has it."""
        return Reading(
            indicator=m.indicator,
            system=self.systems.get(m.system, m.system),
            value=m.value,
            unit=self.indicators[m.indicator].unit,
            low=m.low,
            high=m.high,
            interval=m.interval,
            bound=m.bound,
            observed_on=m.observed_on,
            known_at=m.known_at,
            vintage=m.vintage,
            condition=m.condition,
            fitted=m.main,
            marks=m.marks,
            grade=m.grade,
            source=self.cite([m.source])[0],
        )
