"""A served store: a real server on a port of this machine, asked by real clients."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
import uvicorn
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.testclient import TestClient

import forecasts.doors  # noqa: F401  # its question is served too, as by `preparedness serve`
from scorecard.doors.http import app
from scorecard.doors.readers import Readers, read_readers
from scorecard.records import Ruling
from scorecard.store import Store
from tests.scorecard.briefings.conftest import add_secrets
from tests.scorecard.conftest import Prepared
from tests.scorecard.examples import KNOWN, run
from tests.shared_stores import copy_store

THEN = date(2026, 2, 1)
CHAIR, VIEWER = "token of the chair", "token of a viewer"

type Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def decided(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The made-up facts with forecasts of two days, a decision and text that no public reader may have."""
    store = copy_store(prepared("decided", add_secrets), tmp_path_factory.mktemp("served"))
    early = Ruling(
        id="r0", subject="criteria/horizon-40h", ruling="adopted", ruled_by="x", reason="x", known_at=KNOWN
    )
    store.append([early, run(as_of=THEN, id="run-february-00")], action="forecast", actor="a test")
    return store


@pytest.fixture(scope="session")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Readers:
    path = tmp_path_factory.mktemp("readers") / "readers.txt"
    lines = [
        f"chair {sha256(CHAIR.encode()).hexdigest()} the chair",
        f"viewer {_digest(VIEWER)} a board member",
    ]
    path.write_text("# readers\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return read_readers(path)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@pytest.fixture(scope="session")
def client(decided: Store, readers: Readers) -> Iterator[TestClient]:
    """The service without a network between, for what is asked of it many times."""
    with TestClient(app(decided, readers, per_minute=100_000), raise_server_exceptions=False) as there:
        there.headers["Authorization"] = f"Bearer {CHAIR}"
        yield there


@pytest.fixture(scope="session")
def address(decided: Store, readers: Readers) -> Iterator[str]:
    """Where a real server answers."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        config = uvicorn.Config(app(decided, readers, per_minute=100_000), log_level="warning", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(10)


@contextmanager
def over_http(address: str, token: str) -> Iterator[Ask]:
    """Questions by httpx."""
    with httpx2.Client(base_url=f"{address}/v1", headers={"Authorization": f"Bearer {token}"}) as there:

        def ask(question: str, **given: Any) -> dict[str, Any]:
            answer = there.get(f"/{question}", params=given)
            assert answer.status_code == 200, answer.text
            found: dict[str, Any] = answer.json()
            return found

        yield ask


@contextmanager
def over_mcp(address: str, token: str) -> Iterator[Ask]:
    """Questions by the SDK's own client over streamable HTTP, a connection each."""

    def ask(question: str, **given: Any) -> dict[str, Any]:
        async def asked() -> dict[str, Any]:
            async with (
                httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as web,
                Client(streamable_http_client(f"{address}/mcp", http_client=web)) as there,
            ):
                return await called(there, question, given)

        return anyio.run(asked)

    yield ask


async def called(there: Client, question: str, given: dict[str, Any]) -> dict[str, Any]:
    """The structured answer of a tool."""
    answer = await there.call_tool(question, given)
    assert not answer.is_error, answer.content
    assert answer.structured_content is not None
    return answer.structured_content


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
