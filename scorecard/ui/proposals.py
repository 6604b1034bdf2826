"""The Proposals page: criteria, prior sets and warning rules, proposed by one person and ruled on by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from scorecard.briefings.words import day_in_words, title_of, value_in_words
from scorecard.governance.agenda import DEFAULTS
from scorecard.governance.criteria import differences, propose_criterion, reclassified
from scorecard.governance.proposals import Proposal, Subject, proposals, propose, rule
from scorecard.records import (
    Adjustment,
    Buffer,
    Criterion,
    Indicator,
    Measurement,
    Source,
    Threshold,
    Verdict,
)
from scorecard.store import Store, StoreError, View
from scorecard.ui import session
from scorecard.ui.page import Frame, escaped, today
from scorecard.ui.record import Opened

SHIPPED = (DEFAULTS, "the project")  # authors of what came with the scorecard
NAMES: Mapping[Subject, str] = {
    "criteria": "Criterion", "prior_sets": "Prior set", "buffers": "Warning rule", "adjustments": "Adjustment",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A proposal with what it says, and what it would change, in words."""

    subject: Subject
    proposal: Proposal
    says: str
    changes: tuple[str, ...] = ()

    @property
    def default(self) -> bool:
        """Whether it came with the scorecard and nobody has ruled on it."""
        return self.proposal.item.author in SHIPPED and self.proposal.standing == "proposed"


def read(store: Store) -> list[Shown]:
    """Everything proposed, newest first within its kind, as it stands now."""
    return _read(Opened.of(store))


@st.cache_data(show_spinner=False, max_entries=4)
def _read(opened: Opened) -> list[Shown]:
    with Store(opened.address).view() as now:
        return [_shown(now, name, p) for name in NAMES for p in reversed(proposals(now, name))]


def one(store: Store, subject: Subject, id: str) -> Shown:
    """One proposal as it stands now; StoreError when there is none of that id."""
    for shown in read(store):
        if (shown.subject, shown.proposal.item.id) == (subject, id):
            return shown
    raise StoreError(f"there is no {NAMES[subject].lower()} {id!r} on record")


def _shown(now: View, subject: Subject, proposal: Proposal) -> Shown:
    item = proposal.item
    if isinstance(item, Criterion):
        indicator = now.get(Indicator, id=item.indicator)
        says = (
            f"{item.threshold} is measured by {indicator.name}: level {value_in_words(item.level, indicator.unit)}, "
            f"weight {item.weight:g}."
        )
        waiting = proposal.standing == "proposed" and item.author not in SHIPPED
        return Shown(
            subject=subject, proposal=proposal, says=says, changes=_changes(now, item) if waiting else ()
        )
    if isinstance(item, Buffer):
        says = (
            f"{item.threshold}: at most a {item.tolerance:.0%} chance of crossing before the safeguards are ready, "
            f"with {item.months:g} months to spare."
        ).replace("%", " %")
        return Shown(subject=subject, proposal=proposal, says=says)
    if isinstance(item, Adjustment):
        return Shown(subject=subject, proposal=proposal, says=_adjusts(now, item))
    return Shown(subject=subject, proposal=proposal, says=f"“{item.name}”, priors of every trend shape.")


def _adjusts(now: View, one: Adjustment) -> str:
    """The published reading and what is proposed instead."""
    unit = now.get(Indicator, id=one.indicator).unit
    keyed = {name: getattr(one, name) for name in Measurement.KEY}
    published = now.get(Measurement, **keyed)
    return (
        f"{title_of(one.doubt)}: {one.indicator} of {one.system}, vintage {one.vintage}, is read as "
        f"{value_in_words(one.value, unit)} instead of {value_in_words(published.value, unit)}."
    )


def _changes(now: View, criterion: Criterion) -> tuple[str, ...]:
    """Field by field against the criterion it replaces, then the evidence already in that it reads differently."""
    told = []
    if criterion.supersedes:
        compared = differences(now, criterion.supersedes, criterion.id)["fields"]
        told = [
            f"{name}: {old} → {new}"
            for name, (old, new) in compared.items()
            if name not in ("author", "rationale")
        ]
    turned = [c.words for c in reclassified(now, criterion)]
    return (
        *told,
        *([f"Evidence already in would be read differently: {'; '.join(turned)}"] if turned else []),
    )


def answer(found: Sequence[Shown]) -> str:
    """Where things stand, in a sentence."""
    waiting = sum(1 for s in found if s.proposal.standing == "proposed" and not s.default)
    defaults = sum(1 for s in found if s.default)
    adopted = sum(1 for s in found if s.proposal.standing == "adopted")
    return (
        f"{waiting or 'No'} {'proposal awaits' if waiting == 1 else 'proposals await'} a second person; {adopted} "
        f"adopted; {defaults} came with the scorecard and nobody has ruled on them."
    )


def draw(frame: Frame, shown: Shown) -> None:
    """One proposal: what it says and changes, who ruled how, and the form for a ruling while it can have one."""
    item, proposal = shown.proposal.item, shown.proposal
    with st.container(border=True):
        st.markdown(
            f"**{NAMES[shown.subject]} {escaped(item.id)}: {proposal.standing}.** {escaped(shown.says)}"
        )
        st.markdown(escaped(item.rationale))
        for line in shown.changes:
            st.markdown(f"- {escaped(line)}")
        st.caption(
            escaped(f"Proposed by {item.author}, {day_in_words(item.known_at)}")
            + (escaped(f"; replaces {item.supersedes}") if item.supersedes else "")
        )
        for made in proposal.rulings:
            words = (
                f"{made.ruling.capitalize()} by {made.ruled_by}, {day_in_words(made.known_at)}: {made.reason}"
            )
            st.caption(escaped(words))
        if proposal.standing == "proposed":
            _draw_ruling(frame, shown)


def _draw_ruling(frame: Frame, shown: Shown) -> None:
    key = f"{shown.subject}-{shown.proposal.item.id}"
    with st.form(f"rule-{key}", border=False):
        reason = st.text_input("Reason for the ruling", key=f"reason-{key}")
        who = session.name_field("Ruled by", key=f"ruler-{key}")
        with st.container(horizontal=True):
            pressed: dict[Verdict, bool] = {
                "adopted": st.form_submit_button("Adopt", type="primary", key=f"adopt-{key}"),
                "declined": st.form_submit_button("Decline", key=f"decline-{key}"),
                "withdrawn": st.form_submit_button("Withdraw", key=f"withdraw-{key}", type="tertiary"),
            }
    for verdict in (name for name, hit in pressed.items() if hit):
        made = session.tried(
            partial(
                rule, frame.store, shown.subject, shown.proposal.item.id, verdict, actor=who, reason=reason
            )
        )
        if made:
            st.rerun()


def draw_defaults(frame: Frame, found: Sequence[Shown]) -> None:
    """The defaults nobody has ruled on: choose one, then rule on it."""
    defaults = {f"{s.subject}/{s.proposal.item.id}": s for s in found if s.default}
    if not defaults:
        return
    with st.expander(f"What came with the scorecard and nobody has ruled on ({len(defaults)})"):
        chosen = st.selectbox("Which of them", list(defaults), key="default")
        draw(frame, defaults[chosen])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choices:
    """What a proposal can be about."""

    thresholds: tuple[str, ...]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, str]  # titles
    criteria: tuple[str, ...]
    buffers: tuple[Buffer, ...]


@st.cache_data(show_spinner=False, max_entries=4)
def _choices(opened: Opened) -> _Choices:
    with Store(opened.address).view() as now:
        return _Choices(
            thresholds=tuple(t.id for t in now.all(Threshold) if t.current),
            indicators={i.id: i for i in now.all(Indicator)}, sources={s.id: s.title for s in now.all(Source)},
            criteria=tuple(c.id for c in now.all(Criterion)), buffers=tuple(now.all(Buffer)),
        )  # fmt: skip


def draw_criterion_form(frame: Frame) -> None:
    """The form that proposes how a threshold is measured."""
    known = _choices(Opened.of(frame.store))
    indicators, sources = known.indicators, known.sources
    with st.form("criterion", border=True):
        left, right = st.columns(2)
        threshold = left.selectbox("Threshold", known.thresholds, key="criterion_threshold")
        indicator = right.selectbox(
            "Measured by", list(indicators), key="criterion_indicator",
            format_func=lambda id: f"{indicators[id].name} ({indicators[id].unit})",
        )  # fmt: skip
        columns = st.columns(5)
        level = columns[0].number_input("Level, in the indicator's unit", value=1.0, key="criterion_level")
        level_sd = columns[1].number_input("± steps of its scale", value=1.0, key="criterion_level_sd")
        gap = columns[2].number_input("Gap to real work, steps", value=0.0, key="criterion_gap")
        gap_sd = columns[3].number_input("± steps of the gap", value=0.0, key="criterion_gap_sd")
        weight = columns[4].number_input("Weight", value=1.0, key="criterion_weight")
        st.caption("A step is a doubling on a log2 scale, a tenfold on log10, a logit on logit, else a unit.")
        left, right = st.columns(2)
        replaces = left.selectbox(
            "It replaces", known.criteria, index=None, placeholder="Nothing", key="criterion_old"
        )
        source = right.selectbox(
            "Source", list(sources), format_func=sources.__getitem__, key="criterion_source"
        )
        id = left.text_input("A short name for it", key="criterion_id")
        with right:
            who = session.name_field("Proposed by", key="criterion_by")
        rationale = st.text_area("Reason, so that a colleague can judge it", key="criterion_reason")
        if not st.form_submit_button("Propose the criterion", type="primary"):
            return

    def proposed() -> bool:
        if not id.strip():
            raise StoreError("a criterion needs a short name, by which it is spoken of; give one")
        propose_criterion(
            frame.store,
            Criterion(
                id=id.strip(), threshold=threshold, indicator=indicator, level=level, level_sd=level_sd, gap=gap,
                gap_sd=gap_sd, weight=weight, rationale=rationale, author=who.name, source=source,
                supersedes=replaces or "", known_at=today(),
            ),
            who,
        )  # fmt: skip
        return True

    if session.tried(proposed):
        st.rerun()


def draw_buffer_form(frame: Frame) -> None:
    """The form that proposes a warning rule: the chance of being late that is acceptable, and months to spare."""
    known = _choices(Opened.of(frame.store))
    with st.form("buffer", border=True):
        left, middle, right = st.columns(3)
        threshold = left.selectbox("Threshold", known.thresholds, key="buffer_threshold")
        tolerance = middle.number_input(
            "Acceptable chance of being late, %",
            value=10.0,
            min_value=0.1,
            max_value=99.0,
            key="buffer_tolerance",
        )
        months = right.number_input("Months to spare", value=0.0, min_value=0.0, key="buffer_months")
        rationale = st.text_area("Reason, so that a colleague can judge it", key="buffer_reason")
        who = session.name_field("Proposed by", key="buffer_by")
        if not st.form_submit_button("Propose the warning rule", type="primary"):
            return
    ours = [b.id for b in known.buffers if b.threshold == threshold]

    def proposed() -> bool:
        propose(
            frame.store,
            Buffer(
                id=f"{threshold}/{len(ours) + 1}", threshold=threshold, tolerance=tolerance / 100, months=months,
                rationale=rationale, author=who.name, supersedes=ours[-1] if ours else "", known_at=today(),
            ),
            who,
        )  # fmt: skip
        return True

    if session.tried(proposed):
        st.rerun()


def as_frame(found: Sequence[Shown]) -> pd.DataFrame:
    """Everything proposed as a table to download."""
    return pd.DataFrame(
        [
            {
                "kind": NAMES[s.subject], "id": s.proposal.item.id, "standing": s.proposal.standing, "says": s.says,
                "proposed by": s.proposal.item.author, "proposed on": s.proposal.item.known_at,
                "reason": s.proposal.item.rationale,
                "ruled by": s.proposal.rulings[-1].ruled_by if s.proposal.rulings else None,
                "ruling": s.proposal.rulings[-1].reason if s.proposal.rulings else None,
            }
            for s in found
        ]
    )  # fmt: skip
