"""The Priors page in parts: the answer, old and new dates beside each other, contraction, prior sets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from scorecard.clock import MONTH
from scorecard.governance.proposals import proposals
from scorecard.records import ForecastRun, PriorSet
from scorecard.store import Store
from scorecard.thresholds.quoted.forecast import Forecast
from scorecard.words import chance_in_words, title_of
from screens.board import median
from screens.first.headline import even_odds
from screens.frame.tables import data_table


def answer(before: ForecastRun, after: ForecastRun, as_of: date, *, changed: bool) -> str:
    """What the changed assumptions do to the headline date, in a sentence."""
    old, new = (Forecast.of(run, as_of) for run in (before, after))
    if new.refused:
        return new.refused
    if not changed or old.refused:
        year = chance_in_words(new.p_12_months or 0)
        return f"{year} within 12 months, {even_odds(new)}. Change an assumption to see it move."
    if old.q50 is None or new.q50 is None:
        moved = f"the median goes from {median(old)} to {median(new)}"
    else:
        months = (new.q50 - old.q50).days / MONTH
        way = "later" if months > 0 else "earlier"
        moved = (
            "the median hardly moves"
            if abs(months) < 0.5
            else f"the median comes {abs(months):.1f} months {way}"
        )
        moved += f" ({median(old)} to {median(new)})"
    return (
        f"With these assumptions {moved}; the chance within 12 months goes from "
        f"{chance_in_words(old.p_12_months or 0)} to {chance_in_words(new.p_12_months or 0)}."
    )


def draw_shapes(before: ForecastRun, after: ForecastRun) -> None:
    """Old and new median and chance by model."""
    earlier = before.quoted.by_shape if before.publishable else {}
    rows = [
        {
            "model": title_of(name),
            "median before": old.q50 if (old := earlier.get(name)) else None,
            "median now": new.q50,
            "in 12 months before": old.p_12_months if old else None,
            "in 12 months now": new.p_12_months,
        }
        for name, new in (after.quoted.by_shape if after.publishable else {}).items()
    ]
    data_table(
        pd.DataFrame(rows),
        chances=("in 12 months before", "in 12 months now"),
        months=("median before", "median now"),
        alt="Old and new dates by model",
    )


def draw_parameters(run: ForecastRun) -> None:
    """Every parameter of every model: prior, what the data left of it, and the contraction from one to the other."""
    given = run.quoted.parameters if run.publishable else {}
    rows = [
        {
            "model": title_of(shape),
            "parameter": name,
            "prior": p.prior or "",
            "10 %": p.q10,
            "50 %": p.q50,
            "90 %": p.q90,
            "unit": p.unit,
            "contraction": p.contraction,
            "meaning": p.meaning,
        }
        for shape, parameters in given.items()
        for name, p in parameters.items()
    ]
    config: dict[str, Any] = {
        "contraction": st.column_config.ProgressColumn(
            min_value=0.0,
            max_value=1.0,
            format="%.2f",
            help="1: the data decide; 0: the prior does. Below 0 the posterior is wider than the prior.",
        )
    } | {name: st.column_config.NumberColumn(format="%.3g") for name in ("10 %", "50 %", "90 %")}
    data_table(pd.DataFrame(rows), config=config, alt="Parameters, priors and contraction")


def draw_sets(store: Store, standing: str) -> None:
    """Every prior set, who proposed it, and where it stands."""
    with store.view() as now:
        found = proposals(now, "prior_sets")
    rows = [
        {
            "name": p.item.name,
            "author": p.item.author,
            "standing": "in use" if p.item.id == standing else p.standing,
            "proposed on": p.item.known_at,
            "review by": p.item.review_by,
            "reason": p.item.rationale,
        }
        for p in found
        if isinstance(p.item, PriorSet)
    ]
    data_table(pd.DataFrame(rows).dropna(axis="columns", how="all"), alt="Prior sets and where they stand")
    st.caption("A proposed set counts once somebody else adopts it, under Meeting, Proposals.")
