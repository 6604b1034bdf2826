"""A meeting's agenda, written by comparing the record at two moments: what moved, what is new, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from scorecard.briefings.words import chance_in_words, day_in_words, value_in_words
from scorecard.evidence.vintages import current
from scorecard.governance.decisions import standing
from scorecard.governance.proposals import Subject, proposals
from scorecard.governance.safeguards import Clock, lead, safeguards_of, standing_rule
from scorecard.governance.tripwires import fired
from scorecard.records import (
    Decision,
    Determination,
    ForecastRun,
    Indicator,
    Measurement,
    Source,
    System,
    Threshold,
)  # fmt: skip
from scorecard.store import Store, View
from scorecard.thresholds.board import (
    newest_readings,
    newest_runs,
    standing_criteria,
    standing_prior_set,
)
from scorecard.thresholds.calendar import calendar
from scorecard.thresholds.forecast import probability_by

Kind = Literal[
    "tripwire", "decision due", "determination", "forecast moved", "safeguard", "evidence", "stale evidence",
    "proposal",
]  # fmt: skip
PREFIXES: tuple[tuple[Subject, str], ...] = (
    ("criteria", "criterion"),
    ("prior_sets", "prior set"),
    ("buffers", "buffer"),
    ("adjustments", "adjustment"),
)
DEFAULTS = "the scorecard's defaults"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: a key that minutes refer to, what it is in a line, the detail, and the threshold it opens to."""

    key: str
    kind: Kind
    title: str
    words: str
    threshold: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """As plain values, as a meeting keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment of the record: what could be known by a day, and which log entry was last (0: the present)."""

    on: date
    entry: int = 0


@dataclass(frozen=True, slots=True)
class _Seen:
    """The record at a moment: `known` holds evidence as of its day, `held` whatever was stored by then."""

    moment: Moment
    known: View
    held: View

    @property
    def runs(self) -> dict[str, ForecastRun]:
        chosen = standing_prior_set(self.held)
        runs = newest_runs(self.held, self.known, as_of=self.moment.on, prior_set=chosen)
        return {name: run for name, run in runs.items() if run.publishable}


@contextmanager
def _seen(store: Store, moment: Moment) -> Iterator[_Seen]:
    with store.view() as now:
        at = None
        if moment.entry:
            at = next(entry.recorded_at for entry in now.log() if entry.seq == moment.entry)
    with store.view(as_of=moment.on, seen_at=at) as known, store.view(seen_at=at) as held:
        yield _Seen(moment, known, held)


def write(store: Store, since: Moment, until: Moment, *, moved_by: float) -> list[Item]:
    """The agenda of a meeting at `until` that follows one at `since`; the most pressing first.

    `moved_by` is the change of P(crossed before the next meeting) that puts a threshold on it.
    """
    with _seen(store, since) as before, _seen(store, until) as after:
        return [
            *_tripwires(after),
            *_due(after),
            *_determinations(before, after),
            *_moved(before, after, moved_by),
            *_safeguards(after),
            *_evidence(before, after),
            *_stale(after),
            *_proposed(after),
        ]


def _name(seen: _Seen, threshold: str) -> str:
    found = seen.known.all(Threshold, id=threshold)
    return f"{found[0].level} ({threshold})" if found else threshold


def _tripwires(after: _Seen) -> Iterator[Item]:
    decisions = {d.id: d for d in after.held.all(Decision)}
    for one in fired(after.known, after.held, after.moment.on):
        made = decisions[one.tripwire.decision]
        yield Item(
            key=f"tripwire/{one.tripwire.id}", kind="tripwire", threshold=made.threshold,
            title=f"A tripwire fired: {one.words}",
            words=f"It was set on the decision “{made.decision}” of {day_in_words(made.known_at)}: "
            f"{one.tripwire.words}.",
            data={"decision": made.id, **one.seen},
        )  # fmt: skip


def _due(after: _Seen) -> Iterator[Item]:
    for made in standing(after.held.all(Decision)):
        for name, when in (("review", made.review_on), ("carrying out", made.due_on)):
            if when is not None and when <= after.moment.on:
                yield Item(
                    key=f"due/{made.id}/{name.split()[0]}", kind="decision due", threshold=made.threshold,
                    title=f"Due for {name} since {day_in_words(when)}: {made.decision}",
                    words=f"Decided by {made.decided_by} on {day_in_words(made.known_at)}"
                    + (f", owner {made.owner}." if made.owner else "."),
                    data={"decision": made.id},
                )  # fmt: skip


def _determinations(before: _Seen, after: _Seen) -> Iterator[Item]:
    had = {d.id for d in before.known.all(Determination)}
    for new in (d for d in after.known.all(Determination) if d.id not in had):
        found = new.finding.replace("_", " ")
        yield Item(
            key=f"determination/{new.id}", kind="determination", threshold=new.threshold,
            title=f"{new.developer} on {new.system}: {found}",
            words=f"{_name(after, new.threshold)}, {day_in_words(new.determined_on)}. {new.note}".strip(),
        )  # fmt: skip


def _moved(before: _Seen, after: _Seen, moved_by: float) -> Iterator[Item]:
    by = calendar().next_meeting(after.moment.on)
    old = before.runs
    changes = []
    for threshold, run in after.runs.items():
        p = probability_by(run, by)
        was = probability_by(old[threshold], by) if threshold in old else None
        if was is None or abs(p - was) >= moved_by:
            changes.append((0.0 if was is None else abs(p - was), threshold, was, p, run))
    for _, threshold, was, p, run in sorted(changes, key=lambda change: -change[0]):
        then = "no forecast" if was is None else chance_in_words(was)
        yield Item(
            key=f"moved/{threshold}", kind="forecast moved", threshold=threshold,
            title=f"{_name(after, threshold)}: {then} before, {chance_in_words(p)} now",
            words=f"P(crossed by {day_in_words(by)}, before the next meeting). Forecast of {day_in_words(run.as_of)}.",
            data={"by": by.isoformat(), "before": was, "now": p, "run": run.id},
        )  # fmt: skip


def _safeguards(after: _Seen) -> Iterator[Item]:
    for threshold, run in after.runs.items():
        needed = safeguards_of(after.held, threshold)
        if not needed:
            continue
        tolerance, months = standing_rule(after.held, threshold)
        stands = lead(Clock.of(run, after.moment.on), needed, tolerance=tolerance, months=months)
        if stands.p_before_ready > tolerance or stands.overdue or stands.late:
            yield Item(
                key=f"safeguard/{threshold}", kind="safeguard", threshold=threshold,
                title=f"{_name(after, threshold)}: {chance_in_words(stands.p_before_ready)} chance of crossing before "
                f"{len(needed)} safeguards are ready",
                words=stands.words, data={"p": stands.p_before_ready, "tolerance": tolerance, "run": run.id},
            )  # fmt: skip


def _evidence(before: _Seen, after: _Seen) -> Iterator[Item]:
    indicators = {i.id: i for i in after.known.all(Indicator)}
    systems = {s.id: s.name for s in after.known.all(System)}
    used = {c.indicator: c.threshold for c in reversed(standing_criteria(after.held))}
    old = {_what(m): m for m in current(before.known.all(Measurement, main=True))}
    new: dict[str, list[Measurement]] = {}
    revised: dict[str, list[Measurement]] = {}
    for m in current(after.known.all(Measurement, main=True)):
        was = old.get(_what(m))
        if was is None:
            new.setdefault(m.indicator, []).append(m)
        elif (was.value, was.low, was.high) != (m.value, m.low, m.high):
            revised.setdefault(m.indicator, []).append(m)
    for name in used:
        came, changed = new.get(name, []), revised.get(name, [])
        if came or changed:
            unit = indicators[name].unit
            told = [f"{systems.get(m.system, m.system)} {value_in_words(m.value, unit)}" for m in came[-5:]]
            turned = [
                f"{systems.get(m.system, m.system)} {value_in_words(old[_what(m)].value, unit)} to "
                f"{value_in_words(m.value, unit)}"
                for m in changed[-5:]
            ]
            parts = [f"New: {', '.join(told)}."] * bool(told) + [f"Corrected: {', '.join(turned)}."] * bool(
                turned
            )
            yield Item(
                key=f"evidence/{name}", kind="evidence", threshold=used.get(name, ""),
                title=f"{indicators[name].name}: {len(came)} new readings, {len(changed)} corrected",
                words=" ".join(parts), data={"indicator": name, "new": len(came), "revised": len(changed)},
            )  # fmt: skip
    others = [name for name in indicators if name not in used and (new.get(name) or revised.get(name))]
    if others:
        counts = [sum(len(found.get(name, [])) for name in others) for found in (new, revised)]
        yield Item(
            key="evidence", kind="evidence",
            title=f"Indicators that no criterion uses: {counts[0]} new readings, {counts[1]} corrected",
            words=f"{', '.join(indicators[name].name for name in others)}.",
            data={"new": counts[0], "revised": counts[1]},
        )  # fmt: skip


def _what(m: Measurement) -> tuple[str, str, str, date]:
    return m.indicator, m.system, m.condition, m.observed_on


def _stale(after: _Seen) -> Iterator[Item]:
    used = {c.indicator: c.threshold for c in reversed(standing_criteria(after.held))}
    sources = {s.id: s for s in after.held.all(Source)}
    for name, latest in newest_readings(after.known, sources, after.moment.on).items():
        if name in used and latest.age_days > latest.indicator.retest_days:
            yield Item(
                key=f"stale/{name}", kind="stale evidence", threshold=used[name],
                title=f"{latest.indicator.name}: the newest reading is {latest.age_days} days old",
                words=f"It is of {latest.system}, {day_in_words(latest.measurement.observed_on)}; a re-test is due "
                f"after {latest.indicator.retest_days} days.",
                data={"indicator": name},
            )  # fmt: skip


def _proposed(after: _Seen) -> Iterator[Item]:
    for subject, name in PREFIXES:
        waiting = [p for p in proposals(after.held, subject) if p.standing == "proposed"]
        own = [p for p in waiting if p.item.author == DEFAULTS]
        for one in (p for p in waiting if p.item.author != DEFAULTS):
            yield Item(
                key=f"proposal/{subject}/{one.item.id}", kind="proposal",
                title=f"The {name} {one.item.id} awaits adoption",
                words=f"Proposed by {one.item.author}: {one.item.rationale}",
                threshold=getattr(one.item, "threshold", ""),
            )  # fmt: skip
        if own:
            yield Item(
                key=f"proposal/{subject}", kind="proposal",
                title=f"{_counted(own, name)} in use by default await adoption",
                words="They came with the scorecard; nobody has adopted them.",
            )  # fmt: skip


def _counted(found: Sequence[object], name: str) -> str:
    plural = {"criterion": "criteria"}.get(name, f"{name}s")
    return f"1 {name}" if len(found) == 1 else f"{len(found)} {plural}"


def runs_on_agenda(items: Sequence[Item]) -> list[str]:
    """The forecast runs that an agenda quotes, for a snapshot."""
    return list(dict.fromkeys(str(item.data["run"]) for item in items if "run" in item.data))
