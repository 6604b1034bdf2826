"""A hub's folder held to what the hubverse publishes of each of its files.

The schemas of tasks and of administration, version 5.0.1 (github.com/hubverse-org/schemas), were read whole and are
told here in our own words, for the parts that we write; no licence of theirs was found, so they are not shipped. What
rows have to be is what the hubverse's documents say of model output and target data. test_schemas.py has the hubverse's
own reader open the same folder.
"""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import yaml

ROOT = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1"


def thing(properties: dict[str, Any], *, others: bool = False, **more: Any) -> dict[str, Any]:
    """An object with these properties, all of them required and no others, unless said otherwise."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": others,
    } | more


def values(**item: Any) -> dict[str, Any]:
    """The required and the optional values of a task's column: each a list, or null."""
    listed = {"type": ["array", "null"], "uniqueItems": True, "items": item}
    return thing({"required": listed, "optional": listed})


def output(ids: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """An output type: the ids of its rows, what their value is, and whether it must be given."""
    asked = thing({"required": {"type": "array", "uniqueItems": True, "items": ids}})
    return thing({"output_type_id": asked, "value": value, "is_required": {"type": "boolean"}})


DAY = {"type": "string", "format": "date"}
LIMIT = {"type": "number"}
QUANTILE = output(
    {"type": "number", "minimum": 0, "maximum": 1},
    thing(
        {"type": {"enum": ["double", "integer"]}, "minimum": LIMIT, "maximum": LIMIT},
        required=["type"],
    ),
)
CDF = output(
    {"type": ["number", "string"]},
    thing({"type": {"const": "double"}, "minimum": {"const": 0}, "maximum": {"const": 1}}),
)
TARGET = thing(
    {
        "target_id": {"type": "string", "maxLength": 30},
        "target_name": {"type": "string", "maxLength": 100},
        "target_units": {"type": "string", "maxLength": 100},
        "target_keys": {
            "type": ["object", "null"],
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": {"type": "string"},
        },
        "target_type": {
            "enum": ["continuous", "discrete", "date", "binary", "nominal", "ordinal", "compositional"]
        },
        "is_step_ahead": {"const": False},
    },
    others=True,
)
GROUP = thing(
    {
        "task_ids": {
            "type": "object",
            "properties": {
                "origin_date": values(**DAY),
                "target": values(type="string"),
                "target_end_date": values(**DAY),
            },
            "additionalProperties": values(),
        },
        "output_type": thing({"quantile": QUANTILE, "cdf": CDF}, required=[]),
        "target_metadata": {"type": "array", "items": TARGET},
    }
)
ROUND = thing(
    {
        "round_id_from_variable": {"const": True},
        "round_id": {"type": "string"},
        "model_tasks": {"type": "array", "items": GROUP},
        "submissions_due": thing(
            {"relative_to": {"type": "string"}, "start": {"type": "integer"}, "end": {"type": "integer"}}
        ),
    },
    others=True,
)
TASKS = thing(
    {
        "schema_version": {"const": f"{ROOT}/tasks-schema.json"},
        "rounds": {"type": "array", "items": ROUND},
        "output_type_id_datatype": {"enum": ["auto", "character", "double", "integer", "logical", "Date"]},
    },
    required=["rounds", "schema_version"],
)
TEXT = {"type": "string"}
ADMIN = thing(
    {
        "schema_version": {"const": f"{ROOT}/admin-schema.json"},
        "name": TEXT,
        "maintainer": TEXT,
        "contact": {
            "type": "object",
            "properties": {"name": TEXT, "email": {"type": "string", "format": "email"}},
        },
        "repository": {
            "type": "object",
            "properties": {"host": {"const": "github"}, "owner": TEXT, "name": TEXT},
        },
        "file_format": {"type": "array", "items": {"enum": ["csv", "parquet", "arrow"]}},
        # The published list is one of places by the sea of zones; UTC by that name is not among them.
        "timezone": {"type": "string", "pattern": "^(Africa|America|Asia|Europe|Pacific)/[A-Za-z_/]+$"},
    }
)


def valid(content: object, schema: dict[str, Any]) -> None:
    """Raise jsonschema's error where the content is not as the schema asks; dates are looked at as such."""
    jsonschema.validate(content, schema, format_checker=jsonschema.FormatChecker())


def opened(hub: Path) -> None:
    """Every file of the folder as the hubverse asks: the first that is not raises."""
    config = {path.name: json.loads(path.read_text("utf-8")) for path in (hub / "hub-config").glob("*.json")}
    assert set(config) == {"tasks.json", "admin.json", "model-metadata-schema.json"}
    valid(config["tasks.json"], TASKS)
    valid(config["admin.json"], ADMIN)
    tasks = [task(group) for one in config["tasks.json"]["rounds"] for group in rounded(one)]
    jsonschema.Draft202012Validator.check_schema(config["model-metadata-schema.json"])
    for path in (hub / "model-output").glob("*/*.csv"):
        origin, model = path.stem[:10], path.parent.name
        assert path.stem == f"{origin}-{model}"
        rows = table(
            path, {"origin_date", "target", "target_end_date", "output_type", "output_type_id", "value"}
        )
        assert {row["origin_date"] for row in rows} == {origin}
        submitted(rows, tasks)
        metadata = hub / "model-metadata" / f"{model}.yml"
        valid(yaml.safe_load(metadata.read_text("utf-8")), config["model-metadata-schema.json"])
        said = yaml.safe_load(metadata.read_text("utf-8"))
        assert f"{said['team_abbr']}-{said['model_abbr']}" == model
    seen = table(
        hub / "target-data" / "time-series.csv", {"target_end_date", "target", "observation", "as_of"}
    )
    targets = set().union(*(columns["target"] for columns, _ in tasks))
    for row in seen:
        assert row["target"] in targets
        assert date.fromisoformat(row["target_end_date"]) <= date.fromisoformat(row["as_of"])
        float(row["observation"])
    assert len({(row["target"], row["target_end_date"], row["as_of"]) for row in seen}) == len(seen)


def table(path: Path, columns: set[str]) -> list[dict[str, str]]:
    """The rows of a table that has exactly these columns."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert set(reader.fieldnames or ()) == columns, path
        return list(reader)


def rounded(one: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups of a round, which share their columns, of which the round's name is one, and name each target once."""
    groups: list[dict[str, Any]] = one["model_tasks"]
    names = [set(group["task_ids"]) for group in groups]
    assert all(one["round_id"] in columns and columns == names[0] for columns in names)
    ids = [target["target_id"] for group in groups for target in group["target_metadata"]]
    assert len(set(ids)) == len(ids)
    for group in groups:
        for target in group["target_metadata"]:
            ((key, value),) = target["target_keys"].items()
            assert value in task(group)[0][key]
    return groups


def task(group: dict[str, Any]) -> tuple[dict[str, set[str]], dict[str, Any]]:
    """What a group takes in each column, NA where it asks for nothing, and its output types."""
    given = {
        name: [*(one["required"] or ()), *(one["optional"] or ())] for name, one in group["task_ids"].items()
    }
    return {name: set(one or ["NA"]) for name, one in given.items()}, group["output_type"]


def submitted(rows: list[dict[str, str]], tasks: list[tuple[dict[str, set[str]], dict[str, Any]]]) -> None:
    """Each row belongs to one group, its value is within bounds, and each task has all its rows, in rising values."""
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    asked: dict[tuple[str, str, str], set[float]] = {}
    for row in rows:
        (group,) = (
            outputs[row["output_type"]]
            for columns, outputs in tasks
            if all(row[name] in taken for name, taken in columns.items()) and row["output_type"] in outputs
        )
        key = (row["target"], row["target_end_date"], row["output_type"])
        value = float(row["value"])
        assert group["value"].get("minimum", value) <= value <= group["value"].get("maximum", value), row
        asked[key] = set(map(float, group["output_type_id"]["required"]))
        found.setdefault(key, []).append((float(row["output_type_id"]), value))
    for key, points in found.items():
        assert {at for at, _ in points} == asked[key], key
        assert len(points) == len(asked[key]), key
        told = [value for _, value in sorted(points)]
        assert told == sorted(told), key
