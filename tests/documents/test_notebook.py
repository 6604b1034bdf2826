"""The notebooks: every cell runs, in order; the worked one on a record of the published facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scorecard.records import POOL, QUICK, ForecastRun
from scorecard.store import Store

DOCUMENTS = Path(__file__).parents[2] / "docs"


def ran(notebook: str) -> dict[str, Any]:
    """What the names of a notebook stand for once its code has run, in order."""
    names: dict[str, Any] = {}
    cells = json.loads((DOCUMENTS / notebook).read_text("utf-8"))["cells"]
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    return names


def test_a_table_of_ones_own_leads_to_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(tmp_path / "none.duckdb"))
    names = ran("own-table.ipynb")
    dates, scores = names["dates"], names["scores"]
    assert list(dates.index) == [*names["fitted"], "pool"]
    assert (dates["q10"] <= dates["q50"]).all()
    assert dates["p_12_months"].between(dates["p_now"], 1).all()
    assert {"equal pool", "no change"} <= set(scores.index)
    assert not list(tmp_path.iterdir()), "nothing is stored"


def test_every_cell_runs_and_the_model_stands_on_record(
    published: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(published.path))
    names = ran("notebook.ipynb")
    assert names["loo"].n_data_points == names["data"].observed_data["reading"].size
    assert {"recent line", "loglinear", "equal pool"} <= set(names["scores"].index)
    assert (names["scores"]["crps"] > 0).all()

    kept: ForecastRun = names["kept"]
    assert kept.model == "own: recent line"
    assert {name: one.weight for name, one in kept.quoted.by_shape.items()} == pytest.approx(
        {"headline": 0.7, "recent line": 0.3}
    )
    chances = [one.p_12_months for one in kept.quoted.by_shape.values()]
    assert min(chances) <= kept.quoted.p_12_months <= max(chances)
    with published.view() as now:
        assert now.all(ForecastRun, id=kept.id) == [kept]
        assert now.log()[-1].actor == "a first-year researcher"
        assert "one regime" in now.log()[-1].reason
        assert not now.all(ForecastRun, model=[POOL, QUICK])  # nothing that a page would quote as ours
