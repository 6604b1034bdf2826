"""Changes of belief kept in the address, previewed beside the set that they change, and the fields to type them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st

from forecasts.priors.beliefs import Belief, beliefs, densities
from forecasts.priors.changing import ChangedPriors, changed_priors
from forecasts.priors.sets import Priors, Settings, priors_of
from forecasts.priors.typed import FORMS, read_belief
from forecasts.runs.request import Known, Request, read, store_default_priors
from forecasts.runs.run import preview, prior_predictive
from forecasts.worlds.building import pace_belief
from scorecard.charts import crossing, density, evidence_chart
from scorecard.records import ChangedMeasure, ForecastRun, Indicator, Override, PriorError, PriorSet
from scorecard.store import Store
from scorecard.thresholds.board import standing_prior_set
from screens.assumptions import measures
from screens.assumptions.priors_form import asked_and_got
from screens.frame.drawing import draw_chart
from screens.frame.page import Frame, choice
from screens.frame.record import Evidence, Opened
from screens.frame.text import escaped

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

REFUSED = "belief_refused"  # why what was typed is no belief
ADDRESS = "prior"  # the query parameter that holds the changes, one each


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A prior set and criteria, and the same with changes, each with a first forecast of one threshold."""

    base: PriorSet
    changes: tuple[Override, ...]
    measures: tuple[ChangedMeasure, ...]
    changed: ChangedPriors
    before: ForecastRun
    after: ForecastRun

    @property
    def moved(self) -> bool:
        """Whether anything is changed at all."""
        return bool(self.changes or self.measures)

    def shape_beliefs(self, indicator: Indicator) -> dict[str, tuple[Belief, Belief]]:
        """What is believed of the shapes' parameters before and after the changes, by parameter."""
        doubling = indicator.scale in ("log2", "log10")
        old, new = (beliefs(one, doubling=doubling) for one in self._priors)
        return {name: (old[name], new[name]) for name in new}

    def paces(self, indicator: Indicator, as_of: date) -> tuple[Belief, Belief] | None:
        """What is believed of an indicator's own pace before and after the changes; None of a ratio."""
        old, new = (pace_belief(indicator, one.settings.paces, as_of) for one in self._priors)
        return (old, new) if old and new else None

    @property
    def settings(self) -> tuple[Settings, Settings]:
        """The numbers that the prior set states, before and after the changes."""
        old, new = (one.settings for one in self._priors)
        return old, new

    @property
    def _priors(self) -> tuple[Priors, Priors]:
        return priors_of(self.base), self.changed.priors


@st.cache_data(show_spinner="Asking the priors ...", max_entries=64)
def _asked(opened: Opened, request: Request, assumed: tuple[ChangedMeasure, ...]) -> ForecastRun:
    """A first forecast of one threshold under a prior set and criteria with changes; nothing is stored."""
    known = _known(opened, replace(request, overrides=()))  # read once, however often somebody types
    return preview(Store(opened.address), request, assumed=assumed, known=known)[0]


@st.cache_resource(show_spinner=False, max_entries=4)
def _known(opened: Opened, request: Request) -> Known:
    return read(Store(opened.address), request)


def ask(frame: Frame, threshold: str, place: DeltaGenerator) -> Edit:
    """The prior set chosen in a place and the address's changes, previewed; what cannot be ends the page in words."""
    store_default_priors(frame.store)
    with frame.store.view() as now, frame.store.view(as_of=frame.as_of) as then:
        sets, standing = now.all(PriorSet), standing_prior_set(then)
    listed = sorted(sets, key=lambda one: one.id != standing)  # what is quoted rests on the first
    base = choice(frame, "Prior set", {one.id: one.name for one in listed}, key="set", place=place)
    try:
        changes = tuple(Override.parse(text) for text in st.query_params.get_all(ADDRESS))
        changed_measures = measures.in_address()
        with frame.store.view() as now:
            chosen = now.get(PriorSet, id=base)
        before = previewed(frame, threshold, base)
        after = previewed(frame, threshold, base, changes, changed_measures)
        changed = changed_priors(chosen, changes)
    except PriorError as error:
        st.subheader("These assumptions cannot be.", anchor=False)
        st.error(escaped(str(error)))
        st.button("Start again from the prior set", on_click=forget)
        st.stop()
    return Edit(
        base=chosen, changes=changes, measures=changed_measures, changed=changed, before=before, after=after
    )


def previewed(
    frame: Frame,
    threshold: str,
    base: str,
    changes: Sequence[Override] = (),
    assumed: Sequence[ChangedMeasure] = (),
) -> ForecastRun:
    """A first forecast of one threshold under some changes, remembered; PriorError for what cannot be."""
    request = Request(as_of=frame.as_of, prior_set=base, thresholds=(threshold,), overrides=tuple(changes))
    return _asked(Opened.of(frame.store), request, tuple(assumed))


def forget() -> None:
    """Take every change out of the address."""
    keep([])
    measures.keep([])


def keep(changes: Sequence[Override]) -> None:
    """Put changes of the prior set into the address."""
    st.query_params[ADDRESS] = [str(change) for change in changes]


def draw_belief(edit: Edit, old: Belief, new: Belief, as_of: date, *, leads: bool = True) -> None:
    """One belief in one line and what it moves; with its density where it is changed, or leads what the data speak of.

    Only of what leads does the forecast say what the data made of it.
    """
    _draw_quantiles(new, edit.changes)
    low, high = new.usual
    st.caption(escaped(f"{_moves(new)} Usual range: {low:.3g} to {high:.3g} {new.unit}."))
    told = edit.changed.told.get(new.parameter)
    if told and not new.indicator:
        st.caption(escaped(asked_and_got(new.parameter, told)))
    if not leads and new == old:
        return
    pairs = [("now", new), ("before", old)] if new != old else [("prior", new)]
    given = edit.after.quoted.parameters.get(new.shapes[0], {}) if leads and edit.after.publishable else {}
    drawn = density(
        densities(pairs),
        what=new.meaning,
        unit=new.unit,
        as_of=as_of,
        posterior=given.get("doubling_days" if new.in_days else new.parameter),
    )
    draw_chart(drawn)


def _moves(belief: Belief) -> str:
    """What a belief moves, and what it does not."""
    if belief.indicator:
        return "Moves every model of this indicator, and nothing else."
    return f"In {len(belief.shapes)} shapes, which move the forecast only by their weight in the prior set."


def _draw_quantiles(belief: Belief, changes: Sequence[Override]) -> None:
    """One parameter in one line; a changed belief goes into the address, which reopens it."""
    key = f"{belief.indicator}:{belief.parameter}-typed" if belief.indicator else f"{belief.parameter}-typed"

    def change() -> None:
        try:
            typed = read_belief(st.session_state[key])
        except PriorError as error:
            st.session_state[REFUSED] = key, str(error)
            return
        made = belief.override(typed)
        keep([*(one for one in changes if one.target != made.target), made])

    refused, why = st.session_state.get(REFUSED, ("", ""))
    if (
        refused != key
    ):  # what was refused stays to be mended; else an undone change goes out of the field as well
        st.session_state[key] = " / ".join(f"{q:.3g}" for q in belief.quantiles)
    st.text_input(
        escaped(f"{belief.meaning}, in {belief.unit}" if belief.unit else belief.meaning),
        key=key,
        on_change=change,
        help=escaped(f"Four chances in five that it lies within: {FORMS}."),
    )
    if refused == key:
        del st.session_state[REFUSED]
        st.error(escaped(f"{why[:1].upper()}{why[1:]}. Nothing was changed."))


def draw_number(label: str, target: Override, in_use: float, changes: Sequence[Override]) -> None:
    """A number that the prior set states; `target` says which it is, with its value now."""
    key = f"{target.target}-typed"

    def change() -> None:
        value = st.session_state[key]
        others = [one for one in changes if one.target != target.target]
        same = value is None or value == in_use
        keep(others if same else [*others, replace(target, numbers=(float(value),))])

    st.session_state[key] = target.numbers[0]
    st.number_input(escaped(label), key=key, format="%.6g", step=None, min_value=0.0, on_change=change)


def draw_dates(edit: Edit, as_of: date) -> None:
    """The crossing dates with the changes over those without, and what prior and data have to say in them."""
    draw_chart(crossing(edit.after, as_of=as_of, before=edit.before if edit.moved else None))
    st.caption(escaped(edit.after.quoted.sensitivity.words))


def draw_priors_alone(
    frame: Frame, edit: Edit, known: Evidence, indicator: Indicator, levels: Mapping[str, Any]
) -> None:
    """New systems by the priors alone, beside the readings."""
    fans = [
        prior_predictive(
            frame.store,
            Request(as_of=frame.as_of, prior_set=edit.base.id, overrides=overrides),
            indicator.id,
        )
        for overrides in (edit.changes, ())
    ]
    drawn = evidence_chart(
        indicator,
        known.measurements[indicator.id],
        known.systems,
        as_of=frame.as_of,
        fan=fans[0],
        before=fans[1] if edit.changes else None,
        levels=levels,
        sources=known.titles,
        line="new systems by the priors alone",
    )
    draw_chart(drawn)
