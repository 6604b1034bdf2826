"""A meeting from its agenda to its snapshot; the agenda says what changed between two moments and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scorecard.governance.agenda import REST, SHAPED, grouped
from scorecard.governance.decisions import decide
from scorecard.governance.meetings import (
    LONGEST,
    MeetingRefused,
    Move,
    agenda,
    as_before,
    close,
    find_meeting,
    minute,
    open_meeting,
    schedule,
    shape,
    shaped,
    standing_minutes,
)
from scorecard.governance.proposals import propose
from scorecard.governance.safeguards import plan_safeguard
from scorecard.governance.snapshots import reopen
from scorecard.governance.tripwires import read_condition
from scorecard.people import Actor, NotAllowed
from scorecard.records import (
    AgendaItem,
    AgendaKind,
    Cdf,
    ForecastRun,
    Meeting,
    Minute,
    Moved,
    Plainly,
    ReadingsCame,
    Unready,
)
from scorecard.store import Store, StoreError, verify
from tests.scorecard.conftest import Prepared
from tests.scorecard.examples import criterion, determination, reading, result, run
from tests.scorecard.governance.test_safeguards import safeguard
from tests.shared_stores import copy_store

CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
RESEARCHER = Actor(name="a researcher", identity="typed by hand", role="researcher")
FIRST, SECOND = date(2026, 2, 1), date(2026, 3, 10)


def held(store: Store, day: date) -> Meeting:
    """A meeting scheduled, opened and closed on a day."""
    made = schedule(store, CHAIR, held_on=day, today=day)
    open_meeting(store, made.id, CHAIR, today=day)
    return close(store, made.id, CHAIR, "Nothing to decide.", today=day)


@pytest.fixture
def after(prepared: Prepared, tmp_path: Path) -> Store:
    """A store with a run of 1 February and a meeting held that day."""
    return copy_store(prepared("after", hold_the_first), tmp_path)


def hold_the_first(store: Store) -> None:
    store.append([run()], action="forecast", actor="a test")
    held(store, FIRST)


def second(store: Store, **more: Any) -> list[AgendaItem]:
    """The agenda of a meeting on 10 March."""
    return agenda(store, schedule(store, CHAIR, held_on=SECOND, today=SECOND, **more))


def of(items: list[AgendaItem], kind: str) -> list[AgendaItem]:
    return [item for item in items if item.kind == kind]


def moved(p: float, **more: Any) -> ForecastRun:
    cdf = Cdf(dates=(date(2026, 3, 10), date(2036, 3, 10)), p=(p, 0.9))
    return run(SECOND, result=result(cdf=cdf), **more)


def test_nothing_new_leaves_only_the_standing_items(after: Store) -> None:
    items = agenda(after, schedule(after, CHAIR, held_on=FIRST, today=FIRST))
    assert {item.kind for item in items} == {"proposal"}
    assert items[0].title == "1 criterion in use by default await adoption"


def test_a_probability_that_moved_enough_is_on_it_with_both_values(after: Store) -> None:
    after.append([moved(0.5)], action="forecast", actor="a test")
    (item,) = of(second(after), "forecast moved")
    assert item.threshold == "lab.high"
    assert isinstance(item.data, Moved)
    assert item.data.by == date(2027, 3, 10)
    assert item.data.before == pytest.approx(0.1 + 0.08)
    assert item.data.now == pytest.approx(0.5 + 0.4 * 365 / 3653, abs=1e-3)
    assert of(second(after, moved_by=0.9), "forecast moved") == []


def test_a_first_forecast_counts_as_moved(store: Store) -> None:
    held(store, FIRST)
    store.append([moved(0.5)], action="forecast", actor="a test")
    (item,) = of(second(store), "forecast moved")
    assert isinstance(item.data, Moved)
    assert item.data.before is None


def test_new_and_corrected_readings_are_told_apart(after: Store) -> None:
    new = reading("three", date(2026, 2, 20), 300.0, known_at=date(2026, 3, 1))
    after.append([new], action="import", actor="a test")
    (item,) = of(second(after), "evidence")
    assert item.data == ReadingsCame(indicator="horizon", new=1, revised=1)
    assert "Two 3.57 h to 3.38 h" in item.words
    assert "three 5 h" in item.words


def test_what_was_known_later_than_the_meeting_is_not_on_it(after: Store) -> None:
    late = reading("three", date(2026, 2, 20), 300.0, known_at=date(2026, 3, 11))
    after.append([late, determination("crossed", date(2026, 3, 12))], action="import", actor="a test")
    items = second(after)
    came = of(items, "evidence")[0].data
    assert isinstance(came, ReadingsCame)
    assert came.new == 0
    assert of(items, "determination") == []


def test_determinations_stale_evidence_and_proposals(after: Store) -> None:
    after.append([determination("crossed", date(2026, 2, 20))], action="import", actor="a test")
    propose(after, criterion("mine", author="a researcher"), RESEARCHER)
    items = second(after)
    assert [i.title for i in of(items, "determination")] == ["Lab: self improvement, High: crossed (One)"]
    assert "190 days old" in of(items, "stale evidence")[0].title
    assert "Criterion for Lab: self improvement, High awaits adoption" in [
        i.title for i in of(items, "proposal")
    ]


def test_decisions_due_and_tripwires(after: Store) -> None:
    with after.view() as now:
        wire = read_condition("revised horizon", now)
    decide(
        after,
        actor=CHAIR,
        threshold="lab.high",
        finding="not_crossed",
        decision="Carry on.",
        reason="Far off.",
        forecast_run=run().id,
        review_on=date(2026, 3, 1),
        due_on=date(2026, 4, 1),
        tripwires=[wire],
        today=FIRST,
    )
    items = second(after)
    assert [i.title for i in of(items, "decision due")] == ["Due for review since 1 March 2026: Carry on."]
    assert items[0].kind == "tripwire"
    assert "1 reading of horizon" in items[0].title


def test_a_safeguard_that_comes_too_late_is_on_it(after: Store) -> None:
    plan_safeguard(after, safeguard(400, 500, 600), RESEARCHER)
    (item,) = of(agenda(after, schedule(after, CHAIR, held_on=FIRST, today=FIRST)), "safeguard")
    assert isinstance(item.data, Unready)
    assert item.data.p == pytest.approx(0.1 + 0.08 * 500 / 365, abs=0.01)
    assert item.data.tolerance == 0.1


def test_a_meeting_from_agenda_to_snapshot(after: Store) -> None:
    after.append([moved(0.5)], action="forecast", actor="a test")
    made = schedule(
        after, CHAIR, held_on=SECOND, attendees=("a researcher", "the board secretary"), today=SECOND
    )
    opened = open_meeting(after, made.id, CHAIR, today=SECOND)
    key = "moved/lab.high"
    minute(after, made.id, key, "We looked at the fit.", RESEARCHER, today=SECOND)
    minute(after, made.id, key, "We looked at the fit twice.", RESEARCHER, today=SECOND)
    minute(after, made.id, "", "It took an hour.", RESEARCHER, today=SECOND)
    decide(
        after,
        actor=CHAIR,
        threshold="lab.high",
        finding="look_deeper",
        decision="Look deeper.",
        reason="It moved.",
        forecast_run=moved(0.5).id,
        meeting=made.id,
        today=SECOND,
    )
    closed = close(after, made.id, CHAIR, "A deeper look was asked for.", today=SECOND)
    assert closed.state == "closed"
    assert closed.agenda == opened.agenda

    after.append([reading("four", date(2026, 3, 9), 999.0, known_at=SECOND)], action="import", actor="a test")
    view = reopen(after, closed.snapshot)
    assert "Minute: We looked at the fit twice." in view.text
    assert "Look deeper." in view.text
    assert "the chair; record" in view.text
    assert "Present: a researcher, the board secretary." in view.text
    assert [r.id for r in view.of(ForecastRun)] == [moved(0.5).id]
    assert len(view.of(Minute)) == 3, "a corrected minute is kept"
    assert agenda(after, find_meeting(after, made.id)) == list(opened.agenda), "it is fixed"
    assert verify(after).sound
    with after.view() as now:
        assert standing_minutes(now, made.id)[key].words == "We looked at the fit twice."


def test_the_order_of_a_meeting_is_kept(after: Store) -> None:
    made = schedule(after, CHAIR, held_on=SECOND, today=SECOND)
    with pytest.raises(MeetingRefused, match="while it is open"):
        minute(after, made.id, "", "Too early.", RESEARCHER)
    with pytest.raises(MeetingRefused, match="only an open one"):
        close(after, made.id, CHAIR, "Too early.")
    open_meeting(after, made.id, CHAIR)
    with pytest.raises(MeetingRefused, match="open already"):
        open_meeting(after, made.id, CHAIR)
    with pytest.raises(MeetingRefused, match="not on the agenda"):
        minute(after, made.id, "moved/nothing", "What?", RESEARCHER)
    with pytest.raises(MeetingRefused, match="needs words"):
        minute(after, made.id, "", " ", RESEARCHER)
    with pytest.raises(MeetingRefused, match="summary"):
        close(after, made.id, CHAIR, " ")
    close(after, made.id, CHAIR, "Done.")
    with pytest.raises(MeetingRefused, match="closed"):
        minute(after, made.id, "", "Too late.", RESEARCHER)
    with pytest.raises(StoreError, match="no meeting"):
        find_meeting(after, "2030-01-01")


def test_roles_hold_in_the_functions(after: Store) -> None:
    viewer = Actor(name="a guest", identity="signed in with single sign-on", role="viewer")
    made = schedule(after, CHAIR, held_on=SECOND, today=SECOND)
    open_meeting(after, made.id, CHAIR)
    for who, deed in (
        (RESEARCHER, lambda who: schedule(after, who, held_on=SECOND)),
        (RESEARCHER, lambda who: open_meeting(after, made.id, who)),
        (RESEARCHER, lambda who: close(after, made.id, who, "Mine.")),
        (viewer, lambda who: minute(after, made.id, "", "Mine.", who)),
    ):
        with pytest.raises(NotAllowed):
            deed(who)


def test_two_meetings_of_one_day_have_ids_of_their_own(after: Store) -> None:
    ids = [schedule(after, CHAIR, held_on=SECOND).id for _ in range(2)]
    assert ids == ["2026-03-10", "2026-03-10-2"]


def items_of(*kinds: AgendaKind) -> list[AgendaItem]:
    """An agenda of kinds, each item's key the kind and how many of it came before."""
    return [
        AgendaItem(
            key=f"{kind} {kinds[:n].count(kind)}",
            kind=kind,
            title=kind,
            words="",
            threshold="",
            data=Plainly(),
        )
        for n, kind in enumerate(kinds)
    ]


def keys(items: list[AgendaItem]) -> list[str]:
    return [item.key for item in items]


FOUR = items_of("tripwire", "proposal", "forecast moved", "evidence")


def test_an_item_moves_among_those_that_are_taken() -> None:
    up = shaped(FOUR, "forecast moved 0", "up")
    assert keys(up) == ["tripwire 0", "forecast moved 0", "proposal 0", "evidence 0"]
    assert grouped(up) == {SHAPED: [0, 1, 2], REST: [3]}, "no longer the order of the groups"
    back = shaped(up, "forecast moved 0", "down")
    assert keys(back) == keys(FOUR)
    assert grouped(back) == grouped(FOUR)


def test_a_dropped_item_is_for_information_until_it_is_taken_up() -> None:
    dropped = shaped(FOUR, "tripwire 0", "drop")
    assert keys(dropped) == ["proposal 0", "forecast moved 0", "tripwire 0", "evidence 0"]
    assert [item.place for item in dropped] == ["taken", "taken", "dropped", "for information"]
    taken = shaped(dropped, "tripwire 0", "take")
    assert keys(taken) == ["proposal 0", "forecast moved 0", "tripwire 0", "evidence 0"]
    assert taken[2].place == "taken"
    assert grouped(shaped(FOUR, "evidence 0", "take")) == {SHAPED: [0, 1, 2, 3]}


def test_dropping_one_of_many_brings_up_no_other() -> None:
    """Nine that call for the meeting, eight of them taken: without one of these it takes seven."""
    nine: list[AgendaKind] = ["forecast moved"] * 9
    items = items_of(*nine)
    dropped = shaped(items, "forecast moved 2", "drop")
    assert len(grouped(dropped)[REST]) == 2
    assert [item.place for item in dropped][-2:] == ["dropped", "for information"]


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("tripwire 0", "up", "first item already"),
        ("forecast moved 0", "down", "last item already"),
        ("evidence 0", "up", "take it up first"),
        ("tripwire 0", "take", "on the agenda already"),
        ("nothing", "up", "not on the agenda"),
        ("tripwire 0", -1, "0 to"),
        ("tripwire 0", LONGEST + 1, "0 to"),
    ],
)
def test_what_cannot_be_shaped_is_said(key: str, change: Move | int, words: str) -> None:
    with pytest.raises(MeetingRefused, match=words):
        shaped(FOUR, key, change)


def test_an_agenda_that_is_drawn_up_anew_keeps_what_the_chair_made_of_it() -> None:
    before = shaped(shaped(shaped(FOUR, "forecast moved 0", "up"), "proposal 0", 15), "tripwire 0", "drop")
    later = items_of("determination", "tripwire", "forecast moved", "evidence", "stale evidence")
    now = as_before(later, before)
    assert keys(now) == [
        "forecast moved 0",
        "determination 0",
        "tripwire 0",
        "evidence 0",
        "stale evidence 0",
    ]
    assert now[1].place == "taken", "what came since calls for the meeting as it would have"
    assert now[2].place == "dropped"
    assert as_before([*FOUR], before)[1].timebox == 15


def test_the_minutes_follow_the_chair(after: Store) -> None:
    """Shaped before and after the opening; kept on record, bound at the close and read by nobody else's order."""
    after.append([moved(0.5)], action="forecast", actor="a test")
    made = schedule(after, CHAIR, held_on=SECOND, today=SECOND)
    drawn = keys(agenda(after, made))
    assert drawn[:2] == ["proposal/criteria", "moved/lab.high"]
    shape(after, made.id, "moved/lab.high", "up", CHAIR, today=SECOND)
    shape(after, made.id, "moved/lab.high", 20, CHAIR, today=SECOND)
    opened = open_meeting(after, made.id, CHAIR, today=SECOND)
    assert keys(list(opened.agenda))[:2] == ["moved/lab.high", "proposal/criteria"]
    shape(after, made.id, "proposal/criteria", "drop", CHAIR, today=SECOND)
    with pytest.raises(NotAllowed, match="chair"):
        shape(after, made.id, "moved/lab.high", 5, RESEARCHER)
    closed = close(after, made.id, CHAIR, "Done.", today=SECOND)
    text = reopen(after, closed.snapshot).text
    first, second = (text.index(title) for title in ("## 1. ", "## 2. 1 criterion"))
    assert "Time set aside: 20 minutes." in text[first:second]
    assert "Dropped by the chair to what is for information." in text[second:]
    assert text.count("Dropped by the chair") == text.count("Time set aside") == 1
    with pytest.raises(MeetingRefused, match="bound with its minutes"):
        shape(after, made.id, "moved/lab.high", "drop", CHAIR)
    assert verify(after).sound
