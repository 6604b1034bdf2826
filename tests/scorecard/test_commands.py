"""`preparedness` as a person at a terminal meets it: words, JSON and exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scorecard.__main__ import main
from scorecard.records import Decision, ForecastRun, Measurement, Ruling, Source
from scorecard.store import Store, verify
from tests import doors
from tests.doors import Said
from tests.scorecard.examples import criterion, run
from tests.scorecard.store.tamper import tamper

PROMISED = {
    "threshold",
    "framework",
    "version",
    "category",
    "level",
    "kind",
    "status",
    "reason",
    "latest",
    "p_now",
    "p_12_months",
    "p_by",
    "q10",
    "q50",
    "q90",
    "p_beyond_horizon",
}
type Command = Callable[..., Said]


def command(store: Path, *arguments: str) -> Said:
    """Run `preparedness` on a store."""
    return doors.say(main, store, "scorecard", *arguments)


@pytest.fixture
def say(store: Store) -> Command:
    """Commands on the store with the made-up facts."""
    return lambda *arguments: command(store.path, *arguments)


def failed(result: Said, code: int) -> str:
    """What a refused command said: a sentence on stderr, no traceback, nothing on stdout."""
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    return result.stderr


# ---- init ----------------------------------------------------------------------------------------


def test_init_builds_the_published_record_once(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "scorecard.duckdb"
    first = command(path, "init", "--json")
    assert first.returncode == 0, first.stderr
    built = json.loads(first.stdout)
    assert built["store"] == str(path)
    assert built["added"] > 100
    assert built["unchanged"] == 0
    again = command(path, "init")
    assert again.stdout == f"{path}: 0 rows added, {built['added']} unchanged\n"
    checked = json.loads(command(path, "verify", "--json").stdout)
    assert checked["sound"] is True
    assert checked["rows"] == built["added"]
    rows = json.loads(command(path, "status", "--as-of", "2026-01-31", "--no-run", "--json").stdout)
    assert rows
    assert all(set(row) >= PROMISED for row in rows)
    with Store(path).view(as_of=date(2026, 1, 31)) as known:
        assert {m.source for m in known.all(Measurement)} <= {s.id for s in known.all(Source)}


def test_init_on_a_file_that_is_no_store_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "scorecard.duckdb"
    path.write_text("not a store", encoding="utf-8")
    said = failed(command(path, "init"), 1)
    assert said.startswith(f"{path} cannot be read as a store")
    assert "Put back a backup" in said
    assert path.read_text(encoding="utf-8") == "not a store"


# ---- status --------------------------------------------------------------------------------------


def test_status_as_json_is_a_list_of_promised_objects(store: Store, say: Command) -> None:
    store.append([run(date(2026, 2, 1))], action="forecast", actor="a test")
    result = say("status", "--as-of", "2026-02-01", "--no-run", "--json")
    assert result.returncode == 0, result.stderr
    (row,) = json.loads(result.stdout)
    assert set(row) >= PROMISED
    assert set(row["latest"]) >= {"value", "unit", "system", "date", "source", "age_days"}
    assert (row["threshold"], row["version"], row["status"]) == ("lab.high", "1", "no determination")
    assert (row["latest"]["value"], row["latest"]["unit"], row["latest"]["age_days"]) == (
        214.0,
        "minutes",
        153,
    )
    assert row["latest"]["source"] == "https://example.org/paper"
    assert row["p_now"] == pytest.approx(0.1)
    assert (row["q10"], row["q50"], row["q90"]) == ("2026-02-01", "2031-02-01", None)
    assert row["p_beyond_horizon"] == 0.1
    assert all(date.fromisoformat(day) and 0 <= p <= 1 for day, p in row["p_by"].items())


def test_todays_assumptions_on_that_days_evidence_are_asked_for_and_said(store: Store, say: Command) -> None:
    later = criterion("later", author="a researcher", level=9000.0, known_at=date(2026, 6, 1))
    ruled = Ruling(
        id="r",
        subject="criteria/later",
        ruling="adopted",
        ruled_by="the chair",
        reason="agreed",
        known_at=date(2026, 6, 2),
    )
    store.append([run(date(2026, 2, 1)), later, ruled], action="forecast", actor="a test")
    asked = ("status", "--as-of", "2026-02-01", "--no-run")
    (row,) = json.loads(say(*asked, "--json").stdout)
    assert row["outdated"] is None
    assert "assumptions" not in row
    (todays,) = json.loads(say(*asked, "--assumptions", "2026-06-03", "--json").stdout)
    assert todays["assumptions"] == "2026-06-03"
    assert todays["outdated"] == "made under other criteria than those in use now"
    assert todays["latest"] == row["latest"]
    said = say(*asked, "--assumptions", "2026-06-03").stdout
    assert said.startswith("As of 1 February 2026, with the assumptions of 3 June 2026: ")
    assert "before" in failed(say(*asked, "--assumptions", "2026-01-01"), 2)


def test_the_same_day_twice_is_the_same_answer_and_a_later_day_another(say: Command) -> None:
    asked = ("status", "--no-run", "--json", "--as-of")
    early, again, late = say(*asked, "2026-01-31"), say(*asked, "2026-01-31"), say(*asked, "2026-03-03")
    assert early.stdout == again.stdout
    assert [json.loads(r.stdout)[0]["latest"]["value"] for r in (early, late)] == [214.0, 203.0]
    assert say(*asked, "2024-12-31").stdout == "[]\n"


def test_status_in_words(store: Store, say: Command) -> None:
    result = say("status", "--as-of", "2026-02-01", "--no-run")
    lines = result.stdout.splitlines()
    assert lines[0].startswith("As of 1 February 2026: ")
    assert lines[2] == "Lab, Safety Framework 1: Self improvement, High  [lab.high]"
    assert "no determination" in result.stdout
    assert "latest: 3.57 h, Two, 2025-09-01, 153 days old" in result.stdout
    assert "No forecast has been run for this day yet." in result.stdout


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday"])
def test_a_date_that_is_none_is_refused(say: Command, day: str) -> None:
    said = failed(say("status", "--no-run", "--as-of", day), 2)
    assert f"{day!r} is not a date; write it as 2026-01-31" in said


def test_status_of_a_damaged_store_is_a_sentence(store: Store, say: Command) -> None:
    store.path.write_bytes(store.path.read_bytes()[:4096])
    assert "cannot be read as a store" in failed(say("status", "--no-run", "--json"), 1)


# ---- verify --------------------------------------------------------------------------------------


def test_verify_prints_the_rows_and_the_head_of_the_chain(store: Store, say: Command) -> None:
    expected = verify(store)
    result = say("verify")
    assert result.returncode == 0
    assert (
        result.stdout == f"sound: {expected.rows} rows in 1 entries, 0 files; entry 1, head {expected.head}\n"
        "0 heads noted elsewhere are on the record\n"
    )
    printed = json.loads(say("verify", "--json").stdout)
    assert printed == {
        "rows": expected.rows,
        "entries": 1,
        "files": 0,
        "head": expected.head,
        "faults": [],
        "witnessed": 0,
        "odd": 0,
        "sound": True,
    }


def test_verify_of_an_altered_store_names_the_row(store: Store, say: Command) -> None:
    tamper(store.path, "UPDATE measurements SET value = 9999 WHERE system = 'one'")
    sentence = (
        "measurements, horizon / one / 2025-03-01 / 2026-01: "
        "a value was changed after it was stored (log entry 1)"
    )
    assert failed(say("verify"), 1) == f"{sentence}\n"
    result = say("verify", "--json")
    assert result.returncode == 1
    printed = json.loads(result.stdout)
    assert printed["sound"] is False
    assert printed["faults"] == [sentence]


def test_verify_without_a_store_says_how_to_make_one(tmp_path: Path) -> None:
    said = failed(command(tmp_path / "none.duckdb", "verify"), 1)
    assert "preparedness init" in said
    assert list(tmp_path.iterdir()) == []


# ---- decide --------------------------------------------------------------------------------------

WORDS = ("--finding", "look_deeper", "--decision", "hold deployment", "--reason", "the forecast is close")


def decisions(store: Store) -> list[Decision]:
    with store.view() as now:
        return now.all(Decision)


def test_decide_records_a_decision_bound_to_its_run(store: Store, say: Command) -> None:
    store.append([run(date(2026, 2, 1))], action="forecast", actor="a test")
    result = say(
        "decide",
        "--threshold",
        "lab.high",
        *WORDS,
        "--by",
        "the chair",
        "--run",
        "run-2026",
        "--although",
        "It moved by a day.",
        "--owner",
        "safety",
        "--due-on",
        "2026-06-30",
        "--dissent",
        "one member: too late",
        "--json",
    )
    assert result.returncode == 0, result.stderr
    printed: dict[str, Any] = json.loads(result.stdout)
    (kept,) = decisions(store)
    with store.view() as now:
        (forecast,) = now.all(ForecastRun)
        entry = now.log()[-1]
    assert kept.forecast_run == forecast.id == printed["forecast_run"]
    assert (kept.id, kept.decision, kept.due_on) == (printed["id"], "hold deployment", date(2026, 6, 30))
    assert printed["due_on"] == "2026-06-30"
    assert (entry.actor, entry.identity, entry.action) == ("the chair", "typed by hand", "decide")
    assert verify(store).sound


def test_a_decision_without_a_name_carries_the_local_users(store: Store, say: Command) -> None:
    assert say("decide", "--threshold", "lab.high", *WORDS).returncode == 0
    with store.view() as now:
        assert now.log()[-1].identity == "local user of this machine"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--threshold", "nowhere", *WORDS), 1, "no threshold with id 'nowhere' is known"),
        (("--threshold", "lab.high", *WORDS[:-1], " "), 1, "a decision needs reason"),
        (("--threshold", "lab.high", *WORDS, "--supersedes", "gone"), 1, "no decision 'gone' on lab.high"),
        (("--threshold", "lab.high", *WORDS, "--due-on", "soon"), 2, "'soon' is not a date"),
        (("--threshold", "lab.high", *WORDS[2:], "--finding", "maybe"), 2, "maybe"),
        (WORDS, 2, "--threshold"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_not_kept(
    store: Store, say: Command, arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert words in failed(say("decide", *arguments), code)
    assert decisions(store) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("chart", "overview", "--ppi", "-3"), 2, "greater than or equal to 20"),
        (("chart", "overview", "--out", "a.gif"), 2, "a.gif does not end with .svg or .png"),
        (("chart", "overview", "--out", "nowhere/a.svg"), 2, "there is no folder nowhere"),
        (("draws", "--threshold", "lab.high", "--out", "d.csv"), 2, "d.csv does not end with .nc"),
        (("export", "--table", "measurement"), 2, "did you mean 'measurements'?"),
        (
            ("export", "--table", "sources", "--format", "csv", "--out", "m.parquet"),
            2,
            "does not end with .csv",
        ),
        (("export", "--table", "sources", "--out", "m.xlsx"), 2, "does not end with .csv, .parquet or .json"),
        (("criteria", "diff", "one:1", "two:1"), 2, "one and two are two frameworks"),
        (("import", "csv", "F"), 2, "is read by generic with --mapping"),
        (("import", "auto", "F"), 2, "path 'F' does not exist"),
        (("briefing", "--format", "pdf,doc"), 2, "there is no format 'doc'"),
        (("duty", "write", "--developer", "Lab", "--format", "doc"), 2, "'doc' is not one of docx, pdf"),
        (("verify", "--signers", "F"), 2, "path 'F' does not exist"),
        (("alerts", "replay", "--from", "2030-01-01"), 2, "name an earlier day"),
        (("meeting", "agenda", "--item", "x"), 1, "there is no meeting yet"),
        (("watchlist", "show", "x"), 1, "no watched with id"),
        (("decisions", "show", "x"), 1, "no decision"),
        (("criteria", "show", "x"), 1, "no criterion"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_exit_code(
    say: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert words in failed(say(*arguments), code)
    assert list(here.iterdir()) == []


def test_the_ending_says_what_a_table_is_written_as(
    say: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert say("export", "--table", "sources", "--out", "s.parquet").returncode == 0
    assert Path("s.parquet").read_bytes().startswith(b"PAR1")


def test_the_forms_of_a_tripwire_are_told_without_a_decision(say: Command) -> None:
    told = say("decide", "--tripwire", "help")
    assert told.returncode == 0
    assert "P(THRESHOLD by DATE) > NUMBER" in told.stdout


def test_every_noun_of_a_meeting_can_be_listed_and_shown(store: Store, say: Command) -> None:
    store.append([run()], action="forecast", actor="a test")
    assert say("meeting", "schedule", "--on", "2026-11-28", "--title", "First").returncode == 0
    decided = json.loads(
        say(
            *("decide", "--threshold", "lab.high", "--finding", "not_crossed", "--decision", "Wait."),
            *(
                "--reason",
                "Far below.",
                "--by",
                "the chair",
                "--run",
                run().id[:8],
                "--although",
                "It moved by a day.",
                "--json",
            ),
        ).stdout
    )
    signed = say("sign", decided["id"], "--statement", "I was there.", "--by", "the chair", "--json")
    saved = json.loads(signed.stdout)["snapshot"]
    listed = {
        noun: json.loads(say(noun, "list", "--json").stdout) for noun in ("meeting", "snapshot", "decisions")
    }
    assert [one["title"] for one in listed["meeting"]] == ["First"]
    assert "TABLE" not in listed["meeting"][0]
    assert "state: scheduled" in say("meeting", "show", "2026-11-28").stdout
    assert [one["id"] for one in listed["snapshot"]] == [saved]
    assert [one["id"] for one in listed["decisions"]] == [decided["id"]]
    assert "Wait." in say("decisions", "list").stdout
    assert "reason: Far below." in say("decisions", "show", decided["id"]).stdout
    assert "First" in say("meeting", "list").stdout
    assert saved[:12] in say("snapshot", "list").stdout
    (one,) = json.loads(say("criteria", "list", "--threshold", "lab.high", "--json").stdout)
    assert (one["indicator"], one["standing"]) == ("horizon", "proposed")
    assert f"{one['id']}: lab.high by horizon" in say("criteria", "list").stdout
    assert "indicator: horizon" in say("criteria", "show", one["id"]).stdout
