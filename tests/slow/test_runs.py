"""Forecast runs on the real facts: reproducible to the bit, bound to what was known, stored and verifiable."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from forecasts.prior import PriorError
from forecasts.runs import run as runs
from forecasts.runs.request import Request
from scorecard.evidence import facts
from scorecard.jobs import NamedSet
from scorecard.places import DATA
from scorecard.records import ForecastRun, Override, PriorSet
from scorecard.store import Store, verify

pytestmark = pytest.mark.slow
LONG_RANGE = "openai.pf2.research.long_range_autonomy"  # measured by METR's 50 % horizon alone


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("runs") / "scorecard.duckdb")
    facts.build(store, DATA)
    return store


def forecast(store: Store, as_of: date, *overrides: str) -> ForecastRun:
    request = Request(as_of=as_of, thresholds=(LONG_RANGE,), overrides=tuple(map(Override.parse, overrides)))
    (made,) = runs.run(store, request)
    return made


def test_the_same_request_gives_the_same_bits_in_another_store(store: Store, tmp_path: Path) -> None:
    first = forecast(store, date(2026, 1, 31))
    other = Store(tmp_path / "other.duckdb")
    facts.build(other, DATA)
    again = forecast(other, date(2026, 1, 31))
    assert again == first
    assert again.draws_sha256 == first.draws_sha256


def test_a_run_already_stored_is_not_repeated(store: Store) -> None:
    before = forecast(store, date(2026, 1, 31))
    with store.view() as now:
        entries = len(now.log())
    assert forecast(store, date(2026, 1, 31)) == before
    with store.view() as now:
        assert len(now.log()) == entries


def test_what_was_known_decides(store: Store) -> None:
    early, late = forecast(store, date(2026, 1, 31)), forecast(store, date(2026, 11, 25))
    assert early.data_hash != late.data_hash
    assert early.quoted.p_now < late.quoted.p_now


def test_a_run_adds_up(store: Store) -> None:
    made = forecast(store, date(2026, 11, 25))
    assert made.publishable
    assert made.checks.items
    result = made.quoted
    chances = result.cdf.p
    assert list(chances) == sorted(chances)
    dates = [day for day in (result.q10, result.q50, result.q90) if day]
    assert len(dates) == 3
    assert dates == sorted(dates)
    assert chances[-1] + result.p_beyond_horizon == pytest.approx(1.0, abs=1e-4)
    assert sum(s.weight for s in result.by_shape.values()) == pytest.approx(1.0)
    table = pq.read_table(io.BytesIO(store.files.get(made.draws, made.draws_sha256)))
    weight = np.asarray(table["weight"])
    assert weight.sum() == pytest.approx(1.0)
    fan = result.fans["metr_p50_horizon"]
    assert all(a <= b <= c for a, b, c in zip(fan.q10, fan.q50, fan.q90, strict=True))
    assert verify(store).sound


def test_a_slower_prior_is_proposed_by_name_and_moves_the_date_later(store: Store) -> None:
    base = forecast(store, date(2026, 11, 25))
    request = Request(
        as_of=date(2026, 11, 25),
        thresholds=(LONG_RANGE,),
        overrides=(
            Override.parse("metr_p50_horizon:pace=doubling_days(150, 190, 240)"),
            Override.parse("growth=doubling_days(150, 190, 240)"),
        ),
    )
    reason = "A colleague expects the long-run pace to return."
    named = NamedSet(name="Slower", author="a researcher", reason=reason)
    (made,) = runs.run(store, request, named=named)
    assert made.prior_set != base.prior_set
    later, sooner = made.quoted.q50, base.quoted.q50
    assert later
    assert sooner
    assert later > sooner
    with store.view() as now:
        kept = now.get(PriorSet, id=made.prior_set)
    assert (kept.name, kept.author, kept.rationale) == ("Slower", "a researcher", reason)
    assert kept.asked is not None
    assert set(kept.asked["growth"]) >= {"asked", "achieved", "one_percent", "ninety_nine_percent"}


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("growht=normal(0, 1)", "no parameter"),
        ("scatter=normal(0, 1)", "below zero"),
        ("growth=quantiles(3, 2, 1)", "rise with"),
        ("growth", "cannot read"),
    ],
)
def test_a_prior_that_cannot_be_is_refused_before_anything_is_fitted(
    store: Store, override: str, words: str
) -> None:
    with pytest.raises(PriorError, match=words):
        forecast(store, date(2026, 11, 25), override)


def test_evidence_too_thin_is_said_not_forecast(store: Store) -> None:
    request = Request(as_of=date(2020, 1, 1))
    for made in runs.run(store, request):
        assert not made.publishable
        assert "No forecast" in made.refusal
