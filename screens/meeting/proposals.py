"""The Proposals page: criteria, prior sets and warning rules, proposed by one person and ruled on by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from scorecard.clock import today
from scorecard.governance.criteria import differences, propose_criterion, reclassified
from scorecard.governance.proposals import Proposable, Proposal, proposals, propose, rule
from scorecard.records import (
    SHIPPED,
    Adjustment,
    AlertRule,
    Buffer,
    Criterion,
    Indicator,
    Measurement,
    PriorSet,
    Source,
    Subject,
    System,
    Threshold,
    Verdict,
)
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.alerts import MEASURES
from scorecard.thresholds.board import named_thresholds
from scorecard.words import day_in_words, percent, title_of, value_in_words
from screens.frame import session
from screens.frame.downloads import table_download
from screens.frame.page import Frame
from screens.frame.record import Opened
from screens.frame.text import escaped
from screens.meeting import effects

NAMES: Mapping[Proposable, str] = {
    "criteria": "Criterion",
    "prior_sets": "Prior set",
    "buffers": "Warning rule",
    "adjustments": "Adjustment",
    "alert_rules": "Alert rule",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A proposal with what it says, and what it would change, in words."""

    subject: Proposable
    proposal: Proposal
    says: str
    changes: tuple[str, ...] = ()

    @property
    def default(self) -> bool:
        """Whether it came with the scorecard and nobody has ruled on it."""
        return self.proposal.item.author in SHIPPED and self.proposal.standing == "proposed"


def proposals_known(store: Store) -> list[Shown]:
    """Everything proposed, newest first within its kind, as it stands now."""
    return _read(Opened.of(store))


@st.cache_data(show_spinner=False, max_entries=4)
def _read(opened: Opened) -> list[Shown]:
    with Store(opened.address).view() as now:
        names = named_thresholds(now)
        return [_shown(now, names, name, p) for name in NAMES for p in reversed(proposals(now, name))]


def one(store: Store, subject: Proposable, id: str) -> Shown:
    """One proposal as it stands now; StoreError when there is none of that id."""
    for shown in proposals_known(store):
        if (shown.subject, shown.proposal.item.id) == (subject, id):
            return shown
    raise StoreError(f"there is no {NAMES[subject].lower()} {id!r} on record")


def _shown(now: View, names: Mapping[str, str], subject: Proposable, proposal: Proposal) -> Shown:
    item = proposal.item
    waiting = proposal.standing == "proposed" and item.author not in SHIPPED
    changes: tuple[str, ...] = ()
    if isinstance(item, Criterion):
        indicator = now.get(Indicator, id=item.indicator)
        says = (
            f"{names[item.threshold]} is measured by {indicator.name}: level "
            f"{value_in_words(item.level, indicator.unit)}, weight {item.weight:g}."
        )
        changes = _changes(now, item) if waiting else ()
    elif isinstance(item, Buffer):
        says = (
            f"{names[item.threshold]}: at most a {percent(item.tolerance)} chance of crossing before the safeguards "
            f"are ready, with {item.months:g} months to spare."
        )
    elif isinstance(item, Adjustment):
        says = _adjusts(now, item)
    elif isinstance(item, AlertRule):
        where = names.get(item.threshold, item.threshold) or "every threshold"
        when = f"on the word {', '.join(item.words)}" if item.words else f"from {percent(item.enter)} on"
        says = f"{item.scale.capitalize()}, {item.level}, for {where}: {MEASURES[item.measure]}, {when}; {item.action}."
    else:
        says = f"“{item.name}”, a prior set for every indicator and model."
        changes = effects.beliefs_changed(now, item) if waiting else ()
    return Shown(subject=subject, proposal=proposal, says=says, changes=changes)


def _adjusts(now: View, one: Adjustment) -> str:
    """The published reading and what is proposed instead."""
    indicator = now.get(Indicator, id=one.indicator)
    unit, system = indicator.unit, now.get(System, id=one.system).name
    keyed = {name: getattr(one, name) for name in Measurement.KEY}
    published = now.get(Measurement, **keyed)
    return (
        f"{title_of(one.doubt)}: {indicator.name} of {system}, vintage {one.vintage}, is read as "
        f"{value_in_words(one.value, unit)} instead of {value_in_words(published.value, unit)}."
    )


def _changes(now: View, criterion: Criterion) -> tuple[str, ...]:
    """Field by field against the criterion it replaces, then the evidence already in that it reads differently."""
    told, unit = [], now.get(Indicator, id=criterion.indicator).unit
    if criterion.supersedes:
        compared = differences(now, criterion.supersedes, criterion.id)["fields"]
        told = [
            f"{title_of(name)}: {_field(name, old, unit)} → {_field(name, new, unit)}"
            for name, (old, new) in compared.items()
            if name not in ("author", "rationale")
        ]
    turned = [c.words for c in reclassified(now, criterion)]
    return (
        *told,
        *([f"Evidence already in would be read differently: {'; '.join(turned)}"] if turned else []),
    )


def _field(name: str, value: object, unit: str) -> str:
    if name == "level" and isinstance(value, float):
        return value_in_words(value, unit)
    return f"{value:g}" if isinstance(value, float) else str(value)


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
        # A prior set's id is a hash of what it holds; it has a name beside it, in what it says.
        called = NAMES[shown.subject] if isinstance(item, PriorSet) else f"{NAMES[shown.subject]} {item.id}"
        st.markdown(f"**{escaped(f'{called}: {proposal.standing}')}.** {escaped(shown.says)}")
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
            if not shown.default:
                effects.draw(frame.store, shown.subject, item.id)
            _draw_ruling(frame, shown)


def _draw_ruling(frame: Frame, shown: Shown) -> None:
    key = f"{shown.subject}-{shown.proposal.item.id}"
    with st.form(f"rule-{key}", border=False):
        left, right = st.columns((2, 1))
        reason = left.text_input("Reason for the ruling", key=f"reason-{key}")
        with right:
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
            session.done(f"Recorded: {verdict}. The ruling stands under Ruled on.", f"reason-{key}")


def draw_defaults(frame: Frame, found: Sequence[Shown]) -> None:
    """The defaults nobody has ruled on: choose one, then rule on it."""
    defaults = {str(Subject.of(s.proposal.item)): s for s in found if s.default}
    if not defaults:
        return
    with st.expander(f"What came with the scorecard and nobody has ruled on ({len(defaults)})"):
        chosen = st.selectbox("Which of them", list(defaults), key="default")
        draw(frame, defaults[chosen])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choices:
    """What a proposal can be about."""

    thresholds: Mapping[str, str]
    indicators: Mapping[str, Indicator]
    sources: Mapping[str, str]  # titles
    criteria: tuple[str, ...]
    buffers: tuple[Buffer, ...]


@st.cache_data(show_spinner=False, max_entries=4)
def _choices(opened: Opened) -> _Choices:
    with Store(opened.address).view() as now:
        names = named_thresholds(now)
        return _Choices(
            thresholds={t.id: names[t.id] for t in now.all(Threshold) if t.current},
            indicators={i.id: i for i in now.all(Indicator)},
            sources={s.id: s.title for s in now.all(Source)},
            criteria=tuple(c.id for c in now.all(Criterion)),
            buffers=tuple(now.all(Buffer)),
        )


def draw_criterion_form(frame: Frame) -> None:
    """The form that proposes how a threshold is measured."""
    known = _choices(Opened.of(frame.store))
    indicators, sources, named = known.indicators, known.sources, known.thresholds
    with st.form("criterion", border=False):
        left, right = st.columns(2)
        threshold = left.selectbox(
            "Threshold", list(named), format_func=named.__getitem__, key="criterion_threshold"
        )
        indicator = right.selectbox(
            "Measured by",
            list(indicators),
            key="criterion_indicator",
            format_func=lambda id: f"{indicators[id].name} ({indicators[id].unit})",
        )
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
        left, middle, right = st.columns(3)
        id = left.text_input("A short name for it", key="criterion_id")
        route = middle.text_input("Route of the threshold's text, when it has several", key="criterion_route")
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
                id=id.strip(),
                threshold=threshold,
                indicator=indicator,
                level=level,
                level_sd=level_sd,
                gap=gap,
                gap_sd=gap_sd,
                weight=weight,
                route=route.strip(),
                rationale=rationale,
                author=who.name,
                source=source,
                supersedes=replaces or "",
                known_at=today(),
            ),
            who,
        )
        return True

    if session.tried(proposed):
        words = f"Proposed: criterion {id.strip()}. It waits for a second person."
        session.done(words, "criterion_id", "criterion_reason")


def draw_buffer_form(frame: Frame) -> None:
    """The form that proposes a warning rule: the chance of being late that is acceptable, and months to spare."""
    known = _choices(Opened.of(frame.store))
    named = known.thresholds
    with st.form("buffer", border=False):
        left, middle, right = st.columns(3)
        threshold = left.selectbox(
            "Threshold", list(named), format_func=named.__getitem__, key="buffer_threshold"
        )
        tolerance = middle.number_input(
            "Acceptable chance of being late, %",
            value=10.0,
            min_value=0.1,
            max_value=99.0,
            key="buffer_tolerance",
        )
        months = right.number_input("Months to spare", value=0.0, min_value=0.0, key="buffer_months")
        rationale = st.text_area("Reason, so that a colleague can judge it", height=96, key="buffer_reason")
        who = session.name_field("Proposed by", key="buffer_by")
        if not st.form_submit_button("Propose the warning rule", type="primary"):
            return
    ours = [b.id for b in known.buffers if b.threshold == threshold]

    def proposed() -> bool:
        propose(
            frame.store,
            Buffer(
                id=f"{threshold}/{len(ours) + 1}",
                threshold=threshold,
                tolerance=tolerance / 100,
                months=months,
                rationale=rationale,
                author=who.name,
                supersedes=ours[-1] if ours else "",
                known_at=today(),
            ),
            who,
        )
        return True

    if session.tried(proposed):
        session.done("Proposed: a warning rule. It waits for a second person.", "buffer_reason")


def as_frame(found: Sequence[Shown]) -> pd.DataFrame:
    """Everything proposed as a table to download."""
    return pd.DataFrame(
        [
            {
                "kind": NAMES[s.subject],
                "id": s.proposal.item.id,
                "standing": s.proposal.standing,
                "says": s.says,
                "proposed by": s.proposal.item.author,
                "proposed on": s.proposal.item.known_at,
                "reason": s.proposal.item.rationale,
                "ruled by": s.proposal.rulings[-1].ruled_by if s.proposal.rulings else None,
                "ruling": s.proposal.rulings[-1].reason if s.proposal.rulings else None,
            }
            for s in found
        ]
    )


def view(frame: Frame) -> None:
    """Criteria, prior sets and warning rules: what waits for a ruling, forms to propose, and what was ruled on."""
    found = proposals_known(frame.store)
    frame.answer(answer(found))
    if not frame.is_today:
        st.caption("As they stand now, whatever day the other pages show.")
    for shown in found:
        if shown.proposal.standing == "proposed" and not shown.default:
            draw(frame, shown)
    draw_defaults(frame, found)
    ruled = [shown for shown in found if shown.proposal.rulings]
    if ruled:
        st.subheader("Ruled on", anchor=False)
    withdrawn = [shown for shown in ruled if shown.proposal.standing == "withdrawn"]
    for shown in (one for one in ruled if one not in withdrawn):
        draw(frame, shown)
    if withdrawn:
        with st.expander(escaped(f"Withdrawn ({len(withdrawn)})")):
            for shown in withdrawn:
                draw(frame, shown)
    with st.expander("Propose a criterion"):
        draw_criterion_form(frame)
    with st.expander("Propose a warning rule"):
        draw_buffer_form(frame)
    st.caption("Prior sets, levels and weights are proposed on a threshold's page, under Assumptions.")
    table_download(as_frame(found), frame, "proposals")
