"""Real files, where they are there: each imports, or is refused for the right reason; counts as in docs/imports.md."""

from __future__ import annotations

import os
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from scorecard.evidence import facts
from scorecard.evidence.attempts import by_task, horizons
from scorecard.evidence.importing import ImportPlan, plan
from scorecard.evidence.storing import commit
from scorecard.records import Measurement
from scorecard.store import Store
from tests.scorecard.examples import RESEARCHER

ROOT = Path(__file__).parents[3]
REFERENCE = Path(os.environ.get("SCORECARD_REFERENCE") or ROOT.parent / "shared" / "reference")
FOLDERS = ("metr", "epoch", "task_level", "inspect_logs", "lm_eval", "copilot")
GUIDE = ROOT / "docs" / "imports.md"
# What may not be imported, and the words of the reason.
REFUSED = {
    "FETCHED_2026-08-11.txt": "notes about the files",
    "README.md": "notes about the files",
    "eci_benchmark_difficulties_and_slopes.csv": "difficulties of benchmarks",
    "epoch_edi_scores_2026-08-11.csv": "difficulties of benchmarks",
    "eci_scaling.csv": "constants of the index's scale",
    "bridge_human_minutes_by_task.jsonl": "lengths of tasks without results",
    "log_invalid.txt": "whole JSON",
    "log_version_3.txt": "log version 4",
    "enterprise_metrics_response_sample.json": "shut down on 2 April 2026",
    "organization_metrics_response_sample.json": "shut down on 2 April 2026",
    "organization_usage_response_sample.json": "retired before the metrics API",
    "organization_seats_response_sample.json": "who has a seat",
    "new-api_download-links-organization-28-day.json": "links to reports",
}
# What is in order and has no value, by its own meaning.
ABSENT = {
    "log_with_nan.txt": {"no value": 1},
    "2025-02-11T15-17-00-05-00_popularity_dPiJifoWeEQBrfWsAopzWr.eval": {"unscored": 10},
    "2026-11-21T22-13-37-00-00_arithmetic-demo_gAtq8Cc7cwMtWoMs4LNfyv.eval": {"errored": 24},
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of data/, made once."""
    store = Store(tmp_path_factory.mktemp("published") / "scorecard.duckdb")
    facts.build(store, ROOT / "data")
    return store.path


@pytest.fixture
def built(published: Path, tmp_path: Path) -> Store:
    return Store(shutil.copy(published, tmp_path / "scorecard.duckdb"))


def there(name: str) -> Path | None:
    """A reference file or folder, where this checkout has one beside it."""
    path = REFERENCE / name
    return path if path.exists() else None


def planned(store: Store, folder: str) -> list[ImportPlan]:
    path = there(folder)
    return plan(store, [path], known_at=date(2026, 11, 25), new_systems=True) if path else []


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_file_imports_or_says_why_not(built: Store, folder: str) -> None:
    plans = planned(built, folder)
    for one in plans:
        took = one.measurements > 0 or bool(one.attempts) or bool(one.imported.systems)
        reason = REFUSED.get(one.path.name)
        if one.path.name in ABSENT:
            assert (one.imported.absent, one.refusals) == (ABSENT[one.path.name], []), one.file
        elif reason is None:
            assert took, one.file
        else:
            assert one.measurements == 0 == (one.attempts or 0), one.file
            assert reason in str(one.refusals[0]), one.file
    if plans:
        receipt = commit(built, plans, actor=RESEARCHER, lenient=True)
        assert receipt.added > len(plans) / 2


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_guides_table_has_the_counts(built: Store, folder: str) -> None:
    row = r"^\| `([^`]+)` \| \w+ \| (\d+) \| (\d+) \| (\d+) \|"
    told = {
        name: tuple(map(int, counts)) for name, *counts in re.findall(row, GUIDE.read_text("utf-8"), re.M)
    }
    assert len(told) > 100
    for one in planned(built, folder):
        path = one.path.relative_to(REFERENCE).as_posix()
        assert told[path] == (one.measurements, one.attempts or 0, len(one.refusals)), path


@pytest.mark.parametrize("vintage", ["2026-01-30", "2026-02-06", "2026-02-22", "2026-03-03"])
def test_metrs_own_yaml_gives_what_data_says(built: Store, vintage: str) -> None:
    """data/measurements/metr_th11.csv was made by other means: the importer must come to the same rows."""
    path = there(f"metr/metr_benchmark_results_1_1_vintage_{vintage}.yaml")
    if path is None:
        return
    day = date.fromisoformat(vintage)
    source = f"metr_th11_{vintage.replace('-', '_')}"
    plans = plan(built, [path], known_at=day, source=source)
    receipt = commit(built, plans, actor=RESEARCHER)
    values = [r for r in plans[0].records if isinstance(r, Measurement)]
    assert {m.indicator for m in values if m.indicator.endswith("_th10")} == {
        "metr_p50_horizon_th10",
        "metr_p80_horizon_th10",
    }, "three systems' values are of v1.0 by the file"
    assert receipt.added == 1 + 6, "the import itself, and those three systems under v1.0"


def test_horizons_from_attempts_are_those_that_metr_published(built: Store) -> None:
    path = there("task_level/metr_th11_task_results_gpt54_mythos.csv")
    if path is None:
        return
    commit(built, plan(built, [path], known_at=date(2026, 5, 8)), actor=RESEARCHER)
    with built.view() as now:
        tasks = by_task(built, now)
    published = {"gpt_5_4": (341.735, 53.878), "claude_mythos_preview": (1044.780, 185.912)}
    for system, part in tasks.groupby("system"):
        made = horizons(part, draws=200)
        for one, theirs in zip(made, published[str(system)], strict=True):
            assert one.minutes == pytest.approx(theirs, rel=1e-3)
            assert one.low < theirs < one.high
