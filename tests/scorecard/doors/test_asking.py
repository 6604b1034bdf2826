"""Ten questions that people bring, each answered in at most two calls, over both protocols, by their own clients."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from scorecard.doors.questions import status, threshold
from scorecard.doors.readers import ANYBODY
from scorecard.store import Store
from scorecard.thresholds.board import board
from tests.scorecard.briefings.conftest import AS_OF, SECRETS
from tests.scorecard.doors.conftest import CHAIR, THEN, VIEWER, Ask, called, over_http, over_mcp

HIGH, DAY, SINCE = "lab.high", AS_OF.isoformat(), THEN.isoformat()
PROTOCOLS = (over_http, over_mcp)


class Counted:
    """Counts how often it asks."""

    def __init__(self, ask: Ask) -> None:
        self.ask, self.calls = ask, 0

    def __call__(self, question: str, **given: Any) -> dict[str, Any]:
        self.calls += 1
        return self.ask(question, **given)


def chance(ask: Ask) -> Any:
    row = ask("threshold", id=HIGH, as_of=DAY)["row"]
    return row["p_now"], row["p_12_months"]


def dates(ask: Ask) -> Any:
    row = ask("threshold", id=HIGH, as_of=DAY)["row"]
    return row["q10"], row["q50"], row["q90"]


def why(ask: Ask) -> Any:
    told = ask("explain", threshold=HIGH, as_of=DAY)
    return sorted(told["by_shape"]), told["run"]


def on_what_evidence(ask: Ask) -> Any:
    newest = ask("threshold", id=HIGH, as_of=DAY)["readings"][0]
    return newest["value"], newest["unit"], newest["source"]["url"], newest["marks"]


def what_changed(ask: Ask) -> Any:
    told = ask("changes", since=SINCE, as_of=DAY, threshold=HIGH)
    (change,) = told["changes"]
    return (
        change["then"]["run"],
        change["now"]["run"],
        {item["kind"] for item in told["items"]} >= {"evidence"},
    )


def as_of_then(ask: Ask) -> Any:
    told = ask("status", as_of=SINCE)
    return told["about"]["as_of"], [row["forecast_run"] for row in told["rows"]]


def who_found_what(ask: Ask) -> Any:
    return [(row["developer"], row["status"]) for row in ask("status", as_of=DAY)["rows"]]


def against_which_level(ask: Ask) -> Any:
    (one,) = ask("threshold", id=HIGH, as_of=DAY)["criteria"]
    return one["level"], one["unit"], one["standing"]


def readings_of_what_is_called_so(ask: Ask) -> Any:
    hits = ask("search", words="horizon", as_of=DAY)["hits"]
    indicator = next(hit["id"] for hit in hits if hit["table"] == "indicators")
    told = ask("evidence", indicator=indicator, as_of=DAY, limit=1)
    return told["page"]["total"], told["page"]["next_offset"], len(told["readings"])


def where_the_record_stands(ask: Ask) -> Any:
    return ask("explain", threshold=HIGH, as_of=DAY)["about"]["head"]


QUESTIONS: tuple[Callable[[Ask], Any], ...] = (
    *(chance, dates, why, on_what_evidence, what_changed, as_of_then, who_found_what),
    *(against_which_level, readings_of_what_is_called_so, where_the_record_stands),
)


@pytest.fixture(scope="module")
def expected(decided: Store) -> dict[str, Any]:
    """The answers, from the record itself."""
    with decided.view(as_of=AS_OF) as known, decided.view() as now:
        (row,) = board(known, now, as_of=AS_OF)
        head = now.log()[-1].hash
    f = row.forecast
    assert f is not None
    days = [day and day.isoformat() for day in (f.q10, f.q50, f.q90)]
    return {
        "chance": (f.p_now, f.p_12_months),
        "dates": tuple(days),
        "why": (sorted(f.run.quoted.by_shape), "run-now-0000000"),
        "on_what_evidence": (900.0, "minutes", "https://example.org/paper", ["self_reported"]),
        "what_changed": ("run-february-00", "run-now-0000000", True),
        "as_of_then": (SINCE, ["run-february-00"]),
        "who_found_what": [("Lab", "not crossed")],
        "against_which_level": (2400.0, "minutes", "adopted"),
        "readings_of_what_is_called_so": (3, 1, 1),
        "where_the_record_stands": head,
    }


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.__name__)
def test_a_question_is_answered_in_two_calls(
    address: str,
    expected: dict[str, Any],
    protocol: Callable[[str, str], AbstractContextManager[Ask]],
    question: Callable[[Ask], Any],
) -> None:
    with protocol(address, CHAIR) as ask:
        counted = Counted(ask)
        assert question(counted) == expected[question.__name__]
    assert counted.calls <= 2


def test_an_agent_that_starts_the_server_itself_is_answered_the_same(decided: Store, address: str) -> None:
    async def asked() -> tuple[list[str], dict[str, Any]]:
        start = StdioServerParameters(
            command=sys.executable,
            args=["-m", "scorecard", "serve", "--stdio"],
            env=dict(os.environ) | {"SCORECARD_STORE": str(decided.path)},
        )
        async with Client(stdio_client(start)) as there:
            tools = (await there.list_tools()).tools
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)
            given = {"id": HIGH, "as_of": DAY}
            return [tool.name for tool in tools], await called(there, "threshold", given)

    names, answer = anyio.run(asked)
    with over_http(address, CHAIR) as ask:
        assert answer == ask("threshold", id=HIGH, as_of=DAY)
    assert {"status", "threshold", "evidence", "changes", "explain", "search", "snapshot"} <= set(names)


def everything(ask: Ask) -> Iterator[str]:
    """All that a reader can be told, as text."""
    for question, given in (
        ("status", {"as_of": DAY, "everything": True}),
        ("threshold", {"id": HIGH, "as_of": DAY}),
        ("evidence", {"as_of": DAY}),
        ("changes", {"since": SINCE, "as_of": DAY}),
        ("changes", {"since": SINCE}),
        ("explain", {"threshold": HIGH, "as_of": DAY}),
        ("search", {"words": "secret", "as_of": DAY}),
    ):
        yield str(ask(question, **given))


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda one: one.__name__)
def test_a_viewer_is_told_no_internal_text(
    address: str, protocol: Callable[[str, str], AbstractContextManager[Ask]]
) -> None:
    with protocol(address, VIEWER) as ask:
        told = "".join(everything(ask))
    assert [secret for secret in SECRETS if secret in told] == []
    assert "Treat it as crossed" not in told
    with protocol(address, CHAIR) as ask:
        told = "".join(everything(ask))
    assert {"Reason Secret", "Rationale Secret", "Commentary Secret"} <= {s for s in SECRETS if s in told}


def test_every_threshold_is_told_as_of_days_before_what_measures_it_was_known(published: Store) -> None:
    for day in (date(2024, 6, 1), date(2026, 1, 31)):
        rows = status(published, ANYBODY, as_of=day).rows
        assert len(rows) > 5
        told = [threshold(published, ANYBODY, row.threshold, as_of=day) for row in rows]
        assert all(one.about.as_of == day for one in told)
        assert all(c.name and c.unit for one in told for c in one.criteria)
