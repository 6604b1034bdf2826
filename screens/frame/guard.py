"""What stands between the network and the app: headers on every answer, exact origins, a key on shared machines.

`streamlit run app.py` finds the application in app.py and serves it through this layer (an ASGI middleware, which
Streamlit's own `App` takes). Nothing here knows of pages; who may write is decided in session.py.
"""

from __future__ import annotations

import os
import re
import secrets
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from scorecard.addresses import web_address
from scorecard.governance.claims import Roles
from scorecard.people import START_KEY

EMBEDDERS = "SCORECARD_EMBEDDERS"  # origins whose pages may show the app in a frame, with spaces between
KEY, COOKIE = "key", "_scorecard_key"
# Whatever says that somebody else than the browser sent the request here.
FORWARDING = frozenset(
    {
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "true-client-ip",
        "cf-connecting-ip",
    }
)
INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class GuardRefused(ValueError):
    """The configuration would leave the app open; the message says what to write instead."""


def embedders() -> tuple[str, ...]:
    """The origins that may frame the app; GuardRefused for what is none."""
    found = tuple(os.environ.get(EMBEDDERS, "").split())
    for one in found:
        parts = urlsplit(one)
        if web_address(one) != one or one != f"{parts.scheme}://{parts.netloc}":
            raise GuardRefused(f"{EMBEDDERS} names {one!r}; write origins, as https://intranet.example.org")
    return found


@cache
def policy() -> str:
    """The content security policy: nothing from anywhere else, no script but Streamlit's own files.

    Styles are written by Streamlit as it goes, hence 'unsafe-inline' there and nowhere else.
    """
    index = Path(st.__file__).parent / "static" / "index.html"
    inline = " ".join(
        f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"
        for code in INLINE.findall(index.read_text(encoding="utf-8"))
    )
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {inline}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {' '.join(embedders()) or "'none'"}",
        ]
    )


def headers() -> dict[str, str]:
    """What every answer carries."""
    given = {
        "Content-Security-Policy": policy(),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
    return given if embedders() else given | {"X-Frame-Options": "DENY"}


def own_origins(scope: Scope) -> set[str]:
    """The origins from which this app's own pages may speak to it, each with its port.

    The address that was asked for; where a proxy answers under another one, that of `redirect_uri` or those of
    `server.corsAllowedOrigins`.
    """
    scheme = "https" if scope["scheme"] in ("wss", "https") else "http"
    own = {f"{scheme}://{Headers(scope=scope).get('host', '')}", *st.get_option("server.corsAllowedOrigins")}
    redirect = urlsplit(str(configured().get("auth", {}).get("redirect_uri", "")))
    if redirect.netloc:
        own.add(f"{redirect.scheme}://{redirect.netloc}")
    return {one.lower().rstrip("/") for one in own}


def configured() -> Mapping[str, Any]:
    """What stands in .streamlit/secrets.toml; nothing where there is none."""
    try:
        return st.secrets.to_dict()
    except FileNotFoundError:
        return {}


def passed_on(names: Iterable[str], peer: str | None) -> bool:
    """Whether a request came from another machine or through something that stands in between."""
    lower = {name.lower() for name in names}
    if lower & FORWARDING or any(name.startswith("x-forwarded") for name in lower):
        return True
    try:
        return peer is not None and not ip_address(peer).is_loopback
    except ValueError:
        return True  # a socket file or a name: nothing that could be vouched for


class Keys:
    """The one-time key of a start on a shared machine, and the cookies that were given for it."""

    def __init__(self) -> None:
        self.cookies: set[str] = set()
        self.spent: set[str] = set()

    def asked(self) -> bool:
        """Whether the app was started with a key."""
        return bool(os.environ.get(START_KEY))

    def cookie_for(self, given: str) -> str | None:
        """A new cookie for the key, the first time it is shown; None for any other."""
        key = os.environ.get(START_KEY, "")
        if not key or key in self.spent or not secrets.compare_digest(given.encode(), key.encode()):
            return None
        self.spent.add(key)
        cookie = secrets.token_urlsafe(32)
        self.cookies.add(cookie)
        return cookie

    def admits(self, cookies: Mapping[str, str]) -> bool:
        """Whether a browser showed the key once, or none was asked for."""
        return not self.asked() or cookies.get(COOKIE, "") in self.cookies


KEYS = Keys()


class Guard:
    """The ASGI layer; everything that it adds or refuses is in the functions above."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            origin = Headers(scope=scope).get("origin")
            if origin is None or origin.lower() not in own_origins(scope):
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": "another origin"})
                return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin", "").lower()

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in headers().items():
                    answer[name] = value
                if answer.get("access-control-allow-origin") and origin not in own_origins(scope):
                    del answer["access-control-allow-origin"]  # Streamlit allows every port of this machine
            await send(message)

        await (_turned_key(scope) or self.app)(scope, receive, with_headers)


def _turned_key(scope: Scope) -> ASGIApp | None:
    """For an address with a key: the same without it, so that it stays in no history; the first time, a cookie."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    given = [value for name, value in query if name == KEY]
    if not KEYS.asked() or not given or scope["method"] != "GET":
        return None
    rest = urlencode([(name, value) for name, value in query if name != KEY])
    # Only the path: a host taken from the request would be somebody else's choice.
    answer = RedirectResponse(
        "/" + scope["path"].lstrip("/\\") + (f"?{rest}" if rest else ""), status_code=303
    )
    if cookie := KEYS.cookie_for(given[-1]):
        answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=scope["scheme"] == "https")
    return answer


@asynccontextmanager
async def opened(_app: object) -> AsyncIterator[None]:
    """Check the configuration before anybody is let in, and open the browser where one is asked for."""
    headers()
    Roles.of(configured().get("roles", {}))
    _open_browser()
    yield


def start_address() -> str:
    """Where the app is opened, with the key if there is one."""
    host = st.get_option("server.address") or "localhost"
    key = os.environ.get(START_KEY)
    return f"http://{host}:{st.get_option('server.port')}/" + (f"?{urlencode({KEY: key})}" if key else "")


def _open_browser() -> None:
    if KEYS.asked():
        print(f"Open once, on this machine: {start_address()}", flush=True)  # noqa: T201
    if not st.get_option("server.headless"):
        import webbrowser

        webbrowser.open(start_address())
