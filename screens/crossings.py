"""One run's dates asked further: its evidence, criteria held together, what is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from forecasts.dates import determination, joint
from forecasts.priors.sets import priors_of
from scorecard.records import CrossingSummary, ForecastRun
from scorecard.store import Store
from screens import runs
from screens.frame import record
from screens.frame.page import Frame
from screens.frame.record import Dossier, Opened
from screens.frame.text import escaped
from screens.threshold import summary as threshold


@st.cache_data(show_spinner=False, max_entries=64)
def _together(opened: Opened, run: ForecastRun) -> list[tuple[str, CrossingSummary]]:
    """The dates of one run when any, some or all of its criteria have to be met."""
    draws = Store(opened.address).files.get(run.draws, run.draws_sha256)
    return [(one.rule, one.crossing.summary()) for one in joint.every_rule(run, draws)]


@st.cache_data(show_spinner=False, max_entries=64)
def _reported(
    opened: Opened, run: ForecastRun, given: determination.Reporting, denied_on: date | None
) -> dict[str, Any]:
    """When one run's threshold is crossed, determined and published, nothing of which has been published."""
    draws = Store(opened.address).files.get(run.draws, run.draws_sha256)
    crossing = determination.crossing_of(run, draws)
    return determination.three_dates(crossing, given, denied_on=denied_on).as_data()


def draw_evidence(frame: Frame, found: Dossier, run: ForecastRun, other: ForecastRun | None) -> None:
    """The run's fan of each indicator over the readings it read, and the other's under it."""
    known = record.evidence(frame.store, run.as_of)
    indicators = [known.indicators[id] for id in run.quoted.fans]
    threshold.draw_evidence(run, found.row, known, indicators, as_of=run.as_of, before=other)


def draw_together(frame: Frame, run: ForecastRun) -> None:
    """The dates if any, some or all criteria have to be met, counted in the worlds that they share."""
    try:
        runs.draw_joint(run, _together(Opened.of(frame.store), run))
    except joint.JointError as error:
        st.info(escaped(f"{str(error)[:1].upper()}{str(error)[1:]}."))


def draw_reported(frame: Frame, found: Dossier, run: ForecastRun) -> None:
    """When the level is reached, found and told, with the developer's caution and lag to move."""
    base = found.prior_sets[run.prior_set.partition("+")[0]]  # changed priors are no set of their own
    usual = determination.reporting_of(priors_of(base).settings)
    try:
        denied_on = determination.denied_until(found.determinations, found.row.framework.developer, run.as_of)
        given = determination.moved(usual, *runs.caution_and_lag(*determination.centres(usual)))
        runs.draw_reporting(_reported(Opened.of(frame.store), run, given, denied_on))
    except determination.DeterminationError as error:
        st.info(escaped(str(error)))
