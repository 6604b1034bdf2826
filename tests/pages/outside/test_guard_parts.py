"""The parts of the layer before the app, without a browser; what they are together is tried in tests/browser."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scorecard.people import START_KEY
from scorecard.words import literal
from screens.frame.guard import (
    COOKIE,
    EMBEDDERS,
    Guard,
    GuardRefused,
    Keys,
    embedders,
    headers,
    passed_on,
    policy,
)


@pytest.fixture(autouse=True)
def _afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (EMBEDDERS, START_KEY):
        monkeypatch.delenv(name, raising=False)
    policy.cache_clear()


@pytest.mark.parametrize(
    ("names", "peer", "passed"),
    [
        (["Host", "Origin", "Cookie"], "127.0.0.1", False),
        (["Host"], "::1", False),
        (["Host"], None, False),
        (["X-Forwarded-For"], "127.0.0.1", True),
        (["x-forwarded-anything"], "127.0.0.1", True),
        (["Forwarded"], "127.0.0.1", True),
        (["Via"], "127.0.0.1", True),
        (["X-Real-IP"], "127.0.0.1", True),
        (["CF-Connecting-IP"], "127.0.0.1", True),
        ([], "203.0.113.9", True),
        ([], "fe80::1", True),
        ([], "a socket", True),
    ],
)
def test_who_is_not_at_this_machine_is_told_apart(names: list[str], peer: str | None, passed: bool) -> None:
    assert passed_on(names, peer) is passed


def test_a_key_works_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Keys().admits({}), "without a key everybody at this machine"
    monkeypatch.setenv(START_KEY, "the key")
    keys = Keys()
    assert keys.cookie_for("another") is None
    assert not keys.admits({})
    assert not keys.admits({COOKIE: "the key"})
    cookie = keys.cookie_for("the key")
    assert cookie
    assert keys.admits({COOKIE: cookie})
    assert keys.cookie_for("the key") is None


def test_the_policy_lets_nothing_in_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = dict(part.split(" ", 1) for part in policy().split("; "))
    assert parts["img-src"] == "'self' data:"
    assert parts["frame-ancestors"] == "'none'"
    assert parts["script-src"].startswith("'self' 'sha256-")
    assert headers()["X-Frame-Options"] == "DENY"
    monkeypatch.setenv(EMBEDDERS, "https://a.example http://b.example:8080")
    policy.cache_clear()
    assert policy().endswith("frame-ancestors https://a.example http://b.example:8080")
    assert "X-Frame-Options" not in headers()


@pytest.mark.parametrize(
    "wrong", ["a.example", "https://*.a.example", "https://a.example/x", "https://u@a.example", "*"]
)
def test_embedders_are_origins(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv(EMBEDDERS, wrong)
    with pytest.raises(GuardRefused, match="write origins, as"):
        embedders()


@pytest.mark.parametrize(
    ("origin", "let_in"),
    [
        (b"http://127.0.0.1:8501", True),
        (b"HTTP://127.0.0.1:8501", True),
        (b"http://127.0.0.1:9999", False),
        (b"https://127.0.0.1:8501", False),
        (b"http://localhost:8501", False),
        (b"null", False),
        (None, False),
    ],
)
def test_a_connection_is_of_the_apps_own_origin(origin: bytes | None, let_in: bool) -> None:
    reached, sent = [], []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["type"])

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message["type"])

    given = [(b"host", b"127.0.0.1:8501")] + ([(b"origin", origin)] if origin else [])
    asyncio.run(Guard(app)({"type": "websocket", "scheme": "ws", "headers": given}, receive, send))
    assert (reached, sent) == ((["websocket"], []) if let_in else ([], ["websocket.close"]))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@x", "\tx", " =1", "＝1"])
def test_a_formula_is_text(text: str) -> None:
    assert literal(text).startswith("'")
    assert not literal(f"a {text}").startswith("'")
