"""Sends a note to a webhook or by e-mail, as the environment says, with retries; no secret reaches a log.

SCORECARD_WEBHOOK is an address that a JSON text is posted to; SCORECARD_WEBHOOK_SECRET signs it (the header
X-Scorecard-Signature carries `sha256=` and the HMAC of the body). SCORECARD_SMTP is smtp://USER:PASSWORD@HOST:PORT
or smtps://...; SCORECARD_MAIL_FROM and SCORECARD_MAIL_TO (comma-separated) are the addresses.
"""

from __future__ import annotations

import hmac
import http.client
import json
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from scorecard.store import StoreError

TRIES = 4
WAIT = 2.0  # seconds after the first failure; doubled each time
TIMEOUT = 20.0  # seconds


class NoticeFailed(StoreError):
    """A note could not be sent; the message names the host and the reason, never an address's path or a password."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a note goes: `name` may be logged, `send` raises OSError, HTTPException or SMTPException."""

    name: str
    send: Callable[[str, str], None]


def targets(environment: Mapping[str, str]) -> tuple[Target, ...]:
    """The targets that the environment names; NoticeFailed says which variable is wrong or missing."""
    found = []
    if address := environment.get("SCORECARD_WEBHOOK"):
        found.append(_webhook(address, environment.get("SCORECARD_WEBHOOK_SECRET", "")))
    if address := environment.get("SCORECARD_SMTP"):
        sender, to = (environment.get(f"SCORECARD_MAIL_{name}", "") for name in ("FROM", "TO"))
        if not sender or not to:
            raise NoticeFailed("SCORECARD_SMTP needs SCORECARD_MAIL_FROM and SCORECARD_MAIL_TO; set both")
        found.append(_mail(address, sender, to))
    return tuple(found)


def deliver(
    target: Target, subject: str, text: str, *, tries: int = TRIES, wait: float = WAIT,
    say: Callable[[str], None] = lambda _: None, sleep: Callable[[float], None] = time.sleep,
) -> None:  # fmt: skip
    """Send, trying again after 2, 4, 8 ... seconds; NoticeFailed after the last try."""
    for turn in range(1, tries + 1):
        try:
            target.send(subject, text)
            return
        except (OSError, http.client.HTTPException, smtplib.SMTPException) as error:
            reason = _reason(error)
            if turn == tries:
                raise NoticeFailed(
                    f"{target.name} did not take the note in {tries} tries: {reason}"
                ) from None
            say(f"{target.name}: {reason}; trying again in {wait * 2 ** (turn - 1):g} s")
            sleep(wait * 2 ** (turn - 1))


def _reason(error: Exception) -> str:
    """Why it failed, without what a server or library may quote back: addresses, paths, credentials."""
    if isinstance(error, _Answered):
        return f"answered {error.status}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"answered {error.smtp_code}"
    return type(error).__name__


class _Answered(http.client.HTTPException):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _webhook(address: str, secret: str) -> Target:
    parts = _split(address, "SCORECARD_WEBHOOK", ("https", "http"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def send(subject: str, text: str) -> None:
        body = json.dumps({"subject": subject, "text": text}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if secret:
            headers["X-Scorecard-Signature"] = "sha256=" + hmac.digest(secret.encode(), body, "sha256").hex()
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(str(parts.hostname), parts.port, timeout=TIMEOUT)
        try:
            # No redirect is followed: the note goes where it was told to go or nowhere.
            connection.request("POST", path, body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise _Answered(status)

    return Target(f"webhook at {parts.hostname}", send)


def _mail(address: str, sender: str, to: str) -> Target:
    parts = _split(address, "SCORECARD_SMTP", ("smtp", "smtps"))
    host, port = str(parts.hostname), parts.port

    def send(subject: str, text: str) -> None:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, sender, to
        message.set_content(text)
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT)
        with server:
            if parts.username:
                if parts.scheme == "smtp":
                    server.starttls(context=context)  # a password never travels in the open
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return Target(f"mail server {host}", send)


def _split(address: str, variable: str, schemes: tuple[str, ...]) -> SplitResult:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in schemes and parts.hostname and (parts.port or True)
    except ValueError:
        whole = False
    if not whole:
        raise NoticeFailed(f"{variable} is no {schemes[0]}:// address with a host; put it right")
    return parts
