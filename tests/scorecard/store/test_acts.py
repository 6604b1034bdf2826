"""Who acts brings a token and a clock: a repeated act is stored once, an odd clock is asked about and marked."""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from scorecard.people import Actor
from scorecard.records import Commentary
from scorecard.store import ClockInDoubt, Store, verify
from scorecard.store.stamps import AHEAD, BEHIND, CONFIRMED, SLACK, oddity, touched

NOON = datetime(2026, 11, 29, 12)  # noqa: DTZ001  # the store's clock is naive UTC
DAY = timedelta(days=1)
SOMEBODY = Actor(name="a researcher", identity="typed by hand", role="researcher")


def press(token: str, name: str = "a researcher") -> Actor:
    return Actor(name=name, identity="typed by hand", role="researcher", token=token)


def comment(id: str = "one", known_at: date = NOON.date()) -> Commentary:
    return Commentary(id=id, threshold="lab.high", text="It moved.", author="a researcher", known_at=known_at)


def add(store: Store, at: datetime, one: Commentary, actor: Actor | str = SOMEBODY) -> int:
    store.clock = lambda: at
    return store.append([one], action="comment", actor=actor).seq


@pytest.fixture
def begun(empty: Store) -> Store:
    """A store with one comment of noon."""
    add(empty, NOON, comment("first"))
    return empty


# ---- tokens --------------------------------------------------------------------------------------


def test_an_act_with_a_token_on_record_stores_nothing_and_names_its_entry(begun: Store) -> None:
    first = begun.append([comment("one")], action="comment", actor=press("t1"))
    again = begun.append([comment("two")], action="comment", actor=press("t1"))
    assert (first.added, again.added) == (1, 0)
    assert (again.seq, again.head) == (first.seq, first.head)
    with begun.view() as now:
        assert [one.id for one in now.all(Commentary)] == ["first", "one"]
        assert now.log()[-1].token == "t1"
    assert verify(begun).sound


def test_what_the_first_press_stored_can_be_had_again(begun: Store) -> None:
    begun.append([comment("one")], action="comment", actor=press("t1"))
    found = begun.written(press("t1"), Commentary)
    assert found is not None
    assert found.id == "one"
    assert begun.written(press("t2"), Commentary) is None
    assert begun.written(press(""), Commentary) is None


def test_the_token_of_another_person_is_another_act(begun: Store) -> None:
    begun.append([comment("one")], action="comment", actor=press("t1"))
    assert begun.append([comment("two")], action="comment", actor=press("t1", "a colleague")).added == 1


# ---- the clock -----------------------------------------------------------------------------------


def marks(store: Store) -> list[str]:
    with store.view() as now:
        return [entry.clock for entry in now.log()]


def test_a_clock_that_was_set_right_by_seconds_is_nothing_to_ask_about(begun: Store) -> None:
    add(begun, NOON - SLACK, comment("two"))
    assert marks(begun) == ["", ""]


@pytest.mark.parametrize(("off", "odd"), [(-400 * DAY, BEHIND), (1100 * DAY, AHEAD)])
def test_a_person_is_asked_and_what_is_confirmed_is_marked(
    begun: Store, off: timedelta, odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else the temporary files of this machine speak for a clock that is ahead of the record.
    monkeypatch.setattr("scorecard.store.store.this_machine_before", lambda _: None)
    with pytest.raises(ClockInDoubt, match=f"{odd}.*--clock-is-right"):
        add(begun, NOON + off, comment("two"))
    assert marks(begun) == [""]
    monkeypatch.setenv(CONFIRMED, "1")
    add(begun, NOON + off, comment("two", (NOON + off).date()))
    assert marks(begun) == ["", odd]
    assert verify(begun).odd == 1
    with begun.view() as now:
        assert now.all(Commentary)[-1].known_at == max(NOON, NOON + off).date(), (
            "never known before it was written"
        )


def test_what_the_scorecard_writes_by_itself_is_marked_and_not_asked(begun: Store) -> None:
    add(begun, NOON - 400 * DAY, comment("two"), "the scorecard")
    assert marks(begun) == ["", BEHIND]


def test_days_given_for_what_is_past_are_left_alone(begun: Store) -> None:
    add(begun, NOON, comment("two", date(2026, 2, 1)))
    with begun.view() as now:
        assert now.all(Commentary)[-1].known_at == date(2026, 2, 1)


def test_a_quiet_week_on_a_machine_in_use_is_not_odd(tmp_path: Path) -> None:
    for name, at in (
        ("yesterday", NOON + 6 * DAY),
        ("just now", NOON + 7 * DAY),
        ("long ago", NOON - 90 * DAY),
    ):
        (tmp_path / name).touch()
        stamp = (at - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001
        os.utime(tmp_path / name, (stamp, stamp))
    now = NOON + 7 * DAY

    def elsewhere(before: datetime) -> datetime | None:
        return touched([tmp_path, tmp_path / "none"], before)

    assert elsewhere(now - timedelta(hours=1)) == NOON + 6 * DAY
    assert oddity(now, NOON, elsewhere) == ""
    (tmp_path / "yesterday").unlink()
    assert oddity(now, NOON, elsewhere) == AHEAD, "a file of a clock that is wrong already says nothing"
    assert oddity(now, None, elsewhere) == "", "a record that begins has nothing to compare with"


def test_a_mark_or_token_cannot_be_taken_off_unseen(begun: Store) -> None:
    from tests.scorecard.store.tamper import tamper

    begun.append([comment("one")], action="comment", actor=press("t1"))
    tamper(begun.path, "UPDATE log SET token = '' WHERE seq = 2")
    assert not verify(begun).sound
