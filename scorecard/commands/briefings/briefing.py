"""briefing, watch: write what the board reads, once or on a schedule."""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from scorecard import __version__, jobs
from scorecard.briefings import Audience, formats, named
from scorecard.governance.snapshots import find_snapshot
from scorecard.jobs import ForecastJob
from scorecard.records import Meeting, Reader
from scorecard.store import Store, StoreError
from scorecard.store.witness import in_words
from scorecard.terminal.options import AsOf, complete_list, day_or_today

if TYPE_CHECKING:
    from scorecard.briefings.content.briefing import Briefing

app = typer.Typer()

Formats = Annotated[
    str,
    typer.Option(
        "--format",
        help=f"Comma-separated, of {', '.join(formats())}; or all.",
        callback=lambda value: _checked(value),
        autocompletion=lambda incomplete: complete_list(incomplete, (*formats(), "all")),
    ),
]
Out = Annotated[Path, typer.Option("--out", help="The folder to write to.")]
For = Annotated[Audience, typer.Option("--audience", help="Who reads it.")]


@app.command()
def briefing(
    format: Formats = "pdf,csv,json,xlsx",
    out: Out = Path("out"),
    as_of: AsOf = None,
    meeting: Annotated[str, typer.Option(help="The meeting it is for, by id, in place of a day.")] = "",
    snapshot: Annotated[
        str,
        typer.Option(
            help="The snapshot to write it from, by its id or 8 characters of it, in place of a day."
        ),
    ] = "",
    audience: For = "internal",
    if_changed: Annotated[
        bool,
        typer.Option("--if-changed", help="Write nothing when the newest JSON in the folder says the same."),
    ] = False,
) -> None:
    """Write the briefing of a day, a meeting or a snapshot; the same record gives the same bytes.

    For a closed meeting it is written from the snapshot that the meeting was closed under: what was recorded
    later is left out, so that it comes out the same at any time. Progress goes to stderr.
    """
    from scorecard.briefings.content.build import build
    from scorecard.briefings.content.verdict import NOT_READY

    store, names = Store(), named(format)
    day, bound = _asked(store, as_of, meeting, snapshot)
    made = build(store, as_of=day, audience=audience, snapshot=bound)
    if (stand := made.verdict[0].said.text).startswith(NOT_READY):
        print(stand, file=sys.stderr)
    before = _newest(out, audience) if if_changed else None
    if before is not None and _same(before, made):
        print(f"nothing has changed since the briefing of {before['as_of']}; nothing was written")
        return
    _write(store, made, (*names, "json") if if_changed and "json" not in names else names, out)


@app.command()
def watch(
    format: Formats = "pdf,json",
    out: Out = Path("out"),
    audience: For = "internal",
    run: Annotated[bool, typer.Option(help="Run the forecasts of the day first.")] = True,
    as_of: AsOf = None,
) -> None:
    """For a schedule: forecast, see which alert levels changed, tell every reader what moved, write the briefing.

    Each reader is told what changed since they were last told (`alerts readers` says who, of what, from what size on,
    and where); without a reader on the record, the audience is one. No briefing is written when nothing has changed.
    """
    from scorecard.briefings.content.build import build
    from scorecard.briefings.delivery.notices import channels, tell_all
    from scorecard.governance.alerts.levels import evaluate

    store, names, day = Store(), named(format), day_or_today(as_of)
    goes_to = channels(os.environ, out)  # a mistake in them is told before the work is done
    if run:
        _forecast(store, day)
    evaluate(store, day)
    made = build(store, as_of=day, audience=audience)
    before = _newest(out, audience, until=day)
    if before is not None and _same(before, made):
        print(f"nothing has changed since the briefing of {before['as_of']}; no briefing was written")
    else:
        _write(store, made, tuple(dict.fromkeys((*names, "json"))), out)
    reader = Reader(id=audience, name=f"{audience} readers", author="the scorecard", known_at=day)
    told = tell_all(store, day, goes_to, besides=_unless_on_record(store, day, reader), say=print)
    if not told:
        print("no note: nothing moved that far since each reader was last told")


@app.command()
def issue(
    format: Formats = "pdf,annex,json",
    out: Out = Path("out"),
    audience: For = "internal",
    method: Annotated[
        Literal["sampled", "quick"],
        typer.Option(help="How the forecasts are made; quick is an approximation."),
    ] = "sampled",
    as_of: AsOf = None,
) -> None:
    """For a schedule, monthly: issue the forecasts of the first and whatever was missed, then do as `watch`.

    Issued runs are frozen under an entry of the log and its head; a day that was missed is issued from what was known
    on it and marked as reconstructed.
    """
    from scorecard.governance.alerts.issuing import issue as record_issue
    from scorecard.governance.alerts.issuing import owed

    store, today = Store(), day_or_today(as_of)
    for due in owed(store, today):
        jobs.run(store, ForecastJob(as_of=due, method=method))
        made = record_issue(store, due, today)
        print(f"issued {len(made.runs)} forecasts of {due}, {made.note}; head before it {made.head[:12]}")
    watch(format=format, out=out, audience=audience, run=method == "sampled", as_of=today.isoformat())


def _checked(text: str) -> str:
    try:
        named(text)
    except StoreError as refused:
        raise typer.BadParameter(str(refused)) from None
    return text


def _unless_on_record(store: Store, day: date, reader: Reader) -> tuple[Reader, ...]:
    """The audience as a reader, where the record names nobody who is to be told."""
    with store.view(as_of=day) as known:
        return () if known.all(Reader) else (reader,)


def _asked(store: Store, as_of: str | None, meeting: str, snapshot: str) -> tuple[date, str]:
    """The day that is asked for and the snapshot to write from, which is empty for the record as it stands."""
    if sum(map(bool, (as_of, meeting, snapshot))) > 1:
        raise typer.BadParameter(
            "give one of --as-of, --meeting and --snapshot: a meeting and a snapshot have their day"
        )
    if snapshot:
        found = find_snapshot(store, snapshot)
        return found.as_of, found.id
    if not meeting:
        return day_or_today(as_of), ""
    with store.view() as now:
        held = now.get(Meeting, id=meeting)
    # A meeting that lies ahead is briefed with what is known today.
    return min(held.held_on, day_or_today(None)), held.snapshot


def _write(store: Store, made: Briefing, names: tuple[str, ...], out: Path) -> None:
    """Write the files; the head of the record beside them, which they cannot hold: they are rebuilt byte for byte."""
    from scorecard.briefings import exports

    out.mkdir(parents=True, exist_ok=True)
    for turn, one in enumerate(exports(made, names), start=1):
        _put(out / one.filename, one.content)
        print(f"{turn} of {len(names)}: {names[turn - 1]}", file=sys.stderr)
        print(out / one.filename)
    with store.view() as now:
        stood = in_words(now.log()[-1])
    print(stood, file=sys.stderr)
    print(f"content {made.short_hash}, written by preparedness {__version__}", file=sys.stderr)


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, so that a run that is killed leaves no half of one."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _newest(out: Path, audience: str, until: date | None = None) -> dict[str, Any] | None:
    """The content of the newest JSON briefing for an audience in a folder, no later than a day."""
    found: list[dict[str, Any]] = []
    for path in out.glob("scorecard-????-??-??*.json"):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            ours = content["audience"] == audience and {"hash", "lines", "as_of"} <= content.keys()
        except (ValueError, KeyError, TypeError, AttributeError):
            raise StoreError(f"{path} is no briefing; move it away, or name another folder") from None
        if ours and (until is None or content["as_of"] <= until.isoformat()):
            found.append(content)
    return max(found, key=lambda content: str(content["as_of"]), default=None)


def _same(before: dict[str, Any], made: Briefing) -> bool:
    """Whether two briefings say the same of their thresholds, whatever their days."""
    aging = (
        "age_days",
        "moved",
        "p_now",
        "p_next_meeting",
        "p_12_months",
        "alert_why",
        "p_12_before",
    )  # these pass with the days

    def bare(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: _unkeyed(v) for k, v in line.items() if k not in aging} for line in lines]

    now = json.loads(json.dumps(made.as_json()))
    same_day = before["as_of"] == made.as_of.isoformat()
    return before["hash"] == made.hash if same_day else bare(before["lines"]) == bare(now["lines"])


def _unkeyed(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _unkeyed(v) for k, v in value.items() if k != "refs"}
    return [_unkeyed(v) for v in value] if isinstance(value, list) else value


def _forecast(store: Store, day: date) -> None:
    try:
        jobs.run(store, ForecastJob(as_of=day))
    except StoreError as error:
        raise StoreError(
            f"the forecasts of {day} could not be run; --no-run does without. {error}"
        ) from error
