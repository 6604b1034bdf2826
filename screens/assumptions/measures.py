"""How a threshold is measured, on the screen: level, gap, weight and rule, each changed in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import streamlit as st

from scorecard.records import MEASURES, RULE, ChangedMeasure, Rule
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
    criterion, indicator = by_id[id], known.indicators[by_id[id].indicator]
    step = step_of(indicator)
    units = (f", {indicator.unit}", f", {step}", f", {step}", f", {step}", "")
    labels = ("Level", "Level ±", "Gap to real work", "Gap ±", "Weight")
    for column, field, label, unit in zip(st.columns(5), MEASURES, labels, units, strict=True):
        kept = _MeasureField.of(changes, id, field, float(getattr(criterion, field)))
        column.number_input(
            escaped(label + unit), key=kept.key, format="%.6g", step=None, on_change=kept.change
        )
    if len({c.route or c.threshold for c in row.criteria}) > 1:
        kept = _MeasureField.of(changes, row.threshold.id, RULE, row.threshold.rule)
        st.radio(
            "Routes",
            list(RULES),
            format_func=lambda rule: escaped(RULES[rule]),
            key=kept.key,
            horizontal=True,
            on_change=kept.change,
            help=escaped(f"The text says: {RULES[row.threshold.rule]}."),
        )
    for change in changes:
        others = [one for one in changes if one != change]
        words = (
            f"Undo {title_of(change.field).lower()} {change.value} of {names.get(change.about, 'the routes')}"
        )
        st.button(escaped(words), key=f"undo-{change}", type="tertiary", on_click=keep, args=(others,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _MeasureField:
    """A field of the form whose value stands in the address where it is not the one in use."""

    changes: Sequence[ChangedMeasure]
    about: str
    field: str
    in_use: float | Rule
    key: str

    @classmethod
    def of(cls, changes: Sequence[ChangedMeasure], about: str, field: str, in_use: float | Rule) -> Self:
        """The field, filled anew in every run, so that an undone change goes out of it as well."""
        now = {one.target: one.value for one in changes}
        key = f"{about}-{field}"
        st.session_state[key] = now.get((about, field), in_use)
        return cls(changes=changes, about=about, field=field, in_use=in_use, key=key)

    def change(self) -> None:
        """Put what was typed into the address; what is in use already is no change."""
        value = st.session_state[self.key]
        others = [one for one in self.changes if one.target != (self.about, self.field)]
        same = value is None or value == self.in_use
        keep(others if same else [*others, ChangedMeasure(about=self.about, field=self.field, value=value)])
