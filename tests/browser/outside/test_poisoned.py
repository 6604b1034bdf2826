"""Every page, with every text of the record and every part of its address poisoned: nothing calls out or is drawn.

The browser's own policy would stop most of it (test_guard.py); here the page itself is looked at, so that
a text that was not escaped is found even where nothing could come of it.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from forecasts.runs.request import store_default_priors
from screens.frame.navigation import pages
from tests.browser.app import ROOT, App, running
from tests.browser.conftest import visitor
from tests.browser.watched import Watched
from tests.pages.conftest import example_runs
from tests.pages.outside.poison import HIGH, Poisoner, poison, poisoned
from tests.shared_stores import copy_store

ADDRESSES = {page.address: ("" if page.home else page.address) for page in pages().values()}
FILES = {page.address: path for path, page in pages().items()}
# What a page must not hold, whatever is in the record: in order, what was loaded, linked and drawn.
ESCAPED = """(host) => {
    const found = [];
    const main = document.body;
    for (const e of main.querySelectorAll('[src], [href], [data], [poster], [srcset], [action]'))
        for (const name of ['src', 'href', 'data', 'poster', 'srcset', 'action']) {
            const to = e.getAttribute(name) || '';
            const at = URL.canParse(to, location.href) ? new URL(to, location.href) : new URL('about:blank');
            if (to.includes(host) || to.includes('evil.example') || to.includes('x.example'))
                found.push(`${e.tagName} ${name}=${to}`);
            else if (e.tagName === 'A' && at.origin !== location.origin && to && !at.protocol.startsWith('blob')) {
                const said = e.textContent + (e.nextSibling ? e.nextSibling.textContent : '');
                if (!/^https?:$/.test(at.protocol) || !said.includes(at.hostname.replace(/^www[.]/, '')))
                    found.push(`a link that does not say where it leads: ${to} (${said})`);
            }
        }
    const text = (selector, words) => {
        for (const e of main.querySelectorAll(selector))
            if (words.test(e.textContent)) found.push(`${selector}: ${e.textContent.slice(0, 80)}`);
    };
    text('strong, b', /^bolded$/);
    text('code', /^coded$/);
    text('pre', /^indented/);
    text('h1, h2, h3, h4, h5, h6', /^Headed$/);
    text('.katex', /./);
    text('.stMarkdownColoredText', /^reddened$/);
    text('[role=img]', /^skull$/);
    text('script:not([src])', /127\\.0\\.0\\.1/);
    if (/\\u{1F480}/u.test(main.innerText)) found.push('an emoji');
    return found;
}"""


class Listener(BaseHTTPRequestHandler):
    """Whoever calls has been taken in."""

    calls: list[str] = []  # noqa: RUF012 - one list for the one listener

    def do_GET(self) -> None:
        Listener.calls.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def listening() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with listening() as at:
        yield at


@pytest.fixture(scope="module")
def drugged(
    published_folder: Path, tmp_path_factory: pytest.TempPathFactory, host: str
) -> tuple[App, Poisoner]:
    """The app over a poisoned record with example forecasts of today."""
    folder = tmp_path_factory.mktemp("poisoned")
    store = copy_store(published_folder, folder)
    store.append(example_runs(store, datetime.now(UTC).date()), action="forecast", actor="a test")
    store_default_priors(store)
    return store, poisoned(store, host)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def app(drugged: tuple[Any, Poisoner], tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(drugged[0].path, tmp_path_factory.mktemp("log") / "app.log") as started:
        yield started


@cache
def parameters() -> dict[str, set[str]]:
    """The names that a page or a screen reads from the address, by the file that does: from the source."""
    found: dict[str, set[str]] = {}
    for path in [*ROOT.glob("screens/**/*.py"), *ROOT.glob("pages/*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            node.targets[0].id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        read: set[Any] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "st.query_params":
                read.add(_literal(node.slice, named))
            if not isinstance(node, ast.Call):
                continue
            words = {k.arg: k.value for k in node.keywords}
            if ast.unparse(node.func).startswith("st.query_params.get") and node.args:
                read.add(_literal(node.args[0], named))
            if "bind" in words or ast.unparse(node.func) == "choice":
                read.add(_literal(words["key"], named))
        found[path.relative_to(ROOT).as_posix()] = {one for one in read if isinstance(one, str)}
    return found


def _literal(node: ast.expr, named: dict[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    return named.get(node.id) if isinstance(node, ast.Name) else None


def read_by(address: str) -> list[str]:
    """The names that a page may read: its own file's, and those of all screens it imports, at any remove."""
    todo, seen = [FILES[address].relative_to(ROOT).as_posix()], set()
    while todo:
        one = todo.pop()
        if one in seen:
            continue
        seen.add(one)
        for node in ast.walk(ast.parse((ROOT / one).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("screens"):
                folder = ROOT / node.module.replace(".", "/")
                names = [folder.with_suffix(".py"), *(folder / f"{a.name}.py" for a in node.names)]
                todo += [p.relative_to(ROOT).as_posix() for p in names if p.exists()]
    return sorted({name for one in seen for name in parameters().get(one, set())})


def opened(seen: Watched, host: str, path: str) -> list[str]:
    """What escaped on a page, with everything on it unfolded."""
    seen.page.goto(seen.url + path)
    seen.page.get_by_test_id("stHeading").first.wait_for(timeout=60_000)
    seen.settle(90)
    seen.page.evaluate("document.querySelectorAll('summary').forEach(e => e.parentElement.open || e.click())")
    seen.settle(90)
    found: list[str] = seen.page.evaluate(ESCAPED, host)
    expect(seen.page.get_by_test_id("stException")).to_have_count(0)
    return [*found, *seen.faults]


@pytest.mark.parametrize("address", sorted(ADDRESSES))
def test_a_poisoned_record_does_nothing_on_any_page(
    browser: Browser, app: App, drugged: tuple[Any, Poisoner], host: str, address: str
) -> None:
    assert len(drugged[1].poisoned) > 100, "fields of records that are poisoned"
    asked = {"threshold": f"?threshold={HIGH}"}.get(address, "")
    with visitor(browser, app) as seen:
        assert opened(seen, host, f"/{ADDRESSES[address]}{asked}") == []
        seen.picture(f"poisoned-{address}")
    assert Listener.calls == []


@pytest.mark.parametrize("address", sorted(ADDRESSES))
def test_a_poisoned_address_does_nothing_on_any_page(
    browser: Browser, app: App, host: str, address: str
) -> None:
    """Each part of the address alone, then all at once."""
    names = read_by(address)
    assert "as_of" in names
    with visitor(browser, app) as seen:
        for asked in [[name] for name in names] + [names]:
            query = urlencode({name: poison(f"{address}-{name}", host) for name in asked}, quote_via=quote)
            assert opened(seen, host, f"/{ADDRESSES[address]}?{query}") == [], asked
    assert Listener.calls == []


def test_what_is_not_escaped_is_found(browser: Browser, host: str) -> None:
    """The search finds each kind of escape on a page that holds them all: what it finds nowhere is not there."""
    context = browser.new_context()
    try:
        page: Page = context.new_page()
        page.set_content(
            f"<img src=http://{host}/a.png><a href=http://{host}/a.lnk>Sign in again</a><a href='https://b.org'>c</a>"
            "<a href='mailto:a@evil.example'>a</a><b>bolded</b><code>coded</code><h1>Headed</h1><pre>indented</pre>"
            "<span class=katex>x</span><span class=stMarkdownColoredText>reddened</span><i role=img>skull</i>\U0001f480"
        )
        assert len(page.evaluate(ESCAPED, host)) == 12
    finally:
        context.close()
    assert Listener.calls.pop() == "/a.png"
