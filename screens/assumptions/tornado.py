"""The tornado: every assumption that moves the date as a row, the largest on top, opened and edited where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

from forecasts.priors.changing import FIXED, WEIGHT
from forecasts.priors.sets import LATER
from forecasts.runs.request import Request, read
from forecasts.runs.sensitivity import Leaning, Leanings, leanings
from scorecard.clock import MONTH
from scorecard.records import RULE, ChangedMeasure, ForecastRun, Override, PriorError
from scorecard.store import Store
from scorecard.words import chance_in_words, title_of
from screens.assumptions import editing, measures
from screens.assumptions.editing import Edit
from screens.frame.page import Frame
from screens.frame.record import Dossier, Evidence, Opened, named_criteria
from screens.frame.text import Element, element, escaped, marked
from screens.frame.work import aside, wait_for
from screens.threshold import summary as threshold

STYLE = Path(__file__).with_suffix(".css")
HARDLY = 0.5  # months: what moves the date by less is not said to move it
FARTHEST = 120.0  # months; a longer axis would hide the near ones, and what lies beyond runs to its edge

type Change = Override | ChangedMeasure


@dataclass(frozen=True, slots=True)
class TornadoRow:
    """One row: its name, what the leanings call it, and what it says."""

    name: str
    leans: str
    says: str


ROWS = {
    "level": TornadoRow(
        "Level", "the level", "Where the threshold lies on each indicator, and how sure that is."
    ),
    "gap": TornadoRow(
        "Gap to real work", "the gap", "How much more real work asks than the measurement does."
    ),
    "rule": TornadoRow(
        "Rule over routes", "the rule", "Whether one route suffices, as the threshold's text says."
    ),
    "weights": TornadoRow(
        "Weights of criteria", "criterion", "How much each measure of the same thing counts, in proportion."
    ),
    "pace": TornadoRow(
        "Pace", "the pace", "How fast each indicator moves now, before its readings are counted."
    ),
    "stall": TornadoRow("Stall", "a stall", "How often a moving indicator comes to stand."),
    "findings": TornadoRow(
        "The developer's findings",
        "the developer's findings",
        "How often a finding says the opposite of what is so.",
    ),
    "models": TornadoRow(
        "Weights of models", "the model", "How much each model of growth counts, in proportion."
    ),
    "priors": TornadoRow("Priors of the shapes", "", "They move the date as far as the shapes have weight."),
}
OF_FIELD = {
    "level": "level",
    "level_sd": "level",
    "gap": "gap",
    "gap_sd": "gap",
    "weight": "weights",
    RULE: "rule",
}


@st.cache_resource(show_spinner=False, max_entries=16)
def _leanings(opened: Opened, as_of: date, about: str, prior_set: str) -> Future[Leanings | None]:
    """What the date of one threshold leans on; None when it cannot be forecast on this day."""

    def found() -> Leanings | None:
        request = Request(as_of=as_of, thresholds=(about,), prior_set=prior_set, method="quick")
        return next(iter(leanings(read(Store(opened.address), request), request)), None)

    return aside(found)


def row_of(change: Change) -> str:
    """The row in which a change is made."""
    if isinstance(change, ChangedMeasure):
        return OF_FIELD[change.field]
    if change.indicator:
        return "pace"
    if change.how == FIXED:
        return {"halts": "stall", "finding_error": "findings", WEIGHT: "models"}.get(
            change.parameter, "priors"
        )
    return "priors"


def draw(frame: Frame, found: Dossier, edit: Edit, known: Evidence) -> None:
    """The rows, each with its bar, its editor and what its changes do; and the way back from all of them."""
    about = found.row.threshold.id
    work = _leanings(Opened.of(frame.store), frame.as_of, about, edit.base.id)
    leaned = work.result() if work.done() else None
    table = _Table(frame, found, edit, known, leaned)
    if not work.done():
        wait_for(
            work, "Changing one assumption after another, to sort them by how far they move the date ..."
        )
    elif leaned is not None:
        st.markdown(escaped(table.words(leaned)))
    st.html(STYLE)
    with st.container(key="tornado", gap="xsmall"):
        if table.moves:
            table.draw_head()
        for key in table.sorted():
            table.draw(key)
    if edit.moved:
        st.button("Undo all changes", icon=":material/undo:", type="tertiary", on_click=editing.forget)


class _Table:
    """The rows of one threshold under one set of changes."""

    def __init__(
        self, frame: Frame, found: Dossier, edit: Edit, known: Evidence, leaned: Leanings | None
    ) -> None:
        self.frame, self.found, self.edit, self.known = frame, found, edit, known
        self.names = named_criteria(found.row.criteria, known.indicators)
        every = leaned.found if leaned else ()
        # Where the date is past, nothing moves it: a picture of that would be empty, so the chances are told instead.
        self.moves = any(abs(_months(one)) >= HARDLY for one in every)
        self.still = bool(every) and not self.moves
        self.leans = {key: [one for one in every if one.assumption == row.leans] for key, row in ROWS.items()}
        months = [_months(one) for one in every]
        self.low, self.high = min([*months, -1.0]), max([*months, 1.0])
        self.changes: dict[str, list[Change]] = {}
        every_change: tuple[Change, ...] = (*edit.changes, *edit.measures)
        for change in every_change:
            self.changes.setdefault(row_of(change), []).append(change)

    def sorted(self) -> list[str]:
        """The rows that this threshold has, the one that moves its date most on top."""
        routes = len({c.route or c.threshold for c in self.found.row.criteria})
        shown = [
            key
            for key in ROWS
            if not (key == "rule" and routes < 2)
            and not (key == "weights" and len(self.found.row.criteria) < 2)
            and not (key == "findings" and not self.edit.before.quoted.findings)
        ]
        return sorted(shown, key=lambda key: -_reach(self.leans[key], chances=self.still))

    def draw_head(self) -> None:
        """The axis over the bars."""
        _, right = st.columns((1, 1), gap="small")
        ends = [element("span", _by(self.low)), element("span", _by(self.high))]
        right.html(element("div", *ends, cls="lean-head"))

    def draw(self, key: str) -> None:
        """One row: what opens it, its editor, and its bar with what its changes do."""
        changes, row = self.changes.get(key, []), ROWS[key]
        left, right = (st.container(), st.container()) if self.still else st.columns((1, 1), gap="small")
        span = _chances(self.leans[key]) if self.still else _span(self.leans[key])
        label = marked(f"**{escaped(row.name)}** {escaped(span)}")
        with left.expander(escaped(label), expanded=bool(changes), key=f"lean-{key}"):
            st.caption(escaped(row.says))
            self._editor(key)
            if told := [self._told(one) for one in self.leans[key]]:
                st.caption(escaped(f"Tried: {'; '.join(told)}."))
        with right:
            effect = self._effect(changes) if changes else None
            if self.moves:
                st.html(element("div", *self._bar(key, effect), cls="lean", aria_hidden="true"))
            if effect:
                st.markdown(escaped(_moved(self.edit.before, effect)))
                words = ", ".join(self._words(change) for change in changes)
                st.button(
                    escaped(f"Undo {words}"),
                    key=f"undo-{key}",
                    icon=":material/undo:",
                    type="tertiary",
                    on_click=self._undo,
                    args=(key,),
                )

    def _undo(self, key: str) -> None:
        editing.keep([one for one in self.edit.changes if row_of(one) != key])
        measures.keep([one for one in self.edit.measures if row_of(one) != key])

    def _effect(self, changes: Sequence[Change]) -> ForecastRun | None:
        """The forecast with the changes of one row alone; None where only all of them together can be."""
        try:
            return editing.previewed(
                self.frame,
                self.found.row.threshold.id,
                self.edit.base.id,
                [one for one in changes if isinstance(one, Override)],
                [one for one in changes if isinstance(one, ChangedMeasure)],
            )
        except PriorError:
            return None

    def _editor(self, key: str) -> None:
        edit, row, known = self.edit, self.found.row, self.known
        old, new = edit.settings

        def number(label: str, parameter: str, before: float, now: float, shape: str = "") -> None:
            target = Override(parameter=parameter, how=FIXED, numbers=(now,), shape=shape)
            editing.draw_number(label, target, before, edit.changes)

        match key:
            case "level":
                measures.draw_fields(row, known, edit.measures, {"level": "Level", "level_sd": "Level ±"})
            case "gap":
                measures.draw_fields(row, known, edit.measures, {"gap": "Gap", "gap_sd": "Gap ±"})
            case "weights":
                measures.draw_fields(row, known, edit.measures, {"weight": "Weight"})
            case "rule":
                measures.draw_rule(row, edit.measures)
            case "pace":
                self._paces()
            case "stall":
                number("Halts a year", "halts", old.halts, new.halts)
            case "findings":
                low, high = LATER["finding_error"][0]
                label = f"Chance that a finding is wrong ({low:g} to {high:g})"
                number(label, "finding_error", old.finding_error, new.finding_error)
            case "models":
                for name, weight in new.weights.items():
                    number(title_of(name), WEIGHT, old.weights[name], weight, name)
            case _:
                self._priors()

    def _paces(self) -> None:
        leading = threshold.leading(self.found.row, self.known)
        for indicator in threshold.measured_by(self.found.row, self.known):
            if pair := self.edit.paces(indicator, self.frame.as_of):
                editing.draw_belief(self.edit, *pair, self.frame.as_of, leads=indicator == leading)

    def _priors(self) -> None:
        leading = threshold.leading(self.found.row, self.known)
        if leading is None:
            return
        pairs = self.edit.shape_beliefs(leading)
        changed = next((one.parameter for one in self.edit.changes if row_of(one) == "priors"), "")
        name = st.selectbox(
            "Parameter",
            list(pairs),
            index=list(pairs).index(changed) if changed in pairs else 0,
            key="parameter",
            format_func=lambda id: f"{id}: {pairs[id][1].meaning}",
        )
        editing.draw_belief(self.edit, *pairs[name], self.frame.as_of)

    def _words(self, change: Change) -> str:
        return measures.words_of(change, self.names) if isinstance(change, ChangedMeasure) else str(change)

    def words(self, leaned: Leanings) -> str:
        """What moves the median most, with names in the place of identifiers; or that nothing does."""
        if self.still:
            past = leaned.base.quoted.q50 is not None and leaned.base.quoted.q50 <= self.frame.as_of
            where = "is past" if past else "stays where it is"
            return (
                f"Nothing that was tried moves the median by half a month: it {where}. What an assumption still "
                f"moves is the chance: {_chances(leaned.found)}."
            )
        # What prior and data have to say in it stands under the curve.
        words = leaned.words.removesuffix(leaned.base.quoted.sensitivity.words).rstrip()
        for one in leaned.found:
            words = words.replace(f"({one.value})", f"({self._value(one)})")
        return words

    def _value(self, one: Leaning) -> str:
        whose = one.value.removesuffix(" alone")
        if whose == one.value or " " in whose:
            return one.value
        return f"{self.names.get(whose) or title_of(whose)} alone"

    def _told(self, one: Leaning) -> str:
        chance = chance_in_words(one.p_12_months)
        return f"{self._value(one)} {_by(one.months)}, {chance} within 12 months"

    def _bar(self, key: str, effect: ForecastRun | None) -> list[Element]:
        """The months by which the median moves, earlier to the left; a dot where the row's changes put it."""
        months = [_months(one) for one in self.leans[key]]
        low, high = min([*months, 0.0]), max([*months, 0.0])
        marks = [
            _mark("lean-bar", self._at(low), self._at(high) - self._at(low)),
            _mark("lean-zero", self._at(0.0)),
        ]
        if effect is not None and effect.publishable and self.edit.before.quoted.q50:
            moved = _between(self.edit.before, effect)
            marks.append(_mark("lean-dot", self._at(FARTHEST if moved is None else moved)))
        return marks

    def _at(self, months: float) -> float:
        at = min(max(months, self.low), self.high)
        return 100 * (at - self.low) / (self.high - self.low)


def _mark(name: str, left: float, width: float | None = None) -> Element:
    style = f"left:{left:.2f}%" + (f";width:{width:.2f}%" if width is not None else "")
    return element("i", cls=name, style=style)


def _months(one: Leaning) -> float:
    """Months on the axis; a median beyond the horizon stands at its end."""
    return FARTHEST if one.months is None else min(max(one.months, -FARTHEST), FARTHEST)


def _between(before: ForecastRun, after: ForecastRun) -> float | None:
    """Months from one median to the other; None where one of them lies beyond the horizon."""
    old, new = before.quoted.q50, after.quoted.q50
    return (new - old).days / MONTH if old and new else None


def _reach(leans: Iterable[Leaning], *, chances: bool) -> float:
    """How far the values that were tried move the date in months, or where it is past the chance."""
    told = list(leans)
    if chances:
        return max((one.p_12_months for one in told), default=0.0) - min(
            (one.p_12_months for one in told), default=0.0
        )
    return max((abs(_months(one)) for one in told), default=0.0)


def _chances(leans: Iterable[Leaning]) -> str:
    """From the lowest to the highest chance within 12 months that the values which were tried leave."""
    told = sorted(one.p_12_months for one in leans)
    if not told:
        return ""
    low, high = chance_in_words(told[0]), chance_in_words(told[-1])
    return f"{low} within 12 months" if low == high else f"{low} to {high} within 12 months"


def _by(months: float | None) -> str:
    if months is None:
        return "beyond the horizon"
    if abs(months) < HARDLY:
        return "hardly moves it"
    whole = round(abs(months))
    return f"{whole} month{'' if whole == 1 else 's'} {'later' if months > 0 else 'earlier'}"


def _span(leans: Iterable[Leaning]) -> str:
    """From how much earlier to how much later the values that were tried put the date."""
    told = list(leans)
    if not told:
        return ""
    low, high = min(told, key=_months), max(told, key=_months)
    ends = [
        one for one, counts in ((low, _months(low) <= -HARDLY), (high, _months(high) >= HARDLY)) if counts
    ]
    return " to ".join(_by(one.months) for one in ends) or "hardly moves it"


def _moved(before: ForecastRun, after: ForecastRun) -> str:
    """What the changes of a row do by themselves, in a sentence."""
    if not after.publishable:
        return "By itself: no forecast."
    was, now = (chance_in_words(run.quoted.p_12_months) for run in (before, after))
    return f"By itself: {_by(_between(before, after))}, within 12 months {was} to {now}."
