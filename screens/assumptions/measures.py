"""How a threshold is measured, on the screen: level, gap, weight and rule, each changed in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import streamlit as st

from scorecard.records import RULE, ChangedMeasure, Rule
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


def draw_fields(
    row: ScorecardRow, known: Evidence, changes: Sequence[ChangedMeasure], fields: Mapping[str, str]
) -> None:
    """Some numbers (field: label) of every criterion, a line each; what is typed goes into the address."""
    names = named_criteria(row.criteria, known.indicators)
    for criterion in row.criteria:
        indicator = known.indicators[criterion.indicator]
        st.caption(escaped(names[criterion.id]))
        for column, (field, label) in zip(st.columns(2), fields.items(), strict=False):
            unit = {"level": indicator.unit, "weight": ""}.get(field, step_of(indicator))
            kept = _MeasureField.of(changes, criterion.id, field, float(getattr(criterion, field)))
            column.number_input(
                escaped(f"{label}, {unit}" if unit else label),
                key=kept.key,
                format="%.6g",
                step=None,
                on_change=kept.change,
            )


def draw_rule(row: ScorecardRow, changes: Sequence[ChangedMeasure]) -> None:
    """The rule over a threshold's routes."""
    kept = _MeasureField.of(changes, row.threshold.id, RULE, row.threshold.rule)
    st.radio(
        "Routes",
        list(RULES),
        format_func=lambda rule: escaped(RULES[rule]),
        key=kept.key,
        on_change=kept.change,
        help=escaped(f"The text says: {RULES[row.threshold.rule]}."),
    )


def words_of(change: ChangedMeasure, names: Mapping[str, str]) -> str:
    """A change as it is taken back: level 9600 of METR's horizon."""
    value = change.value if isinstance(change.value, str) else f"{change.value:g}"
    return f"{title_of(change.field).lower()} {value} of {names.get(change.about, 'the routes')}"


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
