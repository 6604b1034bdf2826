"""`ask` as a door: the answer of `preparedness ask --json`, typed, and nothing written by asking."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import fields
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from starlette.testclient import TestClient

from forecasts.commands import main
from scorecard.doors.answers import AskAnswer
from scorecard.doors.http import app
from scorecard.doors.readers import Readers
from scorecard.store import Store
from tests.doors import say
from tests.scorecard.doors.conftest import called

DAY = "2026-11-28"
ASKED = {"indicator": "metr_p80_horizon", "level": ">= 40 h", "by": "2027-12-31", "as_of": DAY}


def test_it_answers_what_the_command_prints_over_both_protocols_and_writes_nothing(published: Store) -> None:
    with TestClient(app(published, Readers({}), per_minute=1000)) as there:
        before = there.get("/v1/status").json()["about"]["entry"]
        told: dict[str, Any] = there.get("/v1/ask", params=ASKED).json()
        assert told["about"]["entry"] == before == there.get("/v1/status").json()["about"]["entry"]
        words = ["ask", ASKED["indicator"], ASKED["level"], "--by", ASKED["by"], "--as-of", DAY, "--json"]
        printed = json.loads(say(main, published.path, "preparedness", *words).stdout)
        again = there.get("/v1/ask", params=ASKED).json()
    assert set(told) == {one.name for one in fields(AskAnswer)}
    assert {name: told[name] for name in printed} == printed
    left_out = {name: told[name] for name in set(told) - set(printed) - {"about", "on_record"}}
    assert left_out == {"quantiles": None, "given": "", "given_probability": None}
    assert (told["on_record"], again["on_record"]) == (False, True)
    assert 0 < told["probability"] < 1
    assert anyio.run(by_an_agent, published)["probability"] == told["probability"]


async def by_an_agent(store: Store) -> dict[str, Any]:
    """The same of the server that an agent starts."""
    start = StdioServerParameters(
        command=sys.executable,
        args=["-c", "from forecasts.commands import main; main()", "serve", "--stdio"],
        env=dict(os.environ) | {"SCORECARD_STORE": str(store.path)},
    )
    async with Client(stdio_client(start)) as there:
        return await called(there, "ask", ASKED)


@pytest.mark.parametrize(
    ("asked", "code", "words"),
    [
        ({"indicator": "x"}, 404, "there is no 'x'"),
        ({"level": "40"}, 422, 'write ">= 40 h"'),
        ({"by": "2020-01-01"}, 422, "lies before"),
        ({"by": "2060-01-01"}, 422, "forecasts end on 2050-12-31"),
        ({"prior_set": "mine"}, 403, "internal"),
        ({"as_of": "2999-01-01"}, 422, "has not come yet"),
        ({"given": "epoch_eci > 1"}, 422, "cannot read"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    published: Store, asked: dict[str, str], code: int, words: str
) -> None:
    with TestClient(app(published, Readers({}))) as there:
        answer = there.get("/v1/ask", params=ASKED | asked)
    assert answer.status_code == code, answer.text
    assert words in answer.json()["error"]
