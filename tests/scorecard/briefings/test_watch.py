"""The commands that write briefings: formats, meetings, a schedule, and notes over a real loopback connection."""

from __future__ import annotations

import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from scorecard.briefings.build import BriefingRefused, build
from scorecard.briefings.moves import moves
from scorecard.briefings.notices import NoticeFailed, deliver, targets
from scorecard.commands.briefing import app
from scorecard.governance.meetings import close, open_meeting, schedule
from scorecard.governance.roles import this_machine
from scorecard.records import Meeting
from scorecard.store import Store, StoreError
from tests.scorecard.briefings.conftest import AS_OF, many
from tests.scorecard.examples import determination, reading, run

LATER = AS_OF + timedelta(days=7)


@pytest.fixture
def ours(forecast: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The made-up store as the one that commands use, and no notice set up."""
    monkeypatch.setenv("SCORECARD_STORE", str(forecast.path))
    for name in ("WEBHOOK", "WEBHOOK_SECRET", "SMTP", "MAIL_FROM", "MAIL_TO"):
        monkeypatch.delenv(f"SCORECARD_{name}", raising=False)
    return forecast


def ran(*arguments: str) -> Result:
    done = CliRunner().invoke(app, list(arguments))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done


def watched(out: Path, day: date, *more: str) -> Result:
    return ran("watch", "--no-run", "--format", "json", "--out", str(out), "--as-of", day.isoformat(), *more)


def move(store: Store, day: date, q50: str = "2029-01-01") -> None:
    """A new run of the day that is sure of a crossing much sooner."""
    old = run(as_of=day)
    cdf = {"dates": old.result["cdf"]["dates"], "p": [0.5 + 0.04 * i for i in range(11)]}
    store.append(
        [run(as_of=day, id=f"run-moved-{day}", result=dict(old.result) | {"q50": q50, "cdf": cdf})],
        action="forecast", actor="a test",
    )  # fmt: skip


# ---- briefing ---------------------------------------------------------------------------------------


def test_one_build_in_several_formats_with_progress(ours: Store, tmp_path: Path) -> None:
    done = ran(
        "briefing", "--format", "md, csv,summary", "--out", str(tmp_path), "--as-of", AS_OF.isoformat()
    )
    assert sorted(path.name for path in tmp_path.glob("*2026*")) == [
        "scorecard-2026-03-10-summary.pdf", "scorecard-2026-03-10.csv", "scorecard-2026-03-10.md",
    ]  # fmt: skip
    assert "1 of 3: markdown" in done.stderr
    assert "3 of 3: summary" in done.stderr


def test_a_meeting_gives_its_day(ours: Store, tmp_path: Path) -> None:
    ours.append(
        [Meeting(id="m1", title="Spring", held_on=AS_OF, chair="the chair", attendees=(), state="scheduled",
                 moved_by=0.1, known_at=AS_OF)],
        action="plan", actor="a test",
    )  # fmt: skip
    ran("briefing", "--format", "csv", "--meeting", "m1", "--out", str(tmp_path), "--audience", "public")
    assert (tmp_path / "scorecard-2026-03-10-public.csv").exists()
    with pytest.raises(StoreError, match="no meeting with id 'm2'"):
        ran("briefing", "--meeting", "m2", "--out", str(tmp_path))
    with pytest.raises(StoreError, match="give one of --as-of, --meeting and --snapshot"):
        ran("briefing", "--meeting", "m1", "--as-of", "2026-01-01", "--out", str(tmp_path))


def test_a_closed_meeting_gives_the_same_bytes_whatever_is_recorded_later(
    ours: Store, tmp_path: Path
) -> None:
    chair = this_machine("the chair")
    held = schedule(ours, chair, held_on=AS_OF)
    open_meeting(ours, held.id, chair)
    closed = close(ours, held.id, chair, "Nothing to decide.")

    def wrote(name: str, *asked: str) -> dict[str, bytes]:
        ran("briefing", "--format", "md,json,summary", "--out", str(tmp_path / name), *asked)
        return {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}

    before = wrote("before", "--meeting", held.id)
    assert all(closed.snapshot[:12].encode() in before[f"scorecard-{AS_OF}.{end}"] for end in ("md", "json"))
    ours.append(many(2), action="import", actor="a test")
    revised = reading("three", date(2026, 2, 1), 950.0, known_at=date(2026, 2, 20))
    ours.append([revised], action="import", actor="a test")
    assert wrote("after", "--meeting", held.id) == before
    assert wrote("by its snapshot", "--snapshot", closed.snapshot[:10]) == before
    assert json.loads(wrote("the day", "--as-of", AS_OF.isoformat())[f"scorecard-{AS_OF}.json"])["lines"][1:]
    with pytest.raises(BriefingRefused, match="is of 2026-03-10, not of 2026-03-11; give that day"):
        build(ours, as_of=AS_OF + timedelta(days=1), snapshot=closed.snapshot)
    with pytest.raises(StoreError, match="no single snapshot begins with 'abcdefgh'"):
        ran("briefing", "--snapshot", "abcdefgh", "--out", str(tmp_path))


def test_a_meeting_that_lies_ahead_is_briefed_with_what_is_known_today(ours: Store, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    ahead = schedule(ours, this_machine("the chair"), held_on=today + timedelta(days=30))
    ran("briefing", "--format", "csv", "--meeting", ahead.id, "--out", str(tmp_path))
    assert (tmp_path / f"scorecard-{today}.csv").exists()


def test_an_unknown_format_is_refused_before_any_work(ours: Store, tmp_path: Path) -> None:
    with pytest.raises(BriefingRefused, match="there is no format 'docx'"):
        ran("briefing", "--format", "csv,docx", "--out", str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_if_changed_writes_only_when_the_record_says_something_else(ours: Store, tmp_path: Path) -> None:
    def asked() -> str:
        return ran(
            "briefing",
            "--if-changed",
            "--format",
            "csv",
            "--out",
            str(tmp_path),
            "--as-of",
            AS_OF.isoformat(),
        ).stdout

    assert "scorecard-2026-03-10.csv" in asked()
    assert "nothing has changed since the briefing of 2026-03-10" in asked()
    ours.append(many(1), action="import", actor="a test")
    assert "scorecard-2026-03-10.csv" in asked()


# ---- watch ------------------------------------------------------------------------------------------


def test_a_schedule_writes_a_dated_briefing_and_a_note_of_what_moved(ours: Store, tmp_path: Path) -> None:
    assert "there is no earlier briefing here" in watched(tmp_path, AS_OF).stdout
    assert "nothing has changed since the briefing of 2026-03-10" in watched(tmp_path, LATER).stdout
    assert not (tmp_path / "scorecard-2026-03-17.json").exists()
    move(ours, LATER)
    ours.append([determination("crossed", LATER, id="later")], action="import", actor="a test")
    watched(tmp_path, LATER)
    text = (tmp_path / "scorecard-2026-03-17-changes.txt").read_text(encoding="utf-8")
    assert text.startswith("Preparedness scorecard: what moved between 10 March 2026 and 17 March 2026")
    assert "the developer's word from “not crossed” to “crossed”" in text
    assert "chance within 12 months from 18 % to 54 %" in text
    assert "median from Mar 2031 to Jan 2029" in text


def test_what_moved_less_than_the_set_amount_makes_no_note(ours: Store) -> None:
    before = build(ours, as_of=AS_OF).as_json()
    plain = json.loads(json.dumps(before))
    move(ours, LATER, q50="2031-03-20")
    after = build(ours, as_of=LATER)
    assert moves(plain, after, by=0.5) == ()
    assert len(moves(plain, after, by=0.3)) == 1
    ours.append(many(1), action="import", actor="a test")
    assert any("new on the scorecard" in one for one in moves(plain, build(ours, as_of=LATER), by=0.5))
    gone = plain | {"lines": [*plain["lines"], plain["lines"][0] | {"threshold": "old"}]}
    assert any("no longer on the scorecard" in one for one in moves(gone, after, by=0.5))


def test_a_file_that_is_no_briefing_is_named(ours: Store, tmp_path: Path) -> None:
    (tmp_path / "scorecard-2026-01-01.json").write_text("[1", encoding="utf-8")
    with pytest.raises(StoreError, match=r"scorecard-2026-01-01\.json is no briefing"):
        watched(tmp_path, AS_OF)


def test_an_amount_that_is_no_chance_is_refused(ours: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="between 0 and 1"):
        watched(tmp_path, AS_OF, "--moved-by", "5")


# ---- notices over a loopback connection ---------------------------------------------------------------


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        taken: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        taken.got.append((self.path, body, self.headers.get("X-Scorecard-Signature")))
        self.send_response(taken.answers.pop(0) if taken.answers else 204)
        self.send_header("Location", "http://127.0.0.1:9/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


class _Post(socketserver.StreamRequestHandler):
    """As much of a mail server as one letter needs."""

    def handle(self) -> None:
        taken: Any = self.server
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                taken.got.append(letter)
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def hook() -> Iterator[Any]:
    yield from _served(HTTPServer(("127.0.0.1", 0), _Hook))


@pytest.fixture
def post() -> Iterator[Any]:
    yield from _served(socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Post))


def _served(server: Any) -> Iterator[Any]:
    server.got, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_note_reaches_the_webhook_signed_and_the_log_holds_no_secret(
    ours: Store, hook: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORECARD_WEBHOOK", f"http://127.0.0.1:{hook.server_port}/in/TOKEN?key=KEY")
    monkeypatch.setenv("SCORECARD_WEBHOOK_SECRET", "SIGNING")
    watched(tmp_path, AS_OF)
    assert hook.got == []  # nothing moved yet
    move(ours, LATER)
    done = watched(tmp_path, LATER)
    ((path, body, signature),) = hook.got
    assert path == "/in/TOKEN?key=KEY"
    assert "chance within 12 months from 18 % to 54 %" in json.loads(body)["text"]
    assert signature == "sha256=" + hmac.digest(b"SIGNING", body, "sha256").hex()
    assert "sent to the webhook at 127.0.0.1" in done.stdout
    assert [word for word in ("TOKEN", "KEY", "SIGNING") if word in done.output] == []


def test_it_tries_again_and_gives_up_with_a_sentence_that_holds_no_secret(hook: Any) -> None:
    (target,) = targets({"SCORECARD_WEBHOOK": f"http://127.0.0.1:{hook.server_port}/TOKEN"})
    hook.answers = [500, 503]
    waits: list[float] = []
    said: list[str] = []
    deliver(target, "a", "b", sleep=waits.append, say=said.append)
    assert len(hook.got) == 3
    assert waits == [2.0, 4.0]
    assert said[0] == "webhook at 127.0.0.1: answered 500; trying again in 2 s"
    hook.answers = [302, 500, 500, 500]  # a redirect is not followed
    with pytest.raises(NoticeFailed, match="did not take the note in 4 tries: answered 500") as refused:
        deliver(target, "a", "b", sleep=waits.append, say=said.append)
    assert "TOKEN" not in str(refused.value) + "".join(said)


def test_nobody_at_home_is_a_sentence() -> None:
    (target,) = targets({"SCORECARD_WEBHOOK": "http://127.0.0.1:9/TOKEN"})
    with pytest.raises(
        NoticeFailed, match=r"webhook at 127\.0\.0\.1 did not take the note in 2 tries: Connection"
    ):
        deliver(target, "a", "b", tries=2, sleep=lambda _: None)


def test_a_note_is_mailed(post: Any) -> None:
    (target,) = targets(
        {"SCORECARD_SMTP": f"smtp://127.0.0.1:{post.server_address[1]}", "SCORECARD_MAIL_FROM": "a@example.org",
         "SCORECARD_MAIL_TO": "b@example.org"}
    )  # fmt: skip
    deliver(target, "What moved", "The median moved.\n")
    (letter,) = post.got
    assert b"Subject: What moved" in letter
    assert b"The median moved." in letter


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SCORECARD_WEBHOOK": "file:///etc/TOKEN"}, "SCORECARD_WEBHOOK is no https:// address"),
        ({"SCORECARD_WEBHOOK": "https://host:port/TOKEN"}, "SCORECARD_WEBHOOK is no https:// address"),
        ({"SCORECARD_SMTP": "smtp://user:TOKEN@host"}, "needs SCORECARD_MAIL_FROM and SCORECARD_MAIL_TO"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(environment: dict[str, str], words: str) -> None:
    with pytest.raises(NoticeFailed, match=words) as refused:
        targets(environment)
    assert "TOKEN" not in str(refused.value)
