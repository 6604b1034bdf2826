"""An OpenID Connect provider on this machine: authorisation code flow with PKCE, RS256 tokens, discovery and keys."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "scorecard", "known to both of them"
HOUR = 3600


@dataclass
class Provider:
    """Who can sign in, and what was handed out; `spoil` changes the next token's claims or its key.

    People: name on the button -> claims. A code works once, for the redirect address, the client's secret and the
    PKCE verifier that it was asked with.
    """

    people: Mapping[str, Mapping[str, Any]]
    url: str = ""
    spoil: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))

    def discovery(self) -> dict[str, Any]:
        """What a client has to know."""
        ends = {
            "authorization_endpoint": "/authorize",
            "token_endpoint": "/token",
            "jwks_uri": "/keys",
            "end_session_endpoint": "/leave",
        }
        return {
            "issuer": self.url,
            **{name: self.url + path for name, path in ends.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def choices(self, asked: Mapping[str, str]) -> str:
        """The page on which a person says who they are."""
        links = [
            f'<p><a href="/chosen?{escape(urlencode({**asked, "person": name}))}">Continue as {escape(name)}</a></p>'
            for name in self.people
        ]
        return f"<!doctype html><title>Sign in</title><link rel=icon href=data:,><h1>Sign in</h1>{''.join(links)}"

    def grant(self, asked: Mapping[str, str]) -> str:
        """The address to send a person back to, with a code for who they are."""
        code = token_urlsafe(24)
        self.codes[code] = dict(asked)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def tokens(self, form: Mapping[str, str], authorization: str) -> dict[str, Any] | None:
        """Tokens for a code; None when anything about the request is not as it was asked for."""
        asked = self.codes.pop(form.get("code", ""), None)
        given = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest())
        sound = (
            asked is not None
            and authorization == f"Basic {given}"
            and form.get("redirect_uri") == asked["redirect_uri"]
            and challenge.decode().rstrip("=") == asked.get("code_challenge")
        )
        if not sound or asked is None:
            self.refused.append(form.get("code", ""))
            return None
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + HOUR,
            "nonce": asked["nonce"],
            "sub": asked["person"],
            **self.people[asked["person"]],
        }
        spoilt, self.spoil = self.spoil, {}
        key = self.other if spoilt.pop("forged", False) else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims | spoilt, key)
        return {
            "access_token": token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": HOUR,
            "id_token": signed,
        }


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = dict(parse_qsl(address.query))
            match address.path:
                case "/.well-known/openid-configuration":
                    self._say(200, json.dumps(provider.discovery()), "application/json")
                case "/keys":
                    keys = {"keys": [provider.key.as_dict(private=False)]}
                    self._say(200, json.dumps(keys), "application/json")
                case "/authorize" if asked.get("client_id") == CLIENT and "nonce" in asked:
                    self._say(200, provider.choices(asked), "text/html; charset=utf-8")
                case "/chosen" if asked.get("person") in provider.people:
                    self._send_to(provider.grant(asked))
                case "/leave":
                    self._send_to(asked["post_logout_redirect_uri"])
                case _:
                    self._say(404, "there is nothing here", "text/plain")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            form = dict(parse_qsl(body))
            granted = provider.tokens(form, self.headers.get("Authorization", ""))
            if granted is None:
                self._say(400, json.dumps({"error": "invalid_grant"}), "application/json")
            else:
                self._say(200, json.dumps(granted), "application/json")

        def _say(self, status: int, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _send_to(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass  # the test's output is for the test

    return Handler


@contextmanager
def answering(people: Mapping[str, Mapping[str, Any]]) -> Iterator[Provider]:
    """A provider on a free port of this machine until the block ends."""
    provider = Provider(people)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider)) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()


def secrets_toml(provider: Provider, app_url: str, roles: str) -> str:
    """The secrets file of an app that lets this provider sign people in."""
    return f"""[auth]
redirect_uri = "{app_url}/oauth2callback"
cookie_secret = "{token_urlsafe(32)}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "{provider.url}/.well-known/openid-configuration"

[roles]
{roles}"""
