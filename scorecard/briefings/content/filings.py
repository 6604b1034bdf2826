"""Filings of one developer: each thing a law, a code or its own framework asks for, field by field, as far as it is.

A field says what somebody wrote; else what the record holds; else that it is missing and how to fill it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Literal

from scorecard.briefings.content.briefing import BriefingRefused, Line, Reference, Said
from scorecard.briefings.content.duties import ANSWERS, NOTHING, DutyFacts
from scorecard.briefings.content.lines import line
from scorecard.briefings.content.material import Material, read
from scorecard.briefings.content.references import Register
from scorecard.governance.filings.dates import due_dates, period_of
from scorecard.governance.filings.entries import OWN, OWNER, newest_entries
from scorecard.records import Assessment, Filing, FilingAsk, FilingEntry
from scorecard.store import Store

State = Literal["missing", "drafted", "reviewed", "filed"]
STATES: tuple[State, ...] = ("missing", "drafted", "reviewed", "filed")
ALSO: Mapping[str, str] = {
    "crossing_forecast_distribution": "`preparedness forecast run` makes the forecasts it is taken from",
    "uncertainties": "`preparedness forecast run` makes the forecasts it is taken from",
    "safety_margin": "adopt a warning rule: Meeting, tab Proposals",
    "mitigations_per_tier": "plan a safeguard: page Threshold, under what it obliges",
    "results": "a developer's finding comes in with data/threshold_events.yaml",
    "risk_assessment_summary": "`preparedness decide` records a decision of the quarter",
    "internal_use_quarterly_summary": "`preparedness decide` records a decision of the quarter",
    "third_party_extent": "an outsider's judgement comes in with data/assessments.yaml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftField:
    """One field of a draft: what is asked and where, what stands there, who wrote it, and how to fill it.

    `by` is "the record" where nobody wrote anything and the record answers; `evidence` names rows of it by key.
    """

    field: str
    article: str
    asks: str
    text: str
    said: tuple[Said, ...]
    state: State
    by: str
    evidence: tuple[str, ...]
    way_in: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingDraft:
    """One filing as it stands: by which article, with whom, by when, whose it is, and its fields in order."""

    id: str
    duty: str
    law: str
    in_force_on: date
    name: str
    article: str
    recipient: str
    due_rule: str
    due: date | None
    ahead: tuple[date, ...]
    unfiled_since: date | None
    period: str
    owner: str
    grade: str
    source: str
    fields: tuple[DraftField, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of everything it names."""
        said = (key for field in self.fields for one in field.said for key in one.refs)
        return tuple(dict.fromkeys([self.source, *said]))

    @property
    def missing(self) -> int:
        """How many fields nothing stands under."""
        return sum(one.state == "missing" for one in self.fields)

    @property
    def state(self) -> State:
        """How far the whole of it is: as far as its least ready field."""
        return min((one.state for one in self.fields), key=STATES.index, default="missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filings:
    """All filings of a developer on a day, in the regulators' order, with the sources that their texts name."""

    developer: str
    as_of: date
    drafts: tuple[FilingDraft, ...]
    references: tuple[Reference, ...]

    def of(self, asked: str) -> Filings:
        """Only those of one duty or framework, or one filing, by its id; BriefingRefused lists what there is."""
        if not asked:
            return self
        kept = tuple(one for one in self.drafts if asked in (one.id, one.duty))
        if not kept:
            known = dict.fromkeys(id for one in self.drafts for id in (one.duty, one.id))
            raise BriefingRefused(
                f"there is no duty {asked!r} on {self.as_of}; there are: {', '.join(known)}"
            )
        used = {key for one in kept for key in one.keys}
        return replace(self, drafts=kept, references=tuple(r for r in self.references if r.key in used))


def filings(store: Store, *, developer: str, as_of: date, period: str = "") -> Filings:
    """Every filing of a developer as it stands on a day; `period` is another than the one that is due next.

    Raises BriefingRefused, with the developers there are, for one whose framework is not on record.
    """
    material = read(store, as_of)
    developers = sorted({one.developer for one in material.frameworks})
    if developer not in developers:
        raise BriefingRefused(f"there is no developer {developer!r}; there are: {', '.join(developers)}")
    register = Register(material.sources, as_of)
    lines = [line(row, material, register) for row in material.rows if row.framework.developer == developer]
    made = drafts_of(material, lines, register, developer, period=period)
    used = {key for one in made for key in one.keys}
    references = tuple(r for r in register.all() if r.key in used)
    return Filings(developer=developer, as_of=as_of, drafts=made, references=references)


def drafts_of(
    material: Material, lines: Sequence[Line], register: Register, developer: str, *, period: str = ""
) -> tuple[FilingDraft, ...]:
    """Every filing of a developer, in the regulators' order, from what was read; `lines` are its thresholds'."""
    laws = {one.id: one for one in material.duties}
    stated = [one for one in material.filings if one.duty in laws]
    asked = sorted(stated, key=lambda one: (list(laws).index(one.duty), one.place))
    ours = [one for one in material.frameworks if one.developer == developer]
    systems = [one for one in material.released if one.developer == developer]
    starts = {
        "framework": max((f.effective_on for f in ours if f.effective_on <= material.as_of), default=None),
        "system": max((one.released_on for one in systems), default=None),
    }
    of_developer = _of_developer(material, developer, {one.id for one in systems})
    facts = DutyFacts(of_developer, lines, register)
    outside = _outsiders(facts, material.assessments)
    entries = newest_entries(one for one in material.entries if one.developer == developer)
    writer = _Writer(facts, developer, material.as_of, period, entries, outside)
    made = [writer.draft(one, laws[one.duty].name, laws[one.duty].in_force_on, starts) for one in asked]
    return (*made, *(writer.draft(*own) for own in _own(of_developer)))


class _Writer:
    """Puts together drafts of one developer from one reading of the record."""

    def __init__(
        self,
        facts: DutyFacts,
        developer: str,
        as_of: date,
        period: str,
        entries: Mapping[tuple[str, str, str], FilingEntry],
        outside: tuple[Said, ...],
    ) -> None:
        self.facts, self.developer, self.as_of, self.period = facts, developer, as_of, period
        self.entries, self.outside = entries, outside

    def draft(
        self, filing: Filing, law: str, in_force: date, starts: Mapping[str, date | None]
    ) -> FilingDraft:
        """One filing with what stands under each of its fields."""
        dates = due_dates(filing, {**starts, "in force": in_force}, max(self.as_of, in_force))
        period = self.period or period_of(dates.next, self.as_of)
        last = dates.last if dates.last and dates.last > in_force else None
        owner = self.entries.get((filing.id, OWNER, period))
        return FilingDraft(
            id=filing.id,
            duty=filing.duty,
            law=law,
            in_force_on=in_force,
            name=filing.name,
            article=filing.article,
            recipient=filing.recipient,
            due_rule=" ".join(filing.due.split()),
            due=dates.next,
            ahead=dates.ahead,
            unfiled_since=None if last is None or self._filed(filing, last) else last,
            period=period,
            owner=owner.text if owner else "",
            grade=filing.grade,
            source=self.facts.register.source(filing.source),
            fields=tuple(self._field(filing, ask, period) for ask in filing.asks),
        )

    def _filed(self, filing: Filing, due: date) -> bool:
        held = [self.entries.get((filing.id, ask.field, due.isoformat())) for ask in filing.asks]
        return all(one is not None and one.state == "filed" for one in held)

    def _field(self, filing: Filing, ask: FilingAsk, period: str) -> DraftField:
        command = shlex.join(
            ["preparedness", "duty", "draft", filing.id, ask.field, "--developer", self.developer]
        )
        also = f"; {ALSO[ask.field]}" if ask.field in ALSO else ""
        made = partial(
            DraftField,
            field=ask.field,
            article=ask.article,
            asks=ask.text,
            way_in=f"`{command} --period {shlex.quote(period)} --text ...`{also}",
        )
        entry = self.entries.get((filing.id, ask.field, period))
        if entry is not None:
            return made(text=entry.text, said=(), state=entry.state, by=entry.author, evidence=entry.evidence)
        text, _, said = self._answer(filing, ask)
        known = {one.key: one for one in self.facts.register.all()}
        named = tuple(dict.fromkeys(known[key].where or known[key].title for one in said for key in one.refs))
        return made(
            text=text,
            said=said,
            state="drafted" if text else "missing",
            by="the record" if text else "",
            evidence=named,
        )

    def _answer(self, filing: Filing, ask: FilingAsk) -> tuple[str, str, tuple[Said, ...]]:
        """What the record says of a field, about this developer alone."""
        if filing.id.endswith(OWN):
            return self._obliged(ask.field)
        if ask.field == "third_party_extent":
            return (
                (f"{len(self.outside)} judgements by outsiders", "", self.outside)
                if self.outside
                else NOTHING
            )
        return ANSWERS[ask.field](self.facts) if ask.field in ANSWERS else NOTHING

    def _obliged(self, field: str) -> tuple[str, str, tuple[Said, ...]]:
        """The safeguards that answer what a threshold of the developer's own framework obliges."""
        said = tuple(
            Said(f"{one.name}: {one.status}", (self.facts.register.safeguard(one),))
            for one in self.facts.material.safeguards
            for threshold in one.thresholds
            if _short(threshold, one.obligation) == field
        )
        return ("; ".join(one.text for one in said), "", said) if said else NOTHING


def _outsiders(facts: DutyFacts, judged: Sequence[Assessment]) -> tuple[Said, ...]:
    """What independent assessors made of the developer's findings, and its systems' readings by others."""
    ours = {happening.id for row in facts.material.rows for happening in row.timeline}
    said = [
        Said(f"{one.assessor} on {one.of}: {one.verdict}. {one.reason}", (facts.register.source(one.source),))
        for one in judged
        if one.independent and one.of in ours
    ]
    said += [
        Said(
            f"{one.indicator.name} of {one.system}, not reported by the developer itself.",
            (facts.register.source(one.measurement.source),),
        )
        for one in facts.material.readings.values()
        if "self_reported" not in one.measurement.marks
    ]
    return tuple(said)


def _of_developer(material: Material, developer: str, systems: set[str]) -> Material:
    """The material that speaks of one developer: its thresholds, and readings of its own systems."""
    rows = tuple(row for row in material.rows if row.framework.developer == developer)
    ids = {row.threshold.id for row in rows}
    return replace(
        material,
        rows=rows,
        readings={id: one for id, one in material.readings.items() if one.measurement.system in systems},
        decisions=tuple(one for one in material.decisions if one.threshold in ids),
        safeguards=tuple(one for one in material.safeguards if ids & set(one.thresholds)),
        buffers=tuple(one for one in material.buffers if one.threshold in ids),
        determinations=tuple(one for one in material.determinations if one.threshold in ids),
    )


def _short(*parts: str) -> str:
    """A field's name for what has none of its own, which stays while its text does."""
    return f"{parts[0].rpartition('.')[2]}-{sha256(' '.join(parts).encode()).hexdigest()[:6]}"


def _own(material: Material) -> list[tuple[Filing, str, date, dict[str, date | None]]]:
    """What each framework itself obliges, as a filing: its process, then what each threshold asks for."""
    made: list[tuple[Filing, str, date, dict[str, date | None]]] = []
    for framework in {row.framework.id: row.framework for row in material.rows}.values():
        asks = [
            FilingAsk(field=_short("process", text), article="process", text=text)
            for text in framework.process
        ]
        for row in material.rows:
            if row.framework.id == framework.id:
                asks += [
                    FilingAsk(
                        field=_short(row.threshold.id, text),
                        article=f"{row.threshold.category.replace('_', ' ')}, {row.threshold.level}",
                        text=text,
                    )
                    for text in row.threshold.obligations
                ]
        filing = Filing(
            id=f"{framework.id}{OWN}",
            duty=framework.id,
            name="What the framework itself obliges",
            article=f"version {framework.version}",
            recipient="as the framework says",
            due="As each threshold is reached, and as its process says",
            asks=tuple(asks),
            source=framework.source,
            grade=framework.grade,
            known_at=framework.known_at,
        )
        if asks:
            made.append((filing, f"{framework.developer}, {framework.name}", framework.effective_on, {}))
    return made
