"""The organisation's own experts: blind to each other, pooled by their record, scored when the day has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from math import log
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecard.evidence import export
from scorecard.governance.questions import QuestionRefused, QuestionView, answer, ask, asked, resolve
from scorecard.people import Actor
from scorecard.store import Store, StoreError
from scorecard.thresholds.pooling import COIN, HEAD_START, brier, log_odds_pool, log_score, weights
from tests.scorecard.examples import run

DAY = date(2026, 2, 1)
CLOSES, DUE = date(2026, 2, 15), date(2026, 12, 31)
CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
ONE = Actor(name="a researcher", identity="typed by hand", role="researcher")
TWO = Actor(name="another researcher", identity="typed by hand", role="researcher")


def seen(store: Store, day: date, reader: str = "") -> list[QuestionView]:
    with store.view(as_of=day) as known, store.view() as now:
        return asked(known, now, as_of=day, reader=reader)


def put(store: Store, *, due_on: date = DUE, today: date = DAY, closes_on: date | None = None) -> str:
    closing = closes_on or today + timedelta(days=14)
    return ask(store, ONE, about="lab.high", due_on=due_on, closes_on=closing, today=today).id


def say(store: Store, who: Actor, question: str, p: float, today: date = DAY) -> None:
    answer(store, who, question=question, probability=p, reason="From what I have seen.", today=today)


def test_nobody_sees_anothers_answer_before_the_question_closes(store: Store, tmp_path: Path) -> None:
    question = put(store)
    say(store, ONE, question, 0.2)
    say(store, TWO, question, 0.8)
    (for_one,) = seen(store, DAY, ONE.name)
    assert (for_one.state, for_one.given) == ("open", 2)
    assert [a.probability for a in for_one.answers] == [0.2]
    assert (for_one.pool, for_one.ours) == (None, None)
    (for_nobody,) = seen(store, DAY)
    assert for_nobody.answers == ()
    assert export.write(store, "judgements", "json", tmp_path / "open.json", as_of=CLOSES) == 0

    (after,) = seen(store, CLOSES + timedelta(days=1))
    assert after.state == "closed"
    assert {a.author: a.probability for a in after.answers} == {ONE.name: 0.2, TWO.name: 0.8}
    assert after.pool == pytest.approx(0.5)
    later = CLOSES + timedelta(days=1)
    assert export.write(store, "judgements", "json", tmp_path / "closed.json", as_of=later) == 2


def test_a_changed_answer_supersedes_and_none_comes_after_the_closing_day(store: Store) -> None:
    question = put(store)
    say(store, ONE, question, 0.2)
    say(store, ONE, question, 0.3)
    (mine,) = seen(store, DAY, ONE.name)[0].answers
    assert mine.probability == 0.3
    with pytest.raises(QuestionRefused, match="is closed; what is known since"):
        say(store, TWO, question, 0.5, today=CLOSES + timedelta(days=1))


def test_the_model_stands_beside_the_pool_and_never_in_it(store: Store) -> None:
    made = run(DAY)
    store.append([made], action="forecast", actor="a test")
    question = put(store)
    say(store, ONE, question, 0.2)
    (after,) = seen(store, CLOSES + timedelta(days=1))
    assert after.run == made.id
    assert after.ours is not None
    assert after.ours != after.pool
    assert after.pool == pytest.approx(0.2)


def test_a_forecast_made_after_the_closing_day_is_not_compared(store: Store) -> None:
    store.append([run(CLOSES + timedelta(days=3))], action="forecast", actor="a test")
    put(store)
    (after,) = seen(store, CLOSES + timedelta(days=5))
    assert after.ours is None


def test_the_record_of_resolved_questions_weighs_the_next_pool(store: Store) -> None:
    first = put(store, due_on=date(2026, 3, 1))
    say(store, ONE, first, 0.9)
    say(store, TWO, first, 0.1)
    resolve(
        store,
        CHAIR,
        question=first,
        happened=True,
        on=date(2026, 2, 20),
        grounds="Published.",
        today=date(2026, 2, 20),
    )
    (done,) = seen(store, date(2026, 2, 20))
    assert [round(a.brier or 0, 4) for a in done.answers] == [0.01, 0.81]
    assert done.scores["pool Brier"] == pytest.approx(brier(done.pool or 0, True))

    second = put(store, today=date(2026, 3, 1))
    say(store, ONE, second, 0.9, today=date(2026, 3, 1))
    say(store, TWO, second, 0.1, today=date(2026, 3, 1))
    later = next(a for a in seen(store, date(2026, 4, 1)) if a.question.id == second)
    share = {a.author: a.weight for a in later.answers}
    good, bad = (6 / (b + HEAD_START * COIN) for b in (0.01, 0.81))
    assert share[ONE.name] == pytest.approx(good / (good + bad))
    assert (later.pool or 0) > 0.5


def test_a_resolution_after_the_closing_day_does_not_weigh_what_was_closed_before(store: Store) -> None:
    early, late = put(store, due_on=date(2026, 3, 1)), put(store)
    for question in (early, late):
        say(store, ONE, question, 0.9)
        say(store, TWO, question, 0.1)
    resolve(
        store,
        CHAIR,
        question=early,
        happened=True,
        on=date(2026, 3, 1),
        grounds="Published.",
        today=date(2026, 3, 2),
    )
    one = next(a for a in seen(store, date(2026, 3, 3)) if a.question.id == late)
    assert {a.weight for a in one.answers} == {0.5}


def test_what_cannot_stand_is_refused_in_words(store: Store) -> None:
    question = put(store)
    refusals: list[tuple[Callable[[], object], str]] = [
        (lambda: put(store, closes_on=DAY - timedelta(days=1)), "can have no answer"),
        (lambda: put(store, due_on=DAY), "close it earlier"),
        (
            lambda: ask(store, ONE, about="nothing", due_on=DUE, closes_on=CLOSES, today=DAY),
            "no event and no thresh",
        ),
        (lambda: say(store, ONE, question, 1.0), "nobody is surer"),
        (
            lambda: answer(store, ONE, question=question, probability=0.5, reason=" ", today=DAY),
            "needs a reason",
        ),
        (
            lambda: resolve(
                store, CHAIR, question=question, happened=False, on=DAY, grounds="So.", today=DAY
            ),
            "it can still happen",
        ),
        (
            lambda: resolve(store, CHAIR, question=question, happened=True, on=DUE, grounds="So.", today=DAY),
            "has not come",
        ),
        (
            lambda: resolve(store, CHAIR, question=question, happened=True, on=DAY, grounds="", today=DAY),
            "its grounds",
        ),
        (
            lambda: resolve(
                store,
                CHAIR,
                question=question,
                happened=True,
                on=DUE + timedelta(days=1),
                grounds="So.",
                today=DUE + timedelta(days=2),
            ),
            "resolves it as not happened",
        ),
    ]
    for deed, words in refusals:
        with pytest.raises(QuestionRefused, match=words):
            deed()
    with pytest.raises(StoreError, match="no question"):
        say(store, ONE, "nothing", 0.5)
    assert len(seen(store, DAY)) == 1


def test_one_answer_pools_to_itself_and_a_certain_one_does_not_silence_the_rest() -> None:
    assert log_odds_pool([0.3], [1.0]) == pytest.approx(0.3)
    assert log_odds_pool([0.0, 0.5], [1.0, 1.0]) > 0.001
    with pytest.raises(ValueError, match="at least one"):
        log_odds_pool([], [])


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=8))
def test_a_pool_lies_between_its_parts(probabilities: list[float]) -> None:
    share = [1.0 + n for n in range(len(probabilities))]
    pooled = log_odds_pool(probabilities, share)
    assert min(probabilities) - 1e-9 <= pooled <= max(probabilities) + 1e-9


def test_weights_are_even_without_a_record_and_follow_it_with_one() -> None:
    assert weights({}, ["a", "b"]) == {"a": 0.5, "b": 0.5}
    ours = weights({"a": [0.0] * 20, "b": [COIN] * 20}, ["a", "b"])
    assert ours["a"] == pytest.approx(5 * ours["b"])
    assert log_score(0.5, True) == pytest.approx(log(2))
