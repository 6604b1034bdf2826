"""The loader of data/: what is good lands whole, what is bad is told in one sentence a fault, all at once."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scorecard.evidence.facts import FILES, FactsRefused, Fault, build, load
from scorecard.records import Criterion, Fact, Measurement, Record, Source, System
from scorecard.store import Store

DATA = Path(__file__).parents[2] / "data"
REFERENCE = DATA.parents[1] / "shared" / "reference"
HORIZONS = "measurements/metr_th11.csv"

FACT = "source: paper, grade: primary, known_at: 2026-01-10"
SMALL = {
    "sources.yaml": """- id: paper
  title: A paper
  url: https://example.org
  published_on: 2026-01-10
  known_at: 2026-01-10
""",
    "frameworks.yaml": f"""- {{id: lab, version: "1", developer: Lab, name: Policy, {FACT},
   effective_on: 2025-01-01, current: true}}
""",
    "thresholds.yaml": f"""- {{id: lab.high, framework: lab, version: "1", category: rd, level: High, {FACT},
   kind: substitution, rsi_relevant: true, current: true, paraphrase: does the work}}
""",
    "determinations.yaml": f"""- {{id: lab.one, threshold: lab.high, developer: Lab, system: One, {FACT},
   determined_on: 2026-01-10, finding: not_crossed}}
""",
    "duties.yaml": f"""- {{id: law, name: A law, in_force_on: 2026-01-01, duties: [report], {FACT}}}
""",
    "indicators.yaml": f"""- {{id: horizon, name: Horizon, unit: minutes, scale: log2, direction: higher, {FACT},
   role: capability, measures: length}}
- {{id: share, name: Share, unit: percent, scale: logit, direction: higher, {FACT},
   role: usage, measures: share, lower: 0, upper: 100}}
""",
    "events.yaml": f"""- {{id: done, name: Done, criteria: it is, threshold: lab.high, {FACT}}}
""",
    "outlooks.yaml": f"""- {{id: said, event: done, kind: forecast, who: somebody, organisation: Lab, {FACT},
   said_on: 2026-01-10, statement: soon, quantiles: {{p50: "2027-01-01"}}}}
""",
    "criteria.yaml": """- {id: forty, threshold: lab.high, indicator: horizon, level: 2400, level_sd: 1,
   rationale: an example, author: the scorecard's defaults, source: paper, known_at: 2026-01-10}
""",
}
SYSTEMS = """# who is measured
id,name,developer,released_on,aliases,source,grade,known_at
one,One,Lab,2025-03-01,first; the one,paper,primary,2026-01-10
two,Two,Lab,2025-09-01,,paper,primary,2026-01-10
# end
"""
HEADER = (
    "indicator,system,condition,observed_on,vintage,value,low,high,interval,bound,n,main,marks,"
    "source,grade,known_at"
)
GOOD = "horizon,one,,2025-03-01,2026-01,60,30,120,0.95,,,,,paper,primary,2026-01-10"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small, good folder of facts."""
    data = tmp_path / "data"
    (data / "measurements").mkdir(parents=True)
    for name, text in SMALL.items():
        (data / name).write_text(f"{text}...\n", encoding="utf-8")
    (data / "systems.csv").write_text(SYSTEMS, encoding="utf-8")
    write_readings(data, GOOD)
    return data


def write_readings(data: Path, *rows: str) -> None:
    (data / "measurements" / "m.csv").write_text("\n".join((HEADER, *rows, "# end", "")), encoding="utf-8")


def faults(data: Path) -> list[str]:
    """The sentences with which a folder is refused."""
    with pytest.raises(FactsRefused) as refused:
        load(data)
    return [str(fault) for fault in refused.value.faults]


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_small_folder_is_good(folder: Path) -> None:
    facts = load(folder)
    assert {kind.__name__: len(rows) for kind, rows in facts.by_type.items()} == {
        kind.__name__: 2 if kind is System or kind.__name__ == "Indicator" else 1 for kind in FILES
    }
    (reading,) = facts.of(Measurement)
    assert (reading.value, reading.low, reading.main, reading.bound, reading.n) == (
        60.0,
        30.0,
        True,
        "exact",
        None,
    )
    assert facts.of(System)[0].aliases == ("first", "the one")


PLACE = "data/measurements/m.csv, row 2, field"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            GOOD.replace(",paper,", ",,"),
            f"{PLACE} source: found nothing, expected the id of a source in sources.yaml",
        ),
        (
            GOOD.replace(",primary,", ",,"),
            f"{PLACE} grade: found nothing, expected how well it was verified: primary, dataset, "
            "secondary_verified, secondary or own_knowledge",
        ),
        (
            GOOD.replace(",2026-01-10", ","),
            f"{PLACE} known_at: found nothing, expected the day on which it could have been known, as 2026-01-31",
        ),
        (
            GOOD.replace("primary", "hearsay"),
            f"{PLACE} grade: found 'hearsay', expected one of primary, dataset, secondary_verified, secondary, "
            "own_knowledge",
        ),
        (
            GOOD.replace("paper", "letter"),
            f"{PLACE} source: found 'letter', expected the id of a known source",
        ),
        (
            GOOD.replace(",one,", ",three,"),
            f"{PLACE} system: found 'three', expected the id of a known system",
        ),
        (
            GOOD.replace("horizon", "horizen"),
            f"{PLACE} indicator: found 'horizen', expected the id of a known indicator",
        ),
        (GOOD.replace(",30,", ",-3,"), f"{PLACE} low: found -3, expected a number above 0 (log2 scale)"),
        (
            GOOD.replace(",60,30,", ",0,,"),
            f"{PLACE} value: found 0, expected a number above 0 (log2 scale)",
        ),
        (
            GOOD.replace("horizon", "share").replace(",60,30,120,0.95", ",160,,,"),
            f"{PLACE} value: found 160, expected a number between 0 and 100 (logit scale)",
        ),
        (
            GOOD.replace("horizon", "share").replace(",60,30,120,0.95", ",0,,,"),
            f"{PLACE} value: found 0, expected a number inside the logit scale; at its very end give n, or a bound "
            "inside it",
        ),
        (
            GOOD.replace(",60,", ",20,"),
            f"{PLACE} value: found 20, expected a number inside its own interval (30 to 120)",
        ),
        (
            GOOD.replace(",30,120,", ",120,30,"),
            f"{PLACE} low: found 120, expected a number not above high (30)",
        ),
        (
            GOOD.replace("0.95", "95"),
            f"{PLACE} interval: found 95, expected the interval's level between 0 and 1, such as 0.95",
        ),
        (
            GOOD.replace("0.95", ""),
            f"{PLACE} interval: found nothing, expected the level of low to high, such as 0.95, or the mark 'range'",
        ),
        (
            GOOD.replace("2026-01-10", "2206-01-10"),
            f"{PLACE} known_at: found '2206-01-10', expected a date between 1950-01-01 and 2100-01-01",
        ),
        (
            GOOD.replace("2025-03-01", "2025-02-30"),
            f"{PLACE} observed_on: found '2025-02-30', expected a day that exists, as 2026-01-31",
        ),
        (
            GOOD.replace("2025-03-01", "March"),
            f"{PLACE} observed_on: found 'March', expected a date as 2026-01-31",
        ),
        (
            GOOD.replace("2025-03-01", "2026-03-01"),
            f"{PLACE} observed_on: found '2026-03-01', expected a day not after known_at (2026-01-10)",
        ),
        (GOOD.replace(",60,", ",NaN,"), f"{PLACE} value: found NaN, expected a number"),
        (GOOD.replace(",60,", ",inf,"), f"{PLACE} value: found inf, expected a number"),
        (GOOD.replace(",60,", ",an hour,"), f"{PLACE} value: found 'an hour', expected a number"),
        (GOOD.replace("0.95,,,", "0.95,,,perhaps"), f"{PLACE} main: found 'perhaps', expected true or false"),
        (
            GOOD.replace("0.95,,,", "0.95,,2.5,"),
            f"{PLACE} n: found 2.5, expected a whole number",
        ),
    ],
)
def test_a_bad_cell_gets_its_sentence(folder: Path, row: str, sentence: str) -> None:
    write_readings(folder, row)
    assert faults(folder) == [sentence]


def test_several_faults_are_told_at_once(folder: Path) -> None:
    write_readings(folder, GOOD.replace("paper", ""), GOOD.replace(",30,", ",-3,").replace("one", "two"))
    replace(folder / "thresholds.yaml", "substitution", "someday")
    said = faults(folder)
    assert len(said) == 3
    assert said[0].startswith(
        "data/thresholds.yaml, item 1 (lab.high), field kind: found 'someday', expected one of"
    )
    assert said[1].startswith("data/measurements/m.csv, row 2, field source")
    assert said[2].startswith("data/measurements/m.csv, row 3, field low")


def test_a_refusal_counts_and_lists_every_fault(folder: Path) -> None:
    write_readings(folder, GOOD.replace("paper", ""), GOOD.replace("paper", "letter").replace("one", "two"))
    with pytest.raises(FactsRefused, match="2 faults; nothing was stored") as refused:
        load(folder)
    assert all(str(fault) in str(refused.value) for fault in refused.value.faults)


def test_a_duplicate_names_both_rows(folder: Path) -> None:
    write_readings(folder, GOOD, GOOD)
    (said,) = faults(folder)
    assert said == (
        "data/measurements/m.csv, row 3, field indicator, system, condition, observed_on, vintage: found "
        "'horizon, one, 2025-03-01, 2026-01', expected one row for each; data/measurements/m.csv, row 2 has the same"
    )


def test_a_row_cut_off_counts_its_cells(folder: Path) -> None:
    write_readings(folder, GOOD, GOOD.rsplit(",", 3)[0])
    (said,) = faults(folder)
    assert said.startswith("data/measurements/m.csv, row 3: found 13 cells, expected 16 as in the header")


def test_a_file_without_a_last_line_break_may_be_cut_off(folder: Path) -> None:
    path = folder / "measurements" / "m.csv"
    path.write_text(path.read_text(encoding="utf-8")[:-4], encoding="utf-8")
    (said,) = faults(folder)
    assert said.startswith("data/measurements/m.csv, row 3: found a last line without end")


@pytest.mark.parametrize("name", [*sorted(SMALL), "systems.csv", "measurements/m.csv"])
def test_a_file_cut_off_anywhere_is_refused(folder: Path, name: str) -> None:
    whole = (folder / name).read_bytes()
    for end in {*range(0, len(whole), 7), *(i + 1 for i, byte in enumerate(whole[:-1]) if byte == 10)}:
        (folder / name).write_bytes(whole[:end])
        assert any(said.startswith(f"data/{name}") for said in faults(folder)), end


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda text: text.replace("- {", "- {{"), "data/duties.yaml, row 2: found"),
        (
            lambda text: text.replace("id: law", "id: law, id: bill"),
            "data/duties.yaml, row 1: found 'id' written twice",
        ),
        (
            lambda _: "one: two\n...\n",
            "data/duties.yaml: found a dict, expected a list, one item a record",
        ),
        (
            lambda _: "- law\n...\n",
            "data/duties.yaml, item 1: found 'law', expected field names with values",
        ),
        (lambda _: "", "data/duties.yaml: found an empty file"),
    ],
)
def test_broken_yaml_names_the_line(folder: Path, damage: Callable[[str], str], sentence: str) -> None:
    path = folder / "duties.yaml"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert faults(folder)[0].startswith(sentence)


def test_an_unreadable_file_is_one_fault_and_not_one_for_each_name_in_it(folder: Path) -> None:
    (folder / "sources.yaml").write_text("- {id: paper\n...\n", encoding="utf-8")
    assert len(faults(folder)) == 1


def test_a_missing_file_is_told(folder: Path) -> None:
    (folder / "criteria.yaml").unlink()
    assert faults(folder) == ["data/criteria.yaml: found no such file, expected the file to be there"]


def test_bytes_that_are_not_utf_8_are_told_with_their_line(folder: Path) -> None:
    (folder / "measurements" / "m.csv").write_bytes(f"{HEADER}\n{GOOD}\n".encode() + b"\xff\xfe,,\n# end\n")
    assert faults(folder) == [
        "data/measurements/m.csv, row 3: found bytes that are not UTF-8, expected UTF-8 text"
    ]


def test_an_unclosed_quote_is_told(folder: Path) -> None:
    write_readings(folder, GOOD, f'"{GOOD}')
    (said,) = faults(folder)
    assert said.startswith("data/measurements/m.csv, row 3: found")


def test_a_mistyped_field_gets_a_hint(folder: Path) -> None:
    replace(folder / "duties.yaml", "in_force_on", "in_forceon")
    assert "did you mean 'in_force_on'?" in faults(folder)[0]


def test_a_version_without_quotes_is_refused_because_a_number_would_lose_its_noughts(folder: Path) -> None:
    replace(folder / "frameworks.yaml", 'version: "1"', "version: 1.10")
    assert faults(folder)[0].startswith(
        "data/frameworks.yaml, item 1 (lab), field version: found 1.1, expected text; put quotes around it"
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "field"),
    [
        ("thresholds.yaml", 'version: "1"', 'version: "2"', "framework"),
        ("determinations.yaml", "lab.high", "lab.low", "threshold"),
        ("events.yaml", "lab.high", "lab.low", "threshold"),
        ("outlooks.yaml", "event: done", "event: gone", "event"),
        ("criteria.yaml", "indicator: horizon", "indicator: vertical", "indicator"),
        ("criteria.yaml", "level: 2400", "level: -1", "level"),
        ("criteria.yaml", "level_sd: 1", "level_sd: -1", "level_sd"),
        ("indicators.yaml", "lower: 0, upper: 100", "lower: 100, upper: 0", "lower"),
        ("determinations.yaml", "determined_on: 2026-01-10", "determined_on: 2026-01-11", "determined_on"),
        ("systems.csv", "first; the one", "first; Two", "aliases"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    folder: Path, name: str, old: str, new: str, field: str
) -> None:
    replace(folder / name, old, new)
    said = faults(folder)
    assert any(f"data/{name}" in fault and f"field {field}: " in fault for fault in said), said


def test_build_stores_once_and_again_adds_nothing(folder: Path, empty: Store) -> None:
    first = build(empty, folder)
    again = build(empty, folder)
    assert (first.added, first.unchanged) == (13, 0)
    assert (again.added, again.unchanged) == (0, 13)


def test_build_adds_a_new_vintage_and_rewrites_nothing(folder: Path, empty: Store) -> None:
    build(empty, folder)
    write_readings(folder, GOOD, GOOD.replace("2026-01,60", "2026-02,70"))
    assert build(empty, folder).added == 1
    with empty.view() as view:
        assert sorted(m.value for m in view.all(Measurement)) == [60.0, 70.0]


def test_nothing_is_stored_when_anything_is_refused(folder: Path, empty: Store) -> None:
    write_readings(folder, GOOD, GOOD.replace(",one,", ",three,"))
    with pytest.raises(FactsRefused):
        build(empty, folder)
    with empty.view() as view:
        assert view.all(Source) == []


def test_the_real_facts_load_whole_and_fast() -> None:
    start = time.perf_counter()
    facts = load(DATA)
    assert time.perf_counter() - start < 1.0
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


def test_a_fault_of_a_whole_file_has_no_row() -> None:
    assert str(Fault("data/x.csv", 0, "", "nothing", "rows")) == "data/x.csv: found nothing, expected rows"
    spoken = str(Fault("data/m.csv", 14, "low", "-3", "a number above 0 (log2 scale)"))
    assert spoken == "data/m.csv, row 14, field low: found -3, expected a number above 0 (log2 scale)"


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
