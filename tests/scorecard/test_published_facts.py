"""The facts of data/ themselves: they load, hang together, come back from a store and equal what was published."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scorecard.evidence.facts import FILES, build, load
from scorecard.places import DATA
from scorecard.records import Criterion, Fact, Measurement, Record, Source, System
from scorecard.store import Store
from tests.scorecard.test_facts import faults

REFERENCE = DATA.parents[1] / "shared" / "reference"
HORIZONS = "measurements/metr_th11.csv"


def cpu_seconds(deed: Callable[[], object]) -> float:
    """The least of three, so that the first reading of a file and a collection of garbage do not count."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        deed()
        spent.append(time.process_time() - start)
    return min(spent)


def read_bare() -> None:
    """Every file of facts by the parsers alone, without looking at what it says."""
    for path in (*DATA.glob("*.yaml"), *(DATA / "priors").glob("*.yaml")):
        yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    for path in (*DATA.glob("*.csv"), *(DATA / "measurements").glob("*.csv")):
        list(csv.reader(path.read_text(encoding="utf-8").splitlines()))


def test_the_real_facts_load_whole_and_fast() -> None:
    """Fast beside what no loader can spare, in the same run; 1.5 times as long when this was written."""
    facts = load(DATA)
    assert cpu_seconds(lambda: load(DATA)) < 5 * cpu_seconds(read_bare)
    assert all(facts.by_type[kind] for kind in FILES)
    published = {source.id for source in facts.of(Source)}
    assert all(record.source in published for record in facts.records if isinstance(record, Fact | Criterion))


def test_the_real_facts_name_only_what_came_before() -> None:
    seen: set[type[Record]] = set()
    kinds = [type(record) for record in load(DATA).records]
    for kind in kinds:
        seen.add(kind)
    assert list(dict.fromkeys(kinds)) == list(FILES)


def test_the_real_facts_are_stored_and_come_back(empty: Store) -> None:
    facts = load(DATA)
    assert build(empty, DATA).added == len(facts.records)
    with empty.view() as view:
        assert set(view.all(Measurement)) == set(facts.of(Measurement))


def test_the_real_facts_with_a_row_cut_off_are_refused(tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(DATA, copy, ignore=shutil.ignore_patterns("scorecard.*", "priors"))
    path = copy / HORIZONS
    path.write_bytes(path.read_bytes()[:-25])
    assert any(said.startswith(f"data/{HORIZONS}, row ") for said in faults(copy))


@pytest.mark.skipif(
    not REFERENCE.exists(), reason="METR's and Epoch's own files (../shared/reference) are absent"
)
def test_values_equal_those_of_the_published_files() -> None:
    readings = load(DATA).of(Measurement)
    ours = {
        (m.indicator, m.vintage, m.system): m.value
        for m in readings
        if m.main and m.indicator in ("metr_p50_horizon", "epoch_eci")
    }
    names = {alias.casefold(): s.id for s in load(DATA).of(System) for alias in (s.id, s.name, *s.aliases)}
    compared = 0
    for vintage in ("2026-01-30", "2026-02-06", "2026-02-22", "2026-03-03"):
        text = (REFERENCE / f"metr/metr_benchmark_results_1_1_vintage_{vintage}.yaml").read_text(
            encoding="utf-8"
        )
        for key, row in yaml.safe_load(text)["results"].items():
            value = row["metrics"]["p50_horizon_length"]["estimate"]
            assert ours["metr_p50_horizon", vintage, names[key.casefold()]] == value
            compared += 1
    with (REFERENCE / "epoch/epoch_eci_scores_2026-08-11.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            held = ours.get(("epoch_eci", "2026-08-11", names.get(line["Model"].casefold(), "")))
            if held is not None:
                assert held == pytest.approx(float(line["eci"]), abs=0.005)
                compared += 1
    assert compared > 180
