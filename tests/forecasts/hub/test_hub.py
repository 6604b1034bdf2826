"""Forecasts go out and come in as a hub keeps them, and every model is scored by one rule."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from forecasts import commands
from forecasts.hub.files import HubForecast, HubRefused, as_csv, ours, quantiles, read_hub
from forecasts.hub.scoring import quantile_score, score
from forecasts.hub.tasks import LEVELS, MOST_ID, ends, short
from forecasts.series import Link
from scorecard.clock import plus_months
from scorecard.records import Fan
from scorecard.store import Store
from tests.doors import joined
from tests.forecasts.hub.schemas import opened
from tests.scorecard.examples import FACTS, INDICATOR, reading, result, run, system

ORIGIN = date(2026, 1, 15)
MODEL = "preparedness-pool"
FAN = Fan(
    dates=(date(2025, 12, 1), date(2027, 12, 1), date(2029, 12, 1)),
    q10=(100.0, 200.0, 400.0),
    q25=(150.0, 400.0, 900.0),
    q50=(200.0, 800.0, 3200.0),
    q75=(250.0, 1600.0, 9000.0),
    q90=(300.0, 3200.0, 30000.0),
)
RUN = run(as_of=ORIGIN, id="run-january-000", result=result(ORIGIN, fans={"horizon": FAN}))


@given(st.sets(st.text(min_size=1, max_size=60), min_size=1, max_size=30))
def test_short_ids_are_short_and_differ(ids: set[str]) -> None:
    assert len({short(id) for id in ids}) == len(ids)
    assert all(len(short(id)) <= MOST_ID for id in ids)


def test_quantiles_between_days_are_on_the_link_scale() -> None:
    link = Link(indicator=INDICATOR)
    found = quantiles(FAN, link, date(2026, 12, 1))
    assert found is not None
    np.testing.assert_allclose(found[2], 400.0, rtol=1e-2)  # halfway from 200 to 800 in doublings
    assert quantiles(FAN, link, date(2031, 1, 1)) is None


def test_what_goes_out_comes_in_the_same(tmp_path: Path) -> None:
    told = ours({"lab.high": RUN}, {"horizon": INDICATOR}, ORIGIN, MODEL)
    place(tmp_path, MODEL, as_csv(told))
    assert sorted(read_hub(tmp_path), key=str) == sorted(told, key=str)
    assert {one.kind for one in told} == {"quantile", "cdf"}


def place(folder: Path, model: str, content: bytes) -> Path:
    path = folder / "model-output" / model / f"{ORIGIN}-{model}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("0.5,400", "0.5,40"), "values fall as output_type_id rises"),
        (("0.5,400", "0.5,many"), "line 4: output_type_id and value must be numbers"),
        (("0.5,400", "0.5,inf"), "must be finite"),
        (("0.5,400", "0.25,400"), "given twice"),
        (("0.5,400", "0.6,400"), "expected the levels"),
        (
            ("2026-01-15,horizon,2026-04-15,quantile,0.5", "2026-01-16,horizon,2026-04-15,quantile,0.5"),
            "file's name says",
        ),
        (("2026-04-15", "April"), "dates are written as"),
        (("output_type_id", "level"), "the columns output_type_id are missing"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_line(
    tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    rows = "".join(
        f"2026-01-15,horizon,2026-04-15,quantile,{level:g},{value}\n"
        for level, value in zip(LEVELS, (100, 200, 400, 800, 1600), strict=True)
    )
    whole = f"origin_date,target,target_end_date,output_type,output_type_id,value\n{rows}"
    path = place(tmp_path, "them-line", whole.encode())
    assert len(read_hub(tmp_path)) == 1
    path.write_text(whole.replace(*change))
    with pytest.raises(HubRefused, match=words):
        read_hub(tmp_path)


@given(st.lists(st.floats(-50, 50), min_size=5, max_size=5), st.floats(-80, 80))
def test_our_score_is_that_of_scoringrules(values: list[float], truth: float) -> None:
    placed = sorted(values)
    theirs = np.mean([scoringrules.quantile_score(truth, q, a) for a, q in zip(LEVELS, placed, strict=True)])
    np.testing.assert_allclose(quantile_score(LEVELS, placed, truth), theirs, atol=1e-9)


def test_a_model_is_set_beside_ours_on_what_both_forecast() -> None:
    end, later = date(2026, 4, 15), date(2026, 7, 15)
    link = {"horizon": Link(indicator=INDICATOR)}

    def one(model: str, day: date, *values: float) -> HubForecast:
        return HubForecast(
            model=model, origin=ORIGIN, target="horizon", end=day, kind="quantile", at=LEVELS, values=values
        )

    told = [
        one(MODEL, end, 100, 200, 400, 800, 1600),
        one(MODEL, later, 100, 200, 400, 800, 1600),
        one("them-exact", end, 400, 400, 400, 400, 400),
        one("them-far", end, 1, 2, 4, 8, 16),
    ]
    scores = score(told, {("horizon", end): 400.0}, link, ours=MODEL)
    assert [s.model for s in scores] == ["them-exact", MODEL, "them-far"]
    by = {s.model: s for s in scores}
    assert by["them-exact"].beside_ours == 0.0
    assert by[MODEL].beside_ours == 1.0
    assert by["them-far"].covered_80 == 0.0
    assert by[MODEL].targets == 1, "what has not come is not scored"
    np.testing.assert_allclose(by[MODEL].score, (0.1 * 2 + 0.25 * 1 + 0 + 0.25 * 1 + 0.1 * 2) / 5)


def test_a_third_partys_forecasts_are_scored_beside_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "scorecard.duckdb")
    store.append([*FACTS, RUN], action="import", actor="a test")
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    hub, runner = tmp_path / "hub", CliRunner()
    done = runner.invoke(
        joined(commands), ["hub", "export", str(hub), "--as-of", str(ORIGIN)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    assert ours({"lab.high": RUN}, {"horizon": INDICATOR}, ORIGIN, MODEL) == read_hub(hub)
    opened(hub)

    end = ends(ORIGIN)[0]
    assert end == plus_months(ORIGIN, 3)
    exact = HubForecast(
        model="them-oracle",
        origin=ORIGIN,
        target="horizon",
        end=end,
        kind="quantile",
        at=LEVELS,
        values=(900.0,) * 5,
    )
    place(hub, "them-oracle", as_csv([exact]))
    seen = date(2026, 4, 1)
    store.append(
        [system("three", seen), reading("three", seen, 900.0, known_at=seen)], action="import", actor="a test"
    )
    asked = ["hub", "score", str(hub), "--as-of", "2026-05-01", "--json"]
    told = json.loads(runner.invoke(joined(commands), asked, catch_exceptions=False).output)
    first, second = told["scores"]
    assert (first["model"], first["score"], first["beside_ours"]) == ("them-oracle", 0.0, 0.0)
    assert (second["model"], second["targets"], second["beside_ours"]) == (MODEL, 1, 1.0)
    assert second["score"] > 0

    wrong = as_csv([replace(exact, target="horizons")])
    place(hub, "them-oracle", wrong)
    with pytest.raises(
        HubRefused, match=r"line 2, horizons .* asks for no such quantile in the round of 2026-01-15"
    ):
        read_hub(hub)


def test_a_later_export_leaves_what_was_announced_and_what_others_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "scorecard.duckdb")
    store.append([*FACTS, RUN], action="import", actor="a test")
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    hub, runner, config = tmp_path / "hub", CliRunner(), tmp_path / "hub" / "hub-config"
    export = ["hub", "export", str(hub), "--as-of"]
    assert runner.invoke(joined(commands), [*export, str(ORIGIN)], catch_exceptions=False).exit_code == 0
    before = json.loads((config / "tasks.json").read_text())["rounds"]
    before[0]["submissions_due"]["end"] = 30
    (config / "tasks.json").write_text(json.dumps({"rounds": before}))
    admin = (config / "admin.json").read_text().replace("whoever exported this folder", "an institute")
    (config / "admin.json").write_text(admin)

    later = run(
        as_of=date(2026, 2, 15), id="run-february-00", result=result(date(2026, 2, 15), fans={"horizon": FAN})
    )
    store.append([later], action="forecast", actor="a test")
    assert runner.invoke(joined(commands), [*export, "2026-02-15"], catch_exceptions=False).exit_code == 0
    after = json.loads((config / "tasks.json").read_text())["rounds"]
    assert after[0] == before[0]
    assert [one["model_tasks"][0]["task_ids"]["origin_date"]["required"] for one in after[1:]] == [
        ["2026-02-15"]
    ]
    assert (config / "admin.json").read_text() == admin
    opened(hub)
    (config / "tasks.json").write_text("{")
    refused = runner.invoke(joined(commands), [*export, "2026-02-15"])
    assert isinstance(refused.exception, HubRefused)
    assert "moved away, it is written anew" in str(refused.exception)
