"""The questions over HTTP, with their schema at `/openapi.json`; the same over MCP at `/mcp`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from mcp.server.transport_security import TransportSecuritySettings
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware

from scorecard import __version__
from scorecard.doors import mcp, served
from scorecard.doors.readers import Caller, Readers, Unaskable
from scorecard.doors.serving import PER_MINUTE, Gate, as_endpoint, code_of
from scorecard.store import Store, StoreError

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "testserver")
VERSION = "v1"  # of the addresses and what is answered there: a field may join, none goes or changes


def app(
    store: Store, readers: Readers, *, hosts: tuple[str, ...] = (), per_minute: int = PER_MINUTE
) -> FastAPI:
    """The service as an ASGI application; `hosts` are names it answers to beside those of this machine."""
    tools = mcp.server(store)
    names = (*LOOPBACK, *hosts)
    inside = tools.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # see names
    )

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    made = FastAPI(
        title="Preparedness scorecard",
        description=mcp.TOLD,
        version=__version__,
        lifespan=running,
        docs_url=None,  # its page loads scripts from elsewhere
        redoc_url=None,
    )
    for name, question in served.QUESTIONS.items():
        made.add_api_route(
            f"/{VERSION}/{name}",
            as_endpoint(question, store, Request, _reader),
            name=name,
            methods=["GET"],
            responses={code: {"description": words} for code, words in REFUSALS.items()},
        )
    made.router.routes.extend(inside.routes)
    made.add_exception_handler(StoreError, _refused)
    made.add_exception_handler(RequestValidationError, _mistaken)
    made.add_exception_handler(HTTPException, _nowhere)
    made.add_middleware(Gate, readers=readers, per_minute=per_minute)
    made.add_middleware(TrustedHostMiddleware, allowed_hosts=list(names))
    return made


MISSING = "this question needs it; /openapi.json says how to write it"
REFUSALS = {
    401: "No reader has the token.",
    403: "Not for this reader.",
    404: "Not on the record.",
    422: "A parameter is wrong; `error` says how to write it.",
    429: "Too many requests within a minute.",
    503: "The record is busy or unsound; `error` says what to do.",
}


def _reader(request: Request) -> Caller:
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    strange = [name for name in request.query_params if name not in known]
    twice = [name for name in known if len(request.query_params.getlist(name)) > 1]
    if strange or twice:
        raise Unaskable(
            f"{', '.join(strange or twice)}: "
            + (
                "given more than once"
                if twice and not strange
                else f"no parameter; there are: {', '.join(sorted(known))}"
            )
        )
    reader: Caller = request.state.reader
    return reader


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StoreError)
    return JSONResponse({"error": str(error)}, code_of(error))


async def _mistaken(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    told = [
        f"{one['loc'][-1]}: {MISSING if one['type'] == 'missing' else one['msg']}" for one in error.errors()
    ]
    return JSONResponse({"error": "; ".join(told)}, 422)


async def _nowhere(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    there = ", ".join(f"/{VERSION}/{name}" for name in served.QUESTIONS)
    words = f"{request.url.path}: {error.detail.lower()}; ask by GET at {there}, or by MCP at /mcp"
    return JSONResponse({"error": words}, error.status_code, error.headers)
