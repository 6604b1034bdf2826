"""Names beside marks: none over another or a point at any width, however dense; the leading ones where it fits."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
import vl_convert
from PIL import Image

from scorecard.charts import chance_history, crossing, density, evidence_chart, months, said_and_happened
from scorecard.charts.layout.labels import Name, Names, Taken, arranged, room_beside, text_width
from scorecard.charts.layout.times import Occasion
from scorecard.charts.style import as_spec
from scorecard.records import Measurement, Quantiles
from scorecard.thresholds.quoted.outcomes import Reliability
from tests.scorecard.charts.scene import WIDTHS, collisions, marks
from tests.scorecard.examples import INDICATOR, reading, result, run

DAY = date(2026, 12, 1)
NAMES = {f"s{i}": f"Claude Mythos Preview {i} (high effort)" for i in range(40)}
HAPPENED = [
    Occasion(on=DAY - timedelta(days=i), kind=kind, name=f"GPT-6 Astra {i}: not crossed", words="a finding")
    for i, kind in enumerate(["finding", "decision", "framework", "readings"] * 8)
]
EQUAL, RISING, APART = "equal values on one day", "40 within a month", "a year apart"


def readings(case: str) -> list[Measurement]:
    """Readings of as many systems as have names: all of them lead."""
    count = 8 if case == APART else 40
    step = {EQUAL: 0, RISING: 0.75, APART: 365}[case]
    first = DAY - timedelta(days=round((count - 1) * step) + 20)
    return [
        reading(
            f"s{i}",
            first + timedelta(days=round(i * step)),
            60.0 if case == EQUAL else 10.0 * (1.5 if case == APART else 1.01) ** i,
        )
        for i in range(count)
    ]


@pytest.mark.parametrize("case", [EQUAL, RISING, APART])
@pytest.mark.parametrize("width", WIDTHS)
def test_readings_levels_and_events_are_named_without_lying_on_one_another(case: str, width: int) -> None:
    levels = {
        f"level {k} of an hour": Quantiles(unit="minutes", q10=55 + k, q50=60 + k / 5, q90=66 + k)
        for k in range(3)
    }
    chart = evidence_chart(
        INDICATOR,
        readings(case),
        NAMES,
        as_of=DAY,
        levels=levels,
        events=HAPPENED,
    )
    assert collisions(marks(as_spec(chart), width), width) == []


def test_the_newest_that_led_is_named_first_and_all_of_them_where_there_is_room() -> None:
    chart = evidence_chart(INDICATOR, readings(APART), NAMES, as_of=DAY)
    said = {
        width: [m["text"] for m in marks(as_spec(chart), width) if m["kind"] == "text" and m.get("text")]
        for width in (290, 1320)
    }
    assert said[290][0] == NAMES["s7"]
    assert len(said[290]) < len(said[1320])
    assert {NAMES[f"s{i}"] for i in range(3, 8)} <= set(said[1320])


def test_a_reader_who_draws_the_axis_out_reads_more_names() -> None:
    """The room of a name is that of the wider plot of which the screen shows a part."""
    spec = as_spec(evidence_chart(INDICATOR, readings(APART), NAMES, as_of=DAY))
    whole = [m for m in marks(spec, 290) if m["kind"] == "text"]
    for layer in spec["layer"]:
        layer["encoding"]["x"]["scale"]["domain"] = ["2023-01-01T00:00:00", "2027-01-01T00:00:00"]
    drawn = marks(spec, 290)
    inside = [m for m in drawn if m["kind"] == "text" and 0 <= m["x"] <= 290]
    outside = [m for m in whole if m["text"] in {NAMES["s6"], NAMES["s7"], NAMES["s5"], NAMES["s4"]}]
    assert len(inside) > len(outside)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("height", [140, 340])
def test_dates_of_a_curve_and_shares_of_chances_stand_apart(width: int, height: int) -> None:
    curve = crossing(run(DAY, result=result(DAY)), as_of=DAY, name="a threshold")
    said = [
        Reliability(low=0, high=1, said=share, happened=share, cases=12)
        for share in (0.01, 0.03, 0.5, 0.52, 0.99, 0.4)
    ]
    for chart in (curve, said_and_happened(said, as_of=DAY)):
        assert collisions(marks({**as_spec(chart), "height": height}, width), width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_days_of_a_history_and_what_happened_on_them_stand_apart(width: int) -> None:
    runs = [run(DAY - timedelta(days=30 * i), id=f"r{i}", result=result(DAY)) for i in range(8)]
    for chart in (
        chance_history(runs, HAPPENED, as_of=DAY, name="a threshold"),
        months(runs, HAPPENED, as_of=DAY, name="a threshold"),
    ):
        assert collisions(marks(as_spec(chart), width), width) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_priors_that_say_the_same_are_both_named(width: int) -> None:
    rows = [
        {"prior": prior, "x": x / 10, "density": max(0.0, 1 - abs(x - 30) / 25)}
        for prior in ("now", "before")
        for x in range(100)
    ]
    drawn = marks(as_spec(density(rows, what="pace", unit="days", as_of=DAY)), width)
    assert collisions(drawn, width) == []
    if width >= 190:
        assert {m["text"] for m in drawn if m["kind"] == "text"} == {"now", "before"}


def test_a_name_that_has_no_place_is_left_out() -> None:
    wall = [Taken(x=x / 20, y=y / 20, reach=20) for x in range(21) for y in range(21)]
    name = Name(text="nowhere", x=0.5, y=0.5, row={})
    assert arranged(Names(names=[name]), taken=wall) == [[]]
    ((first, *_),) = arranged(Names(names=[name]), taken=[])
    assert (first["label"], first["align"], first["dy"]) == ("nowhere", "left", 0.0)


@pytest.mark.parametrize(
    "text", ["Claude Mythos Preview", "GPT-5.3-Codex", "WWWWWW", "o1-preview (new)", "100 %"]
)
def test_a_text_is_taken_to_be_as_wide_as_it_is_drawn(text: str) -> None:
    """Against the pixels of the very text, drawn ten times as large."""
    spec = {
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "fontSize": 100, "font": "Liberation Sans, Arial, sans-serif"},
        "encoding": {"text": {"field": "text", "type": "nominal"}},
        "width": 2000,
        "height": 200,
        "config": {"view": {"stroke": None}},
    }
    png = vl_convert.vegalite_to_png(spec, ppi=72, allowed_base_urls=[])
    with Image.open(io.BytesIO(png)) as picture:
        left, _, right, _ = Image.eval(picture.convert("L"), lambda v: 255 - v).getbbox() or (0, 0, 0, 0)
    assert right - left <= text_width(text, 100) <= 1.25 * (right - left)


def test_bars_leave_room_for_what_is_written_beyond_them() -> None:
    scale = room_beside([0.2, 0.5], ["20 %", "50 %"]).to_dict()
    assert scale["domainMin"] == 0
    assert scale["domainMax"]["expr"].startswith("0.5 / ")
