"""The questions of the read doors, each a function of who asks and typed parameters; both protocols serve these.

A further question is one more function, decorated: HTTP gives it the address `/v1/NAME`, MCP a tool NAME.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from scorecard import clock
from scorecard.doors.answers import (
    Change,
    ChangesAnswer,
    CriterionTold,
    EvidenceAnswer,
    ExplainAnswer,
    SnapshotAnswer,
    SnapshotTold,
    StatusAnswer,
    Stood,
    ThresholdAnswer,
)
from scorecard.doors.readers import Caller, NotForThisReader, NotHeld, Unaskable
from scorecard.doors.reading import Citations, DoorContext, page, told
from scorecard.evidence.readings.adjusting import readings
from scorecard.evidence.readings.vintages import current
from scorecard.governance import agenda, snapshots
from scorecard.records import (
    AgendaItem,
    AgendaKind,
    Indicator,
    Measurement,
    NoForecast,
    Snapshot,
    Subject,
)
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.board import ScorecardRow
from scorecard.thresholds.standing import last_rulings
from scorecard.words import day_in_words

FIRST = date(2015, 1, 1)  # no framework, hence nothing to ask about, is older
NEWEST = 12  # readings told with a threshold; `evidence` has them all
PUBLIC_ITEMS: tuple[AgendaKind, ...] = ("determination", "forecast moved", "evidence", "stale evidence")

AsOf = Annotated[
    date | None,
    Field(
        description="Count only what could be known by this day, as 2026-01-31; today if left out.", ge=FIRST
    ),
]
Id = Annotated[str, Field(min_length=1, max_length=200)]
ThresholdId = Annotated[Id, Field(description="A threshold's id, as `status` and `search` give it.")]
Offset = Annotated[int, Field(description="How many to leave out at the beginning.", ge=0, le=1_000_000)]
Limit = Annotated[int, Field(description="How many to give at most.", ge=1, le=200)]

QUESTIONS: dict[str, Callable[..., Any]] = {}


def question[F: Callable[..., Any]](function: F) -> F:
    """Put a function among the questions that are served."""
    QUESTIONS[function.__name__] = function
    return function


def asked_of(store: Store, reader: Caller, as_of: date | None) -> DoorContext:
    """A question's surroundings; Unaskable for a day that has not come."""
    today = clock.today()
    if as_of is not None and as_of > today:
        raise Unaskable(f"as_of: {as_of} has not come yet; the newest day that can be asked for is {today}")
    return DoorContext(store=store, reader=reader, as_of=as_of or today)


@question
def status(
    store: Store,
    reader: Caller,
    as_of: AsOf = None,
    developer: Annotated[str, Field(description="Only this developer's thresholds.", max_length=200)] = "",
    everything: Annotated[
        bool, Field(description="Also thresholds that do not bear on self-improvement.")
    ] = False,
    offset: Offset = 0,
    limit: Limit = 50,
) -> StatusAnswer:
    """The scorecard of a day: each threshold's status, newest reading, chances by date and quantile dates."""
    asked = asked_of(store, reader, as_of)
    rows = [row for row in asked.rows() if everything or row.threshold.rsi_relevant]
    names = sorted({row.framework.developer for row in rows})
    if developer:
        rows = [row for row in rows if row.framework.developer.casefold() == developer.casefold()]
        if not rows:
            raise NotHeld(f"developer: there is no {developer!r}; there are: {', '.join(names)}")
    which, some = page(rows, offset, limit)
    shown = tuple(told(row) for row in some)
    return StatusAnswer(about=asked.about(), page=which, rows=shown, another_12_months=asked.another())


@question
def threshold(store: Store, reader: Caller, id: ThresholdId, as_of: AsOf = None) -> ThresholdAnswer:
    """All that is held on one threshold: its row, text, measure with levels, newest readings, decisions, sources."""
    asked = asked_of(store, reader, as_of)
    row = asked.row(id)
    t = row.threshold
    with store.view(as_of=asked.as_of) as known, store.view() as now:
        cite = Citations.of(known, now)
        ruled = last_rulings(known)
        newest = _newest_first(known, _indicators_of(row, known))
        named = {i.id: i for i in now.all(Indicator)}  # a criterion may read one that came after the day
    return ThresholdAnswer(
        about=asked.about(),
        row=told(row),
        paraphrase=t.paraphrase,
        operationalisation=t.operationalisation,
        obligations=t.obligations,
        needed=t.needed,
        criteria=tuple(
            CriterionTold(
                id=c.id,
                indicator=c.indicator,
                name=named[c.indicator].name,
                level=c.level,
                unit=named[c.indicator].unit,
                weight=c.weight,
                standing=ruled.get(Subject.of(c)) or "proposed, not adopted",
                rationale=c.rationale,
            )
            for c in row.criteria
        ),
        readings=tuple(cite.read(m) for m in newest[:NEWEST]),
        decisions=tuple(
            f"{d.finding.replace('_', ' ')}, {day_in_words(d.known_at)}"
            + (f": {d.decision} ({d.reason})" if asked.reader.internal else "")
            for d in row.decisions
        ),
        sources=cite.cite([t.source, *(h.source for h in row.timeline)]),
    )


def _indicators_of(row: ScorecardRow, known: View) -> list[str]:
    """Those that a criterion reads, by weight, then those that are said to inform the threshold."""
    read = [c.indicator for c in sorted(row.criteria, key=lambda c: -c.weight)]
    return list(
        dict.fromkeys([*read, *(i.id for i in known.all(Indicator) if row.threshold.id in i.informs)])
    )


def _newest_first(known: View, indicators: list[str], *, vintages: bool = False) -> list[Measurement]:
    found = [m for m in readings(known) if m.indicator in indicators]
    kept = found if vintages else current(found)
    return sorted(kept, key=lambda m: (m.observed_on, m.known_at, m.system, m.condition), reverse=True)


@question
def evidence(
    store: Store,
    reader: Caller,
    threshold: Annotated[
        str, Field(description="Readings that bear on this threshold.", max_length=200)
    ] = "",
    indicator: Annotated[str, Field(description="Readings of this indicator.", max_length=200)] = "",
    vintages: Annotated[bool, Field(description="Also values that were published anew since.")] = False,
    as_of: AsOf = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> EvidenceAnswer:
    """Readings with unit, interval, vintage, marks, grade and source; of a threshold, an indicator, or all."""
    asked = asked_of(store, reader, as_of)
    row = asked.row(threshold) if threshold else None
    with store.view(as_of=asked.as_of) as known, store.view() as now:
        cite = Citations.of(known, now)
        wanted = _indicators_of(row, known) if row else list(cite.indicators)
        if indicator and indicator not in cite.indicators:
            raise NotHeld(
                f"indicator: there is no {indicator!r} on {asked.as_of}; there are: {', '.join(cite.indicators)}"
            )
        found = _newest_first(
            known, [i for i in wanted if not indicator or i == indicator], vintages=vintages
        )
    which, some = page(found, offset, limit)
    return EvidenceAnswer(about=asked.about(), page=which, readings=tuple(cite.read(m) for m in some))


@question
def changes(
    store: Store,
    reader: Caller,
    since: Annotated[date, Field(description="The earlier day, as 2026-01-31.", ge=FIRST)],
    threshold: Annotated[str, Field(description="Only what bears on this threshold.", max_length=200)] = "",
    as_of: AsOf = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> ChangesAnswer:
    """What changed between two days: findings, readings, forecasts; and thresholds that stand otherwise than then."""
    asked = asked_of(store, reader, as_of)
    if since > asked.as_of:
        raise Unaskable(f"since: {since} is after {asked.as_of}; give the earlier day as since")
    rows = [asked.row(threshold)] if threshold else asked.rows()
    before = {row.threshold.id: _stood(row) for row in asked.rows(since)}
    both = [
        Change(threshold=row.threshold.id, then=before.get(row.threshold.id), now=_stood(row)) for row in rows
    ]
    moments = agenda.Moment(on=since), agenda.Moment(on=asked.as_of)
    items = [
        i
        for i in agenda.draw_up_agenda(store, *moments, moved_by=0.0)
        if reader.internal or i.kind in PUBLIC_ITEMS
    ]
    if threshold:
        items = [i for i in items if _bears(i, rows[0])]
    which, some = page(items, offset, limit)
    moved = tuple(one for one in both if one.then != one.now or threshold)
    return ChangesAnswer(about=asked.about(), since=since, page=which, changes=moved, items=some)


def _bears(item: AgendaItem, row: ScorecardRow) -> bool:
    """An indicator that several thresholds read is on the agenda under one of them only."""
    read = getattr(item.data, "indicator", None)
    return item.threshold == row.threshold.id or read in {c.indicator for c in row.criteria}


def _stood(row: ScorecardRow) -> Stood:
    f = row.forecast if row.forecast and not row.forecast.refused else None
    return Stood(
        status=row.status.name,
        p_now=f.p_now if f else None,
        p_12_months=f.p_12_months if f else None,
        q50=f.q50 if f else None,
        run=f.run.id if f else None,
    )


@question
def explain(store: Store, reader: Caller, threshold: ThresholdId, as_of: AsOf = None) -> ExplainAnswer:
    """Why a threshold's forecast says what it says: by criterion and shape, parameters, checks, what was left out."""
    asked = asked_of(store, reader, as_of)
    row = asked.row(threshold)
    if row.forecast is None:
        raise NotHeld(f"no forecast of {threshold} is held for {asked.as_of}: {row.unforecast}")
    run = row.forecast.run
    said = None if isinstance(run.result, NoForecast) or not run.publishable else run.result
    return ExplainAnswer(
        about=asked.about(),
        threshold=threshold,
        run=run.id,
        made_as_of=run.as_of,
        prior_set=run.prior_set,
        model=run.model,
        model_version=run.model_version,
        seed=run.seed,
        data_hash=run.data_hash,
        draws_sha256=run.draws_sha256,
        refused=run.refusal,
        by_criterion=dict(said.by_criterion) if said else {},
        by_shape=dict(said.by_shape) if said else {},
        parameters={shape: dict(of) for shape, of in said.parameters.items()} if said else {},
        left_out=dict(run.result.left_out),
        sensitivity=said.sensitivity if said else None,
        notes=said.notes if said else (),
        checks=run.checks.items,
    )


@question
def snapshot(
    store: Store,
    reader: Caller,
    id: Annotated[str, Field(description="Its id or the first 8 characters; all are listed without.")] = "",
    offset: Offset = 0,
    limit: Limit = 50,
) -> SnapshotAnswer:
    """What meetings, decisions and briefings rested on, bound under one hash; for readers of internal text."""
    asked = asked_of(store, reader, None)
    if not reader.internal:
        raise NotForThisReader("snapshots hold internal text; ask with the token of a researcher or a chair")
    if not id:
        with store.view() as now:
            found = sorted(now.all(Snapshot), key=lambda s: s.entry, reverse=True)
        which, some = page(found, offset, limit)
        return SnapshotAnswer(about=asked.about(), page=which, snapshots=tuple(_snapshot(s) for s in some))
    try:
        opened = snapshots.reopen(store, id)
    except StoreError as error:
        raise NotHeld(str(error)) from error
    counts = Counter(type(record).TABLE for record in opened.records)
    one = _snapshot(opened.snapshot, rows=dict(sorted(counts.items())), text=opened.text)
    which, alone = page([one], 0, 1)
    return SnapshotAnswer(about=asked.about(), page=which, snapshots=alone)


def _snapshot(s: Snapshot, rows: dict[str, int] | None = None, text: str = "") -> SnapshotTold:
    return SnapshotTold(
        id=s.id,
        kind=s.kind,
        subject=s.subject,
        title=s.title,
        as_of=s.as_of,
        entry=s.entry,
        author=s.author,
        known_at=s.known_at,
        rows=rows,
        text=text,
    )
