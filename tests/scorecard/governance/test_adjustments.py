"""A reading as somebody holds it should be: beside the published one, and fitted once somebody else has adopted it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from forecasts.runs.request import Request, read
from scorecard.evidence.readings.adjusting import MARK, ever_counted, readings
from scorecard.evidence.readings.vintages import current
from scorecard.governance.adjustments import adjust
from scorecard.governance.proposals import ProposalRefused, rule
from scorecard.people import Actor
from scorecard.records import Adjustment, Measurement, Source
from scorecard.store import Store
from scorecard.thresholds.board import newest_readings

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
        rule(
            store,
            "adjustments",
            one.id,
            "adopted",
            actor=Actor(name=ONE.name, identity=ONE.identity, role="chair"),
            reason="Mine.",
        )
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


def test_the_scorecard_shows_what_counts(store: Store) -> None:
    """The newest reading, like the date beside it, rests on the adopted value, and says so by its mark."""

    def newest() -> tuple[Measurement, tuple[str, ...]]:
        with store.view() as now:
            sources = {s.id: s for s in now.all(Source)}
            found = newest_readings(now, sources, date(2026, 11, 1))
        latest = next(one for one in found.values() if one.measurement.value)
        return latest.measurement, latest.marks

    m, marks = newest()
    assert MARK not in marks
    one = adjust(store, ONE, m, doubt="contamination", value=m.value / 2, rationale=WHY, today=DAY)
    rule(store, "adjustments", one.id, "adopted", actor=CHAIR, reason="Agreed.", today=DAY)
    after, marks = newest()
    assert after.subject == m.subject
    assert after.value == pytest.approx(m.value / 2)
    assert MARK in marks


def test_forecasts_from_the_past_know_what_was_published_until_another_value_was_adopted(
    store: Store,
) -> None:
    m, one = proposed(store)
    rule(store, "adjustments", one.id, "adopted", actor=CHAIR, reason="Agreed.", today=DAY)
    with store.view() as now:
        ever = [x for x in ever_counted(now, indicator=m.indicator) if x.subject == m.subject]
        plain = ever_counted(now, indicator="no_such_indicator")
    assert [(x.value, x.known_at) for x in ever] == [
        (m.value, m.known_at),
        (pytest.approx(m.value / 2), DAY),
    ]
    assert plain == []


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


def test_an_adjustment_of_an_old_vintage_never_outranks_a_newer_one(store: Store) -> None:
    """Ruled on after the revision it changes nothing; ruled on before, it counts until the revision is known."""
    with store.view() as now:
        old, new = (m for m in now.all(Measurement) if m.system == "two")
    one = adjust(store, ONE, old, doubt="contamination", value=9.0, rationale=WHY, today=DAY)

    def counting(day: date) -> float:
        with store.view(as_of=day) as known:
            return next(m.value for m in current(readings(known)) if m.subject == old.subject)

    late = new.known_at + timedelta(days=7)
    rule(store, "adjustments", one.id, "adopted", actor=CHAIR, reason="Agreed.", today=late)
    assert counting(late) == new.value
    again = adjust(store, ONE, old, doubt="contamination", value=8.0, rationale=WHY, today=DAY)
    rule(store, "adjustments", again.id, "adopted", actor=CHAIR, reason="Agreed.", today=DAY)
    assert counting(DAY) == 8.0
    assert counting(new.known_at) == new.value
