"""Sends notes to the channels that the environment names, with retries, and notes how each went; no secret is logged.

SCORECARD_CHANNEL_NAME=ADDRESS makes a channel NAME of anything that Apprise can send to: slack://, msteams://,
discord://, mailtos://, ntfys:// and a hundred others; several addresses stand with spaces between them.
SCORECARD_WEBHOOK is an address that a JSON text is posted to; SCORECARD_WEBHOOK_SECRET signs it (the header
X-Scorecard-Signature carries `sha256=` and the HMAC of the body). A folder is a channel of its own, `file`.
"""

from __future__ import annotations

import hmac
import http.client
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from scorecard.governance.alerts.telling import Note, due, handed_on, overdue, tell
from scorecard.records import Reader
from scorecard.store import Store, StoreError
from scorecard.words import day_in_words

TRIES = 4
WAIT = 2.0  # seconds after the first failure; doubled each time
TIMEOUT = 20.0  # seconds
PREFIX = "SCORECARD_CHANNEL_"
GONE = ("SCORECARD_SMTP", "SCORECARD_MAIL_FROM", "SCORECARD_MAIL_TO")
type Say = Callable[[str], None]


class NoticeFailed(StoreError):
    """A note could not be sent; the message names the channel and the reason, never an address or a password."""


class NotTaken(OSError):
    """A channel did not take a note, and did not say why in words that may be printed."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where a note goes: `name` is what readers are given, `place` may be printed, `send` raises OSError or
    HTTPException."""

    name: str
    place: str
    send: Callable[[str, str], None]


def channels(environment: Mapping[str, str], out: Path | None = None) -> tuple[Channel, ...]:
    """The channels that the environment names, and a folder's; NoticeFailed says which variable is wrong."""
    old = next((name for name in GONE if environment.get(name)), "")
    if old:
        raise NoticeFailed(
            f"{old} is not read any more; set {PREFIX}MAIL=mailtos://USER:PASSWORD@HOST?from=...&to=... instead"
        )
    found = [_folder(out)] if out is not None else []
    if address := environment.get("SCORECARD_WEBHOOK"):
        found.append(_webhook(address, environment.get("SCORECARD_WEBHOOK_SECRET", "")))
    found += [
        _apprise(name, environment[name])
        for name in sorted(environment)
        if name.startswith(PREFIX) and environment[name]
    ]
    return tuple(found)


def deliver(
    channel: Channel,
    subject: str,
    text: str,
    *,
    tries: int = TRIES,
    wait: float = WAIT,
    say: Say = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Send, trying again after 2, 4, 8 ... seconds; NoticeFailed after the last try."""
    for turn in range(1, tries + 1):
        try:
            channel.send(subject, text)
            return
        except (OSError, http.client.HTTPException) as error:
            reason = _reason(error)
            if turn == tries:
                raise NoticeFailed(
                    f"{channel.place} did not take the note in {tries} tries: {reason}"
                ) from None
            say(f"{channel.place}: {reason}; trying again in {wait * 2 ** (turn - 1):g} s")
            sleep(wait * 2 ** (turn - 1))


def tell_all(
    store: Store,
    as_of: date,
    among: Sequence[Channel],
    *,
    besides: Sequence[Reader] = (),
    say: Say = lambda _: None,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Note]:
    """Tell every reader what is due to them on a day, and hand on what nobody acknowledged; the notes that were told.

    `besides` are readers who are not on the record. What no channel took is not told, and due again the next time.
    """
    told = []
    for note in due(store, as_of, besides=besides):
        ours = _channels_of(note.reader, among)
        went = {one.name: _went(one, note.notice.subject, note.text, say, sleep) for one in ours}
        if not ours:
            say(f"{note.reader.name} is due a note, and has no channel; see docs/briefings.md")
            continue
        if tell(store, note, went):
            told.append(note)
        for one in ours:
            if not went[one.name]:
                say(f"told {note.reader.name}: sent to the {one.place}")
    _hand_on(store, as_of, among, say, sleep)
    return told


def _hand_on(
    store: Store, as_of: date, among: Sequence[Channel], say: Say, sleep: Callable[[float], None]
) -> None:
    for waiting in overdue(store, as_of):
        subject = f"Not acknowledged by {waiting.reader.name}: {waiting.notice.subject}"
        lines = [subject, "", *(f"- {one}" for one in waiting.notice.sentences), ""]
        lines.append(f"It was to be acknowledged by {day_in_words(waiting.notice.acknowledge_by)}.")
        ours = _channels_of(waiting.to, among) if waiting.to else ()
        went = [_went(one, subject, "\n".join(lines) + "\n", say, sleep) for one in ours]
        if waiting.to and all(went):
            continue  # nobody took it: it is tried again
        handed_on(store, waiting, as_of)
        say(f"{subject}; handed on to {waiting.to.name if waiting.to else 'nobody: none is named'}")


def _channels_of(reader: Reader, among: Sequence[Channel]) -> tuple[Channel, ...]:
    return tuple(one for one in among if not reader.channels or one.name in reader.channels)


def _went(channel: Channel, subject: str, text: str, say: Say, sleep: Callable[[float], None]) -> str:
    """Why a channel did not take a note; empty when it did."""
    try:
        deliver(channel, subject, text, say=say, sleep=sleep)
    except NoticeFailed as failed:
        say(str(failed))
        return str(failed)
    return ""


def _reason(error: Exception) -> str:
    """Why it failed, without what a server or library may quote back: addresses, paths, credentials."""
    if isinstance(error, _Answered):
        return f"answered {error.status}"
    return "did not take it" if isinstance(error, NotTaken) else type(error).__name__


class _Answered(http.client.HTTPException):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _folder(out: Path) -> Channel:
    def send(subject: str, text: str) -> None:
        out.mkdir(parents=True, exist_ok=True)
        count = len(list(out.glob("notice-*.txt"))) + 1
        part = out / f".notice-{count:04}.part"
        part.write_text(text if text.startswith(subject) else f"{subject}\n\n{text}", encoding="utf-8")
        part.replace(out / f"notice-{count:04}.txt")

    return Channel("file", f"folder {out.name}", send)


def _apprise(variable: str, addresses: str) -> Channel:
    name = variable.removeprefix(PREFIX).lower()
    from apprise import Apprise  # a second of plugins, for those who have such channels

    service = Apprise()
    wrong = [number for number, one in enumerate(addresses.split(), start=1) if not service.add(one)]
    if wrong or not len(service):
        raise NoticeFailed(
            f"{variable}: address {wrong[0] if wrong else 1} is none that can be sent to; put it right"
        )

    def send(subject: str, text: str) -> None:
        if not service.notify(title=subject, body=text):
            raise NotTaken

    return Channel(name, f"channel {name}", send)


def _webhook(address: str, secret: str) -> Channel:
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

    return Channel("webhook", f"webhook at {parts.hostname}", send)


def _split(address: str, variable: str, schemes: tuple[str, ...]) -> SplitResult:
    try:
        parts = urlsplit(address)
        whole = parts.scheme in schemes and parts.hostname and (parts.port or True)
    except ValueError:
        whole = False
    if not whole:
        raise NoticeFailed(f"{variable} is no {schemes[0]}:// address with a host; put it right")
    return parts
