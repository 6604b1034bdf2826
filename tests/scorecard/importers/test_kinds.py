"""What befalls evaluators any day: absent is not damaged, two runs that differ are two, a part is no whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from scorecard.evidence.attempts import by_task, rates
from scorecard.evidence.importers import Imported, recognised
from scorecard.evidence.importing import ImportPlan, plan
from scorecard.evidence.storing import ImportRefused, commit
from scorecard.records import Held, Import, Measurement
from scorecard.store import Store, verify
from tests.scorecard.examples import RESEARCHER
from tests.scorecard.importers import files

DAY = date(2026, 3, 1)


def read(path: Path) -> Imported:
    importer = recognised(path)
    assert importer is not None, path.name
    return importer.read(path, known_at=DAY, source="paper")


def values(imported: Imported) -> list[Measurement]:
    return [r for r in imported.records if isinstance(r, Measurement)]


def put(store: Store, *paths: Path, lenient: bool = False, **more: Any) -> list[ImportPlan]:
    plans = plan(store, paths, known_at=more.pop("known_at", DAY), new_systems=True, **more)
    commit(store, plans, actor=RESEARCHER, lenient=lenient)
    return plans


def inspect_log(folder: Path, name: str = "log.eval", **changes: Any) -> Path:
    """A log with parts of its `eval` replaced; `results`, `summaries` and `header` replace whole parts."""
    log = files.inspect_log(samples=8, epochs=1)
    log["summaries"] = changes.pop("summaries", log["summaries"])
    score = log["header"]["results"]["scores"][0]
    score |= changes.pop("score", {})
    log["header"]["results"] |= changes.pop("results", {})
    log["header"] |= changes.pop("header", {})
    log["header"]["eval"] = log["header"]["eval"] | changes
    return files.eval_file(folder / name, log)


def summary(number: int, value: Any = "C", **more: Any) -> dict[str, Any]:
    scores = {} if value is None else {"match": {"value": value, "history": []}}
    return {"id": f"s{number}", "epoch": 1, "scores": scores, "uuid": f"u{number}", **more}


# ---- absent --------------------------------------------------------------------------------------


def test_errored_and_unscored_samples_are_counted_beside_the_value(store: Store, tmp_path: Path) -> None:
    rows = [summary(0, None, error="Timeout()"), summary(1, float("nan")), *(summary(i) for i in range(2, 8))]
    path = inspect_log(
        tmp_path,
        summaries=rows,
        results={"total_samples": 8, "completed_samples": 7},
        score={"scored_samples": 6, "unscored_samples": 1},
    )
    put(store, path)
    with store.view() as now:
        (m,) = (m for m in now.all(Measurement) if m.indicator.startswith("inspect_"))
        assert now.all(Held) == []
    assert (m.n, m.main) == (6, True)
    assert "1 of 8 samples errored" in m.note
    assert "1 of 7 samples left unscored" in m.note


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["yes", "No", "TRUE", "false"], [1, 0, 1, 0]),
        (["C", "P", "I", "N"], [1, 0.5, 0, 0]),
        ([1, "0.5", 0, True], [1, 0.5, 0, 1]),
    ],
)
def test_words_are_numbers_as_inspect_has_them(
    tmp_path: Path, given: list[Any], expected: list[float]
) -> None:
    imported = read(inspect_log(tmp_path, summaries=[summary(i, one) for i, one in enumerate(given)]))
    assert isinstance(imported.attempts, pa.Table)
    assert imported.attempts.column("score").to_pylist() == expected


def test_ratings_keep_their_mean_on_a_line_and_bring_no_attempts(tmp_path: Path) -> None:
    score = {"metrics": {"accuracy": {"value": 6.5}, "mean": {"value": 6.5}}}
    imported = read(inspect_log(tmp_path, summaries=[summary(i, i + 1) for i in range(8)], score=score))
    assert imported.refusals == ()
    assert imported.attempts is None
    assert [m.value for m in values(imported)] == [6.5, 6.5]
    assert sum("brings no attempts" in note for note in imported.notes) == 1


def test_labels_that_count_as_nothing_are_not_fitted(tmp_path: Path) -> None:
    imported = read(inspect_log(tmp_path, summaries=[summary(i, "complied") for i in range(8)]))
    (m,) = values(imported)
    assert (m.main, m.marks) == (False, ("labels_count_as_0",))


def test_lm_evals_blank_groups_nulls_and_placeholders_are_absent(tmp_path: Path) -> None:
    document = json.loads(json.dumps(files.LM_EVAL))
    document["results"] |= {
        "group": {" ": " ", "alias": "group"},
        "t": {"acc,none": None, "bypass,none": 999, "em,none": "N/A"},
    }
    (tmp_path / "r.json").write_text(json.dumps(document), encoding="utf-8")
    imported = read(tmp_path / "r.json")
    assert imported.refusals == ()
    assert imported.absent == {"without a metric": 1, "no value": 2, "placeholders of --predict_only": 1}


def test_metrs_generator_goes_in_with_its_own_periods_and_infinite_ends(tmp_path: Path) -> None:
    text = (
        files.METR.replace("from_2023_on", "all_time")
        .replace("ci_high: 120.0", "ci_high: .inf")
        .replace("ci_low: 30.0", "ci_low: .nan", 1)
    )
    (tmp_path / "m.yaml").write_text(text, encoding="utf-8")
    imported = read(tmp_path / "m.yaml")
    found = {(m.indicator, m.system): m for m in values(imported)}
    one = found["metr_p50_horizon", "one"]
    assert (imported.refusals, one.low, one.high, one.interval) == ((), None, None, None)
    assert found["metr_doubling_time", "org.metr"].condition == "all time"


# ---- two runs that differ ------------------------------------------------------------------------

RUNS: list[dict[str, Any]] = [
    {"task_args": {"level": "easy"}},
    {"task_args": {"level": "hard"}},
    {"model_args": {"torch_dtype": "float16"}},
    {"model_generate_config": {"temperature": 0.7}},
    {"model_generate_config": {"system_message": "Be brief. " * 20}},
    {"model_generate_config": {"system_message": "Be thorough. " * 20}},
    {"model_roles": {"grader": {"model": "lab/judge"}}},
    {"solver_args": {"attempts": 3}},
    {"task_version": 2},
]


def test_whatever_is_set_tells_two_runs_apart_and_what_is_harmless_does_not(
    store: Store, tmp_path: Path
) -> None:
    paths = [inspect_log(tmp_path, f"{i}.eval", task_id=f"t{i}", **change) for i, change in enumerate(RUNS)]
    put(store, *paths)
    with store.view() as now:
        found = [m for m in now.all(Measurement) if m.indicator.startswith("inspect_")]
        settings = {setting["settings"] for setting, _ in rates(by_task(store, now))}
    assert len({m.condition for m in found}) == len(RUNS) == len(settings)
    harmless = {
        "model_args": {"device": "cuda:1", "api_key": "k"},
        "config": {"epochs": 1, "message_limit": 30, "max_samples": 9},
    }
    plain, other = (
        read(inspect_log(tmp_path, f"h{i}.eval", **more)) for i, more in enumerate(({}, harmless))
    )
    assert [m.condition for m in values(plain)] == [m.condition for m in values(other)]


def test_an_adapter_makes_another_system(tmp_path: Path) -> None:
    imported = read(inspect_log(tmp_path, model_args={"peft": "lab/lora-x"}))
    assert values(imported)[0].system == "one + lab/lora-x"


def test_a_change_under_other_circumstances_is_asked_and_never_stored(store: Store, tmp_path: Path) -> None:
    revision = {"revision": {"type": "git", "origin": "o", "commit": "aaa"}}
    put(store, inspect_log(tmp_path, "a.eval", **revision))
    changed = {
        "score": {"metrics": {"accuracy": {"value": 0.75}}},
        "task_id": "t2",
        "created": "2025-11-01T10:00:00+00:00",
    }
    later = inspect_log(
        tmp_path, "b.eval", revision={"type": "git", "origin": "o", "commit": "bbb"}, **changed
    )
    with pytest.raises(ImportRefused, match="task code was aaa, is bbb"):
        put(store, later)
    (asked,) = plan(store, [later], known_at=DAY)
    assert [one.differs for one in asked.questions] == ["task code was aaa, is bbb"]
    put(store, later, differing="apart")
    with store.view() as now:
        found = {m.condition: m.value for m in now.all(Measurement) if m.indicator.startswith("inspect_")}
    assert sorted(found.values()) == [0.5, 0.75]
    again = inspect_log(
        tmp_path, "c.eval", **{**changed, "task_id": "t3", "created": "2025-12-01T10:00:00+00:00", **revision}
    )
    (made,) = put(store, again)
    assert [(change.before is not None, change.after[:4]) for change in made.changes] == [(True, "0.75")]


def test_two_scorers_with_values_of_one_name_are_two_series(tmp_path: Path) -> None:
    path = inspect_log(tmp_path)
    log = files.inspect_log()
    metrics = {"mean": {"value": 0.5}}
    log["header"]["results"]["scores"] = [
        {"name": "ok", "scorer": one, "metrics": metrics} for one in ("a", "b")
    ]
    found = values(read(files.eval_file(path, log)))
    assert {m.indicator for m in found} == {"inspect_arithmetic_a_ok_mean", "inspect_arithmetic_b_ok_mean"}


# ---- a part is no whole --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"config": {"limit": 8}, "dataset": {"samples": 100, "sample_ids": list(range(8))}},
            "first 8 of 100",
        ),
        ({"config": {"limit": [10, 18]}, "dataset": {"samples": 100}}, "samples 11 to 18 of 100"),
        (
            {"config": {"sample_id": ["s1"]}, "dataset": {"samples": 8, "sample_ids": ["s1"]}},
            "1 chosen samples of 8",
        ),
        ({"header": {"status": "cancelled"}, "dataset": {"samples": 20}}, "cancelled after 8 of 20"),
        ({"results": {"early_stopping": {"early_stops": [{"id": 1}]}}}, "1 samples stopped early"),
        ({"results": {"total_samples": 20, "logged_samples": 8}}, "8 of 20 samples before it was stopped"),
        ({"score": {"scored_samples": 3, "unscored_samples": 5}}, "only 3 of 8 samples scored"),
    ],
)
def test_a_part_of_a_task_is_marked_and_not_fitted(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    (m,) = values(read(inspect_log(tmp_path, **changes)))
    assert (m.main, m.marks) == (False, ("partial",))
    assert said in m.condition


def test_a_retry_and_a_copy_count_each_attempt_once(store: Store, tmp_path: Path) -> None:
    failed = inspect_log(
        tmp_path,
        "a.eval",
        summaries=[summary(i) for i in range(5)],
        header={"status": "error", "results": None},
    )
    whole = inspect_log(
        tmp_path, "b.eval", summaries=[summary(i) for i in range(8)], created="2025-10-01T11:00:00+00:00"
    )
    copy = inspect_log(tmp_path, "c.eval", task_id="another", summaries=[summary(i) for i in range(8)])
    put(store, whole, failed, copy)
    with store.view() as now:
        ((_, rate),) = rates(by_task(store, now))
    assert (rate.runs, rate.tasks) == (8, 8)
    assert verify(store).sound


def test_an_invalidated_log_takes_the_place_of_what_it_was(store: Store, tmp_path: Path) -> None:
    put(store, inspect_log(tmp_path))
    put(store, inspect_log(tmp_path, header={"invalidated": True}), known_at=date(2026, 4, 1))
    with store.view() as now:
        found = [m for m in now.all(Measurement) if m.indicator.startswith("inspect_")]
    assert [(m.condition, m.main) for m in found] == [(found[0].condition, True), (found[0].condition, False)]


def test_lm_evals_smoke_test_does_not_replace_the_whole(store: Store, tmp_path: Path) -> None:
    whole, part = (json.loads(json.dumps(files.LM_EVAL)) for _ in range(2))
    part["config"]["limit"] = 10
    part["n-samples"]["task_a"] = {"original": 40, "effective": 10}
    for name, document in (("whole", whole), ("part", part)):
        (tmp_path / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    put(store, tmp_path / "whole.json", tmp_path / "part.json")
    with store.view() as now:
        acc = [m for m in now.all(Measurement) if m.indicator == "lm_eval_task_a_acc"]
    assert [(m.main, "first 10 of 40" in m.condition) for m in acc] == [(True, False), (False, True)]


def test_a_file_read_anew_by_a_newer_importer_leaves_one_reading_fitted(store: Store, tmp_path: Path) -> None:
    from dataclasses import replace

    from scorecard.evidence.importers import importers

    path = inspect_log(tmp_path, task_args={"level": "hard"})
    now_read = importers()["inspect"].read

    def once_read(path: Path, *, known_at: date, source: str) -> Imported:
        """As a version that did not know of task arguments would have read it."""
        return now_read(inspect_log(tmp_path / "x", path.name), known_at=known_at, source=source)

    older = replace(importers()["inspect"], version="1", read=once_read)
    (tmp_path / "x").mkdir()
    put(store, path, importer=older)
    put(store, path)
    with store.view() as now:
        found = [m for m in now.all(Measurement) if m.indicator.startswith("inspect_") and m.main]
        assert now.all(Import)[-1].version == "2"
    assert ["level hard" in m.condition for m in found] == [True]
