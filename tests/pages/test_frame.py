"""The frame of every page: charts for any width, names said aloud, search, HTML that escapes, colours of a chance."""

from __future__ import annotations

import re

from scorecard.charts import as_spec, in_the_dark, overview
from scorecard.charts.style import DARK, INK
from scorecard.clock import today
from scorecard.records import Threshold
from scorecard.store import Store
from scorecard.thresholds.board import board
from scorecard.words import points_in_words, spoken
from screens.frame import search
from screens.frame.drawing import LONGEST_ALT, for_screen
from screens.frame.glossary import TERMS
from screens.frame.navigation import file_of, pages
from screens.frame.record import Opened
from screens.frame.text import element
from screens.frame.tokens import step_of


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
    assert INK in str(spec)
    assert INK not in str(in_the_dark(spec))
    assert DARK[INK] in str(in_the_dark(spec))


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
