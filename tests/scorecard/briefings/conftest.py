"""Stores with a forecast, decisions and hostile text, for the tests of briefings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scorecard.governance.commentary import comment
from scorecard.governance.decisions import decide
from scorecard.people import this_machine
from scorecard.records import ForecastRun, PriorSet, Ruling
from scorecard.store import Store
from tests.scorecard.conftest import Prepared
from tests.scorecard.examples import (
    FACTS,
    criterion,
    determination,
    having_read,
    reading,
    run,
    system,
    threshold,
)
from tests.shared_stores import build_once, copy_store

AS_OF = date(2026, 3, 10)
EARLIER = date(2025, 12, 1)
SECRETS = (
    "Decider Secret",
    "Owner Secret",
    "Dissent Secret",
    "Conflict Secret",
    "Reason Secret",
    "Meeting Secret",
    "Holding Secret",
    "Commentary Secret",
    "Author Secret",
    "Rationale Secret",
    "Prior name Secret",
    "Prior dissent Secret",
    "Voter Secret",
)


def priors(**more: Any) -> PriorSet:
    """A prior set with one parameter."""
    fields: dict[str, Any] = {
        "id": "default",
        "name": "Defaults",
        "author": "the project",
        "rationale": "an example",
        "priors": {
            "loglinear": {
                "growth": {
                    "family": "lognormal",
                    "params": {"mu": 0.7, "sigma": 0.5},
                    "unit": "doublings a year",
                    "meaning": "rate of growth",
                }
            }
        },
        "settings": {},
        "known_at": date(2026, 1, 10),
    }
    return PriorSet(**{**fields, **more})


@pytest.fixture
def forecast(prepared: Prepared, tmp_path: Path) -> Store:
    """The made-up facts with a forecast of the day, one of the earlier day, a finding and a later reading."""
    return copy_store(prepared("forecast", add_forecasts), tmp_path)


def add_forecasts(store: Store) -> None:
    store.append(
        [
            priors(),
            determination("not_crossed", date(2026, 2, 20)),
            system("three", date(2026, 2, 1)),
            reading("three", date(2026, 2, 1), 900.0, marks=("self_reported",), known_at=date(2026, 2, 20)),
        ],
        action="import",
        actor="a test",
    )
    store.append(
        having_read(
            store,
            run(as_of=AS_OF, id="run-now-0000000"),
            run(as_of=EARLIER, id="run-then-000000"),
        ),
        action="import",
        actor="a test",
    )


@pytest.fixture
def decided(prepared: Prepared, tmp_path: Path) -> Store:
    """The same with a decision, a criterion and priors of our own, full of what a public reader may not have."""
    return copy_store(prepared("decided", add_secrets), tmp_path)


def add_secrets(store: Store) -> None:
    add_forecasts(store)
    store.append(
        [
            priors(
                name="Prior name Secret",
                author="Author Secret",
                rationale="Rationale Secret",
                dissent="Prior dissent Secret",
            ),
            criterion(author="Author Secret", rationale="Rationale Secret", source="Author Secret"),
            Ruling(
                id="r1",
                subject="criteria/horizon-40h",
                ruling="adopted",
                ruled_by="Decider Secret",
                reason="Reason Secret",
                known_at=AS_OF,
            ),
        ],
        action="propose",
        actor="a test",
    )
    decide(
        store,
        threshold="lab.high",
        finding="precautionary",
        decision="Treat it as crossed.",
        reason="Reason Secret",
        actor=this_machine("Decider Secret"),
        forecast_run="run-now-0000000",
        today=AS_OF,
        owner="Owner Secret",
        dissent="Dissent Secret",
        conflicts="Conflict Secret",
        meeting="Meeting Secret",
        holds_while="Holding Secret",
        review_on=date(2026, 4, 1),
        votes={"Voter Secret": "no"},
    )
    comment(
        store,
        actor=this_machine("Author Secret"),
        threshold="lab.high",
        text="Commentary Secret",
        today=AS_OF,
    )


def runs_of(count: int, prefix: str) -> list[ForecastRun]:
    """A run for each of so many thresholds, that is not the first threshold's."""
    return [
        run(as_of=AS_OF, id=f"run-{i}-{AS_OF}", threshold=f"{prefix}{i}", criteria=(f"c{i}",))
        for i in range(count)
    ]


def add_many(store: Store, count: int) -> None:
    """Store `count` more thresholds, each with a criterion and a run."""
    rows: list[Any] = []
    for i in range(count):
        id = f"lab.extra{i}"
        rows += [threshold(id, level=f"Extra {i}"), criterion(f"c{i}", threshold=id)]
    store.append(rows, action="import", actor="a test")
    store.append(having_read(store, *runs_of(count, "lab.extra")), action="import", actor="a test")


LONG = "long" * 2500
HOSTILE = (
    '=HYPERLINK("https://example.org","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '#panic("no")',
    '#import "x": *',
    "$x^2$ *bold* _it_ `raw` <label> @ref",
    "<script>alert(1)</script>",
    "]]>&amp;\"'",
    "[a](javascript:alert(1))",
    "| a | b |",
    "שלום עולם",
    "مرحبا",
    "\u202eevil\u202c",
    "😀👩‍🔬",
    "中文名字",
    "ไทย",
    "{{7*7}}",
    "\\u0000 \\n",
    "हिन्दी தமிழ் አማርኛ ქართული Հայերեն ខ្មែរ 한국어 ᏣᎳᎩ",
    "\u200fmark\u200e",
    "bell\x07bell",
    "a\u2028b\x85c",
    LONG,
)


@pytest.fixture(scope="session")
def hostile(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store in which people have written something nasty wherever they can: a threshold for each text."""
    return copy_store(build_once(shared, "hostile", add_hostile), tmp_path_factory.mktemp("hostile"))


def add_hostile(store: Store) -> None:
    rows: list[Any] = [
        *FACTS,
        priors(name=HOSTILE[0], dissent=HOSTILE[5]),
    ]
    for i, text in enumerate(HOSTILE):
        id = f"lab.h{i}"
        rows += [
            threshold(id, category=text, level=text, paraphrase=text),
            criterion(f"c{i}", threshold=id, rationale=text),
            determination("not_crossed", date(2026, 2, 20), id=f"d{i}", threshold=id, note=text, system=text),
        ]
    store.append(rows, action="import", actor="a test")
    made = [run(as_of=AS_OF, id="run-now-0000000"), *runs_of(len(HOSTILE), "lab.h")]
    store.append(having_read(store, *made), action="import", actor="a test")
    for i, text in enumerate(HOSTILE):
        decide(
            store,
            threshold=f"lab.h{i}",
            finding="crossed",
            decision=text,
            reason=text,
            actor=this_machine(text),
            forecast_run=f"run-{i}-{AS_OF}",
            today=AS_OF,
            dissent=text,
            meeting="hostile",
        )
