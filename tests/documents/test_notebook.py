"""The worked notebook: every cell runs, in order, on a record of the published facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scorecard.records import POOL, QUICK, ForecastRun
from scorecard.store import Store

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"


def cells() -> list[str]:
    """The code of the notebook."""
    return [
        "".join(c["source"])
        for c in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
        if c["cell_type"] == "code"
    ]


def test_every_cell_runs_and_the_model_stands_on_record(
    published: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(published.path))
    names: dict[str, Any] = {}
    for number, code in enumerate(cells()):
        exec(compile(code, f"cell {number}", "exec"), names)
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
