"""The Priors page's work: changes of belief kept in the address, previewed beside the set they change, and drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from forecasts.priors.beliefs import Belief, beliefs, densities
from forecasts.priors.changing import ChangedPriors, changed_priors
from forecasts.priors.sets import priors_of
from forecasts.priors.typed import FORMS, read_belief
from forecasts.runs.request import Request, store_default_priors
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

    def beliefs(self, indicator: Indicator, as_of: date) -> tuple[Mapping[str, Belief], Mapping[str, Belief]]:
        """What is believed before and after the changes, by parameter: the indicator's own pace first."""
        doubling = indicator.scale in ("log2", "log10")
        old, new = (
            {
                **({"pace": pace} if (pace := pace_belief(indicator, one.settings.paces, as_of)) else {}),
                **beliefs(one, doubling=doubling),
            }
            for one in (priors_of(self.base), self.changed.priors)
        )
        return old, new


@st.cache_data(show_spinner="Asking the priors ...", max_entries=64)
def _asked(opened: Opened, request: Request, assumed: tuple[ChangedMeasure, ...]) -> ForecastRun:
    """A first forecast of one threshold under a prior set and criteria with changes; nothing is stored."""
    return preview(Store(opened.address), request, assumed=assumed)[0]


def ask(frame: Frame, threshold: str) -> Edit:
    """The prior set chosen and the address's changes of it, previewed; what cannot be is said, and the page ends."""
    store_default_priors(frame.store)
    with frame.store.view() as now, frame.store.view(as_of=frame.as_of) as then:
        sets, standing = now.all(PriorSet), standing_prior_set(then)
    listed = sorted(sets, key=lambda one: one.id != standing)  # what is quoted rests on the first
    base = choice(frame, "Prior set", {one.id: one.name for one in listed}, key="set", place=st.container())
    opened = Opened.of(frame.store)
    try:
        changes = tuple(Override.parse(text) for text in st.query_params.get_all(ADDRESS))
        changed_measures = measures.in_address()
        with frame.store.view() as now:
            chosen = now.get(PriorSet, id=base)
        before, after = (
            _asked(
                opened,
                Request(as_of=frame.as_of, prior_set=base, thresholds=(threshold,), overrides=overrides),
                assumed,
            )
            for overrides, assumed in (((), ()), (changes, changed_measures))
        )
        changed = changed_priors(chosen, changes)
    except PriorError as error:
        st.subheader("These assumptions cannot be.", anchor=False)
        st.error(escaped(str(error)))
        st.button("Start again from the prior set", on_click=_forget)
        st.stop()
    return Edit(
        base=chosen, changes=changes, measures=changed_measures, changed=changed, before=before, after=after
    )


def _forget() -> None:
    _keep([])
    measures.keep([])


def _keep(changes: Sequence[Override]) -> None:
    """Put changes of the prior set into the address."""
    st.query_params[ADDRESS] = [str(change) for change in changes]


def draw_form(edit: Edit, indicator: Indicator, as_of: date) -> None:
    """One belief to change on the left, its densities and what the data made of it on the right."""
    old, new = edit.beliefs(indicator, as_of)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Change a belief**")
        name = st.selectbox(
            "Parameter",
            list(new),
            key="parameter",
            format_func=lambda id: f"{id}: {new[id].meaning}",
        )
        _draw_quantiles(new[name], edit.changes)
        low, high = new[name].usual
        st.caption(escaped(f"{_moves(new[name])} Usual range: {low:.3g} to {high:.3g} {new[name].unit}."))
        for target, told in edit.changed.told.items():
            st.caption(escaped(asked_and_got(target, told)))
        for change in edit.changes:
            others = [one for one in edit.changes if one != change]
            st.button(
                escaped(f"Undo {change}"),
                key=f"undo-{change}",
                type="tertiary",
                on_click=_keep,
                args=(others,),
            )
    with right:
        pairs = [("now", new[name]), ("before", old[name])] if edit.changes else [("prior", new[name])]
        posterior = edit.after.quoted.parameters.get(new[name].shapes[0], {})
        drawn = density(
            densities(pairs),
            what=new[name].meaning,
            unit=new[name].unit,
            as_of=as_of,
            posterior=posterior.get("doubling_days" if new[name].in_days else name),
        )
        draw_chart(drawn)


def _moves(belief: Belief) -> str:
    """What a belief moves, and what it does not."""
    if belief.indicator:
        return "Moves every model of this indicator, and nothing else."
    return f"In {len(belief.shapes)} shapes, which move the forecast only by their weight in the prior set."


def _draw_quantiles(belief: Belief, changes: Sequence[Override]) -> None:
    """One parameter in one line; a changed belief goes into the address, which reopens it."""
    key = f"{belief.parameter}-typed"

    def keep() -> None:
        try:
            typed = read_belief(st.session_state[key])
        except PriorError as error:
            st.session_state[REFUSED] = str(error)
            return
        target = belief.override(typed).target
        kept = [change for change in changes if change.target != target]
        _keep([*kept, belief.override(typed)])

    st.text_input(
        escaped(f"You believe, in {belief.unit}" if belief.unit else "You believe"),
        value=" / ".join(f"{q:.3g}" for q in belief.quantiles),
        key=key,
        on_change=keep,
        help=escaped(f"Four chances in five that it lies within: {FORMS}."),
    )
    if refused := st.session_state.pop(REFUSED, ""):
        st.error(escaped(f"{refused[:1].upper()}{refused[1:]}. Nothing was changed."))


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
