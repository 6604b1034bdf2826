"""The experts' part of the Milestones page, and the Next evaluation page, as a person uses them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scorecard.governance import questions
from scorecard.people import Actor, this_machine
from scorecard.records import Question
from scorecard.store import Store
from tests.pages.conftest import HIGH
from tests.pages.test_pages import opened


def test_a_question_is_asked_and_answered_blind(filled: Store) -> None:
    at = opened("scored.py", tab="experts")
    assert "Nobody has asked" in at.header[0].value
    at.selectbox(key="ask_about").select(HIGH)
    next(b for b in at.button if b.label == "Ask").click().run()
    assert not at.exception
    assert not at.error
    with filled.view() as now:
        (question,) = now.all(Question)
    other = Actor(name="another researcher", identity="typed by hand", role="researcher")
    questions.answer(filled, other, question=question.id, probability=0.87, reason="From the trend.")
    at = opened("scored.py", tab="experts")
    assert any("1 answer so far, hidden until it closes" in m.value for m in at.markdown)
    assert not any("87" in str(m.value) for m in at.markdown)
    at.number_input(key=f"percent-{question.id}").set_value(25.0)
    at.text_input(key=f"why-{question.id}").set_value("The trend bends.")
    next(b for b in at.button if b.label == "Answer").click().run()
    assert not at.error
    with filled.view() as known, filled.view() as now:
        found = questions.asked(known, now, as_of=datetime.now(UTC).date(), reader=this_machine().name)
    assert found[0].given == 2
    assert [a.probability for a in found[0].answers] == [0.25]
    assert any("2 answers so far" in m.value and "Yours: 25" in m.value for m in at.markdown)


def test_an_answer_without_a_reason_is_told_why(filled: Store) -> None:
    today = datetime.now(UTC).date()
    asked = questions.ask(
        filled, this_machine(), about=HIGH, due_on=today + timedelta(days=90), closes_on=today
    )
    at = opened("scored.py", tab="experts")
    at.number_input(key=f"percent-{asked.id}").set_value(25.0)
    next(b for b in at.button if b.label == "Answer").click().run()
    assert "needs a reason" in at.error[0].value
    assert "Nothing was recorded" in at.error[0].value


def test_what_would_tell_most_comes_first(shown: Store) -> None:
    at = opened("threshold.py", tab="evidence", threshold=HIGH)
    assert not at.exception
    assert not at.error
    assert any("would tell most" in m.value for m in at.markdown)
    table = next(d.value for d in at.dataframe if "error cut by, months" in d.value.columns)
    weighed = (table["weight"] * table["error cut by, months"]).tolist()
    assert weighed == sorted(weighed, reverse=True)
    assert any("METR 80% time horizon" in m.value and "newest reading of" in m.value for m in at.markdown)
    assert at.expander[-1].label.startswith("Sources (")
