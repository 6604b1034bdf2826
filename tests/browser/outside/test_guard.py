"""What stands between the network and the app, tried from outside: headers, frames, origins, proxies, start keys."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from scorecard.clock import today
from scorecard.people import START_KEY
from scorecard.store import Store, local_user
from screens.frame.guard import EMBEDDERS
from tests.browser.app import App, free_port, running
from tests.browser.conftest import visitor
from tests.browser.house import PATIENCE
from tests.pages.conftest import example_runs
from tests.shared_stores import copy_store

READING = "reading only"


@pytest.fixture(scope="module")
def store(published_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The published facts with example forecasts, so that no page starts a fit."""
    made = copy_store(published_folder, tmp_path_factory.mktemp("guarded"))
    made.append(example_runs(made, today()), action="forecast", actor="a test")
    return made


@pytest.fixture(scope="module")
def app(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(store.path, tmp_path_factory.mktemp("log") / "app.log") as started:
        yield started


def asked(app: App, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    at = urlsplit(app.url)
    connection = HTTPConnection(str(at.hostname), at.port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/evidence", "/_stcore/health", "/_stcore/host-config", "/favicon.png", "/no/such"]
)
def test_every_answer_carries_the_headers(app: App, path: str) -> None:
    _, headers, _ = asked(app, path)
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy["script-src"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"


def test_no_other_site_is_trusted(app: App) -> None:
    status, _, body = asked(app, "/_stcore/host-config")
    assert status == 200
    assert json.loads(body)["allowedOrigins"] == []
    _, headers, _ = asked(app, "/_stcore/health", Origin="http://127.0.0.1:9999")
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:9999",
        "http://localhost:9999",
        "https://127.0.0.1:{port}",
        "http://localhost:{port}",
        "http://127.0.0.1.evil.example:{port}",
        "http://evil.example",
        "null",
        None,
    ],
)
def test_only_the_apps_own_pages_get_a_connection(app: App, origin: str | None) -> None:
    address, port = app.url.replace("http", "ws") + "/_stcore/stream", urlsplit(app.url).port
    with connect(address, origin=Origin(app.url), subprotocols=[Subprotocol("streamlit")]):
        pass
    given = Origin(origin.format(port=port)) if origin else None
    with pytest.raises(InvalidStatus, match="HTTP 403"):
        connect(address, origin=given, subprotocols=[Subprotocol("streamlit")])


def says_of_me(page: Page, role: str) -> None:
    """What the menu with the visitor's name says of them."""
    menu = page.get_by_test_id("stPopover").filter(has_text=local_user()).first
    menu.click(timeout=PATIENCE)
    expect(page.get_by_text("No single sign-on is configured").first).to_contain_text(role, timeout=PATIENCE)


@contextmanager
def framing(address: str) -> Iterator[str]:
    """A page of another origin that shows the address in a frame."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(
                f"<link rel=icon href=data:,><iframe width=1200 height=800 src={address}>".encode()
            )

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()


@contextmanager
def page_of(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    context = browser.new_context()
    said: list[str] = []
    try:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        yield page, said
    finally:
        context.close()


def test_a_framed_page_does_not_load(browser: Browser, app: App) -> None:
    with framing(f"{app.url}/decisions") as outside, page_of(browser) as (page, said):
        page.goto(outside)
        page.wait_for_timeout(1500)
        assert any("frame-ancestors" in words for words in said), said
        assert page.frame_locator("iframe").get_by_role("button").count() == 0
        assert not any(frame.url.startswith(app.url) for frame in page.frames)


def test_an_embedder_that_the_operator_names_may_frame_it(
    browser: Browser, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    with framing(f"http://127.0.0.1:{port}/decisions") as outside:
        monkeypatch.setenv(EMBEDDERS, outside)
        with running(store.path, tmp_path / "app.log", port=port), page_of(browser) as (page, _):
            page.goto(outside)
            inside = page.frame_locator("iframe")
            expect(inside.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("wrong", ["intranet.example.org", "https://*.example.org", "https://a.example/path"])
def test_an_embedder_that_is_no_origin_stops_the_start(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv(EMBEDDERS, wrong)
    with pytest.raises(RuntimeError, match="write origins, as"), running(store.path, tmp_path / "app.log"):
        pass


def test_roles_that_may_mean_something_else_stop_the_start(store: Store, tmp_path: Path) -> None:
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('[roles]\nadministrator = "root@example.org"\n', encoding="utf-8")
    with (
        pytest.raises(RuntimeError, match=r"write \[roles.administrator\]"),
        running(store.path, tmp_path / "app.log", "--secrets.files", str(secrets)),
    ):
        pass


@contextmanager
def proxy(to: App, header: bytes) -> Iterator[str]:
    """A proxy that passes everything on, with one header more on each connection's first request."""

    def serve(client: socket.socket) -> None:
        at = urlsplit(to.url)
        server = socket.create_connection((str(at.hostname), at.port))
        first, _, rest = client.recv(65536).partition(b"\r\n")
        server.sendall(b"\r\n".join([first, header, rest]))

        def pump(source: socket.socket, sink: socket.socket) -> None:
            try:
                while some := source.recv(65536):
                    sink.sendall(some)
                sink.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # one of the two hung up

        threading.Thread(target=pump, args=(client, server), daemon=True).start()
        pump(server, client)

    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("header", "role"),
    [
        (b"X-Forwarded-For: 203.0.113.9", READING),
        (b"X-Forwarded-Host: elsewhere.example", READING),
        (b"Forwarded: for=203.0.113.9", READING),
        (b"X-Real-IP: 127.0.0.1", READING),
        (b"Via: 1.1 proxy", READING),
        (b"X-Nothing: 1", "administrator"),
    ],
)
def test_a_request_that_was_passed_on_is_a_viewer(
    browser: Browser, app: App, header: bytes, role: str
) -> None:
    with proxy(app, header) as at, page_of(browser) as (page, _):
        page.goto(f"{at}/decisions")
        says_of_me(page, role)


def test_on_a_shared_machine_only_the_first_browser_with_the_key_writes(
    browser: Browser, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(START_KEY, "a key of this start")
    with running(store.path, tmp_path / "app.log") as app:

        def shown(path: str, role: str) -> None:
            page.goto(app.url + path)
            says_of_me(page, role)
            assert "key=" not in page.url

        with visitor(browser, app) as seen:
            page = seen.page
            shown("/decisions", READING)
            shown("/decisions?key=another", READING)
            shown("/decisions?as_of=2026-06-01&key=a+key+of+this+start", "administrator")
            assert "as_of=2026-06-01" in page.url
            shown("/evidence", "administrator")
        with visitor(browser, app) as seen:
            page = seen.page
            shown("/decisions?key=a+key+of+this+start", READING)
        assert "Open once, on this machine" in (tmp_path / "app.log").read_text(encoding="utf-8")
