"""Assurance formats: OSCAL as its schema asks, GSN and a crate in which every reference leads somewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml

from scorecard.briefings.content.build import build
from scorecard.briefings.exporters import exporters
from scorecard.briefings.layout.argument import arguments, one_line
from scorecard.store import Store
from tests.scorecard.briefings.conftest import AS_OF, HOSTILE
from tests.scorecard.briefings.test_exports import made

# What the published schema (OSCAL 1.2, assessment results) asks of each object that we write, and what it lets stand
# there; nothing else may, since every object there is closed.
PROP = ({"name", "value"}, {"ns", "uuid", "class", "remarks"})
SCHEMA: Mapping[str, tuple[set[str], set[str]]] = {
    "assessment-results": (
        {"uuid", "metadata", "import-ap", "results"},
        {"local-definitions", "back-matter"},
    ),
    "metadata": ({"title", "last-modified", "version", "oscal-version"}, {"remarks", "props", "parties"}),
    "import-ap": ({"href"}, {"remarks"}),
    "results": (
        {"uuid", "title", "description", "start", "reviewed-controls"},
        {"end", "props", "observations", "risks", "findings", "remarks"},
    ),
    "reviewed-controls": ({"control-selections"}, {"description", "remarks"}),
    "control-selections": (set(), {"include-all", "include-controls", "description"}),
    "include-controls": ({"control-id"}, {"statement-ids"}),
    "observations": (
        {"uuid", "description", "methods", "collected"},
        {"title", "types", "relevant-evidence", "remarks", "props"},
    ),
    "relevant-evidence": ({"description"}, {"href", "remarks"}),
    "risks": ({"uuid", "title", "description", "statement", "status"}, {"related-observations", "props"}),
    "findings": (
        {"uuid", "title", "description", "target"},
        {"props", "related-observations", "related-risks", "remarks"},
    ),
    "target": ({"type", "target-id"}, {"title", "description", "status", "props", "remarks"}),
    "target status": ({"state"}, {"reason", "remarks"}),
    "related-observations": ({"observation-uuid"}, {"remarks"}),
    "related-risks": ({"risk-uuid"}, {"remarks"}),
    "back-matter": (set(), {"resources"}),
    "resources": ({"uuid"}, {"title", "description", "props", "rlinks", "remarks"}),
    "rlinks": ({"href"}, {"media-type", "hashes"}),
    "props": PROP,
}
PATTERNS = {
    "title": r"[^\n]+",
    "value": r"\S(.*\S)?",
    "target-id": r"[A-Za-z_][A-Za-z0-9_.-]*",
    "control-id": r"[A-Za-z_][A-Za-z0-9_.-]*",
    "name": r"[A-Za-z_][A-Za-z0-9_.-]*",
    "collected": r"\d{4}-\d\d-\d\dT00:00:00Z",
    "state": "satisfied|not-satisfied",
    "version": r"\S(.*\S)?",
}


def objects(held: Any, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object inside, with the name of what it is."""
    if isinstance(held, list):
        for one in held:
            yield from objects(one, name)
    elif isinstance(held, dict):
        yield name, held
        for key, value in held.items():
            yield from objects(value, "target status" if (name, key) == ("target", "status") else key)


def faults(document: dict[str, Any]) -> Iterator[str]:
    """What the schema would refuse, and references that lead nowhere."""
    whole = list(objects(document["assessment-results"], "assessment-results"))
    for name, one in whole:
        if name == "include-all":
            continue
        needed, allowed = SCHEMA[name]
        yield from (f"{name} lacks {key}" for key in needed - set(one))
        yield from (f"{name} may not have {key}" for key in set(one) - needed - allowed)
        yield from (f"{name}: {key} is an empty list" for key, value in one.items() if value == [])
        for key, pattern in PATTERNS.items():
            if isinstance(value := one.get(key), str) and not re.fullmatch(pattern, value):
                yield f"{name}: {key} is {value[:60]!r}"
    ids = [one["uuid"] for _, one in whole if "uuid" in one]
    yield from (f"{id} stands twice" for id in {id for id in ids if ids.count(id) > 1})
    yield from (f"{id} is no UUID of version 5" for id in ids if UUID(id).version != 5)
    for _, one in whole:
        asked = [
            one.get("observation-uuid"),
            one.get("risk-uuid"),
            str(one.get("href", "")).partition("#")[2],
        ]
        if not str(one.get("href", "")).startswith("http"):
            yield from (f"{id} is nowhere" for id in asked if id and id not in ids)


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_oscal_is_as_its_schema_asks(decided: Store, audience: str) -> None:
    document = json.loads(made(decided, "oscal", audience).content)
    assert list(faults(document)) == []
    (result,) = document["assessment-results"]["results"]
    (finding,) = result["findings"]
    assert finding["target"]["target-id"] == "lab.high"
    assert finding["target"]["status"]["state"] == "satisfied"
    against = {risk["uuid"]: risk["description"] for risk in result["risks"]}
    told = [against[one["risk-uuid"]] for one in finding["related-risks"]]
    assert any("has been crossed already" in text for text in told)
    assert any("self reported" in text for text in told)
    assert result["observations"][0]["relevant-evidence"]


def test_hostile_text_makes_no_oscal_that_is_refused(hostile: Store) -> None:
    assert list(faults(json.loads(made(hostile, "oscal").content))) == []


def test_a_fault_of_oscal_is_found(decided: Store) -> None:
    document = json.loads(made(decided, "oscal").content)
    (result,) = document["assessment-results"]["results"]
    del result["start"]
    result["findings"][0]["chance"] = 0.5
    result["findings"][0]["related-risks"] = [{"risk-uuid": result["uuid"][::-1]}]
    assert len(list(faults(document))) == 3


@pytest.mark.oracle
@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_reader_made_from_the_published_schema_takes_it(
    decided: Store, audience: str, tmp_path: Path
) -> None:
    """Compliance-trestle reads every object and refuses a field of our own making (requirements-oracle.txt)."""
    python = os.environ.get("SCORECARD_ORACLE")
    if python is None:
        pytest.fail("SCORECARD_ORACLE names no Python: make an environment of requirements-oracle.txt")
    document = json.loads(made(decided, "oscal", audience).content)
    program, file = str(Path(__file__).with_name("oracle.py")), tmp_path / "oscal.json"

    def read() -> subprocess.CompletedProcess[str]:
        file.write_text(json.dumps(document), encoding="utf-8")
        return subprocess.run([python, program, str(file)], capture_output=True, text=True, check=False)

    done = read()
    assert done.returncode == 0, done.stderr[-2000:]
    (result,) = document["assessment-results"]["results"]
    assert json.loads(done.stdout) == {
        name: len(result.get(name, [])) for name in ("findings", "observations", "risks")
    }
    result["findings"][0]["chance"] = 0.5
    assert "chance" in read().stderr


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_every_reference_of_the_safety_case_leads_somewhere(decided: Store, audience: str) -> None:
    elements = yaml.safe_load(made(decided, "gsn", audience).content)
    assert all(re.fullmatch(r"(G|S|C|J|Sn|CG|CSn)\d+(_\d+)?", name) for name in elements)
    assert all(one["text"].strip() for one in elements.values())
    for name, one in elements.items():
        for relation, kinds in {
            "supportedBy": r"G|S\d|Sn",
            "inContextOf": "C|J",
            "challenges": "G|S",
        }.items():
            for to in one.get(relation, []):
                assert to in elements, (name, to)
                assert re.match(kinds, to), (name, relation, to)
        if re.match(r"C?G|S\d", name):
            assert bool(one.get("supportedBy")) != one.get("undeveloped", False), name
    supported, waiting = set(), ["G1"]
    while waiting:
        supported.add(name := waiting.pop())
        waiting += [to for to in elements[name].get("supportedBy", []) if to not in supported]
    assert {name for name in elements if re.match(r"G|S\d|Sn", name)} == supported
    assert [one["challenges"] for name, one in elements.items() if name.startswith("CSn")] == [["G2"]] * 2


def test_hostile_text_is_text_in_the_safety_case(hostile: Store) -> None:
    elements = yaml.safe_load(made(hostile, "gsn").content)
    held = {one["text"] for one in elements.values()}
    assert [text for text in HOSTILE if one_line(text).replace("](", "] (") not in held] == []
    assert not [text for text in held if "](" in text]


def test_silence_is_no_determination(published: Store) -> None:
    """It has no finding, and its goal is undeveloped, whatever is measured."""
    briefing = build(published, as_of=date(2026, 11, 28))
    silent = {one.line.threshold for one in arguments(briefing) if one.ruled_out is None}
    assert silent
    document = json.loads(exporters()["oscal"].render(briefing))
    assert list(faults(document)) == []
    (result,) = document["assessment-results"]["results"]
    assert silent & {one["target"]["target-id"] for one in result["findings"]} == set()
    assert {one["target"]["status"]["state"] for one in result["findings"]} == {"satisfied", "not-satisfied"}
    elements = yaml.safe_load(exporters()["gsn"].render(briefing))
    goals = {one["text"]: one for name, one in elements.items() if name.startswith("G")}
    for one in arguments(briefing):
        assert goals[one_line(one.claim).replace("](", "] (")].get("undeveloped", False) is (
            one.ruled_out is None
        )


@pytest.mark.parametrize("audience", ["internal", "public"])
def test_a_crate_names_what_it_rests_on(decided: Store, audience: str) -> None:
    file = made(decided, "rocrate", audience)
    assert file.filename.endswith("-ro-crate-metadata.json")
    graph = json.loads(file.content)["@graph"]
    entities = {one["@id"]: one for one in graph}
    assert len(entities) == len(graph)
    assert all("@type" in one for one in graph)
    root = entities[entities["ro-crate-metadata.json"]["about"]["@id"]]
    assert {"name", "description", "datePublished", "license", "identifier"} <= set(root)
    assert root["datePublished"] == AS_OF.isoformat()
    for one in graph:
        for name, value in one.items():
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, dict) and name != "conformsTo":
                    assert part["@id"] in entities, (one["@id"], name)
    assert root["citation"]
    assert all(one["@id"].startswith("https://") for one in root["citation"])
    assert entities[root["identifier"]["@id"]] == {
        "@id": root["identifier"]["@id"],
        "@type": "PropertyValue",
        "name": "SHA-256",
        "propertyID": "sha256",
        "value": root["@id"].removeprefix("urn:sha256:"),
    }
    assert not [one for one in graph if one["@type"] == "SoftwareApplication"], "a crate asks its address"
    (run,) = [one for one in graph if one["@type"] == "CreateAction"]
    assert run["identifier"] == "run-now-0000000"
    assert {"@id": run["@id"]} in root["mentions"]
    assert "https://example.org/paper" in {one["@id"] for one in root["citation"]}
