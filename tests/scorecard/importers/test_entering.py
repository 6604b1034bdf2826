"""One value by hand: drafted before it is stored, refused field by field, never over another value."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from scorecard import commands
from scorecard.clock import today
from scorecard.evidence.entering import Typed, draft, enter
from scorecard.evidence.storing import ImportRefused
from scorecard.records import Measurement, Source, System
from scorecard.store import Store, verify
from tests.doors import joined
from tests.scorecard.examples import RESEARCHER

CARD = {"title": "System card of Three", "url": "https://example.org/three", "published_on": "2026-05-02"}


def typed(*, new_source: Any = None, new_system: Any = None, **cells: Any) -> Typed:
    given = {"indicator": "horizon", "system": "One", "value": "75", "source": "" if new_source else "paper"}
    return Typed(cells=given | cells, source=new_source or {}, system=new_system or {})


def measured(store: Store) -> list[Measurement]:
    with store.view() as now:
        return now.all(Measurement)


def put(store: Store, what: Typed) -> None:
    enter(store, draft(store, what), actor=RESEARCHER)


def test_a_value_stands_at_its_systems_release_with_source_and_vintage(store: Store) -> None:
    before = store.stamp()
    made = draft(store, typed(low="50", high="110", interval="0.95", note="table 3"))
    assert store.stamp() == before, "a draft writes nothing"
    assert [(c.before, c.after) for c in made.changes] == [("60 [30 to 120]", "75 [50 to 110]")]
    enter(store, made, actor=RESEARCHER)
    entered = measured(store)[-1]
    assert (entered.system, entered.observed_on, entered.value) == ("one", date(2025, 3, 1), 75.0)
    assert (entered.source, entered.known_at, entered.vintage) == ("paper", date(2026, 1, 10), "2026-01-10")
    with store.view() as now:
        last = now.log()[-1]
    assert (last.action, last.actor, last.rows) == ("enter", "a researcher", 1)
    assert verify(store).faults == ()


def test_the_same_value_twice_adds_nothing_and_another_needs_another_vintage(store: Store) -> None:
    put(store, typed())
    assert draft(store, typed()).already
    again = draft(store, typed(value="76"))
    assert [r.fault.field for r in again.refusals] == ["vintage"]
    assert "75 on record, and nothing is overwritten" in str(again.refusals[0])
    with pytest.raises(ImportRefused):
        enter(store, again, actor=RESEARCHER)
    put(store, typed(value="76", vintage="corrected"))
    assert [m.value for m in measured(store) if m.system == "one"] == [60.0, 75.0, 76.0]


def test_a_new_source_and_a_new_system_come_with_the_value(store: Store) -> None:
    new = {"developer": "Lab", "released_on": "2026-05-01"}
    put(store, typed(system="Three", value="500", new_source=CARD, new_system=new))
    with store.view() as now:
        system, source = now.get(System, id="three"), now.all(Source)[-1]
    assert (system.released_on, system.developer, system.source) == (date(2026, 5, 1), "Lab", source.id)
    assert (source.title, source.known_at) == ("System card of Three", date(2026, 5, 2))
    made = draft(store, typed(value="510", new_source=CARD | {"title": "The same card"}))
    assert source.id in made.notes[0]
    assert [type(record) for record in made.records] == [Measurement]


@pytest.mark.parametrize(
    ("what", "field", "said"),
    [
        (typed(value="a lot"), "value", "a number"),
        (typed(value="-3"), "value", "above 0"),
        (typed(value=""), "value", "the value"),
        (typed(indicator="nothing"), "indicator", "a known indicator"),
        (typed(system="Four"), "system", "developer and release day"),
        (typed(new_source={"title": "A card"}), "url", "web address"),
        (typed(new_source=CARD | {"url": "javascript:x"}), "url", "https://"),
        (typed(low="80", high="90", interval="0.95"), "value", "inside its own interval"),
        (typed(low="70", high="90"), "interval", "the level"),
        (typed(known_at="2025-12-01"), "known_at", "when its source was out"),
        (typed(known_at="soon"), "known_at", "as 2026-01-31"),
        (typed(grade="hearsay"), "grade", "one of primary"),
        (typed(system="Five", new_system={"developer": "Lab"}), "released_on", "a date"),
    ],
)
def test_each_fault_names_its_field_and_nothing_is_stored(
    store: Store, what: Typed, field: str, said: str
) -> None:
    before = store.stamp()
    made = draft(store, what)
    assert made.records == []
    assert field in [r.fault.field for r in made.refusals]
    assert any(said in str(r) for r in made.refusals)
    with pytest.raises(ImportRefused, match="nothing was stored"):
        enter(store, made, actor=RESEARCHER)
    assert store.stamp() == before


def test_a_value_from_a_day_to_come_is_refused(store: Store) -> None:
    made = draft(store, typed(known_at=(today() + timedelta(days=1)).isoformat()))
    assert "to today" in str(made.refusals[0])


def test_an_organisations_value_needs_the_day_it_describes(store: Store) -> None:
    with store.view() as now:
        one = now.get(System, id="one")
    store.append([replace(one, id="org.lab", name="Lab")], action="import", actor="a test")
    made = draft(store, typed(system="Lab"))
    assert [r.fault.field for r in made.refusals] == ["observed_on"]


def test_the_command_drafts_refuses_and_stores(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(joined(commands), ["enter", *arguments])

    given = ("horizon", "Two", "220", "--source", "paper", "--known-at", "2026-04-01")
    dry = run(*given, "--dry-run")
    assert "203 [101.5 to 406] (2026-03) -> 220" in dry.output
    assert len(measured(store)) == 3
    told = json.loads(run(*given, "--json").stdout)
    assert (told["stored"], told["added"]) == (True, 1)
    assert measured(store)[-1].value == 220.0
    bad = run("horizon", "Two", "many", "--source", "paper")
    assert bad.exit_code == 1
    assert "field value: found 'many', expected a number" in bad.output
