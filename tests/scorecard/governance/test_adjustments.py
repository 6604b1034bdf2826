"""A reading as somebody holds it should be: beside the published one, and fitted once somebody else has adopted it."""

from __future__ import annotations

from datetime import date

import pytest

from forecasts.runs import Request, read
from scorecard.evidence.adjusting import MARK, readings
from scorecard.governance.adjustments import adjust
from scorecard.governance.proposals import ProposalRefused, rule
from scorecard.governance.roles import Actor
from scorecard.records import Adjustment, Measurement
from scorecard.store import Store

DAY = date(2026, 2, 1)
WHY = "The task's answers were found in its training data."
ONE = Actor(name="a researcher", identity="typed by hand", role="researcher")
CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")


def published(store: Store) -> Measurement:
    with store.view() as now:
        return next(m for m in now.all(Measurement) if m.low is not None and m.main)


def proposed(store: Store, factor: float = 0.5) -> tuple[Measurement, Adjustment]:
    m = published(store)
    return m, adjust(store, ONE, m, doubt="contamination", value=factor * m.value, rationale=WHY, today=DAY)


def as_read(store: Store, m: Measurement, day: date | None = None) -> Measurement:
    with store.view(as_of=day) as known:
        return next(one for one in readings(known) if all(getattr(one, k) == getattr(m, k) for k in m.KEY))


def test_it_counts_once_somebody_else_has_adopted_it_and_from_that_day_on(store: Store) -> None:
    m, one = proposed(store)
    assert as_read(store, m) == m
    with pytest.raises(ProposalRefused, match="somebody else has to decide"):
        rule(store, "adjustments", one.id, "adopted", actor=Actor(name=ONE.name, identity=ONE.identity, role="chair"),
             reason="Mine.")  # fmt: skip
    rule(store, "adjustments", one.id, "adopted", actor=CHAIR, reason="Agreed.", today=DAY)
    now = as_read(store, m)
    assert now.value == pytest.approx(m.value / 2)
    assert now.low == pytest.approx((m.low or 0) / 2)
    assert now.high == pytest.approx((m.high or 0) / 2)
    assert MARK in now.marks
    assert now.known_at == max(DAY, m.known_at)
    assert as_read(store, m, date(2026, 1, 31)) == m
    assert published(store) == m, "the published value stays"


def test_forecasts_read_the_adjusted_value(store: Store) -> None:
    m, one = proposed(store)
    rule(store, "adjustments", one.id, "adopted", actor=CHAIR, reason="Agreed.", today=DAY)

    def fitted(day: date) -> float:
        known = read(store, Request(as_of=day))
        return next(x.value for x in known.measurements if (x.indicator, x.system) == (m.indicator, m.system))

    assert fitted(DAY) == pytest.approx(m.value / 2)
    assert fitted(date(2026, 1, 31)) == m.value


def test_one_that_was_adopted_can_be_taken_back(store: Store) -> None:
    m, one = proposed(store)
    rule(store, "adjustments", one.id, "adopted", actor=CHAIR, reason="Agreed.")
    rule(store, "adjustments", one.id, "withdrawn", actor=ONE, reason="The tasks were others.")
    assert as_read(store, m) == m


def test_a_later_one_takes_the_place_of_the_earlier(store: Store) -> None:
    m, one = proposed(store)
    rule(store, "adjustments", one.id, "adopted", actor=CHAIR, reason="Agreed.")
    _, two = proposed(store, factor=0.25)
    assert two.supersedes == one.id
    assert as_read(store, m).value == pytest.approx(m.value / 2)
    rule(store, "adjustments", two.id, "adopted", actor=CHAIR, reason="Agreed.")
    assert as_read(store, m).value == pytest.approx(m.value / 4)


@pytest.mark.parametrize(("value", "low"), [(1.0, 2.0), (float("nan"), None)])
def test_what_is_no_interval_is_refused(store: Store, value: float, low: float | None) -> None:
    with pytest.raises(ProposalRefused, match="in this order"):
        adjust(store, ONE, published(store), doubt="other", value=value, low=low, rationale=WHY)


def test_it_needs_a_reason_that_can_be_judged(store: Store) -> None:
    with pytest.raises(ProposalRefused, match="at least a sentence"):
        adjust(store, ONE, published(store), doubt="other", value=1.0, rationale="Wrong.")
