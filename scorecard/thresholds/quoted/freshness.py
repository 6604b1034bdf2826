"""Which forecast run stands for a threshold on a day: one that read what would be read now, else the last that did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256

from scorecard.evidence.readings.adjusting import readings
from scorecard.evidence.readings.like import beside
from scorecard.records import (
    POOL,
    QUICK,
    Criterion,
    Determination,
    ForecastRun,
    Indicator,
    Measurement,
    PriorSet,
    Record,
    Ruling,
    System,
    Threshold,
)
from scorecard.store import View
from scorecard.store.rows import row_hash, to_row
from scorecard.thresholds.levels import Reads, reads
from scorecard.thresholds.standing import standing
from scorecard.words import day_in_words

STANDARD = "default"  # the prior set shown until a researcher's set is adopted
OLDER = "older than its evidence"


class EvidenceHash:
    """What forecasts read of the evidence on a day, hashed once however many thresholds ask."""

    def __init__(
        self,
        indicators: Mapping[str, Indicator],
        measurements: Iterable[Measurement],
        systems: Iterable[System],
    ) -> None:
        self._indicators = indicators
        self._systems = {system.id: system for system in systems}
        self._readings: dict[str, list[Measurement]] = {}
        for one in measurements:
            if one.main:  # the others are shown and not fitted
                self._readings.setdefault(one.indicator, []).append(one)
        self._lines: dict[str, list[str]] = {}

    def hash(self, reads: Reads) -> str:
        """sha256 of all that a forecast reads: criteria, findings, and readings of every indicator; in any order."""
        own = list(dict.fromkeys(one.indicator for one in reads.criteria))
        names = [*own, *beside(self._indicators, own, self._readings)]
        lines = {*map(_read_of, reads.criteria), *(line for name in names for line in self._of(name))}
        lines |= {f"{d.threshold}, {d.finding}, {d.system}, {d.determined_on}" for d in reads.findings}
        return sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def _of(self, name: str) -> list[str]:
        if name not in self._lines:
            found = self._readings.get(name, [])
            named = dict.fromkeys(one.system for one in found)
            defined = [self._indicators[name]] if name in self._indicators else []
            self._lines[name] = [
                *map(_hash, [*defined, *found]),
                *(_deciding(self._systems[id]) for id in named if id in self._systems),
            ]
        return self._lines[name]


@lru_cache(maxsize=8192)  # every look at the scorecard asks for the same readings
def _hash(record: Record) -> str:
    return row_hash(record.TABLE, to_row(record))


def _read_of(criterion: Criterion) -> str:
    """A criterion without the words about it, which no forecast reads."""
    said = dict.fromkeys(("rationale", "author", "source", "supersedes"), "")
    return row_hash(criterion.TABLE, {**to_row(criterion), **said, "known_at": ""})


def _deciding(system: System) -> str:
    # Its aliases and notes are for importers and readers: another spelling makes no forecast old.
    return f"{system.id}, {system.name}, {system.developer}, {system.released_on}"


def evidence_hash(
    reads: Reads,
    indicators: Mapping[str, Indicator],
    measurements: Iterable[Measurement],
    systems: Iterable[System],
) -> str:
    """What `ForecastRun.data_hash` holds: the hash of everything that a forecast of a threshold reads."""
    return EvidenceHash(indicators, measurements, systems).hash(reads)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRun:
    """The run that stands for a threshold, and why it is not what a forecast made now would be; "" when it is."""

    run: ForecastRun
    outdated: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    """The fields of a stored run by which it is chosen, without its result."""

    id: str
    threshold: str
    as_of: date
    model: str
    prior_set: str
    criteria: tuple[str, ...]
    data_hash: str


def shown_runs(
    now: View, known: View, *, as_of: date, prior_set: str, before: Sequence[str] = ()
) -> dict[str, StandingRun]:
    """By threshold, the pooled run to show on a day under a prior set.

    That is one made as of that day, or before it, whose evidence and criteria are those of the day: its probabilities
    are quoted for the later day from the same crossing distribution; a sampled run goes before a quick one. Where
    there is none, the last one made keeps the place and says why it is outdated, also one under a prior set that was
    in use `before` (the latest first).
    """
    asked = _asked(now, known)
    on_record = {one.id for one in known.all(Criterion)}
    sets = list(dict.fromkeys([prior_set, *before]))
    names = tuple(_Kept.__dataclass_fields__)
    runs = [_Kept(*row) for row in now.fields(ForecastRun, *names, prior_set=sets, model=[POOL, QUICK])]
    best: dict[str, tuple[tuple[object, ...], _Kept, str]] = {}
    for run in runs:
        # A run that read another day's criteria (`assumptions`) never stands for this one.
        if run.threshold not in asked or run.as_of > as_of or not on_record.issuperset(run.criteria):
            continue
        ids, digest = asked[run.threshold]
        outdated = _outdated(run, prior_set, ids, digest)
        sampled = run.model == POOL
        ranked: tuple[object, ...] = (
            not outdated,
            -sets.index(run.prior_set),
            # Of two that read the same the sampled one stands, of two that read otherwise the later one.
            *((sampled, run.as_of) if not outdated else (run.as_of, sampled)),
        )
        kept = best.get(run.threshold)
        if kept is None or ranked >= kept[0]:
            best[run.threshold] = (ranked, run, outdated)
    stored = {r.id: r for r in now.all(ForecastRun, id=[run.id for _, run, _ in best.values()])}
    return {
        name: StandingRun(run=stored[run.id], outdated=outdated) for name, (_, run, outdated) in best.items()
    }


def outdated(now: View, known: View, run: str, *, prior_set: str) -> str:
    """Why a stored run is not what a forecast made now under a prior set would be; "" when nothing it read changed."""
    kept = _Kept(*now.fields(ForecastRun, *_Kept.__dataclass_fields__, id=run)[0])
    return _outdated(kept, prior_set, *_asked(now, known).get(kept.threshold, ((), "")))


def _asked(now: View, known: View) -> dict[str, tuple[tuple[str, ...], str]]:
    """For each threshold with criteria, their ids and the hash of what a forecast would read now."""
    indicators = {i.id: i for i in now.all(Indicator)}
    evidence = EvidenceHash(indicators, readings(known), known.all(System))
    criteria, every, findings = standing(known, Criterion), known.all(Threshold), known.all(Determination)
    asked = {t.id: reads(t, criteria, every, findings) for t in every}
    return {
        id: (tuple(c.id for c in one.shown), evidence.hash(one)) for id, one in asked.items() if one.shown
    }


def _outdated(run: _Kept, prior_set: str, criteria: tuple[str, ...], data_hash: str) -> str:
    """Why a run is not what would be made now, in words that follow a name; empty when it is."""
    why = []
    if run.prior_set != prior_set:
        why.append(f"made under prior set {run.prior_set}, before {prior_set} was in use")
    if run.criteria != criteria:
        why.append("made under other criteria than those in use now")
    elif run.data_hash != data_hash:
        why.append(f"{OLDER}: what it read on {day_in_words(run.as_of)} has changed since")
    return "; ".join(why)


def once_in_use(known: View) -> list[str]:
    """The prior sets that were ever adopted, the last ruled on first, then the default one."""
    last = {r.about: None for r in known.all(Ruling) if r.ruling == "adopted"}
    order: dict[str, None] = {}
    for ruling in known.all(Ruling):
        if ruling.about in last and ruling.about.table == PriorSet.TABLE:
            order.pop(ruling.about.id, None)
            order[ruling.about.id] = None
    return [*reversed(order), STANDARD]
