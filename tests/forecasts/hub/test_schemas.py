"""What we write as a hub passes what is asked of each file, and a damaged one of each kind does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from forecasts.hub.files import as_csv, as_target_data, ours
from forecasts.hub.tasks import admin, metadata, metadata_schema, tasks
from tests.forecasts.hub.schemas import ADMIN, ROOT, TASKS, opened, valid
from tests.forecasts.hub.test_hub import FAN, MODEL, ORIGIN
from tests.scorecard.examples import INDICATOR, result, run

LONG = "x" * 40  # a target's id is at most 30 characters there


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub with our forecasts of one day and one reading."""
    place = tmp_path_factory.mktemp("hub")
    runs = {
        id: run(as_of=ORIGIN, threshold=id, result=result(ORIGIN, fans={"horizon": FAN}))
        for id in ("lab.high", LONG)
    }
    told = ours(runs, {"horizon": INDICATOR}, ORIGIN, MODEL)
    config = tasks([ORIGIN], [INDICATOR], {"lab.high": "Lab, High", LONG: "Long"})
    for name, content in {
        "hub-config/tasks.json": json.dumps(config).encode(),
        "hub-config/admin.json": json.dumps(admin()).encode(),
        "hub-config/model-metadata-schema.json": json.dumps(metadata_schema()).encode(),
        f"model-metadata/{MODEL}.yml": json.dumps(metadata()).encode(),
        f"model-output/{MODEL}/{ORIGIN}-{MODEL}.csv": as_csv(told),
        "target-data/time-series.csv": as_target_data([("horizon", ORIGIN, 200.0)], date(2026, 2, 1)),
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def test_what_we_write_is_what_is_asked(hub: Path) -> None:
    opened(hub)


@pytest.mark.parametrize(
    ("name", "here", "there"),
    [
        ("hub-config/tasks.json", ROOT, ROOT.replace("v5.0.1", "v4.0.0")),
        ("hub-config/tasks.json", '"maximum": 1', '"maximum": 100'),
        ("hub-config/tasks.json", '"minimum": 0, ', ""),
        ("hub-config/tasks.json", "[0.1, 0.25", "[10, 0.25"),
        ("hub-config/tasks.json", '"2026-04-15"', '"2026-04-31"'),
        ("hub-config/tasks.json", '"optional": null', '"optional": "2026-04-15"'),
        ("hub-config/tasks.json", '"relative_to"', '"relative"'),
        ("hub-config/tasks.json", '"target_type": "continuous"', '"target_type": "real"'),
        ("hub-config/admin.json", '"timezone": "Africa/Abidjan"', '"timezone": "UTC"'),
        ("hub-config/admin.json", '"csv"', '"xlsx"'),
        ("hub-config/admin.json", '"contact": {}', '"contacts": {}'),
        ("hub-config/admin.json", '"repository": {}', '"repository": {"host": "elsewhere"}'),
        (f"model-metadata/{MODEL}.yml", '"team_abbr": "preparedness"', '"team_abbr": "prepared-ness"'),
        (f"model-metadata/{MODEL}.yml", '"methods"', '"method"'),
        (f"model-output/{MODEL}/{ORIGIN}-{MODEL}.csv", "output_type_id", "level"),
        (f"model-output/{MODEL}/{ORIGIN}-{MODEL}.csv", "horizon,2026-04-15", "horizon,2026-04-16"),
        (f"model-output/{MODEL}/{ORIGIN}-{MODEL}.csv", ",quantile,0.5,", ",quantile,0.55,"),
        (f"model-output/{MODEL}/{ORIGIN}-{MODEL}.csv", "NA,cdf,0,", "NA,cdf,0,2"),
        (f"model-output/{MODEL}/{ORIGIN}-{MODEL}.csv", "lab.high", "lab.low"),
        ("target-data/time-series.csv", "observation", "value"),
        ("target-data/time-series.csv", "horizon", "horizons"),
        ("target-data/time-series.csv", "2026-01-15", "15 January"),
    ],
)
def test_a_damaged_file_is_not(hub: Path, tmp_path: Path, name: str, here: str, there: str) -> None:
    damaged = tmp_path / "hub"
    shutil.copytree(hub, damaged)
    text = (damaged / name).read_text("utf-8")
    assert here in text
    (damaged / name).write_text(text.replace(here, there), encoding="utf-8")
    with pytest.raises((AssertionError, ValueError, KeyError, jsonschema.ValidationError)):
        opened(damaged)


def test_what_is_told_of_the_published_schemas_are_schemas() -> None:
    for schema in (TASKS, ADMIN):
        jsonschema.Draft202012Validator.check_schema(schema)
        with pytest.raises(jsonschema.ValidationError):
            valid({}, schema)


SCHEMAS = os.environ.get("SCORECARD_SCHEMAS", "")


@pytest.mark.skipif(
    not SCHEMAS, reason="SCORECARD_SCHEMAS names no checkout of github.com/hubverse-org/schemas"
)
@pytest.mark.parametrize("name", ["tasks", "admin"])
def test_the_published_schema_itself_takes_it(hub: Path, name: str) -> None:
    """The very file that our configuration says it is written for, from a checkout beside this one."""
    told = json.loads((hub / "hub-config" / f"{name}.json").read_text("utf-8"))
    file = Path(SCHEMAS, *told["schema_version"].rsplit("/", 2)[1:])
    schema = json.loads(file.read_text("utf-8"))
    assert schema["$id"] == told["schema_version"]
    valid(told, schema)
    with pytest.raises(jsonschema.ValidationError):
        valid(told | {"stranger": 1}, schema)


@pytest.mark.oracle
def test_the_hubverses_own_reader_opens_it(hub: Path) -> None:
    """hubdata reads folder, columns and types by our tasks.json, in the environment of requirements-oracle.txt."""
    python = os.environ.get("SCORECARD_ORACLE")
    if python is None:
        pytest.fail("SCORECARD_ORACLE names no Python: make an environment of requirements-oracle.txt")
    program = str(Path(__file__).with_name("oracle.py"))
    done = subprocess.run([python, program, str(hub)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    with (hub / f"model-output/{MODEL}/{ORIGIN}-{MODEL}.csv").open() as file:
        rows = file.read().splitlines()[1:]
    assert [row["model_id"] for row in told["model_output"]] == [MODEL] * len(rows)
    for row, line in zip(told["model_output"], rows, strict=True):
        origin, target, end, kind, at, value = line.split(",")
        assert (row["origin_date"], row["target"], row["output_type"]) == (origin, target, kind)
        assert (row["target_end_date"], row["output_type_id"]) == (None if end == "NA" else end, float(at))
        assert row["value"] == float(value)
    assert told["time_series"] == [
        {"target_end_date": "2026-01-15", "target": "horizon", "observation": 200.0, "as_of": "2026-02-01"}
    ]
