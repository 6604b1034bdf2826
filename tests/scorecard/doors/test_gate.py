"""What the doors keep out: strangers, haste, writing, and questions that make no sense."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from typer.testing import CliRunner

from scorecard import commands
from scorecard.doors import served
from scorecard.doors.answers import Row
from scorecard.doors.http import app
from scorecard.doors.readers import ANYBODY, Readers, read_readers
from scorecard.store import Store, StoreError
from scorecard.thresholds.board import board
from tests.doors import joined
from tests.scorecard.briefings.conftest import AS_OF
from tests.scorecard.doors.conftest import VIEWER, written

NAMES = sorted(served.QUESTIONS)
ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "lab.high", "2026-03-10", "9999-12-31", "0001-01-01", "-1", "1e400", "\x00"]),
    st.integers().map(str),
    st.dates().map(date.isoformat),
)
PARAMETERS = (
    "id",
    "threshold",
    "indicator",
    "since",
    "as_of",
    "words",
    "limit",
    "offset",
    "developer",
    "vintages",
    "x",
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(NAMES), asked=st.dictionaries(st.sampled_from(PARAMETERS), ODD, max_size=4))
def test_any_parameters_are_answered_or_refused_in_words(
    client: TestClient, name: str, asked: dict[str, str]
) -> None:
    answer = client.get(f"/v1/{name}", params=asked)
    assert answer.status_code in (200, 404, 422), (asked, answer.text)
    if answer.status_code != 200:
        words = answer.json()["error"]
        assert len(words.split()) > 3


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("status?asof=2026-01-31", "asof: no parameter; there are: as_of"),
        ("status?as_of=31.1.2026", "as_of: "),
        ("status?as_of=2999-01-01", "has not come yet"),
        ("status?limit=1&limit=2", "limit: given more than once"),
        ("status?developer=Nobody", "there is no 'Nobody'; there are: Lab"),
        ("threshold?id=lab.low", "there are: lab.high"),
        ("changes", "since: "),
        ("changes?since=2026-03-11&as_of=2026-03-10", "give the earlier day as since"),
        ("explain?threshold=lab.high&as_of=2025-11-20", "no forecast of lab.high is held"),
        ("snapshot?id=abc", "no single snapshot begins with 'abc'"),
        ("nothing", "ask by GET at /v1/status"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_so(client: TestClient, question: str, words: str) -> None:
    answer = client.get(f"/v1/{question}")
    assert 400 <= answer.status_code < 500
    assert words in answer.json()["error"]


def test_nothing_can_be_written(client: TestClient) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert client.request(method, "/v1/status").status_code == 405


def test_a_token_that_nobody_has_and_none_where_readers_are_named_are_refused(client: TestClient) -> None:
    for header in ("", "Bearer wrong", "Basic YTpi", VIEWER.upper()):
        answer = client.get("/v1/status", headers={"Authorization": header})
        assert answer.status_code == 401
        assert "no reader has this token" in answer.json()["error"]
    assert client.post("/mcp", headers={"Authorization": "Bearer wrong"}, json={}).status_code == 401


def test_without_readers_everybody_is_a_viewer(decided: Store) -> None:
    assert Readers({}).of("") == ANYBODY
    with TestClient(app(decided, Readers({}))) as there:
        assert there.get("/v1/status", params={"as_of": str(AS_OF)}).json()["about"]["audience"] == "public"
        assert there.get("/v1/snapshot").status_code == 403


def test_a_reader_in_haste_is_told_to_wait_and_another_is_not(decided: Store, readers: Readers) -> None:
    with TestClient(app(decided, readers, per_minute=3)) as there:
        hasty = {"Authorization": f"Bearer {VIEWER}"}
        codes = [there.get("/openapi.json", headers=hasty).status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        other = there.get("/openapi.json", headers={"Authorization": "Bearer token of the chair"})
        assert other.status_code == 200
        guesses = [
            there.get("/v1/status", headers={"Authorization": f"Bearer {i}"}).status_code for i in range(5)
        ]
        assert guesses == [401, 401, 401, 429, 429]


def test_a_page_that_points_a_name_of_its_own_here_is_refused(client: TestClient) -> None:
    assert client.get("/v1/status", headers={"Host": "evil.example"}).status_code == 400


def test_lists_are_given_in_parts_that_add_up(client: TestClient) -> None:
    whole = client.get("/v1/evidence", params={"as_of": str(AS_OF)}).json()["readings"]
    parts: list[Any] = []
    offset: int | None = 0
    while offset is not None:
        told = client.get("/v1/evidence", params={"as_of": str(AS_OF), "limit": 2, "offset": offset}).json()
        parts += told["readings"]
        offset = told["page"]["next_offset"]
    assert parts == whole
    assert len(whole) > 2


def test_a_row_has_the_fields_that_the_command_prints(decided: Store) -> None:
    """A field that joins `status --json` joins the typed answer: add it to scorecard/doors/answers.py."""
    with decided.view(as_of=AS_OF) as known, decided.view() as now:
        (row,) = board(known, now, as_of=AS_OF)
    assert set(row.as_json()) == set(Row.__dataclass_fields__)


def test_every_question_is_described_with_types(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {f"/v1/{name}" for name in NAMES}
    for path in paths.values():
        answer = path["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert answer["$ref"].endswith("Answer")
        assert path["get"]["description"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chair abc the chair",
        "owner " + "a" * 64 + " somebody",
        "chair " + "a" * 64,
        "chair " + "A" * 64 + " x",
    ],
)
def test_a_readers_file_that_is_wrong_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(StoreError, match="one line a reader"):
        read_readers(written(tmp_path / "readers", text))


def test_another_address_needs_readers(decided: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(decided.path))
    done = CliRunner().invoke(joined(commands), ["serve", "--host", "0.0.0.0"])
    assert isinstance(done.exception, StoreError)
    assert "name who may read" in str(done.exception)
