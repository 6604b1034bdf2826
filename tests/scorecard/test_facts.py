"""The loader of data/: what is good lands whole, what is bad is told in one sentence a fault, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from scorecard.evidence.facts import FILES, FactsRefused, Fault, build, load
from scorecard.evidence.tables import Row, read_rows
from scorecard.records import Measurement, Source, System
from scorecard.store import Store
from tests.scorecard.small_facts import GOOD, HEADER, SMALL, write_facts, write_readings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small, good folder of facts."""
    data = tmp_path / "data"
    write_facts(data)
    return data


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


@pytest.mark.parametrize(
    "name", [*sorted(SMALL), "systems.csv", "looks.csv", "measurements/m.csv", "reference/outcomes.jsonl"]
)
def test_a_file_cut_off_anywhere_is_refused(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read_once: dict[Path, list[Row | Fault]] = {}

    def read(path: Path, named: str) -> Iterable[Row | Fault]:
        if path == folder / name:
            return read_rows(path, named)
        if path not in read_once:  # the others stay as they are, and parsing them is nearly all the time
            read_once[path] = list(read_rows(path, named))
        return read_once[path]

    monkeypatch.setattr("scorecard.evidence.facts.read_rows", read)
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
        ("rulings.yaml", "criteria/forty", "criteria/fifty", "subject"),
        ("rulings.yaml", "ruling: withdrawn", "ruling: adopted", "ruling"),
        ("rulings.yaml", "the scorecard's defaults", "somebody", "ruling"),
        ("thresholds.yaml", "current: true", "current: true, route_of: lab.low", "route_of"),
        ("thresholds.yaml", "current: true", "current: true, rule: most", "rule"),
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
    count = len(load(folder).records)
    assert (first.added, first.unchanged) == (count, 0)
    assert (again.added, again.unchanged) == (0, count)


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


def test_a_fault_of_a_whole_file_has_no_row() -> None:
    assert str(Fault("data/x.csv", 0, "", "nothing", "rows")) == "data/x.csv: found nothing, expected rows"
    spoken = str(Fault("data/m.csv", 14, "low", "-3", "a number above 0 (log2 scale)"))
    assert spoken == "data/m.csv, row 14, field low: found -3, expected a number above 0 (log2 scale)"
