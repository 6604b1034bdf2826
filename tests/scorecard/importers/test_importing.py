"""From a file to the record: names, vintages, strict and lenient, quarantine, bulk attempts, the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from scorecard import commands
from scorecard.evidence import names
from scorecard.evidence.attempts import by_task
from scorecard.evidence.importers import generic
from scorecard.evidence.importing import ImportPlan, plan
from scorecard.evidence.names import Registry
from scorecard.evidence.storing import ImportRefused, commit, replay
from scorecard.records import Held, Import, Measurement, System
from scorecard.store import Store, StoreError, attempts, verify
from tests.doors import joined
from tests.scorecard.examples import RESEARCHER
from tests.scorecard.importers import files

DAY = date(2026, 3, 1)
ECI = files.ECI


def put(
    store: Store, path: Path, text: str | None = None, *, lenient: bool = False, **more: Any
) -> list[ImportPlan]:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    plans = plan(store, [path], **{"known_at": DAY, **more})
    commit(store, plans, actor=RESEARCHER, lenient=lenient)
    return plans


def measured(store: Store, indicator: str = "epoch_eci") -> list[Measurement]:
    with store.view() as now:
        return now.all(Measurement, indicator=indicator)


# ---- the same and the revised file ---------------------------------------------------------------


def test_the_same_file_twice_adds_nothing_on_any_day(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path / "eci.csv", ECI)
    before = store.stamp()
    (again,) = put(store, tmp_path / "eci.csv", known_at=date(2026, 4, 1))
    assert again.already
    assert store.stamp()[1] == before[1]
    assert [m.value for m in measured(store)] == [130.5, 150.0]


def test_a_revised_file_adds_vintages_and_shows_the_difference(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path / "eci.csv", ECI)
    revised = ECI.replace("130.5,128.1", "131.5,129.1").replace("Two,Two,150.0,,,2025-09-01,Lab\n", "")
    (made,) = put(store, tmp_path / "eci.csv", revised, known_at=date(2026, 4, 1))
    (change,) = made.changes
    assert (change.before, change.before_vintage) == ("130.5 [128.1 to 133]", "2026-03-01")
    assert change.after == "131.5 [129.1 to 133]"
    assert made.gone == ["two, epoch_eci"]
    assert [(m.system, m.vintage, m.value) for m in measured(store)] == [
        ("one", "2026-03-01", 130.5),
        ("two", "2026-03-01", 150.0),
        ("one", "2026-04-01", 131.5),
    ]


def test_a_second_version_of_one_day_overwrites_nothing(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path / "eci.csv", ECI)
    put(store, tmp_path / "eci.csv", ECI.replace("130.5", "131.5"))
    assert [(m.vintage, m.value) for m in measured(store) if m.system == "one"] == [
        ("2026-03-01", 130.5),
        ("2026-03-01.2", 131.5),
    ]
    with store.view() as now:
        assert len(now.history(Measurement, indicator="epoch_eci")) == 4


def test_a_dry_run_writes_nothing(store: Store, tmp_path: Path) -> None:
    before = store.stamp()
    (tmp_path / "eci.csv").write_text(ECI, encoding="utf-8")
    (made,) = plan(store, [tmp_path / "eci.csv"], known_at=DAY)
    assert made.measurements == 2
    assert store.stamp() == before


def test_the_file_itself_is_the_source_where_none_is_named(store: Store, tmp_path: Path) -> None:
    (made,) = put(store, tmp_path / "eci.csv", ECI)
    assert measured(store)[0].source == made.source == f"import_{made.id[:12]}"
    with pytest.raises(StoreError, match="no source 'nowhere'"):
        put(store, tmp_path / "b.csv", ECI, source="nowhere")


# ---- names ---------------------------------------------------------------------------------------


def test_an_unknown_name_is_proposed_and_never_guessed(store: Store, tmp_path: Path) -> None:
    text = ECI.replace("One,One", "Onne,Onne")
    with pytest.raises(ImportRefused, match=r"systems alias one 'Onne'.*--new-systems"):
        put(store, tmp_path / "eci.csv", text)
    assert measured(store) == []
    names.alias(store, "one", "Onne", actor=RESEARCHER, reason="a spelling of it")
    (made,) = put(store, tmp_path / "eci.csv", text)
    assert made.refusals == []
    assert {m.system for m in measured(store)} == {"one", "two"}


def test_new_systems_are_made_only_when_accepted(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path / "eci.csv", ECI.replace("One,One", "Brand New,x"), new_systems=True)
    with store.view() as now:
        (new,) = [s for s in now.all(System) if s.id == "brand_new"]
    assert (new.name, new.developer, new.released_on) == ("Brand New", "Lab", date(2025, 3, 1))


def test_a_value_stands_at_the_release_that_the_record_knows(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path / "eci.csv", ECI.replace("133.0,2025-03-01", "133.0,2025-03-09"))
    one = measured(store)[0]
    assert (one.observed_on, one.note) == (date(2025, 3, 1), "the file dates it 2025-03-09")
    put(store, tmp_path / "b.csv", ECI.replace("133.0,2025-03-01", "133.0,"), known_at=date(2026, 3, 2))
    assert {m.observed_on for m in measured(store) if m.system == "one"} == {date(2025, 3, 1)}


def test_two_names_of_one_system_in_one_file_are_kept_apart(store: Store, tmp_path: Path) -> None:
    names.alias(store, "one", "one_xhigh", actor=RESEARCHER, reason="its highest effort")
    put(store, tmp_path / "eci.csv", ECI + "one_xhigh,x,133,,,2025-03-01,Lab\n")
    assert [(m.condition, m.main) for m in measured(store) if m.system == "one"] == [
        ("", True),
        ("named one_xhigh", False),
    ]


def test_a_merge_turns_every_name_and_can_be_taken_back(store: Store) -> None:
    def means(name: str) -> str:
        with store.view() as now:
            found = Registry.of(now).find(name)
        return found.id if found else ""

    names.merge(store, "one", "two", actor=RESEARCHER, reason="the same weights")
    assert (means("One"), means("two")) == ("two", "two")
    with pytest.raises(StoreError, match="one system already"):
        names.merge(store, "two", "one", actor=RESEARCHER, reason="the other way")
    names.unname(store, "one", actor=RESEARCHER, reason="they were not")
    assert (means("One"), means("two")) == ("one", "two")
    with store.view() as now:
        assert [e.action for e in now.log()][-2:] == ["name", "unname"]


def test_a_name_of_one_system_cannot_become_anothers(store: Store) -> None:
    with pytest.raises(StoreError, match="is a name of two"):
        names.alias(store, "one", "Two", actor=RESEARCHER, reason="by mistake")


# ---- strict, lenient, quarantine -----------------------------------------------------------------

FAULTY = ECI + "Two,Two,abc,,,2025-09-01,Lab\nThree,Three,120,,,2025-10-01,Lab\n"


def test_strict_stores_all_files_or_none(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.csv").write_text(ECI, encoding="utf-8")
    (folder / "b.csv").write_text(FAULTY, encoding="utf-8")
    before = store.stamp()
    with pytest.raises(ImportRefused) as refused:
        commit(store, plan(store, [folder], known_at=DAY), actor=RESEARCHER)
    assert {r.row for r in refused.value.refusals} == {4, 5}
    assert "b.csv, row 4, field value: found 'abc', expected a number" in str(refused.value)
    assert store.stamp() == before


def test_lenient_keeps_what_it_refuses_and_replays_it(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path / "b.csv", FAULTY, lenient=True)
    assert len(measured(store)) == 2
    with store.view() as now:
        held = {h.field: h for h in now.all(Held)}
    assert (held["value"].cells["value"], held["system"].found) == ("abc", "'Three'")
    stored, still = replay(store, [], actor=RESEARCHER)
    assert (len(stored), len(still)) == (0, 2)
    names.alias(store, "two", "Three", actor=RESEARCHER, reason="a nickname")
    stored, still = replay(
        store, [held["system"].id], actor=RESEARCHER, corrections={"condition": "third reading"}
    )
    assert [(m.system, m.value, m.observed_on) for m in stored] == [("two", 120.0, date(2025, 9, 1))]
    with store.view() as now:
        assert {h.field: h.state for h in now.all(Held)} == {"value": "held", "system": "replayed"}
    assert verify(store).sound


def test_a_value_off_its_scale_is_refused_with_row_and_reason(store: Store, tmp_path: Path) -> None:
    with pytest.raises(
        ImportRefused, match=r"matrix.csv, row 2, field value: found 1.6, expected a number between"
    ):
        put(store, tmp_path / "matrix.csv", files.MATRIX.replace(",0.6,", ",1.6,"))


def test_a_file_of_no_known_format_says_what_to_do(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"no known format.*generic with --mapping"):
        put(store, tmp_path / "x.bin", "words")


# ---- attempts ------------------------------------------------------------------------------------


def test_attempts_go_to_a_file_of_the_record_and_come_back_by_system(store: Store, tmp_path: Path) -> None:
    put(store, files.eval_file(tmp_path / "log.eval", files.inspect_log(), zstd=True))
    with store.view() as now:
        (one,) = now.all(Import)
        frame = by_task(store, now)
    assert (one.attempts, one.measurements, one.format) == (8, 1, "inspect")
    assert frame[["system", "score", "runs"]].to_numpy().tolist() == [
        ["one", float(i % 2), 2] for i in range(4)
    ]
    result = verify(store)
    assert (result.sound, result.files) == (True, 1)
    kept = store.files.folder / one.kept
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert "is not what was stored" in verify(store).faults[0]


def test_a_log_scored_anew_takes_the_place_of_the_old_one(store: Store, tmp_path: Path) -> None:
    log = files.inspect_log()
    put(store, files.eval_file(tmp_path / "log.eval", log))
    for summary in log["summaries"]:
        summary["scores"]["match"]["value"] = "C"
    put(store, files.eval_file(tmp_path / "log.eval", log), known_at=date(2026, 4, 1))
    with store.view() as now, store.view(as_of=DAY) as then:
        assert by_task(store, now)["score"].mean() == 1.0
        assert by_task(store, then)["score"].mean() == 0.5


def bulk(store: Store, path: Path, given: dict[str, Any] | None = None, **more: Any) -> list[ImportPlan]:
    given = given or files.ATTEMPTS
    plans = plan(store, [path], known_at=DAY, importer=generic.mapped(given), mapping=given)
    commit(store, plans, actor=RESEARCHER, **more)
    return plans


@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl"])
def test_bulk_attempts_of_any_kind(store: Store, tmp_path: Path, suffix: str) -> None:
    path = files.attempts_file(tmp_path / "own.parquet")
    frame = pd.read_parquet(path)
    other = tmp_path / f"own.{suffix}"
    if suffix == "csv":
        frame.to_csv(other, index=False)
    elif suffix == "jsonl":
        frame.to_json(other, orient="records", lines=True)
    bulk(store, other)
    with store.view() as now:
        found = attempts.query(
            store,
            now,
            "SELECT system, benchmark, count(*), sum(score) FROM attempts GROUP BY ALL ORDER BY ALL",
        )
    assert found.to_numpy().tolist() == [
        [name, "own", 500, float(frame[frame["model"] == name]["ok"].sum())] for name in ("one", "two")
    ]


def test_bulk_rows_that_break_a_rule_are_counted_with_their_places(store: Store, tmp_path: Path) -> None:
    score = [0.5] * 1000
    score[7], score[400] = 3.0, float("nan")
    path = files.attempts_file(tmp_path / "own.parquet", ok=score)
    with pytest.raises(
        ImportRefused, match=r"(?s)^1 refusal.*field score: found row 8 with 3.0, expected a number"
    ):
        bulk(store, path)
    assert not list(store.files.folder.glob("*"))
    (made,) = bulk(store, path, lenient=True)
    assert (made.attempts, made.absent) == (998, "1 without a score"), "NaN says that there is none"
    with store.view() as now:
        assert now.all(Import)[0].attempts == 998


def test_a_column_that_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    path = files.attempts_file(tmp_path / "own.parquet")
    given = {**files.ATTEMPTS, "columns": {"system": "modell", "task": "item", "score": "ok"}}
    with pytest.raises(StoreError, match="no column 'modell'; it has item, minutes, model, ok"):
        bulk(store, path, given)


def test_names_with_quotes_and_commands_stay_names(store: Store, tmp_path: Path) -> None:
    odd = "x'); DROP TABLE log; --"
    path = tmp_path / "o\"'; SELECT 1.parquet"
    parquet.write_table(pa.table({odd: ["one"], 'ta"sk': ["t"], "ok": [1.0]}), path)
    bulk(
        store,
        path,
        {
            "rows": "attempts",
            "columns": {"system": odd, "task": 'ta"sk', "score": "ok"},
            "constants": {"scaffold": odd},
        },
    )
    with store.view() as now:
        assert attempts.query(store, now, "SELECT system, scaffold FROM attempts").to_numpy().tolist() == [
            ["one", odd]
        ]


# ---- the command line ----------------------------------------------------------------------------


def run(*arguments: str) -> Any:
    return CliRunner().invoke(joined(commands), list(arguments))


def test_the_commands_import_list_correct_and_export(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    path = tmp_path / "b.csv"
    path.write_text(FAULTY, encoding="utf-8")
    strict = run("import", "auto", str(path), "--known-at", "2026-03-01")
    assert strict.exit_code == 1
    assert "2 refusals; nothing was stored" in strict.output
    dry = json.loads(run("import", "epoch", str(path), "--dry-run", "--json").stdout)
    assert (dry["stored"], dry["files"][0]["measurements"], dry["files"][0]["unknown"]) == (
        False,
        2,
        ["Three"],
    )
    done = run("import", "auto", str(path), "--known-at", "2026-03-01", "--lenient")
    assert "2 values, 0 attempts, 2 refused" in done.output
    waiting = json.loads(run("quarantine", "list", "--json").stdout)
    bad = next(one["id"] for one in waiting if one["field"] == "value")
    mended = run("quarantine", "replay", bad, "--set", "value=149", "--set", "condition=again")
    assert "1 rows stored, 0 still refused" in mended.output
    assert "one: One, Lab, 2025-03-01" in run("systems", "list", "one").output
    assert run("systems", "alias", "one", "uno", "--reason", "its Spanish name").exit_code == 0
    assert "uno -> one (alias" in run("systems", "list", "--aliases").output
    assert run("systems", "undo", "uno", "--reason", "not used after all").exit_code == 0
    for format in ("csv", "parquet", "json"):
        out = tmp_path / f"out.{format}"
        told = run("export", "--table", "measurements", "--format", format, "--out", str(out))
        assert told.output.endswith(": 6 rows\n")
    assert len(pd.read_csv(tmp_path / "out.csv")) == 6
    assert set(pd.read_parquet(tmp_path / "out.parquet")["indicator"]) == {"horizon", "epoch_eci"}


def test_attempts_from_the_command_line(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    path = files.attempts_file(tmp_path / "own.parquet")
    mapping = tmp_path / "map.yaml"
    mapping.write_text(json.dumps(files.ATTEMPTS), encoding="utf-8")
    assert run("import", "generic", str(path), "--mapping", str(mapping)).exit_code == 0
    found = json.loads(run("attempts", "rates", "--json").stdout)
    assert [(one["system"], one["tasks"], one["runs"]) for one in found] == [
        ("one", 25, 500),
        ("two", 25, 500),
    ]
    assert "no task in common" in str(run("attempts", "compare", "one", "two").exception)
    assert "horizons" not in run("attempts", "horizons", "--system", "one").output
    out = tmp_path / "a.parquet"
    assert (
        "1000 rows" in run("export", "--table", "attempts", "--format", "parquet", "--out", str(out)).output
    )
