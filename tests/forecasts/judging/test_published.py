"""METR's published doubling times come out of the stored vintages to three decimals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from forecasts.judging.published import Rederived, doubling_days, rederive
from scorecard.evidence.facts import load
from scorecard.records import Measurement
from tests.scorecard.examples import reading

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def rederived() -> dict[tuple[str, str], Rederived]:
    facts = load(DATA)
    rows = [record for record in facts.records if isinstance(record, Measurement)]
    return {(r.window, r.vintage): r for r in rederive(rows)}


@pytest.mark.parametrize(
    ("window", "vintage", "days", "systems"),
    [
        ("from 2023", "2026-05-08", 128.744, 14),
        ("all time", "2026-05-08", 187.778, 17),
        ("from 2023", "2026-03-03", 128.744, 14),
        ("from 2023", "2026-02-22", 122.611, 14),
        ("from 2023", "2026-02-06", 128.120, 13),
        ("from 2023", "2026-01-30", 130.801, 11),
        ("all time", "2026-02-22", 182.725, 17),
        ("all time", "2026-02-06", 188.657, 16),
        ("all time", "2026-01-30", 196.475, 14),
    ],
)
def test_published_doubling_times(
    rederived: dict[tuple[str, str], Rederived], window: str, vintage: str, days: float, systems: int
) -> None:
    found = rederived[window, vintage]
    assert round(found.ours, 3) == days
    assert found.systems == systems
    assert found.agrees


def test_a_made_up_doubling_every_hundred_days() -> None:
    start = date(2025, 1, 1).toordinal()
    rows = [reading(f"s{i}", date.fromordinal(start + 100 * i), 2.0**i) for i in range(4)]
    assert doubling_days(rows) == pytest.approx(100.0)


def test_one_day_is_no_line() -> None:
    with pytest.raises(ValueError, match="two different days"):
        doubling_days([reading("a", date(2025, 1, 1), 1.0)])
