"""Up to which day anybody looked stands on every view; the watch list, its inbox, and METR's line have a tab each."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from forecasts.judging.published import window
from scorecard.records import InboxItem, Look, Measurement
from scorecard.store import Store
from tests.pages.test_pages import VIEWS, opened

TODAY = datetime.now(UTC).date()
ITEM = InboxItem(
    id="metr_posts-1",
    watched="metr_posts",
    title="A review of *something*",
    address="https://example.org/review",
    published_on=date(2026, 11, 1),
    state="seen",
    handled_by="refresh",
    known_at=date(2026, 11, 2),
)


def table(at: AppTest, column: str) -> pd.DataFrame:
    return next(d.value for d in at.dataframe if column in d.value.columns)


@pytest.mark.parametrize(("page", "tab"), VIEWS)
def test_every_view_says_up_to_which_day_anybody_looked(shown: Store, page: str, tab: str) -> None:
    at = opened(page, **({"tab": tab} if tab else {}))
    assert not at.exception
    assert any("Evidence searched to 8 October 2026" in c.value for c in at.caption)


def test_the_watch_list_says_which_measures_are_due_again(shown: Store) -> None:
    at = opened("evidence.py", tab="watched")
    due = table(at, "newest reading")
    assert "METR 80% time horizon (software tasks)" in set(due["indicator"])
    assert any(f"of {len(due)} indicators" in m.value for m in at.markdown)


def test_the_watch_list_says_who_is_due(shown: Store) -> None:
    at = opened("evidence.py", tab="watched")
    rows = table(at, "looks for")
    late = [
        (TODAY - day).days > every for day, every in zip(rows["reaches"], rows["every, days"], strict=True)
    ]
    assert list(rows["due"]) == late
    assert at.header[0].value == f"At {sum(late)} of {len(rows)} publishers somebody should look again."
    assert sorted(rows["reaches"]) == list(rows["reaches"])
    then = opened("evidence.py", tab="watched", as_of="2026-10-02")
    assert any("no search is on record" in c.value for c in then.caption)


def test_a_look_from_the_screen_is_on_record(filled: Store) -> None:
    at = opened("evidence.py", tab="watched")
    at.selectbox(key="look_at").set_value("metr_posts")
    at.number_input(key="look_found").set_value(2)
    at.text_input(key="look_note").input("two posts")
    at.text_input(key="look_by").input("a researcher")
    next(b for b in at.button if b.label == "Note the look").click().run()
    assert not at.exception
    with filled.view() as now:
        (look,) = now.all(Look, watched="metr_posts", looked_by="a researcher")
    assert (look.looked_by, look.found, look.reaches, look.note) == ("a researcher", 2, TODAY, "two posts")


def test_an_item_of_the_inbox_is_set_aside_for_a_reason_only(filled: Store) -> None:
    filled.append([ITEM], action="refresh", actor="a test")

    def press(reason: str) -> AppTest:
        at = opened("evidence.py", tab="watched")
        at.selectbox(key=f"inbox_{ITEM.id}").set_value("set_aside")
        at.text_input(key=f"inbox_reason_{ITEM.id}").input(reason)
        at.text_input(key=f"inbox_by_{ITEM.id}").input("a researcher")
        return next(b for b in at.button if b.label == "Keep").click().run()

    assert "say why" in press("").error[0].value.lower()
    done = press("not about capabilities")
    assert not done.exception
    with filled.view() as now:
        item = now.get(InboxItem, id=ITEM.id)
    assert (item.state, item.handled_by, item.reason) == (
        "set_aside",
        "a researcher",
        "not about capabilities",
    )
    assert any("Dealt with (1)" in e.label for e in opened("evidence.py", tab="watched").expander)


def test_a_window_of_metr_s_line_is_least_squares_beside_what_metr_printed_and_ours(shown: Store) -> None:
    at = opened("evidence.py", tab="trend")
    assert not at.exception
    first, printed, ours = table(at, "days a doubling").to_dict("records")
    assert [round(row["days a doubling"], 3) for row in (first, printed)] == [128.744, 128.744]
    assert [round(printed[end], 1) for end in ("low", "high")] == [104.4, 158.0]
    assert ours["low"] < ours["days a doubling"] < ours["high"]
    assert any("resampling tasks, runs and systems" in c.value for c in at.caption)

    at.selectbox(key="window").set_value("all time")
    at.selectbox(key="percentile").set_value(80)
    at.selectbox(key="systems").set_value("all")
    at.multiselect(key="without").set_value(["gpt_5"]).run()
    assert not at.exception
    with shown.view() as now:
        one = window(now.all(Measurement), percentile=80, systems="all", without=["gpt_5"])
    first, printed, _ = table(at, "days a doubling").to_dict("records")
    assert first["days a doubling"] == pytest.approx(one.days)
    assert printed["figure"] == "METR printed no figure for this window"
    assert f"through {len(one.rows)} systems" in at.header[0].value
