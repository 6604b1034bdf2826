"""Files made to harm, and files damaged by chance: a sentence each time, no trace, no hang, nothing half done."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scorecard.evidence.importers import Imported, importers
from scorecard.evidence.importing import plan
from scorecard.evidence.storing import ImportRefused, commit
from scorecard.records import Import, Measurement
from scorecard.store import Store, StoreError
from tests.scorecard.examples import RESEARCHER
from tests.scorecard.importers import files, reports

DAY = date(2026, 3, 1)
QUICK, MANY, MANY_ODD = 50, 2000, 1000
PIECES = (b'"', b"{", b"[", b"\n", b",", b"nan", b"-1", b"1e999", b"null", b"\xff", b"\0")
# A good file of each importer, and the ending under which it is read.
KINDS = {
    "metr.yaml": "metr",
    "counts.csv": "metr",
    "runs.jsonl": "metr",
    "eci.csv": "epoch",
    "bench_external.csv": "epoch",
    "log.json": "inspect",
    "old.eval": "inspect",
    "new.eval": "inspect",
    "results.json": "lm_eval",
    "copilot.json": "copilot",
    "analytics.json": "claude_code",
    "otel.jsonl": "claude_code",
    "own.csv": "generic",
    "own.xlsx": "generic",
    "own.parquet": "generic",
    "own.jsonl": "generic",
    "eee/record.json": "every_eval_ever",
    "eee/instances.jsonl": "every_eval_ever",
    "swe/lab__one.run1.json": "swe_bench",
    "tb/results.json": "terminal_bench",
    "harbor/result.json": "terminal_bench",
    "helm/stats.json": "helm",
    "hal/corebench_r1_UPLOAD.json": "hal",
    "promptfoo/output.json": "promptfoo",
    "weave/calls.json": "weave",
    "mlflow/runs.json": "mlflow",
    "frames/evals.parquet": "inspect_frames",
    "frames/samples.parquet": "inspect_frames",
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of every good file."""
    folder = tmp_path_factory.mktemp("good")
    made = files.write_all(folder) | reports.write_all(folder)
    return {name: path.read_bytes() for name, path in made.items()}


def read(importer: str, path: Path) -> Imported:
    return importers()[importer].read(path, known_at=DAY, source="paper")


def sound(imported: Imported, name: str) -> None:
    """Whatever came of a file: a result, or refusals that are sentences naming it."""
    took = imported.entries or imported.attempts is not None or imported.systems
    assert took or imported.refusals or imported.absent or imported.notes
    for refusal in imported.refusals:
        assert name in str(refusal) or refusal.row
        assert "found " in str(refusal)
        assert "expected " in str(refusal)
        assert "Traceback" not in str(refusal)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Flip bytes, cut, double, drop, or swap pieces: as disks, editors and mischief do."""
    body = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        if not body:
            break
        at = chance.randrange(len(body))
        match chance.randrange(7):
            case 0:
                body[at] ^= 1 << chance.randrange(8)
            case 1:
                body[at] = chance.randrange(256)
            case 2:
                del body[at : at + chance.choice((1, 3, 40))]
            case 3:
                body[at:at] = body[at : at + chance.choice((1, 10, 100))]
            case 4:
                body[at:at] = chance.choice(
                    (b'"', b"{", b"[", b"\n", b",", b"nan", b"-1", b"1e999", b"null", b"\xff", b"\0")
                )
            case 5:
                body = body[: max(at, 1)]
            case _:
                digit = next((i for i in range(at, len(body)) if chr(body[i]).isdigit()), None)
                if digit is not None:
                    body[digit : digit + 1] = chance.choice(
                        (b"-9", b"99999999999999999999", b'"x"', b"", b"0")
                    )
    return bytes(body)


def damage(good: dict[str, bytes], folder: Path, name: str, times: int) -> None:
    chance = random.Random(f"{name} {times}")
    (folder / "own.mapping.yaml").write_text(files.MAPPING, encoding="utf-8")
    reports.write_all(folder)  # with what lies beside them
    for _ in range(times):
        path = folder / name
        path.write_bytes(mutated(good[name], chance))
        sound(read(KINDS[name], path), path.name)


@pytest.mark.parametrize("name", KINDS)
def test_damaged_files_give_results_or_sentences(good: dict[str, bytes], tmp_path: Path, name: str) -> None:
    damage(good, tmp_path, name, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_many_damaged_files_give_results_or_sentences(
    good: dict[str, bytes], tmp_path: Path, name: str
) -> None:
    damage(good, tmp_path, name, MANY)


# ---- values of every kind in every place ---------------------------------------------------------

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-01-31", "2026-13-45", "C", "NaN", "-0", "1e400", "\ud800", "org.x", "one"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
DOCUMENTS: dict[str, tuple[str, Callable[[], object]]] = {
    "inspect": (
        "log.json",
        lambda: files.inspect_log()["header"] | {"samples": files.inspect_log()["summaries"]},
    ),
    "lm_eval": ("r.json", lambda: files.LM_EVAL),
    "copilot": ("c.json", lambda: files.COPILOT),
    "claude_code": ("a.json", lambda: files.ANALYTICS),
    "otel": ("o.jsonl", lambda: json.loads(files.telemetry([files.point(5, 1, "added")], 2))),
    "runs": ("r.jsonl", lambda: files.RUNS[0]),
    "every_eval_ever": ("e.json", lambda: reports.EVERY_EVAL_EVER),
    "swe_bench": ("one.run.json", lambda: reports.SWE_BENCH),
    "terminal_bench": ("t.json", lambda: reports.TERMINAL_BENCH | reports.TERMINAL_BENCH_ABOUT),
    "harbor": ("h.json", lambda: reports.HARBOR),
    "helm": ("helm/stats.json", lambda: reports.HELM),
    "hal": ("u.json", lambda: reports.HAL),
    "promptfoo": ("p.json", lambda: reports.PROMPTFOO),
    "weave": ("w.json", lambda: reports.WEAVE),
    "mlflow": ("m.json", lambda: reports.MLFLOW),
}


def places(value: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Every place inside nested lists and mappings."""
    found = [at] if at else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        found += places(one, (*at, key))
    return found


def replaced(value: object, at: tuple[object, ...], new: object) -> object:
    if not at:
        return new
    if isinstance(value, dict):
        return {key: replaced(one, at[1:], new) if key == at[0] else one for key, one in value.items()}
    assert isinstance(value, list)
    return [replaced(one, at[1:], new) if i == at[0] else one for i, one in enumerate(value)]


def oddly(kind: str, folder: Path, examples: int) -> None:
    name, document = DOCUMENTS[kind]
    importer = {"otel": "claude_code", "runs": "metr", "harbor": "terminal_bench"}.get(kind, kind)
    reports.write_all(folder)
    spots = places(document())

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(changes=st.lists(st.tuples(st.sampled_from(spots), ODD), min_size=1, max_size=2))
    def holds(changes: list[tuple[tuple[object, ...], object]]) -> None:
        value = document()
        for at, new in changes:
            value = replaced(value, at, new) if at in places(value) else value
        path = folder / name
        path.write_text(json.dumps(value) + "\n", encoding="utf-8")
        sound(read(importer, path), path.name)

    holds()


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_odd_values_anywhere_give_results_or_sentences(tmp_path: Path, kind: str) -> None:
    oddly(kind, tmp_path, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("kind", DOCUMENTS)
def test_many_odd_values_anywhere_give_results_or_sentences(tmp_path: Path, kind: str) -> None:
    oddly(kind, tmp_path, MANY_ODD)


# ---- through to the record -----------------------------------------------------------------------


def through(good: dict[str, bytes], store: Store, folder: Path, times: int) -> None:
    """Plan and store damaged files strictly: a refused one leaves the store as it was, a stored one is whole."""
    chance = random.Random(times)
    names = [name for name in KINDS if not name.startswith("own.") and "/" not in name]
    for number in range(times):
        name = chance.choice(names)
        path = folder / f"{number}-{name}"
        path.write_bytes(mutated(good[name], chance))
        before = store.stamp()
        said = ""
        plans = plan(store, [path], KINDS[name], known_at=DAY, new_systems=True)
        try:
            commit(store, plans, actor=RESEARCHER)
        except ImportRefused as refused:
            said = str(refused)
        if said:
            assert "nothing was stored" in said
            assert store.stamp() == before
        elif not plans[0].already and (plans[0].records or plans[0].imported.attempts is not None):
            with store.view() as now:
                (one,) = now.all(Import, id=plans[0].id)
                assert one.measurements == sum(m.source == one.source for m in now.all(Measurement))
        path.unlink()


def test_damaged_files_are_stored_whole_or_not_at_all(
    good: dict[str, bytes], store: Store, tmp_path: Path
) -> None:
    through(good, store, tmp_path, 60)


@pytest.mark.slow
def test_many_damaged_files_are_stored_whole_or_not_at_all(
    good: dict[str, bytes], store: Store, tmp_path: Path
) -> None:
    through(good, store, tmp_path, 200)


# ---- made to harm --------------------------------------------------------------------------------


def log_with(folder: Path, members: dict[str, bytes], *, zstd: bool = False) -> str:
    imported = read(
        "inspect", files.eval_file(folder / "x.eval", files.inspect_log(), zstd=zstd, members=members)
    )
    return "; ".join(map(str, imported.refusals))


@pytest.mark.parametrize("name", ["../up.json", "/abs.json", "a/../../b", "c:\\x", "a\\..\\b"])
def test_members_that_point_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    assert "points elsewhere" in log_with(tmp_path, {name: b"{}"}, zstd=True)


def test_a_zip_bomb_is_refused_by_what_it_claims(tmp_path: Path) -> None:
    path = tmp_path / "x.eval"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("header.json", b'{"a": "' + b" " * (64 * 1024 * 1024) + b'"}')
    assert path.stat().st_size < 200_000
    said = str(read("inspect", path).refusals[0])
    assert "swells" in said or "no eval.task" in said


@pytest.mark.parametrize("claim", [1, 10**9])
def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path, claim: int) -> None:
    path = tmp_path / "x.eval"
    path.write_bytes(files.zstd_zip({"header.json": b"x" * 5000}, claim=lambda _: claim))
    assert any(words in str(read("inspect", path).refusals[0]) for words in ("damaged", "swells"))


def test_yaml_that_blows_up_or_digs_deep_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "metr.yaml"
    bomb = "benchmark_name: METR-Horizon-v1.1\na: &a [x]\n" + "\n".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]" for i in range(20)
    )
    path.write_text(bomb, encoding="utf-8")
    assert "a reference (*a)" in str(read("metr", path).refusals[0])
    path.write_text("benchmark_name: METR-Horizon-v1.1\nresults: " + "[" * 200_000, encoding="utf-8")
    assert "nesting deeper" in str(read("metr", path).refusals[0])
    path.write_text("results: !!python/object/apply:os.system ['false']\n", encoding="utf-8")
    assert read("metr", path).refusals


def test_deep_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text('{"day_totals": ' + "[" * 200_000, encoding="utf-8")
    assert read("copilot", path).refusals


def test_an_upload_that_is_no_parquet_or_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.mapping.yaml").write_text(files.MAPPING, encoding="utf-8")
    for suffix in ("parquet", "xlsx"):
        path = tmp_path / f"own.{suffix}"
        path.write_bytes(b"PAR1 not really")
        assert read("generic", path).refusals


def test_damaged_attempts_in_bulk_are_a_sentence_and_leave_nothing(store: Store, tmp_path: Path) -> None:
    from scorecard.evidence.importers import generic

    content = files.attempts_file(tmp_path / "good.parquet").read_bytes()
    chance = random.Random(3)
    for _ in range(30):
        path = tmp_path / "own.parquet"
        path.write_bytes(mutated(content, chance))
        importer = generic.mapped(files.ATTEMPTS)
        before = store.stamp()
        said = ""
        try:
            commit(store, plan(store, [path], known_at=DAY, importer=importer), actor=RESEARCHER)
        except StoreError as error:
            said = str(error)
        assert bool(said) == (store.stamp() == before)
        path.unlink()
    assert not [p for p in store.files.folder.glob(".*") if p.is_dir()]
