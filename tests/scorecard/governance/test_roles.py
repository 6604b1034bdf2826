"""Every function that writes governance asks the role first; called directly with the wrong one it stores nothing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from scorecard import governance
from scorecard.governance import (
    adjustments,
    commentary,
    criteria,
    decisions,
    meetings,
    proposals,
    questions,
    safeguards,
    snapshots,
)
from scorecard.governance.roles import LOWEST, ROLES, Actor, Deed, NotAllowed
from scorecard.records import Decision, Measurement, Meeting, Role, Snapshot
from scorecard.store import Store
from tests.scorecard.examples import criterion, run
from tests.scorecard.governance.test_safeguards import safeguard

DAY, LATER = date(2026, 2, 1), date(2026, 12, 31)
QUESTION = f"lab.high/{LATER}/1"
CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
RESEARCHER = Actor(name="a researcher", identity="typed by hand", role="researcher")
BY_ITSELF = {"tripwires.check"}  # the scorecard notes what has fired, whoever set off the import


def on(meeting: str, store: Store) -> Meeting:
    return meetings.find(store, meeting)


def reading(store: Store) -> Measurement:
    with store.view() as now:
        return now.all(Measurement)[0]


def decision(store: Store) -> Decision:
    with store.view() as now:
        return now.all(Decision)[0]


# What each function is called with; the second part of a pair is the deed that the role has to cover.
CALLS: dict[str, tuple[Callable[[Store, Actor], Any], Deed]] = {
    "commentary.comment": (
        lambda s, a: commentary.comment(s, actor=a, threshold="lab.high", text="It moved."), "comment",
    ),
    "criteria.propose_criterion": (
        lambda s, a: criteria.propose_criterion(s, criterion("new", author=a.name), a), "propose",
    ),
    "proposals.propose": (lambda s, a: proposals.propose(s, criterion("new", author=a.name), a), "propose"),
    "proposals.rule": (
        lambda s, a: proposals.rule(s, "criteria", "mine", "adopted", actor=a, reason="Agreed."), "rule",
    ),
    "decisions.decide": (
        lambda s, a: decisions.decide(
            s, actor=a, threshold="lab.high", finding="crossed", decision="Stop.", reason="So.", forecast_run=run().id,
        ), "decide",
    ),
    "safeguards.plan": (lambda s, a: safeguards.plan(s, safeguard(100, 200, 300), a), "plan a safeguard"),
    "meetings.schedule": (lambda s, a: meetings.schedule(s, a, held_on=DAY), "hold a meeting"),
    "meetings.open_meeting": (lambda s, a: meetings.open_meeting(s, "2026-02-01-2", a), "hold a meeting"),
    "meetings.minute": (lambda s, a: meetings.minute(s, "2026-02-01", "", "We met.", a), "take minutes"),
    "meetings.close": (lambda s, a: meetings.close(s, "2026-02-01", a, "Done."), "hold a meeting"),
    "snapshots.take": (
        lambda s, a: snapshots.take(
            s, a, kind="view", subject="lab.high", title="A view", as_of=DAY, runs=[run().id], text="",
        ), "take a snapshot",
    ),
    "snapshots.of_decision": (lambda s, a: snapshots.of_decision(s, decision(s), a), "take a snapshot"),
    "snapshots.of_meeting": (
        lambda s, a: snapshots.of_meeting(s, on("2026-02-01", s), a, runs=[run().id], text=""), "take a snapshot",
    ),
    "snapshots.sign": (lambda s, a: snapshots.sign(s, snapshots_of(s)[0], a, "I was there."), "sign"),
    "snapshots.sign_decision": (lambda s, a: snapshots.sign_decision(s, decision(s).id, a, "Mine."), "sign"),
    "adjustments.adjust": (
        lambda s, a: adjustments.adjust(
            s, a, reading(s), doubt="cheating", value=40.0, rationale="It read the key to it.",
        ),
        "propose",
    ),
    "questions.ask": (
        lambda s, a: questions.ask(s, a, about="lab.high", due_on=LATER, closes_on=LATER, today=DAY), "ask the experts",
    ),
    "questions.answer": (
        lambda s, a: questions.answer(s, a, question=QUESTION, probability=0.4, reason="So.", today=DAY), "answer",
    ),
    "questions.resolve": (
        lambda s, a: questions.resolve(
            s, a, question=QUESTION, happened=True, on=DAY, grounds="It was published.", today=DAY,
        ), "resolve",
    ),
}  # fmt: skip


def snapshots_of(store: Store) -> list[str]:
    with store.view() as now:
        return [one.id for one in now.all(Snapshot)]


def modules() -> Iterator[Any]:
    for found in pkgutil.iter_modules(governance.__path__):
        yield importlib.import_module(f"scorecard.governance.{found.name}")


def writers() -> set[str]:
    """Public functions of the package that are given a store and an actor, or append to a store themselves."""
    found = set()
    for module in modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ != module.__name__ or name.startswith("_"):
                continue
            given = {str(p.annotation) for p in inspect.signature(function).parameters.values()}
            acts = "Store" in given and any("Actor" in one for one in given)
            if acts or "store.append(" in inspect.getsource(function):
                found.add(f"{module.__name__.rpartition('.')[2]}.{name}")
    return found


@pytest.fixture
def held(store: Store) -> Store:
    """A store in which every one of the deeds could be done: a run, a proposal, two meetings, a decision, a view."""
    store.append([run()], action="forecast", actor="a test")
    proposals.propose(store, criterion("mine", author="a researcher"), RESEARCHER)
    for _ in range(2):
        meetings.schedule(store, CHAIR, held_on=DAY, today=DAY)
    meetings.open_meeting(store, "2026-02-01", CHAIR, today=DAY)
    decisions.decide(
        store, actor=CHAIR, threshold="lab.high", finding="not_crossed", decision="Carry on.", reason="Far off.",
        forecast_run=run().id, today=DAY,
    )  # fmt: skip
    snapshots.take(
        store, CHAIR, kind="view", subject="all", title="All", as_of=DAY, runs=[run().id], text="", today=DAY
    )
    questions.ask(store, CHAIR, about="lab.high", due_on=LATER, closes_on=LATER, today=DAY)
    return store


def entries(store: Store) -> int:
    with store.view() as now:
        return len(now.log())


def test_no_function_that_writes_is_left_out() -> None:
    assert writers() == CALLS.keys() | BY_ITSELF


@pytest.mark.parametrize("name", sorted(CALLS))
def test_each_asks_the_role_before_it_writes(held: Store, name: str) -> None:
    call, deed = CALLS[name]
    needed = ROLES.index(LOWEST[deed])
    before = entries(held)
    lower: list[Role] = list(ROLES[:needed])
    for role in lower:
        with pytest.raises(NotAllowed, match=f"is a {role}; to .* takes a "):
            call(held, Actor(name="somebody", identity="signed in with single sign-on", role=role))
    with pytest.raises(NotAllowed, match="takes a name"):
        call(held, Actor(name=" ", identity="typed by hand", role="administrator"))
    assert entries(held) == before
    call(held, Actor(name="somebody", identity="typed by hand", role=ROLES[needed]))
    assert entries(held) > before, "with the role it is done"


def test_a_role_that_is_none_may_nothing(held: Store) -> None:
    made_up: Any = "owner"
    with pytest.raises(NotAllowed, match="is no role"):
        CALLS["commentary.comment"][0](held, Actor(name="somebody", identity="typed by hand", role=made_up))
