"""The whole record on three small series: both passes, tables, plain values, and the file that is frozen from it."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from forecasts.headline.frozen import OTHER, read_frozen
from forecasts.judging.reference.freezing import frozen_text
from forecasts.judging.reference.tables import lines, markdown, named_scores
from forecasts.judging.reference.track import BASE, HEADLINE, Track, track
from tests.forecasts.judging.reference.test_judge import made

RNG = np.random.default_rng(1)
DAYS = np.linspace(-0.9, 0.9, 12)


@pytest.fixture(scope="module")
def found() -> Track:
    listed = [
        made(list(DAYS), list(pace * DAYS + 0.1 * RNG.standard_normal(12)), id=name)
        for name, pace in (("one", 1.0), ("two", 2.0), ("three", 0.5))
    ]
    return track(listed, None, seed=1)


def test_every_contender_answers_every_question(found: Track) -> None:
    counts = {
        name: [(len(by[id].reached), len(by[id].dated)) for id in ("one", "two", "three")]
        for name, by in found.results.items()
    }
    assert len(set(map(tuple, counts.values()))) == 1
    assert {BASE, HEADLINE, "rise process", "level model"} <= set(counts)
    assert found.tried
    assert all(len(bets) > 3 for bets in found.bets.values())


def test_tables_and_plain_values_name_every_contender(found: Track) -> None:
    text, rows = markdown(found), "\n".join(lines(found))
    values = json.loads(json.dumps(named_scores(found)))
    for name in found.results:
        assert f"| {name} |" in text
        assert name in rows
        assert values["series"]["one"]["scores"][name]["reached"]
    assert values["tables"]["Live series"][BASE]["frontier"]["value"] == 1.0


def test_a_frozen_file_is_read_back(found: Track, tmp_path: Path) -> None:
    path = tmp_path / "class.yaml"
    path.write_text(frozen_text(found), encoding="utf-8")
    held = read_frozen(path)
    newest = held.dated[max(held.dated)]
    assert set(newest) == {OTHER, "one", "two", "three"}
    assert newest["one"] != newest["two"]
    assert all(day.month % 3 == 0 for day in held.dated if day != max(held.dated))


def test_a_task_goes_to_another_process_and_back(found: Track) -> None:
    """What a pool or a cluster has to carry."""
    assert pickle.loads(pickle.dumps(found)).rise == found.rise
