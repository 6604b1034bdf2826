"""Tables on a screen, all drawn one way: chances in whole per cent, dates as they are said, the first column kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from scorecard.words import chance_in_words, month_in_words
from screens.frame.text import link_column

if TYPE_CHECKING:
    import pandas as pd

DAY = "D MMM YYYY"
FIGURES = "%.3g"  # of a number that nothing else is said about
SHORT = 28  # letters of a first column that leaves a phone room for the others
NARROW = 3  # columns: so few fit, and the pinned one is drawn fainter than the others


def data_table(
    table: pd.DataFrame,
    *,
    alt: str,
    chances: Iterable[str] = (),
    months: Iterable[str] = (),
    links: Iterable[str] = (),
    config: Mapping[str, ColumnConfig] | None = None,
) -> None:
    """A table that sorts by its values and shows them as people say them.

    chances: columns in [0, 1], as whole per cent. months: columns of dates that mean no day. links: columns of web
    addresses. `config` is for what else a column needs, with numbers in the manner of C (%.2f). A column of dates that
    is not named shows its days. The first column stays in sight where it is short.
    """
    there = list(table.columns)
    kept = there[:1] if len(there) > NARROW and _short(table[there[0]]) else []
    asked: dict[str, Any] = {name: {"pinned": True} for name in kept}
    for name in there:
        told: dict[str, Any] = dict((config or {}).get(name) or {})
        if not told and name not in months and _dates(table[name]):
            told = dict(st.column_config.DateColumn(format=DAY))
        if not told and table[name].dtype.kind == "f":
            told = dict(st.column_config.NumberColumn(format=FIGURES))
        if name in links:
            told = dict(link_column())
        asked[name] = {k: v for k, v in told.items() if v is not None} | asked.get(name, {})
    formats: dict[str, Any] = {name: chance_in_words for name in chances if name in there}
    formats |= {name: month_in_words for name in months if name in there and _dates(table[name])}
    shown: Any = table
    if formats:
        # Once a cell has words of its own all have, so numbers get theirs here too.
        floats = [name for name in there if name not in formats and table[name].dtype.kind == "f"]
        formats |= {name: _written(asked[name]) for name in floats}
        shown = table.astype({name: float for name in chances if name in there}).style.format(
            formats, na_rep=""
        )
    st.dataframe(shown, hide_index=True, column_config=asked, alt=alt, placeholder="")


def _written(told: Mapping[str, Any]) -> Callable[[float], str]:
    """How a number is written: by the column's own format, else as any other number."""
    pattern = told.get("type_config", {}).get("format") or FIGURES
    return lambda value: pattern % value


def _short(column: pd.Series[Any]) -> bool:
    return max((len(str(one)) for one in column), default=0) <= SHORT


def _dates(column: pd.Series[Any]) -> bool:
    held = [one for one in column if one is not None and one == one]  # NaT is not itself
    return bool(held) and all(isinstance(one, date) for one in held)
