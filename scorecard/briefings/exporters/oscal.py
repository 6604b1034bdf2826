"""OSCAL assessment results: determinations as findings, evidence as observations, defeaters as open risks.

The model of https://pages.nist.gov/OSCAL, version 1.2.1. A finding has the objective that the developer has found the
level not reached; identifiers are made from what they name, so that they stay from one edition to the next.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from scorecard.briefings.content.briefing import Briefing, Reference, Said
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.argument import Argument, arguments, one_line
from scorecard.briefings.layout.parts import is_link
from scorecard.words import in_markdown

VERSION = "1.2.1"
SPACE = UUID(
    "0b5a5f0e-6c57-5d0e-9f0e-4a2f6f2b9c11"
)  # of our identifiers, and the namespace of our properties
NS = f"urn:uuid:{SPACE}"
TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def render(briefing: Briefing) -> bytes:
    """The briefing as one document of assessment results, for tools of governance, risk and compliance."""
    made = arguments(briefing)
    resources = _resources(briefing)
    observations = [o for one in made for o in _observations(briefing, one)]
    risks = [r for one in made for r in _risks(one)]
    findings = [_finding(one) for one in made if one.ruled_out is not None]
    controls = [{"control-id": _token(one.line.threshold)} for one in made]
    result: dict[str, Any] = {
        "uuid": _id("result", briefing.as_of.isoformat()),
        "title": f"Capability thresholds as of {briefing.as_of.isoformat()}",
        "description": in_markdown(" ".join(f"{one.label}: {one.said.text}" for one in briefing.verdict)),
        "start": _moment(briefing.since),
        "end": _moment(briefing.as_of),
        "reviewed-controls": {
            "description": "Capability thresholds of AI developers' safety frameworks, by their id on the scorecard.",
            "control-selections": [{"include-controls": controls} if controls else {"include-all": {}}],
        },
        **{
            name: held
            for name, held in (("observations", observations), ("risks", risks), ("findings", findings))
            if held
        },
    }
    document = {
        "uuid": _id("document", briefing.hash),
        "metadata": {
            "title": in_markdown(briefing.title),
            "last-modified": _moment(briefing.as_of),
            "version": briefing.short_hash,
            "oscal-version": VERSION,
            "remarks": f"Content {briefing.hash}, audience {briefing.audience}.",
        },
        "import-ap": {
            "href": f"#{METHOD}",
            "remarks": "The plan is the method of the scorecard, which the resource tells.",
        },
        "results": [result],
        "back-matter": {"resources": resources},
    }
    return (json.dumps({"assessment-results": document}, ensure_ascii=False, indent=1) + "\n").encode()


def _finding(one: Argument) -> dict[str, Any]:
    threshold = one.line.threshold
    seen = [{"observation-uuid": _id("evidence", threshold, said.text)} for said in one.evidence]
    against = [{"risk-uuid": _id("defeater", threshold, said.text)} for said in one.defeaters]
    return {
        "uuid": _id("finding", threshold),
        "title": in_markdown(one.claim),
        "description": in_markdown(one.line.reason.text or one.claim),
        "props": [{"name": "status", "ns": NS, "value": one_line(one.line.status)}],
        "target": {
            "type": "objective-id",
            "target-id": _token(threshold),
            "title": "The developer has found that the level is not reached",
            "description": in_markdown(one.line.paraphrase or one.claim),
            "status": {
                "state": "satisfied" if one.ruled_out else "not-satisfied",
                "remarks": in_markdown(one.line.status),
            },
        },
        **({"related-observations": seen} if seen else {}),
        **({"related-risks": against} if against else {}),
    }


def _observations(briefing: Briefing, one: Argument) -> list[dict[str, Any]]:
    known = {reference.key: reference for reference in briefing.references}
    on = one.line.latest_on.value if one.line.latest_on else None
    return [
        {
            "uuid": _id("evidence", one.line.threshold, said.text),
            "title": in_markdown(one.claim),
            "description": in_markdown(said.text),
            "methods": ["EXAMINE"],
            "collected": _moment(on if isinstance(on, date) else briefing.as_of),
            **_relevant(said, known),
        }
        for said in dict.fromkeys(one.evidence)
    ]


def _relevant(said: Said, known: dict[str, Reference]) -> dict[str, Any]:
    found = [
        {"href": f"#{_resource_id(known[key])}", "description": in_markdown(known[key].title)}
        for key in said.refs
        if key in known
    ]
    return {"relevant-evidence": found} if found else {}


def _risks(one: Argument) -> list[dict[str, Any]]:
    seen = [{"observation-uuid": _id("evidence", one.line.threshold, said.text)} for said in one.evidence]
    return [
        {
            "uuid": _id("defeater", one.line.threshold, said.text),
            "title": in_markdown(f"Against: {one.claim}"),
            "description": in_markdown(said.text),
            "statement": "If this holds, the determination may be wrong, or may not be relied on.",
            "status": "open",
            **({"related-observations": seen} if seen else {}),
        }
        for said in dict.fromkeys(one.defeaters)
    ]


def _resources(briefing: Briefing) -> list[dict[str, Any]]:
    """The method and every entry of the list of sources, each once."""
    method = " ".join(said.text for said in briefing.method)
    made = {
        METHOD: {
            "uuid": METHOD,
            "title": "How this was worked out",
            "description": in_markdown(method or "–"),
        }
    }
    for one in briefing.references:
        resource: dict[str, Any] = {
            "uuid": _resource_id(one),
            "title": in_markdown(one.title) or one.key,
            "props": _props(one),
        }
        if one.detail.strip():
            resource["description"] = in_markdown(one.detail)
        if is_link(one.where):
            resource["rlinks"] = [{"href": one.where}]
        made.setdefault(resource["uuid"], resource)
    return list(made.values())


def _props(one: Reference) -> Sequence[dict[str, str]]:
    told = [("key", one.key), ("kind", one.kind), ("day", one.day.isoformat())]
    if one.where.strip() and not is_link(one.where):
        told.append(("record-id", one.where))
    return [{"name": name, "ns": NS, "value": one_line(value)} for name, value in told]


def _resource_id(one: Reference) -> str:
    return _id(one.kind, one.where, one.title, one.day.isoformat())


def _id(*parts: str) -> str:
    return str(uuid5(SPACE, "\n".join(parts)))


METHOD = _id("method")


def _token(threshold: str) -> str:
    """A threshold's id as OSCAL writes ids: as it is where that may be, else with a name made from it."""
    return threshold if TOKEN.fullmatch(threshold) else f"t-{_id('threshold', threshold)}"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


EXPORTER = Exporter(
    name="oscal",
    title="OSCAL assessment results (JSON)",
    suffix="-oscal.json",
    mime="application/json",
    place=10,
    render=render,
)
