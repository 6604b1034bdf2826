"""Every function that writes governance asks the role first; called directly with the wrong one it stores nothing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
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
    signatures,
    snapshots,
)
from scorecard.governance.alerts import telling
from scorecard.governance.filings import entries
from scorecard.people import LOWEST, ROLES, Actor, Deed, NotAllowed
from scorecard.records import Decision, FilingEntry, Measurement, Meeting, Notice, Reader, Role, Snapshot
from scorecard.store import Store
from tests.scorecard.conftest import Prepared
from tests.scorecard.examples import criterion, run
from tests.scorecard.governance.test_safeguards import safeguard
from tests.shared_stores import copy_store

DAY, LATER = date(2026, 2, 1), date(2026, 12, 31)
QUESTION = f"lab.high/{LATER}/1"
CHAIR = Actor(name="the chair", identity="typed by hand", role="chair")
RESEARCHER = Actor(name="a researcher", identity="typed by hand", role="researcher")
# The scorecard notes what has fired, which levels changed and how a notice went, whoever set it off.
BY_ITSELF = {
    "tripwires.check",
    "alerts.levels.evaluate",
    "alerts.issuing.issue",
    "alerts.telling.tell",
    "alerts.telling.handed_on",
}


FIELD: dict[str, Any] = {"filing": "lab.own", "field": entries.OWNER, "developer": "Lab", "period": "2026"}


def on(meeting: str, store: Store) -> Meeting:
    return meetings.find_meeting(store, meeting)


def reading(store: Store) -> Measurement:
    with store.view() as now:
        return now.all(Measurement)[0]


def decision(store: Store) -> Decision:
    with store.view() as now:
        return now.all(Decision)[0]


def drafted(store: Store) -> list[FilingEntry]:
    with store.view() as now:
        return now.all(FilingEntry)


# What each function is called with; the second part of a pair is the deed that the role has to cover.
CALLS: dict[str, tuple[Callable[[Store, Actor], Any], Deed]] = {
    "commentary.comment": (
        lambda s, a: commentary.comment(s, actor=a, threshold="lab.high", text="It moved."),
        "comment",
    ),
    "criteria.propose_criterion": (
        lambda s, a: criteria.propose_criterion(s, criterion("new", author=a.name), a),
        "propose",
    ),
    "proposals.propose": (lambda s, a: proposals.propose(s, criterion("new", author=a.name), a), "propose"),
    "proposals.rule": (
        lambda s, a: proposals.rule(s, "criteria", "mine", "adopted", actor=a, reason="Agreed."),
        "rule",
    ),
    "decisions.decide": (
        lambda s, a: decisions.decide(
            s,
            actor=a,
            threshold="lab.high",
            finding="crossed",
            decision="Stop.",
            reason="So.",
            forecast_run=run().id,
            although="It moved by a day.",
        ),
        "decide",
    ),
    "safeguards.plan_safeguard": (
        lambda s, a: safeguards.plan_safeguard(s, safeguard(100, 200, 300), a),
        "plan a safeguard",
    ),
    "meetings.schedule": (lambda s, a: meetings.schedule(s, a, held_on=DAY), "hold a meeting"),
    "meetings.open_meeting": (lambda s, a: meetings.open_meeting(s, "2026-02-01-2", a), "hold a meeting"),
    "meetings.shape": (
        lambda s, a: meetings.shape(s, "2026-02-01", on("2026-02-01", s).agenda[0].key, 5, a),
        "hold a meeting",
    ),
    "meetings.minute": (lambda s, a: meetings.minute(s, "2026-02-01", "", "We met.", a), "take minutes"),
    "meetings.close": (lambda s, a: meetings.close(s, "2026-02-01", a, "Done."), "hold a meeting"),
    "snapshots.take": (
        lambda s, a: snapshots.take(
            s,
            a,
            kind="view",
            subject="lab.high",
            title="A view",
            as_of=DAY,
            runs=[run().id],
            text="",
        ),
        "take a snapshot",
    ),
    "snapshots.of_decision": (lambda s, a: snapshots.of_decision(s, decision(s), a), "take a snapshot"),
    "snapshots.of_meeting": (
        lambda s, a: snapshots.of_meeting(s, on("2026-02-01", s), a, runs=[run().id], text=""),
        "take a snapshot",
    ),
    "snapshots.sign": (lambda s, a: snapshots.sign(s, snapshots_of(s)[0], a, "I was there."), "sign"),
    "snapshots.sign_decision": (lambda s, a: snapshots.sign_decision(s, decision(s).id, a, "Mine."), "sign"),
    "signatures.sign_with_key": (
        lambda s, a: signatures.sign_with_key(s, snapshots_of(s)[0], a, key=ssh_key(s)),
        "sign",
    ),
    "adjustments.adjust": (
        lambda s, a: adjustments.adjust(
            s,
            a,
            reading(s),
            doubt="cheating",
            value=40.0,
            rationale="It read the key to it.",
        ),
        "propose",
    ),
    "questions.ask": (
        lambda s, a: questions.ask(s, a, about="lab.high", due_on=LATER, closes_on=LATER, today=DAY),
        "ask the experts",
    ),
    "questions.answer": (
        lambda s, a: questions.answer(s, a, question=QUESTION, probability=0.4, reason="So.", today=DAY),
        "answer",
    ),
    "questions.resolve": (
        lambda s, a: questions.resolve(
            s,
            a,
            question=QUESTION,
            happened=True,
            on=DAY,
            grounds="It was published.",
            today=DAY,
        ),
        "resolve",
    ),
    "filings.entries.draft": (
        lambda s, a: entries.draft(s, actor=a, **FIELD, text="Nothing to report."),
        "draft a filing",
    ),
    "filings.entries.settle": (
        lambda s, a: entries.settle(s, actor=a, entries=drafted(s), state="reviewed"),
        "review a filing",
    ),
    "alerts.telling.add_reader": (
        lambda s, a: telling.add_reader(s, Reader(id="b", name="B", author=a.name, known_at=DAY), a),
        "add a reader",
    ),
    "alerts.telling.acknowledge": (lambda s, a: telling.acknowledge(s, "n1", a, DAY), "acknowledge"),
}


def ssh_key(store: Store) -> Path:
    """A key made for the test, once however often it is asked for."""
    key = store.path.with_name("key")
    if not key.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return key


def snapshots_of(store: Store) -> list[str]:
    with store.view() as now:
        return [one.id for one in now.all(Snapshot)]


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(governance.__path__, "scorecard.governance."):
        yield importlib.import_module(found.name)


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
                found.add(f"{module.__name__.removeprefix('scorecard.governance.')}.{name}")
    return found


@pytest.fixture
def held(prepared: Prepared, tmp_path: Path) -> Store:
    """A store in which every one of the deeds could be done: a run, a proposal, two meetings, a decision, a view."""
    return copy_store(prepared("held", hold), tmp_path)


def hold(store: Store) -> None:
    store.append([run()], action="forecast", actor="a test")
    proposals.propose(store, criterion("mine", author="a researcher"), RESEARCHER)
    for _ in range(2):
        meetings.schedule(store, CHAIR, held_on=DAY, today=DAY)
    meetings.open_meeting(store, "2026-02-01", CHAIR, today=DAY)
    decisions.decide(
        store,
        actor=CHAIR,
        threshold="lab.high",
        finding="not_crossed",
        decision="Carry on.",
        reason="Far off.",
        forecast_run=run().id,
        today=DAY,
    )
    snapshots.take(
        store, CHAIR, kind="view", subject="all", title="All", as_of=DAY, runs=[run().id], text="", today=DAY
    )
    questions.ask(store, CHAIR, about="lab.high", due_on=LATER, closes_on=LATER, today=DAY)
    entries.draft(store, actor=RESEARCHER, **FIELD, text="Nothing yet.", today=DAY)
    notice = Notice(id="n1", reader="b", subject="It moved", sentences=(), acknowledge_by=LATER, known_at=DAY)
    store.append([notice], action="notice sent", actor="a test")


def logged(store: Store) -> int:
    with store.view() as now:
        return len(now.log())


def test_no_function_that_writes_is_left_out() -> None:
    assert writers() == CALLS.keys() | BY_ITSELF


@pytest.mark.parametrize("name", sorted(CALLS))
def test_each_asks_the_role_before_it_writes(held: Store, name: str) -> None:
    call, deed = CALLS[name]
    needed = ROLES.index(LOWEST[deed])
    before = logged(held)
    lower: list[Role] = list(ROLES[:needed])
    for role in lower:
        with pytest.raises(NotAllowed, match=f"is a {role}; to .* takes a "):
            call(held, Actor(name="somebody", identity="signed in with single sign-on", role=role))
    with pytest.raises(NotAllowed, match="takes a name"):
        call(held, Actor(name=" ", identity="typed by hand", role="administrator"))
    assert logged(held) == before
    call(held, Actor(name="somebody", identity="typed by hand", role=ROLES[needed]))
    assert logged(held) > before, "with the role it is done"


def test_a_role_that_is_none_may_nothing(held: Store) -> None:
    made_up: Any = "owner"
    with pytest.raises(NotAllowed, match="is no role"):
        CALLS["commentary.comment"][0](held, Actor(name="somebody", identity="typed by hand", role=made_up))
