"""The commands that write briefings: formats, meetings, a schedule, and notes over a real loopback connection."""

from __future__ import annotations

import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from scorecard.briefings.content.briefing import BriefingRefused
from scorecard.briefings.content.build import build
from scorecard.briefings.delivery.notices import NoticeFailed, channels, deliver, tell_all
from scorecard.commands.briefings.briefing import app
from scorecard.evidence.facts import load
from scorecard.governance.alerts.telling import TellingRefused, acknowledge, add_reader
from scorecard.governance.meetings import close, open_meeting, schedule
from scorecard.people import this_machine
from scorecard.places import DATA
from scorecard.records import AlertRule, Meeting, NoticeEvent, Reader, Told
from scorecard.store import Store, StoreError
from tests.scorecard.briefings.conftest import AS_OF, add_many
from tests.scorecard.examples import determination, having_read, reading, result, run

LATER = AS_OF + timedelta(days=7)


@pytest.fixture
def ours(forecast: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The made-up store as the one that commands use, and no notice set up."""
    monkeypatch.setenv("SCORECARD_STORE", str(forecast.path))
    for name in ("WEBHOOK", "WEBHOOK_SECRET", "SMTP", "MAIL_FROM", "MAIL_TO"):
        monkeypatch.delenv(f"SCORECARD_{name}", raising=False)
    forecast.append(load(DATA).of(AlertRule), action="build", actor="a test")
    return forecast


def ran(*arguments: str) -> Result:
    done = CliRunner().invoke(app, list(arguments))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done


def misused(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments))
    assert done.exit_code == 2
    return " ".join(done.output.replace("│", " ").split())


def watched(out: Path, day: date, *more: str) -> Result:
    return ran("watch", "--no-run", "--format", "json", "--out", str(out), "--as-of", day.isoformat(), *more)


def move(store: Store, day: date, q50: date = date(2029, 1, 1)) -> None:
    """A new run of the day that is sure of a crossing much sooner."""
    cdf = replace(result(day).cdf, p=tuple(0.5 + 0.04 * i for i in range(11)))
    store.append(
        having_read(store, run(as_of=day, id=f"run-moved-{day}", result=result(day, q50=q50, cdf=cdf))),
        action="forecast",
        actor="a test",
    )


# ---- briefing ---------------------------------------------------------------------------------------


def test_one_build_in_several_formats_with_progress(ours: Store, tmp_path: Path) -> None:
    done = ran(
        "briefing", "--format", "md, csv,summary", "--out", str(tmp_path), "--as-of", AS_OF.isoformat()
    )
    assert sorted(path.name for path in tmp_path.glob("*2026*")) == [
        "scorecard-2026-03-10-summary.pdf",
        "scorecard-2026-03-10.csv",
        "scorecard-2026-03-10.md",
    ]
    assert "1 of 3: markdown" in done.stderr
    assert "3 of 3: summary" in done.stderr


def test_a_meeting_gives_its_day(ours: Store, tmp_path: Path) -> None:
    ours.append(
        [
            Meeting(
                id="m1",
                title="Spring",
                held_on=AS_OF,
                chair="the chair",
                attendees=(),
                state="scheduled",
                moved_by=0.1,
                known_at=AS_OF,
            )
        ],
        action="plan",
        actor="a test",
    )
    ran("briefing", "--format", "csv", "--meeting", "m1", "--out", str(tmp_path), "--audience", "public")
    assert (tmp_path / "scorecard-2026-03-10-public.csv").exists()
    with pytest.raises(StoreError, match="no meeting with id 'm2'"):
        ran("briefing", "--meeting", "m2", "--out", str(tmp_path))
    both = ("briefing", "--meeting", "m1", "--as-of", "2026-01-01", "--out", str(tmp_path))
    assert "give one of --as-of, --meeting and --snapshot" in misused(*both)


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
    add_many(ours, 2)
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
    said = misused("briefing", "--format", "csv,docx", "--out", str(tmp_path / "new"))
    assert "there is no format 'docx'" in said
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
    add_many(ours, 1)
    assert "scorecard-2026-03-10.csv" in asked()


# ---- watch ------------------------------------------------------------------------------------------


def notes(out: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(out.glob("notice-*.txt"))]


def test_a_schedule_writes_a_dated_briefing_and_tells_what_moved(ours: Store, tmp_path: Path) -> None:
    watched(tmp_path, AS_OF)
    (first,) = notes(tmp_path)
    assert "told for the first time: alert level" in first
    done = watched(tmp_path, LATER)
    assert "nothing has changed since the briefing of 2026-03-10" in done.stdout
    assert "no note: nothing moved that far" in done.stdout
    assert not (tmp_path / "scorecard-2026-03-17.json").exists()
    ours.append([determination("crossed", LATER, id="later")], action="import", actor="a test")
    move(ours, LATER)
    watched(tmp_path, LATER)
    _, text = notes(tmp_path)
    assert text.startswith("Preparedness scorecard, 17 March 2026: 1 raised")
    assert "the developer's word from “not crossed” to “crossed”" in text
    assert "chance within 12 months from 18 % to 54 %, past 33 %, 50 %" in text
    assert "median from Mar 2031 to Jan 2029" in text
    assert "alert level raised from warning to reached (the developer's word is “crossed”)" in text


def test_a_note_that_no_channel_took_is_due_again_with_what_gathered_since(
    ours: Store, tmp_path: Path, hook: Any
) -> None:
    (target,) = channels({"SCORECARD_WEBHOOK": f"http://127.0.0.1:{hook.server_port}/"})
    board = Reader(id="board", name="the board", author="the chair", known_at=AS_OF)
    hook.answers = [500, 500, 500, 500]
    said: list[str] = []
    assert tell_all(ours, AS_OF, [target], besides=[board], say=said.append, sleep=lambda _: None) == []
    assert "did not take the note in 4 tries: answered 500" in said[-1]
    with ours.view() as now:
        assert [one.what for one in now.all(NoticeEvent)] == ["failed"]
        assert now.all(Told) == []
    (told,) = tell_all(ours, AS_OF, [target], besides=[board], sleep=lambda _: None)
    assert "told for the first time" in told.notice.sentences[0]
    assert tell_all(ours, AS_OF, [target], besides=[board]) == []


def test_what_nobody_acknowledged_is_handed_on_once(ours: Store, tmp_path: Path) -> None:
    chair = this_machine("the chair")
    for id, to in (("chair", ""), ("board", "chair")):
        add_reader(
            ours,
            Reader(id=id, name=f"the {id}", author=chair.name, escalate_to=to, known_at=AS_OF),
            chair,
        )
    among = channels({}, tmp_path)
    first = tell_all(ours, AS_OF, among)
    (ours_,) = [note for note in first if note.reader.id == "chair"]
    acknowledge(ours, ours_.notice.id, chair, AS_OF)
    with pytest.raises(TellingRefused, match="was acknowledged already"):
        acknowledge(ours, ours_.notice.id, this_machine("another chair"), AS_OF)
    late = AS_OF + timedelta(days=15)
    said: list[str] = []
    tell_all(ours, late, among, say=said.append)
    assert [one for one in said if "handed on to the chair" in one]
    assert "Not acknowledged by the board" in notes(tmp_path)[-1]
    said.clear()
    tell_all(ours, late, among, say=said.append)
    assert said == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"moved_by": 5.0}, "between 0 and 1"),
        ({"thresholds": ("lab.nothing",)}, "no threshold 'lab.nothing' is in force"),
        ({"escalate_to": "nobody"}, "no other reader 'nobody'"),
    ],
)
def test_a_reader_that_could_not_be_told_is_refused(ours: Store, wrong: Any, words: str) -> None:
    with pytest.raises(TellingRefused, match=words):
        add_reader(
            ours,
            Reader(id="b", name="B", author="the chair", known_at=AS_OF, **wrong),
            this_machine("the chair"),
        )


def test_a_file_that_is_no_briefing_is_named(ours: Store, tmp_path: Path) -> None:
    (tmp_path / "scorecard-2026-01-01.json").write_text("[1", encoding="utf-8")
    with pytest.raises(StoreError, match=r"scorecard-2026-01-01\.json is no briefing"):
        watched(tmp_path, AS_OF)


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
    move(ours, LATER)
    done = watched(tmp_path, LATER)
    _, (path, body, signature) = hook.got
    assert path == "/in/TOKEN?key=KEY"
    assert "chance within 12 months from 18 % to 54 %" in json.loads(body)["text"]
    assert signature == "sha256=" + hmac.digest(b"SIGNING", body, "sha256").hex()
    assert "sent to the webhook at 127.0.0.1" in done.stdout
    assert [word for word in ("TOKEN", "KEY", "SIGNING") if word in done.output] == []


def test_it_tries_again_and_gives_up_with_a_sentence_that_holds_no_secret(hook: Any) -> None:
    (target,) = channels({"SCORECARD_WEBHOOK": f"http://127.0.0.1:{hook.server_port}/TOKEN"})
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
    (target,) = channels({"SCORECARD_WEBHOOK": "http://127.0.0.1:9/TOKEN"})
    with pytest.raises(
        NoticeFailed, match=r"webhook at 127\.0\.0\.1 did not take the note in 2 tries: Connection"
    ):
        deliver(target, "a", "b", tries=2, sleep=lambda _: None)


def test_a_note_is_mailed_and_posted_by_address(hook: Any, post: Any) -> None:
    mail, other = channels(
        {
            "SCORECARD_CHANNEL_MAIL": f"mailto://127.0.0.1:{post.server_address[1]}?from=a@example.org&to=b@example.org",
            "SCORECARD_CHANNEL_OTHER": f"json://127.0.0.1:{hook.server_port}/in",
        }
    )
    for one in (mail, other):
        deliver(one, "What moved", "The median moved.\n", sleep=lambda _: None)
    (letter,) = post.got
    assert b"Subject: What moved" in letter
    assert b"The median moved." in letter
    ((_, body, _),) = hook.got
    assert "The median moved." in body.decode()


@pytest.mark.parametrize(
    "address",
    [
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general",
        "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
        "workflows://prod-01.westus.logic.azure.com:443/643e69f83c8944438d68119179a10a64/KODuebWbDGYFr0z0eu-6Rj8aUKz",
    ],
)
def test_what_organisations_write_in_is_a_channel(address: str) -> None:
    """Slack, Discord, Teams: that their addresses are understood; that they arrive takes an account there."""
    (channel,) = channels({"SCORECARD_CHANNEL_TEAM": address})
    assert channel.name == "team"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SCORECARD_WEBHOOK": "file:///etc/TOKEN"}, "SCORECARD_WEBHOOK is no https:// address"),
        ({"SCORECARD_WEBHOOK": "https://host:port/TOKEN"}, "SCORECARD_WEBHOOK is no https:// address"),
        ({"SCORECARD_SMTP": "smtp://user:TOKEN@host"}, "SCORECARD_SMTP is not read any more; set"),
        ({"SCORECARD_CHANNEL_TEAM": "nonsense://TOKEN"}, "SCORECARD_CHANNEL_TEAM: address 1 is none"),
    ],
)
def test_a_wrong_setting_is_named_without_its_secret(environment: dict[str, str], words: str) -> None:
    with pytest.raises(NoticeFailed, match=words) as refused:
        channels(environment)
    assert "TOKEN" not in str(refused.value)
