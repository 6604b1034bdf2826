"""What programs read: Parquet, JSON by its published schema, charts as pictures, draws as NetCDF."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import jsonschema
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy.io import netcdf_file
from typer.testing import CliRunner

from scorecard.briefings import export
from scorecard.briefings.content.build import build
from scorecard.briefings.content.schema import schema
from scorecard.commands.briefings.chart import app
from scorecard.store import Store, StoreError
from scorecard.thresholds.draws import netcdf, run_of
from tests.scorecard.briefings.conftest import AS_OF, EARLIER, HOSTILE
from tests.scorecard.examples import having_read, run

SCHEMA = Path(__file__).parents[3] / "docs" / "briefing.schema.json"


def test_parquet_has_typed_columns_and_its_sources(hostile: Store) -> None:
    table = pq.read_table(io.BytesIO(export(hostile, "parquet", as_of=AS_OF).content))
    briefing = build(hostile, as_of=AS_OF)
    assert table.num_rows == len(briefing.lines)
    assert table.schema.field("p_now").type == pa.float64()
    assert table.schema.field("q50").type == pa.date32()
    assert set(HOSTILE) <= set(table["paraphrase"].to_pylist())
    listed = json.loads(table.schema.metadata[b"sources"])
    assert {key for keys in table["keys"].to_pylist() for key in keys} <= set(listed)
    assert table.schema.metadata[b"content"].decode() == briefing.hash


def test_parquet_of_a_day_without_thresholds_is_an_empty_table(store: Store) -> None:
    table = pq.read_table(io.BytesIO(export(store, "parquet", as_of=date(2020, 1, 1)).content))
    assert table.num_rows == 0
    assert "p_now" in table.column_names


def test_the_published_schema_is_the_one_of_the_classes() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema(), "write it anew: see docs/briefings.md"


def test_briefings_follow_the_published_schema_and_others_do_not(hostile: Store, decided: Store) -> None:
    kind = jsonschema.Draft202012Validator
    check = kind(json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=kind.FORMAT_CHECKER)
    for store, audience in ((hostile, "internal"), (decided, "public")):
        content = json.loads(export(store, "json", as_of=AS_OF, audience=audience).content)
        assert list(check.iter_errors(content)) == []
    content["lines"][0]["p_now"]["value"] = "ten per cent"
    content["extra"] = 1
    assert len(list(check.iter_errors(content))) == 2


def test_a_chart_is_written_as_svg_and_png(
    forecast: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(forecast.path))

    def drawn(*arguments: str) -> bytes:
        out = tmp_path / arguments[-1]
        done = CliRunner().invoke(
            app, ["chart", *arguments[:-1], "--out", str(out), "--as-of", AS_OF.isoformat()]
        )
        assert done.exit_code == 0, done.output
        return out.read_bytes()

    svg = drawn("crossing", "--of", "lab.high", "c.svg")
    assert b"As of 10 March 2026" in svg
    assert svg == drawn("crossing", "--of", "lab.high", "d.svg")
    assert b"http" not in svg.replace(b"http://www.w3.org", b"")
    assert drawn("overview", "o.png").startswith(b"\x89PNG")
    assert b"Horizon" in drawn("evidence", "--of", "horizon", "e.svg")
    assert b"Horizon" in drawn("vintages", "--of", "horizon", "v.svg")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["crossing", "--of", "x"], "no forecast of x is held .* may be: lab.high"),
        (["evidence", "--of", "x"], "no indicator 'x' is known .* may be: horizon"),
        (
            ["track-scores", "--of", "horizon"],
            "no backtest of 'horizon' is held .* run `preparedness forecast",
        ),
    ],
)
def test_a_chart_that_is_not_there_is_refused_with_what_there_is(
    forecast: Store, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(forecast.path))
    done = CliRunner().invoke(app, ["chart", *arguments, "--as-of", AS_OF.isoformat()])
    assert isinstance(done.exception, StoreError)
    with pytest.raises(StoreError, match=words):
        raise done.exception


def test_draws_are_written_as_netcdf_with_their_weights(forecast: Store) -> None:
    table = pa.table(
        {
            "criterion": ["a", "a", "a + b"],
            "shape": ["line", "bend", "line"],
            "world": [0, 1, 0],
            "time": [1.0, 2.5, np.inf],
            "weight": [0.25, 0.25, 0.5],
            "measured": [0.5, 0.25, 0.25],
        }
    )
    packed = io.BytesIO()
    pq.write_table(table, packed)
    name, digest = forecast.files.put(packed.getvalue(), ".parquet")
    drawn = run(as_of=AS_OF, id="run-drawn-000000", draws=name, draws_sha256=digest)
    forecast.append(having_read(forecast, drawn), action="forecast", actor="a test")
    chosen = run_of(forecast, "lab.high", AS_OF)
    content = netcdf(forecast, chosen)
    assert content == netcdf(forecast, chosen)
    read = netcdf_file(io.BytesIO(content), mmap=False)
    assert read.run == b"run-drawn-000000"
    assert read.variables["crossing_time"][:].tolist() == [1.0, 2.5, np.inf]
    assert read.variables["crossing_time"].units == b"years since 2024-01-01"
    assert read.variables["weight"][:].tolist() == [0.25, 0.25, 0.5]
    assert read.variables["weight_measured"][:].tolist() == [0.5, 0.25, 0.25]
    assert read.variables["world"][:].tolist() == [0, 1, 0]
    assert "below" not in read.variables
    for name, expected in (("shape", ["line", "bend", "line"]), ("criterion", ["a", "a", "a+b"])):
        names = read.variables[name].flag_meanings.decode().split()
        assert [names[i] for i in read.variables[name][:]] == expected


def test_draws_that_are_not_there_are_refused(forecast: Store) -> None:
    with pytest.raises(StoreError, match="'nowhere' is not on the scorecard of"):
        run_of(forecast, "nowhere", AS_OF)
    with pytest.raises(StoreError, match="has no forecast on"):
        run_of(forecast, "lab.high", EARLIER)
