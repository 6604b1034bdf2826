"""A meeting's agenda, written by comparing the record at two moments: what moved, what is new, what is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from scorecard.clock import plus_months
from scorecard.evidence.readings.adjusting import readings
from scorecard.evidence.readings.vintages import current
from scorecard.governance.alerts.levels import Alert, alerts, sentence
from scorecard.governance.alerts.telling import state_of
from scorecard.governance.alerts.told import Amounts, ToldState, changes
from scorecard.governance.decisions import standing_decisions
from scorecard.governance.proposals import Proposable, proposals
from scorecard.governance.safeguards import Clock, lead, safeguards_of, standing_rule
from scorecard.governance.tripwires import fired
from scorecard.records import (
    DEFAULTS,
    AboutDecision,
    Adjustment,
    AgendaItem,
    AgendaKind,
    Criterion,
    Decision,
    Determination,
    ForecastRun,
    Indicator,
    Measurement,
    Moved,
    Plainly,
    PriorSet,
    ReadingsCame,
    Record,
    Sighting,
    Source,
    Stale,
    System,
    Unready,
)
from scorecard.store import Store, View
from scorecard.thresholds.alerts import SCALES
from scorecard.thresholds.board import (
    ScorecardRow,
    board,
    named_thresholds,
    newest_readings,
    quoted_runs,
)
from scorecard.thresholds.standing import standing
from scorecard.words import chance_in_words, day_in_words, value_in_words

PREFIXES: tuple[tuple[Proposable, str], ...] = (
    ("criteria", "criterion"),
    ("prior_sets", "prior set"),
    ("buffers", "warning rule"),
    ("adjustments", "adjustment"),
    ("alert_rules", "alert rule"),
)


MOST = 8  # items that a meeting takes one by one
GROUPS: tuple[tuple[str, tuple[AgendaKind, ...]], ...] = (
    ("Crossed or found", ("tripwire", "determination", "alert level")),
    ("Overdue", ("decision due", "safeguard")),
    ("To decide", ("proposal",)),
    ("Moved", ("forecast moved",)),
)
REST = "For information"
SHAPED = "In the chair's order"
FORECASTS = ("chance", "named", "date", "drift", "forecast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment of the record: what could be known by a day, and which log entry was last (0: the present)."""

    on: date
    entry: int = 0


@dataclass(frozen=True)
class _Seen:
    """The record at a moment: `known` holds evidence as of its day, `held` whatever was stored by then."""

    moment: Moment
    known: View
    held: View

    @cached_property
    def runs(self) -> dict[str, ForecastRun]:
        """The forecasts that the rows show, one that is being renewed among them."""
        return quoted_runs(self.rows)

    @cached_property
    def rows(self) -> list[ScorecardRow]:
        return board(self.known, self.held, as_of=self.moment.on, everything=True)

    @cached_property
    def names(self) -> dict[str, str]:
        return named_thresholds(self.known)

    @cached_property
    def alerts(self) -> dict[str, Alert]:
        return alerts(self.known, self.rows, self.moment.on)

    @property
    def states(self) -> dict[str, ToldState]:
        return {
            row.threshold.id: state_of(row, self.alerts.get(row.threshold.id), self.moment.on)
            for row in self.rows
        }


@contextmanager
def _seen(store: Store, moment: Moment) -> Iterator[_Seen]:
    with store.view() as now:
        at = None
        if moment.entry:
            at = next(entry.recorded_at for entry in now.log() if entry.seq == moment.entry)
    with store.view(as_of=moment.on, seen_at=at) as known, store.view(seen_at=at) as held:
        yield _Seen(moment, known, held)


def draw_up_agenda(store: Store, since: Moment, until: Moment, *, moved_by: float) -> list[AgendaItem]:
    """The agenda of a meeting at `until` that follows one at `since`: what it takes one by one, then what is to know.

    `moved_by` is the change of the chance within 12 months that puts a threshold on it, as readers are told by theirs.
    """
    with _seen(store, since) as before, _seen(store, until) as after:
        items = [
            *_tripwires(after),
            *_due(after),
            *_determinations(before, after),
            *_changed(before, after, moved_by),
            *_safeguards(after),
            *_evidence(before, after),
            *_stale(after),
            *_proposed(after),
        ]
    return [items[at] for found in grouped(items).values() for at in found]


def grouped(items: Sequence[AgendaItem]) -> dict[str, list[int]]:
    """The items by group, as their places on the agenda; outside the last at most eight, or what the chair takes."""
    shaped = any(item.place != "by kind" for item in items)
    taken = _as_the_chair_says(items) if shaped else _in_turn(items)
    kept = {at for found in taken.values() for at in found}
    rest = [at for at in range(len(items)) if at not in kept]
    return {group: found for group, found in {**taken, REST: rest}.items() if found}


def _as_the_chair_says(items: Sequence[AgendaItem]) -> dict[str, list[int]]:
    """What the chair has the meeting take; one group once its order is no longer that of the groups."""
    taken = [at for at, item in enumerate(items) if item.place == "taken"]
    by_kind = {group: [at for at in taken if items[at].kind in kinds] for group, kinds in GROUPS}
    return by_kind if [at for found in by_kind.values() for at in found] == taken else {SHAPED: taken}


def _in_turn(items: Sequence[AgendaItem]) -> dict[str, list[int]]:
    """At most eight items; every group gives its first before any gives its second, so a long one pushes out none."""
    waiting = {group: [at for at, item in enumerate(items) if item.kind in kinds] for group, kinds in GROUPS}
    taken: dict[str, list[int]] = {group: [] for group in waiting}
    turn = 0
    while sum(map(len, taken.values())) < MOST and any(len(found) > turn for found in waiting.values()):
        for group, found in waiting.items():
            if len(found) > turn and sum(map(len, taken.values())) < MOST:
                taken[group].append(found[turn])
        turn += 1
    return taken


def _name(seen: _Seen, threshold: str) -> str:
    """A threshold's whole name, said aloud."""
    return seen.names.get(threshold, threshold)


def _tripwires(after: _Seen) -> Iterator[AgendaItem]:
    decisions = {d.id: d for d in after.held.all(Decision)}
    for one in fired(after.known, after.held, after.moment.on):
        made = decisions[one.tripwire.decision]
        yield AgendaItem(
            key=f"tripwire/{one.tripwire.id}",
            kind="tripwire",
            threshold=made.threshold,
            title=f"A tripwire fired: {one.words}",
            words=f"It was set on the decision “{made.decision}” of {day_in_words(made.known_at)}: "
            f"{one.tripwire.words}.",
            data=AboutDecision(decision=made.id, **_fields(one.seen)),
        )


def _fields(seen: Sighting) -> dict[str, Any]:
    return {one.name: getattr(seen, one.name) for one in fields(Sighting)}


def _due(after: _Seen) -> Iterator[AgendaItem]:
    for made in standing_decisions(after.held.all(Decision)):
        for name, when in (("review", made.review_on), ("carrying out", made.due_on)):
            if when is not None and when <= after.moment.on:
                yield AgendaItem(
                    key=f"due/{made.id}/{name.split()[0]}",
                    kind="decision due",
                    threshold=made.threshold,
                    title=f"Due for {name} since {day_in_words(when)}: {made.decision}",
                    words=f"Decided by {made.decided_by} on {day_in_words(made.known_at)}"
                    + (f", owner {made.owner}." if made.owner else "."),
                    data=AboutDecision(decision=made.id),
                )


def _determinations(before: _Seen, after: _Seen) -> Iterator[AgendaItem]:
    had = {d.id for d in before.known.all(Determination)}
    for new in (d for d in after.known.all(Determination) if d.id not in had):
        found = new.finding.replace("_", " ")
        yield AgendaItem(
            key=f"determination/{new.id}",
            kind="determination",
            threshold=new.threshold,
            title=f"{_name(after, new.threshold)}: {found}" + (f" ({new.system})" if new.system else ""),
            words=f"{new.developer}, {day_in_words(new.determined_on)}. {_whole(new.note)}".strip(),
            data=Plainly(),
        )


def _whole(note: str) -> str:
    """A note as a sentence; nothing stays nothing."""
    return f"{note[:1].upper()}{note[1:].rstrip('.')}." if note.strip() else ""


def _changed(before: _Seen, after: _Seen, moved_by: float) -> Iterator[AgendaItem]:
    """Alert levels that went up or down, then forecasts that moved, the furthest first: by the rule of the notices."""
    year = plus_months(after.moment.on, 12)
    then, now = before.states, after.states
    levels, moved = [], []
    for threshold, state in now.items():
        was = then.get(threshold)
        what = changes(was, state, Amounts(points=moved_by))
        raised = [one for one in what if one.kind == "level"]
        if raised:
            levels.append(
                AgendaItem(
                    key=f"level/{threshold}",
                    kind="alert level",
                    threshold=threshold,
                    title=f"{_name(after, threshold)}: {'; '.join(one.words.partition(' (')[0] for one in raised)}",
                    words=" ".join(_whole(sentence(after.alerts[threshold], scale)) for scale in SCALES),
                    data=Plainly(),
                )
            )
        p, earlier = state.p_12_months, was.p_12_months if was else None
        told = [one for one in what if one.kind in FORECASTS]
        if p is not None and (told or earlier is None):
            size = 0.0 if earlier is None else abs(p - earlier)
            words = "; ".join(one.words for one in told) or "a first forecast of the chance within 12 months"
            run = after.runs[threshold]
            item = AgendaItem(
                key=f"moved/{threshold}",
                kind="forecast moved",
                threshold=threshold,
                title=f"{_name(after, threshold)}: "
                f"{'no forecast' if earlier is None else chance_in_words(earlier)} before, {chance_in_words(p)} now",
                words=f"{_whole(words)} Forecast of {day_in_words(run.as_of)}.",
                data=Moved(by=year, before=earlier, now=p, run=run.id),
            )
            moved.append((size, item))
    yield from levels
    yield from (item for _, item in sorted(moved, key=lambda one: -one[0]))


def _safeguards(after: _Seen) -> Iterator[AgendaItem]:
    for threshold, run in after.runs.items():
        needed = safeguards_of(after.held, threshold)
        if not needed:
            continue
        tolerance, months = standing_rule(after.held, threshold)
        stands = lead(Clock.of(run, after.moment.on), needed, tolerance=tolerance, months=months)
        if stands.p_before_ready > tolerance or stands.overdue or stands.late:
            yield AgendaItem(
                key=f"safeguard/{threshold}",
                kind="safeguard",
                threshold=threshold,
                title=f"{_name(after, threshold)}: {chance_in_words(stands.p_before_ready)} chance of crossing before "
                f"{len(needed)} safeguards are ready",
                words=stands.words,
                data=Unready(p=stands.p_before_ready, tolerance=tolerance, run=run.id),
            )


def _evidence(before: _Seen, after: _Seen) -> Iterator[AgendaItem]:
    indicators = {i.id: i for i in after.known.all(Indicator)}
    systems = {s.id: s.name for s in after.known.all(System)}
    used = {c.indicator: c.threshold for c in reversed(standing(after.known, Criterion))}
    old = {m.subject: m for m in current(readings(before.known, main=True))}
    new: dict[str, list[Measurement]] = {}
    revised: dict[str, list[Measurement]] = {}
    for m in current(readings(after.known, main=True)):
        was = old.get(m.subject)
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
                f"{systems.get(m.system, m.system)} {value_in_words(old[m.subject].value, unit)} to "
                f"{value_in_words(m.value, unit)}"
                for m in changed[-5:]
            ]
            parts = [f"New: {', '.join(told)}."] * bool(told) + [f"Corrected: {', '.join(turned)}."] * bool(
                turned
            )
            yield AgendaItem(
                key=f"evidence/{name}",
                kind="evidence",
                threshold=used.get(name, ""),
                title=f"{indicators[name].name}: {_counted(came, 'new reading')}, {len(changed)} corrected",
                words=" ".join(parts),
                data=ReadingsCame(indicator=name, new=len(came), revised=len(changed)),
            )
    others = [name for name in indicators if name not in used and (new.get(name) or revised.get(name))]
    if others:
        counts = [sum(len(found.get(name, [])) for name in others) for found in (new, revised)]
        yield AgendaItem(
            key="evidence",
            kind="evidence",
            threshold="",
            title=f"Indicators that no criterion uses: {counts[0]} new readings, {counts[1]} corrected",
            words=f"{', '.join(indicators[name].name for name in others)}.",
            data=ReadingsCame(new=counts[0], revised=counts[1]),
        )


def _stale(after: _Seen) -> Iterator[AgendaItem]:
    used = {c.indicator: c.threshold for c in reversed(standing(after.known, Criterion))}
    sources = {s.id: s for s in after.held.all(Source)}
    for name, latest in newest_readings(after.known, sources, after.moment.on).items():
        if name in used and latest.age_days > latest.indicator.retest_days:
            yield AgendaItem(
                key=f"stale/{name}",
                kind="stale evidence",
                threshold=used[name],
                title=f"{latest.indicator.name}: the newest reading is {latest.age_days} days old",
                words=f"It is of {latest.system}, {day_in_words(latest.measurement.observed_on)}; a re-test is due "
                f"after {latest.indicator.retest_days} days.",
                data=Stale(indicator=name),
            )


def _proposed(after: _Seen) -> Iterator[AgendaItem]:
    for subject, name in PREFIXES:
        waiting = [p for p in proposals(after.held, subject) if p.standing == "proposed"]
        own = [p for p in waiting if p.item.author == DEFAULTS]
        for one in (p for p in waiting if p.item.author != DEFAULTS):
            yield AgendaItem(
                key=f"proposal/{subject}/{one.item.id}",
                kind="proposal",
                title=f"{name[:1].upper()}{name[1:]}{_about(after, one.item)} awaits adoption",
                words=f"Proposed by {one.item.author}: {one.item.rationale}",
                threshold=getattr(one.item, "threshold", ""),
                data=Plainly(),
            )
        if own:
            yield AgendaItem(
                key=f"proposal/{subject}",
                kind="proposal",
                title=f"{_counted(own, name)} in use by default await adoption",
                words="They came with the scorecard; nobody has adopted them.",
                threshold="",
                data=Plainly(),
            )


def _about(after: _Seen, item: Record) -> str:
    """What a proposal is about, behind its kind; a person never meets its id."""
    if isinstance(item, PriorSet):
        return f" “{item.name}”"
    if isinstance(item, Adjustment):
        return f" of {after.known.get(Indicator, id=item.indicator).name}"
    threshold = getattr(item, "threshold", "")
    return f" for {_name(after, threshold)}" if threshold else " for every threshold"


def _counted(found: Sequence[object], name: str) -> str:
    plural = {"criterion": "criteria"}.get(name, f"{name}s")
    return f"1 {name}" if len(found) == 1 else f"{len(found)} {plural}"


def runs_on_agenda(items: Sequence[AgendaItem]) -> list[str]:
    """The forecast runs that an agenda quotes, for a snapshot."""
    return list(dict.fromkeys(run for item in items if (run := getattr(item.data, "run", None))))
