"""The questions as tools of the Model Context Protocol, over standard input and output or inside the HTTP service."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from scorecard import __version__
from scorecard.doors import served
from scorecard.doors.readers import Caller
from scorecard.doors.serving import as_endpoint
from scorecard.store import Store, StoreError

TOLD = (
    "When are the capability thresholds of AI safety frameworks crossed? Ask `status` or `search` for ids first. "
    "`threshold` says what the chance is and on what evidence, `changes` what moved since a day, `explain` why the "
    "forecast says so, `ask` the chance of any level of an indicator by any day. Chances run from 0 to 1; every answer "
    "names its day and the head of the record."
)


def server(store: Store, local: Caller | None = None) -> MCPServer[Any]:
    """A server with one read-only tool a question; `local` is who asks where no HTTP request says it."""
    made: MCPServer[Any] = MCPServer(
        "preparedness",
        title="Preparedness scorecard",
        instructions=TOLD,
        version=__version__,
        log_level="WARNING",
    )

    def reader_of(context: Context[Any, Any]) -> Caller:
        request = context.request_context.request
        if request is None:
            assert local is not None
            return local
        reader: Caller = request.state.reader
        return reader

    for name, question in served.QUESTIONS.items():
        tool = _refusing(as_endpoint(question, store, Context, reader_of))
        made.tool(
            name,
            structured_output=True,
            annotations=ToolAnnotations(read_only_hint=True, open_world_hint=False),
        )(tool)
    return made


def _refusing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """What the record refuses is the tool's answer, in words."""

    @wraps(endpoint)
    def tool(**given: Any) -> Any:
        try:
            return endpoint(**given)
        except StoreError as error:
            raise ToolError(str(error)) from error

    tool.__signature__ = inspect.signature(endpoint)  # type: ignore[attr-defined]
    return tool
