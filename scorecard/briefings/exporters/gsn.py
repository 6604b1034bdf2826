"""GSN: the determinations as a fragment of a safety case, with counter-solutions for what speaks against them.

Goal Structuring Notation 3 with its dialectic extension, in the YAML notation that gsn2x draws: a goal a threshold,
solutions for its evidence, context for its text, and `challenges` for each defeater.
"""

from __future__ import annotations

from typing import Any

import yaml

from scorecard.briefings.content.briefing import Briefing, Said
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.argument import Argument, arguments, one_line
from scorecard.briefings.layout.parts import is_link
from scorecard.words import day_in_words


def render(briefing: Briefing) -> bytes:
    """The fragment: a top goal, the strategy over thresholds, a goal each, and what challenges them."""
    made = arguments(briefing)
    where = {one.key: one.where for one in briefing.references if is_link(one.where)}
    goals = [f"G{i}" for i in range(2, len(made) + 2)]
    said = " ".join(one.text for one in briefing.method)
    # Whatever is in doubt about all of them challenges the strategy, not one goal.
    doubts = [*briefing.disagreements, *briefing.uncertainties]
    elements: dict[str, dict[str, Any]] = {
        "G1": {
            "text": _text(
                f"What developers determined about {len(made)} capability thresholds can be relied on, as of "
                f"{day_in_words(briefing.as_of)}"
            ),
            "supportedBy": ["S1"],
            "inContextOf": ["C1", *(f"J{i}" for i, _ in enumerate(briefing.decided, start=1))],
        },
        "C1": {"text": _text(f"Content {briefing.hash}. {said}")},
        "S1": {
            "text": "Argument over each threshold of a framework in force",
            **({"supportedBy": goals} if goals else {"undeveloped": True}),
        },
    }
    for i, decision in enumerate(briefing.decided, start=1):
        elements[f"J{i}"] = {"text": _text(decision.text)}
    for i, doubt in enumerate(doubts, start=1):
        elements[f"CG{i}"] = {"text": _text(doubt.text), "challenges": ["S1"], "undeveloped": True}
    for number, one in enumerate(made, start=2):
        elements |= _goal(number, one, where)
    head = f"# Safety-case fragment (GSN) of {briefing.as_of.isoformat()}; gsn2x draws it.\n"
    body = yaml.safe_dump(elements, allow_unicode=True, sort_keys=False, width=110)
    return (head + body).encode()


def _goal(number: int, one: Argument, where: dict[str, str]) -> dict[str, dict[str, Any]]:
    name = f"G{number}"
    solutions = {f"Sn{number}_{i}": _solution(said, where) for i, said in enumerate(one.evidence, start=1)}
    against = {
        f"CSn{number}_{i}": {**_solution(said, where), "challenges": [name]}
        for i, said in enumerate(one.defeaters, start=1)
    }
    # Silence is no determination: the goal is there, and nothing supports it.
    supported = solutions if one.ruled_out is not None else {}
    goal: dict[str, Any] = {"text": _text(one.claim), "inContextOf": [f"C{number}"]}
    goal |= {"supportedBy": list(supported)} if supported else {"undeveloped": True}
    return {
        name: goal,
        f"C{number}": {"text": _text(one.line.paraphrase or one.line.name)},
        **supported,
        **against,
    }


def _solution(said: Said, where: dict[str, str]) -> dict[str, Any]:
    keys = f" [{', '.join(said.refs)}]" if said.refs else ""
    place = next((where[key] for key in said.refs if key in where), "")
    return {"text": _text(said.text + keys), **({"url": place} if place else {})}


def _text(text: str) -> str:
    """One line, without what gsn2x would make a link of."""
    return one_line(text).replace("](", "] (")


EXPORTER = Exporter(
    name="gsn",
    title="Safety-case fragment (GSN, YAML)",
    suffix=".gsn.yaml",
    mime="application/yaml",
    place=11,
    render=render,
)
