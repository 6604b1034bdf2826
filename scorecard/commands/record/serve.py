"""serve: the record for programs, over HTTP and MCP."""

from __future__ import annotations

import ipaddress
import logging
from pathlib import Path
from typing import Annotated

import typer

from scorecard.doors.readers import PLACE, Caller, read_readers
from scorecard.store import StoreError
from scorecard.terminal.options import built_store

app = typer.Typer()
MISSING = (
    "the read doors need a few more packages: `pip install -r requirements-serve.txt` in a checkout, else "
    "`pip install 'preparedness-scorecard[serve]'`"
)


@app.command()
def serve(
    stdio: Annotated[
        bool, typer.Option("--stdio", help="MCP on standard input and output, for an agent that starts it.")
    ] = False,
    host: Annotated[str, typer.Option(help="The address it listens at; others need readers.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port it listens at.")] = 8571,
    name: Annotated[
        list[str] | None, typer.Option(help="A name of the server that requests may use; repeatable.")
    ] = None,
    readers: Annotated[
        Path | None,
        typer.Option(exists=True, help=f"The file of readers and their tokens; else {PLACE} names it."),
    ] = None,
    per_minute: Annotated[int, typer.Option(min=1, help="Requests of one reader within a minute.")] = 120,
) -> None:
    """Answer programs, read-only: HTTP at /v1/ with its schema at /openapi.json, MCP at /mcp or by --stdio.

    Without readers whoever asks is a viewer, who reads what the public does. On --stdio it is this machine's user.
    """
    known = read_readers(readers)
    if not known.by_digest and not _loopback(host):
        raise StoreError(f"{host} can be reached from other machines, so name who may read: --readers FILE")
    try:
        import uvicorn

        from scorecard.doors import http, mcp
    except ModuleNotFoundError as error:
        raise StoreError(f"{MISSING} ({error})") from error
    store = built_store()
    if stdio:
        mcp.server(store, Caller(name="this machine's user", role="administrator")).run("stdio")
        return
    logging.basicConfig(level=logging.WARNING)
    served = http.app(store, known, hosts=(host, *(name or ())), per_minute=per_minute)
    uvicorn.run(served, host=host, port=port, log_level="info", access_log=False)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
