"""The frame of every page: charts for any width, names said aloud, search, HTML that escapes, colours of a chance."""

from __future__ import annotations

import json
import re
from datetime import date

import altair as alt
import pandas as pd
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df as as_dataframe
from streamlit.testing.v1 import AppTest

from scorecard import __version__
from scorecard.charts import as_rows, as_spec, crossing, in_the_dark, overview
from scorecard.charts.dependents import rests
from scorecard.charts.style import DARK, INK, dressed, inline, stamp
from scorecard.clock import today
from scorecard.records import Threshold
from scorecard.store import Store
from scorecard.thresholds.board import board
from scorecard.words import points_in_words, spoken
from screens.frame import record, search
from screens.frame.downloads import as_csv, citation
from screens.frame.drawing import LONGEST_ALT, drawn_out, for_screen
from screens.frame.glossary import TERMS
from screens.frame.navigation import file_of, pages
from screens.frame.record import Opened
from screens.frame.text import element
from screens.frame.tokens import step_of
from screens.threshold.occasions import around
from tests.pages.conftest import HIGH
from tests.pages.test_pages import PATIENCE, opened
from tests.scorecard.examples import result, run


def test_a_chart_for_the_screen_has_its_words_around_it_and_labels_that_leave_half_the_width(
    shown: Store,
) -> None:
    with shown.view(as_of=today()) as known, shown.view() as now:
        rows = board(known, now, as_of=today())
    whole = as_spec(overview(rows, as_of=today()))
    assert len(whole["description"]) > LONGEST_ALT
    spec, title, under = for_screen(whole)
    assert title == "When thresholds are crossed: median and 80 % interval"
    assert under.startswith("As of ")
    assert "title" not in spec
    assert len(spec["description"]) <= LONGEST_ALT
    limits = re.findall(r"'labelLimit': (\{'expr': '.*?'\}|\d+)", str(spec))
    assert limits
    assert all("containerSize" in limit for limit in limits)
    assert spec["config"]["axisX"]["labelSeparation"] > 0
    assert INK in str(spec)
    assert INK not in str(in_the_dark(spec))
    assert DARK[INK] in str(in_the_dark(spec))


def test_a_time_axis_is_drawn_out_and_no_other() -> None:
    """With Ctrl or by a mouse only: a wheel or a finger over a chart scrolls the page."""
    timed = as_spec(crossing(run(today(), result=result(today())), as_of=today()))
    assert drawn_out(timed)
    (zoom,) = (param for layer in timed["layer"] for param in layer.get("params", ()))
    assert (zoom["bind"], zoom["select"]["encodings"]) == ("scales", ["x"])
    assert "event.ctrlKey" in zoom["select"]["zoom"]
    assert "event.pointerType" in zoom["select"]["translate"]
    axes = [layer["encoding"]["x"]["axis"] for layer in timed["layer"] if "axis" in layer["encoding"]["x"]]
    assert all("domain('x')" in axis["tickCount"]["expr"] and "format" not in axis for axis in axes)
    assert not drawn_out(as_spec(rests({"measurements": 3}, as_of=today(), source="a paper")))


def test_what_happened_by_a_day_is_marked_along_its_charts_and_nothing_later(shown: Store) -> None:
    day = date(2026, 8, 1)
    row = next(r for r in record.scorecard(shown, day).rows if r.threshold.id == HIGH)
    known = record.evidence(shown, day)
    found = around(row, known, [known.indicators["metr_p80_horizon"]], day)
    assert {one.kind for one in found} == {"finding", "framework", "readings"}
    assert max(one.on for one in found) <= day
    assert {"version 2"} <= {one.name for one in found if one.kind == "framework"}
    best = [one for one in found if "best so far" in one.words]
    assert best
    assert all(one.name in one.words for one in best), "a system that came to lead gives its name"


def test_what_a_chart_draws_is_taken_away_as_a_table() -> None:
    """Each table once, whoever draws it twice; days are days, and text that a spreadsheet would run is quoted."""
    first = alt.Chart(inline([{"day": stamp(today()), "p": 0.5}])).mark_line().encode(x="day:T", y="p:Q")
    other = alt.Chart(inline([{"label": "=1+1"}])).mark_text().encode(text="label:N")
    alone = dressed([first, first], title="a", subtitle=[], description="b")
    assert as_rows(alone) == [{"day": today().isoformat(), "p": 0.5}]
    both = dressed([first, other], title="a", subtitle=[], description="b")
    assert as_rows(both) == [{"part": 1, "day": today().isoformat(), "p": 0.5}, {"part": 2, "label": "=1+1"}]
    assert "'=1+1" in as_csv(pd.DataFrame(as_rows(both))).decode("utf-8-sig")


def test_a_citation_names_day_run_record_and_address() -> None:
    words = citation(
        "How likely", "As of today.", "0123456789abcdef", "Head of the record", "http://here/?as_of=x"
    )
    assert words == (
        "“How likely”. As of today. Forecast run 0123456789ab. "
        f"Preparedness scorecard {__version__}. Head of the record http://here/?as_of=x"
    )


def test_every_chart_is_cited_and_taken_away(filled: Store) -> None:
    at = opened("threshold.py", threshold=HIGH)
    assert not at.exception
    cited = [c.value for c in at.code if c.value.startswith("“")]
    assert cited
    with filled.view() as now:
        head = now.log()[-1].hash[:12]
    assert all(head in words and f"as_of={today()}" in words for words in cited)
    (curve,) = (words for words in cited if "chance by date" in words)
    assert "forecast run" in curve
    labels = [getattr(b, "label", "") for b in at.get("download_button")]
    for label in ("Chart (SVG)", "Data (CSV)", "Page to embed (HTML)"):
        assert labels.count(label) == len(cited)


def test_what_a_chart_is_taken_away_with_is_no_field_of_a_form(filled: Store) -> None:
    """A press that is sent again, while the charts have followed the record, is still the same act."""

    def script() -> None:
        import streamlit as st

        from screens.frame.session import acting

        st.text(acting("a form").token)

    tokens = []
    for key in ("take-1", "take-2", "a-field"):
        at = AppTest.from_function(script)
        at.session_state[key] = False
        tokens.append(at.run().text[0].value)
    assert tokens[0] == tokens[1] != tokens[2]


def test_a_table_sorts_by_its_values_and_shows_them_as_people_say_them() -> None:
    def script() -> None:
        from datetime import date

        import pandas as pd
        import streamlit as st

        from screens.frame.tables import data_table

        table = pd.DataFrame(
            {
                "threshold": ["one", "two"],
                "chance": [0.4785, None],
                "median": [date(2028, 1, 12), None],
                "released": [date(2026, 1, 2), date(2026, 3, 4)],
                "ratio": [1.23456, 1e-7],
                "score": [0.12345, 2.0],
            }
        )
        two = {"score": st.column_config.NumberColumn(format="%.2f")}
        data_table(table, alt="A table", chances=("chance", "none such"), months=("median",), config=two)

    (shown,) = AppTest.from_function(script, default_timeout=PATIENCE).run().dataframe
    assert shown.value["chance"].iloc[0] == 0.4785
    cells = as_dataframe(shown.proto.arrow_data.styler.display_values)
    assert cells.iloc[0].to_list()[:3] == ["one", "48 %", "Jan 2028"]
    assert cells.iloc[0].to_list()[4:] == ["1.23", "0.12"]
    assert cells.iloc[1].to_list()[4:] == ["1e-07", "2.00"]
    config = json.loads(shown.proto.columns)
    assert config["threshold"]["pinned"] is True
    assert config["released"]["type_config"]["format"] == "D MMM YYYY"


def test_every_threshold_on_record_has_a_name_that_can_be_said(shown: Store) -> None:
    with shown.view() as now:
        names = {t.id: spoken(t) for t in now.all(Threshold) if t.current}
    assert not [name for name in names.values() if re.search(r"[_()]|TCL|LoC|CB-\d", name)]
    assert names["openai.pf2.ai_self_improvement.high"] == "self-improvement, High"
    assert names["openai.pf2.research.long_range_autonomy"] == "long-range autonomy"
    assert names["anthropic.rsp3_4.automated_rd.acceleration"] == "automated R&D, by pace"


def test_points_have_a_sign_and_nothing_below_one() -> None:
    assert [points_in_words(x) for x in (0.21, -0.06, 0.004)] == ["+21", "\N{MINUS SIGN}6", ""]


def test_a_likelier_chance_is_never_lighter() -> None:
    assert [step_of(p) for p in (0.1, 0.4, 0.5, 0.9)] == ["under33", "under50", "under67", "over67"]


def test_whatever_can_be_found_opens_on_a_page_that_is_there(shown: Store) -> None:
    found = search.everything(Opened.of(shown))
    kinds = {one.name.partition(":")[0] for one in found}
    assert {"Threshold", "Indicator", "System", "Source"} <= kinds
    for address, query in {(one.address, one.query.get("tab", "")) for one in found}:
        page = file_of(address)
        assert page is not None
        assert not query or query in pages()[page].tabs


def test_text_in_an_element_is_shown_letter_by_letter() -> None:
    made = element("a", "<b>", element("i", "&"), cls="x", href='"><script>')
    assert made == '<a class="x" href="&quot;&gt;&lt;script&gt;">&lt;b&gt;<i>&amp;</i></a>'


def test_the_words_stand_in_the_order_of_the_alphabet() -> None:
    assert list(TERMS) == sorted(TERMS, key=str.lower)
