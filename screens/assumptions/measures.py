"""How a threshold is measured, on the screen: level, gap, weight and rule, each changed in the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from scorecard.records import MEASURES, RULE, ChangedMeasure, Criterion
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import title_of
from screens.frame.record import Evidence, named_criteria
from screens.frame.text import escaped
from screens.threshold.summary import step_of

ADDRESS = "measure"  # the query parameter that holds the changes, one each
RULES = {"any": "any route suffices", "all": "every route is needed"}


def in_address() -> tuple[ChangedMeasure, ...]:
    """The changes in the address; PriorError when one cannot be read."""
    return tuple(ChangedMeasure.parse(text) for text in st.query_params.get_all(ADDRESS))


def keep(changes: Sequence[ChangedMeasure]) -> None:
    """Put changes of how the threshold is measured into the address."""
    st.query_params[ADDRESS] = [str(change) for change in changes]


def draw_form(row: ScorecardRow, known: Evidence, changes: Sequence[ChangedMeasure]) -> None:
    """One criterion's numbers and, where there are several routes, the rule over them."""
    by_id = {c.id: c for c in row.criteria}
    names = named_criteria(row.criteria, known.indicators)
    st.markdown("**Change how it is measured**")
    first = next((one.about for one in changes if one.about in by_id), None)
    id = st.selectbox(
        "Criterion",
        list(by_id),
        index=list(by_id).index(first) if first else 0,
        key="measure",
        format_func=lambda id: f"{names[id]} ({id})",
    )
    now = {one.target: one.value for one in changes}
    criterion, indicator = by_id[id], known.indicators[by_id[id].indicator]
    step = step_of(indicator)
    units = (f", {indicator.unit}", f", {step}", f", {step}", f", {step}", "")
    labels = ("Level", "Level ±", "Gap to real work", "Gap ±", "Weight")
    for column, field, label, unit in zip(st.columns(5), MEASURES, labels, units, strict=True):
        key = f"{id}-{field}"
        # Set anew in every run, so that an undone change goes out of the field as well.
        st.session_state[key] = float(now.get((id, field), getattr(criterion, field)))
        column.number_input(
            escaped(label + unit),
            key=key,
            format="%.6g",
            step=None,
            on_change=_changing(changes, criterion, field, key),
        )
    if len({c.route or c.threshold for c in row.criteria}) > 1:
        about = row.threshold.id
        st.session_state[f"{about}-{RULE}"] = now.get((about, RULE), row.threshold.rule)
        st.radio(
            "Routes",
            list(RULES),
            format_func=lambda rule: escaped(RULES[rule]),
            key=f"{about}-{RULE}",
            horizontal=True,
            on_change=_ruled(changes, row),
            help=escaped(f"The text says: {RULES[row.threshold.rule]}."),
        )
    for change in changes:
        others = [one for one in changes if one != change]
        words = (
            f"Undo {title_of(change.field).lower()} {change.value} of {names.get(change.about, 'the routes')}"
        )
        st.button(escaped(words), key=f"undo-{change}", type="tertiary", on_click=keep, args=(others,))


def _changing(
    changes: Sequence[ChangedMeasure], criterion: Criterion, field: str, key: str
) -> Callable[[], None]:
    def changed() -> None:
        value = st.session_state[key]
        others = [one for one in changes if one.target != (criterion.id, field)]
        same = value is None or value == getattr(criterion, field)
        keep(others if same else [*others, ChangedMeasure(about=criterion.id, field=field, value=value)])

    return changed


def _ruled(changes: Sequence[ChangedMeasure], row: ScorecardRow) -> Callable[[], None]:
    about = row.threshold.id

    def changed() -> None:
        rule = st.session_state[f"{about}-{RULE}"]
        others = [one for one in changes if one.target != (about, RULE)]
        same = rule == row.threshold.rule
        keep(others if same else [*others, ChangedMeasure(about=about, field=RULE, value=rule)])

    return changed
