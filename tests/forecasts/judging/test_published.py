"""METR's published doubling times come out of the stored vintages to three decimals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import pytest

from forecasts.judging.published import Rederived, Systems, doubling_days, rederive, window
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import Measurement
from tests.scorecard.examples import reading


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


def least_squares(rows: Sequence[Measurement]) -> float:
    """The doubling time by the textbook's sums, with plain numbers."""
    x = [float(m.observed_on.toordinal()) for m in rows]
    y = [math.log2(m.value) for m in rows]
    n, sx, sy = len(rows), math.fsum(x), math.fsum(y)
    sxy = math.fsum(a * b for a, b in zip(x, y, strict=True))
    sxx = math.fsum(a * a for a in x)
    return (n * sxx - sx * sx) / (n * sxy - sx * sy)


@pytest.fixture(scope="module")
def horizons() -> list[Measurement]:
    return [r for r in load(DATA).records if isinstance(r, Measurement)]


@pytest.mark.parametrize("percentile", [50, 80])
@pytest.mark.parametrize("year", [None, 2023, 2024, 2025])
@pytest.mark.parametrize("systems", ["sota", "frontier", "all"])
def test_any_window_is_least_squares_by_hand(
    horizons: list[Measurement], percentile: int, year: int | None, systems: Systems
) -> None:
    since = date(year, 1, 1) if year else None
    one = window(horizons, percentile=percentile, since=since, systems=systems)
    assert round(one.days, 3) == round(least_squares(one.rows), 3)
    assert all(m.observed_on >= (since or date.min) and m.value <= 960 for m in one.rows)


def test_a_window_of_metr_s_own_carries_what_metr_printed(horizons: list[Measurement]) -> None:
    one = window(horizons, vintage="2026-05-08", since=date(2023, 1, 1))
    assert (round(one.days, 3), one.published, one.low, one.high) == (128.744, 128.744, 104.428, 158.012)
    assert window(horizons, vintage="2026-05-08", since=date(2025, 1, 1)).published is None
    assert window(horizons, vintage="2026-05-08", since=date(2023, 1, 1), systems="all").published is None
    assert window(horizons, vintage="2026-05-08").published == 187.778


def test_the_figure_from_2024_is_not_reproduced_and_that_is_said(
    rederived: dict[tuple[str, str], Rederived], horizons: list[Measurement]
) -> None:
    one = rederived["from 2024", "2026-01-30"]
    assert (one.published, round(one.ours, 3), one.agrees) == (88.6, 96.774, False)
    started_anew = window(horizons, vintage="2026-01-30", since=date(2024, 1, 1), systems="frontier")
    every = window(horizons, vintage="2026-01-30", since=date(2024, 1, 1), systems="all")
    assert (round(started_anew.days, 3), round(every.days, 3)) == (94.136, 91.074)


def test_a_system_can_be_left_out_and_what_is_not_there_is_told(horizons: list[Measurement]) -> None:
    whole = window(horizons, since=date(2025, 1, 1))
    one = window(horizons, since=date(2025, 1, 1), without=["o3"])
    assert {m.system for m in whole.rows} - {m.system for m in one.rows} == {"o3"}
    assert one.published is None
    for wrong, said in (
        ({"percentile": 90}, "50 and 80"),
        ({"vintage": "2020-01-01"}, "no vintage"),
        ({"without": ["nobody"]}, "no reading of nobody"),
        ({"since": date(2030, 1, 1)}, "two different days"),
    ):
        with pytest.raises(ValueError, match=said):
            window(horizons, **wrong)
