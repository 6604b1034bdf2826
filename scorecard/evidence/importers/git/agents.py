"""Who or what signed a commit: coding agents by address, account and known form, from the dated table of data/.

A name alone proves nothing, since people are called Claude, Jules and Cline. So a name counts in a form that no
person's name has ("Claude Opus 4.6", "Gemini CLI"), with an agent's address, or where only a tool can stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Literal

from scorecard.evidence.tables import Fault, read_rows
from scorecard.places import DATA

FILE = DATA / "agents.yaml"
# Before the @ of an agent's own domain, what is no person.
SERVICE = frozenset(
    ["noreply", "no-reply", "agent", "agents", "bot", "ai", "assistant", "cli", "code", "coder", "autofix"]
)
_GITHUB = re.compile(r"(?:\d+\+)?(?P<login>[\w.-]+)(?P<bot>\[bot\])?@users\.noreply\.github\.com")
_IDENTITY = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>?\s*$")
# Words that may follow an agent's name: versions, models, kinds.
_MODEL = re.compile(
    r"[\w./+-]*\d[\w./:+-]*|[^\w]+|https?|code|cli|agent|ai|opus|sonnet|haiku|pro|flash|max|mini|preview|"
    r"via|using|and|&|\+"
)
# Words that a name or a line may have when it is an unknown agent's.
_LIKE_ONE = re.compile(r"\[bot\]|\b(?:ai|agent|copilot|assistant|llm|gpt|coder|autopilot)\b", re.IGNORECASE)
OTHER_BOTS = re.compile(
    r"dependabot|renovate|github-actions|pre-commit|greenkeeper|codecov|imgbot|allcontributors|semantic-release|"
    r"mergify|snyk|weblate|web-flow|netlify|vercel\[bot\]|release-please|bors|stale\[bot\]|deepsource",
    re.IGNORECASE,
)

type Where = Literal["author", "co-author", "tool", "footer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One coding agent and how it signs; lower case but for `name`."""

    id: str
    name: str
    addresses: tuple[str, ...]
    domains: frozenset[str]
    accounts: frozenset[str]
    forms: tuple[re.Pattern[str], ...]
    words: tuple[str, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class AgentMark:
    """What one line of a commit says: an agent's id, or nothing and that it looks like one of no known form."""

    agent: str = ""
    like: str = ""


NOBODY = AgentMark()


class Agents:
    """The table of agents, asked about names, addresses and lines."""

    def __init__(self, agents: Sequence[Agent], known_at: str) -> None:
        self.agents, self.known_at = tuple(agents), known_at
        words = sorted((word for agent in agents for word in agent.words), key=len, reverse=True)
        self._owner = {word: agent.id for agent in reversed(agents) for word in agent.words}
        self._named = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
        self._identities: dict[str, AgentMark] = {}

    def of_identity(self, text: str) -> AgentMark:
        """The agent that `Name <address>` is, as author or co-author."""
        if text not in self._identities:
            self._identities[text] = self._identity(text)
        return self._identities[text]

    def _identity(self, text: str) -> AgentMark:
        found = _IDENTITY.match(text)
        name, address = (
            (found["name"].strip(), found["address"].strip().lower()) if found else (text.strip(), "")
        )
        account = _GITHUB.fullmatch(address)
        local, _, domain = address.partition("@")
        for agent in self.agents:
            if (
                any(fnmatchcase(address, one) if "*" in one else address == one for one in agent.addresses)
                or (account and account["bot"] and account["login"] in agent.accounts)
                or (name.lower().removesuffix("[bot]") in agent.accounts and name.lower().endswith("[bot]"))
                or (domain in agent.domains and (local in SERVICE or local in agent.words))
                or any(form.fullmatch(name) for form in agent.forms)
                or (agent.alone and name.lower() in agent.words)
            ):
                return AgentMark(agent.id)
        if OTHER_BOTS.search(text):
            return NOBODY
        if self._starts(name) or _LIKE_ONE.search(name):
            return AgentMark(like=name[:60])
        return NOBODY

    def of_tool(self, text: str) -> AgentMark:
        """The agent that a trailer for tools, or a footer, names; with an address it may be a person after all."""
        text = text.strip(" \t*_`.\N{ROBOT FACE}\N{SPARKLES}").lstrip("[@")
        if "<" in text and "@" in text:
            return self.of_identity(text)
        if (start := self._named.match(text)) is None:
            return NOBODY
        rest, agent = text[start.end() :], AgentMark(self._agent(start.group()))
        joined = re.match(r"-[\w.-]*", rest)
        if (rest and rest[0].isalnum()) or (joined and not re.search(r"\d", joined.group())):
            return NOBODY  # the word goes on, as "cursory" and "cursor-based" do
        for part in re.split(r"[\s\])(\[,;:]+", rest.partition("](")[0].removeprefix("'s")):
            if not part or _MODEL.fullmatch(part.lower()) or self._named.fullmatch(part):
                continue
            if part[0].isupper():  # as a surname would be
                return AgentMark(like=text[:60])
            return agent if start.group()[0].isupper() or "](" in text else NOBODY
        return agent

    def _starts(self, name: str) -> bool:
        start = self._named.match(name)
        return start is not None and not name[start.end() : start.end() + 1].isalnum()

    def _agent(self, word: str) -> str:
        return self._owner[word.lower()]


@cache
def agents() -> Agents:
    """The agents of data/agents.yaml; ValueError naming every row that is not as it should be."""
    rows = list(read_rows(FILE, FILE.name))
    if faults := [row for row in rows if isinstance(row, Fault)]:
        raise ValueError("; ".join(map(str, faults)))
    cells: list[Mapping[str, Any]] = [row.cells for row in rows if not isinstance(row, Fault)]
    made = [
        Agent(
            id=str(row["id"]),
            name=str(row["name"]),
            addresses=tuple(one.lower() for one in row["addresses"]),
            domains=frozenset(row["domains"]),
            accounts=frozenset(row["accounts"]),
            forms=tuple(re.compile(form, re.IGNORECASE) for form in row["forms"]),
            words=tuple(row["words"]),
            alone=row["alone"],
        )
        for row in cells
    ]
    return Agents(made, max(str(row["known_at"]) for row in cells))
