"""What both protocols share: a question as a function of a request, who asks and how often, codes of refusals."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from scorecard.doors.readers import Caller, NotForThisReader, NotHeld, Readers, Unaskable
from scorecard.store import Store, StoreError

PER_MINUTE = 120  # requests of one reader
CODES: tuple[tuple[type[StoreError], int], ...] = ((NotForThisReader, 403), (NotHeld, 404), (Unaskable, 422))


def code_of(error: StoreError) -> int:
    """The HTTP status of a refusal; what is wrong with the record itself is no fault of who asks."""
    return next((code for kind, code in CODES if isinstance(error, kind)), 503)


def as_endpoint(
    question: Callable[..., Any], store: Store, asker: type, reader_of: Callable[[Any], Caller]
) -> Callable[..., Any]:
    """A question without its first two parameters, and with the protocol's own object (an `asker`) in their place."""
    told = inspect.signature(question, eval_str=True)
    taken = [p.replace(kind=p.KEYWORD_ONLY) for p in list(told.parameters.values())[2:]]

    def endpoint(*, asker_: Any, **given: Any) -> Any:
        return question(store, reader_of(asker_), **given)

    first = inspect.Parameter("asker_", inspect.Parameter.KEYWORD_ONLY, annotation=asker)
    endpoint.__signature__ = told.replace(parameters=[first, *taken])  # type: ignore[attr-defined]
    endpoint.__annotations__ = {p.name: p.annotation for p in (first, *taken)} | {
        "return": told.return_annotation
    }
    endpoint.__name__, endpoint.__doc__ = question.__name__, question.__doc__
    return endpoint


class Gate:
    """Lets a request in under the reader of its token, so many a minute; the reader is in the request's state."""

    def __init__(self, app: ASGIApp, *, readers: Readers, per_minute: int) -> None:
        self.app, self.readers = app, readers
        self.limiter, self.limit = MovingWindowRateLimiter(MemoryStorage()), parse(f"{per_minute}/minute")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As every ASGI application is called."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        given = Headers(scope=scope).get("authorization", "")
        kind, _, token = given.partition(" ")
        reader = self.readers.of(token.strip() if kind.lower() == "bearer" else given)
        client = scope.get("client") or ("", 0)
        refusal: JSONResponse | None = None
        # Also who has no reader is counted, by address, or tokens could be guessed as fast as one likes.
        if not self.limiter.hit(self.limit, reader.name if reader and token else client[0]):
            words = f"more than {self.limit.amount} requests within a minute; wait and ask again"
            refusal = JSONResponse({"error": words}, 429, {"Retry-After": "60"})
        elif reader is None:
            words = "no reader has this token; send `Authorization: Bearer TOKEN` with one that the keeper gave you"
            refusal = JSONResponse({"error": words}, 401, {"WWW-Authenticate": "Bearer"})
        if refusal is not None:
            return await refusal(scope, receive, send)
        scope.setdefault("state", {})["reader"] = reader
        return await self.app(scope, receive, send)
