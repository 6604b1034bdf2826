"""One conditional request within its bounds: declared hosts only, so many bytes, so many seconds, nothing executed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import httpx2 as httpx

from scorecard.evidence.refresh.machines import Machine
from scorecard.records import Fetch

MB = 1_000_000
HOPS = 5
PAUSE = 15.0  # seconds that one read may wait; the whole answer has the machine's own bound
AGENT = "preparedness-scorecard (evidence refresh)"


class Refused(Exception):
    """An answer, or the lack of one, that nothing may be taken from; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back: `content` is None when the server says that nothing changed since the last time."""

    content: bytes | None
    etag: str = ""
    last_modified: str = ""

    @property
    def sha256(self) -> str:
        """Of the content; empty when there is none."""
        return "" if self.content is None else sha256(self.content).hexdigest()


def fetch(
    machine: Machine,
    before: Fetch | None,
    client: httpx.Client,
    *,
    clock: Callable[[], float] = time.monotonic,
) -> Response:
    """Ask once for a machine-readable source; Refused says what was wrong with the answer.

    `before` is the last answer that was taken: its marks go along, so that what did not change is not sent again.
    """
    headers = {"Accept-Encoding": "identity", "User-Agent": AGENT}
    if before is not None and before.sha256:
        headers |= {"If-None-Match": before.etag} if before.etag else {}
        headers |= {"If-Modified-Since": before.last_modified} if before.last_modified else {}
    address, until = machine.address, clock() + machine.seconds
    for _ in range(HOPS + 1):
        if refused := machine.allows(address):
            raise Refused(f"it leads to where it may not: {refused}")
        try:
            with client.stream("GET", address, headers=headers, follow_redirects=False) as answer:
                if answer.is_redirect and answer.status_code != 304:
                    address = str(answer.url.join(answer.headers.get("Location", "")))
                    continue
                return _taken(machine, answer, until, clock)
        except httpx.TimeoutException as error:
            raise Refused(f"no answer within {PAUSE:g} seconds") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Refused(f"the connection failed: {error}") from error
    raise Refused(f"it leads on more than {HOPS} times")


def _taken(machine: Machine, answer: httpx.Response, until: float, clock: Callable[[], float]) -> Response:
    if answer.status_code == 304:
        return Response(content=None)
    if answer.status_code != 200:
        raise Refused(f"the server answers {answer.status_code}")
    if (coding := answer.headers.get("Content-Encoding", "identity")) != "identity":
        raise Refused(f"it is packed as {coding!r}, which was not asked for")
    most = round(machine.megabytes * MB)
    told = answer.headers.get("Content-Length", "")
    if told.isdigit() and int(told) > most:
        raise Refused(f"it would be {int(told) / MB:.1f} MB, more than the {machine.megabytes:g} MB declared")
    parts, size = [], 0
    for part in answer.iter_raw():
        size += len(part)
        if size > most:
            raise Refused(f"it is larger than the {machine.megabytes:g} MB declared")
        if clock() > until:
            raise Refused(f"it took longer than the {machine.seconds:g} seconds declared")
        parts.append(part)
    if told.isdigit() and size != int(told):
        raise Refused(f"it ended after {size} of {told} bytes")
    if not size:
        raise Refused("it is empty")
    return Response(
        content=b"".join(parts),
        etag=answer.headers.get("ETag", ""),
        last_modified=answer.headers.get("Last-Modified", ""),
    )
