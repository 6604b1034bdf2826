"""A commit's message, read for signatures: trailers wherever they stand, and the footers that tools leave."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scorecard.evidence.importers.git.agents import NOBODY, AgentMark, Agents, Where

# Trailers in which a person may stand beside an agent.
PEOPLE = frozenset({"co-authored-by", "co-developed-by", "co-author", "coauthored-by", "authored-by"})
# Trailers in which only a tool is named.
TOOLS = frozenset(
    {
        "assisted-by",
        "generated-by",
        "generated-with",
        "made-with",
        "created-with",
        "written-by",
        "written-with",
        "coded-with",
        "agent",
        "tool",
        "model",
        "ai-agent",
        "ai-tool",
        "ai-model",
        "ai-assisted-by",
        "ai-assistant",
        "ai-generated-by",
        "ai-co-author",
        "llm",
    }
)
# Trailers that only an agent leaves, whatever they say.
LEFT_BY = {
    "claude-session": "claude",
    "claude-code-session": "claude",
    "codex-session": "codex",
    "cursor-session": "cursor",
    "amp-thread": "amp",
    "amp-thread-id": "amp",
    "agent-logs-url": "copilot",
    "copilot-session": "copilot",
    "devin-session": "devin",
    "jules-session": "jules",
    "kiro-session": "kiro",
    "entire-checkpoint": "",
}
OTHER = "other"  # a tool that calls itself AI and is not in the table
NO = frozenset({"", "no", "none", "n/a", "na", "false", "human", "nobody", "-", "manual"})
_TRAILER = re.compile(r"[\s*>_-]*(?P<key>[A-Za-z][A-Za-z-]{2,30})\**:\**\s*(?P<value>\S.*)$")
_FOOTER = re.compile(
    r"[^\w\[]*(?:(?:co-)?(?:generated|made|written|built|created|authored|implemented|coded|crafted|assisted|"
    r"ultraworked|developed|vibe[- ]?coded)(?: (?:entirely|mostly|partly|in part))?) (?:with|by|using|via) "
    r"(?P<who>\[?\S.*)$",
    re.IGNORECASE,
)

# What a message has somewhere, in lower case, when it has any signature; all others need no closer look.
HINTS = (
    *(b"-by:", b"with", b" by ", b" using ", b" via ", b"ai-", b"agent", b"llm", b"author:"),
    *(b"session:", b"thread", b"checkpoint:", b"model:", b"tool:"),
)


def hinted(message: bytes) -> bool:
    """Whether a message may have a signature."""
    low = message.lower()
    return any(hint in low for hint in HINTS)


def signatures(body: str, table: Agents) -> Iterator[tuple[Where, AgentMark]]:
    """Every signature of a message, and what looks like one; a squash merge has those of all its commits inside."""
    for line in body.splitlines():
        trailer = _TRAILER.match(line)
        key = trailer["key"].lower() if trailer else ""
        if trailer and key in PEOPLE:
            yield "co-author", table.of_identity(trailer["value"])
        elif trailer and key in LEFT_BY:
            yield "tool", AgentMark(LEFT_BY[key] or OTHER)
        elif trailer and key in TOOLS:
            yield "tool", _tool(key, trailer["value"], table)
        elif (
            trailer
            and re.search(r"(?:^|-)(?:ai|llm|agent)(?:-|$)", key)
            and trailer["value"].lower() not in NO
        ):
            yield "tool", AgentMark(like=line.strip()[:60])
        elif footer := _FOOTER.match(line):
            found = table.of_tool(footer["who"])
            if found is not NOBODY:
                yield "footer", found


def _tool(key: str, value: str, table: Agents) -> AgentMark:
    """What a trailer for tools names; one that says AI in its key names a tool even when it is an unknown one."""
    found = table.of_tool(value)
    if found.agent or found.like or "<" in value or value.strip().lower() in NO:
        return found
    if "ai-" in key or key == "llm":
        return AgentMark(OTHER)
    return NOBODY if key in ("tool", "model") else AgentMark(like=f"{key}: {value}"[:60])
