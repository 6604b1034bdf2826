"""A backtest spread over a Dask cluster: the same numbers as on this machine's processes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster
from typer.testing import CliRunner

from forecasts.commands.backtest import app
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import TrackRecord
from scorecard.store import Store

pytestmark = pytest.mark.slow

INDICATORS = ("metr_p50_horizon", "metr_p80_horizon")


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a scheduler with two workers, processes of their own on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as made:
        yield made.scheduler_address


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = Store(tmp_path_factory.mktemp("cluster") / "scorecard.duckdb")
    facts.build(store, DATA)
    return store.path


def backtested(built: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> list[TrackRecord]:
    """What the command stores, in the order of the indicators."""
    folder.mkdir()
    store = Store(shutil.copy(built, folder / "scorecard.duckdb"))
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    asked = [part for name in INDICATORS for part in ("--indicator", name)]
    ran = CliRunner().invoke(app, ["--as-of", "2026-03-31", *asked, *more])
    assert ran.exit_code == 0, ran.output
    with store.view() as now:
        found = {one.indicator: one for one in now.all(TrackRecord)}
    return [found[name] for name in INDICATORS]


def test_a_cluster_gives_the_same_numbers(
    built: Path, cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = backtested(built, tmp_path / "here", monkeypatch)
    there = backtested(built, tmp_path / "there", monkeypatch, "--dask", cluster)
    assert here == there
    assert all(one.origins > 5 and one.scores for one in here)


def test_where_no_scheduler_answers_it_says_so(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(built))
    refused = CliRunner().invoke(app, ["--indicator", INDICATORS[0], "--dask", "tcp://127.0.0.1:9"])
    assert refused.exit_code != 0
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in str(refused.exception)
