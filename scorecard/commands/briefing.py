"""briefing, watch: write what the board reads, once or on a schedule."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scorecard.commands._options import AsOf, day_or_today
from scorecard.governance.snapshots import find
from scorecard.records import Meeting
from scorecard.store import Store, StoreError

if TYPE_CHECKING:
    from scorecard.briefings.content import Briefing

app = typer.Typer()

Formats = Annotated[str, typer.Option("--format", help="Formats, comma-separated, or all.")]
Out = Annotated[Path, typer.Option("--out", help="The folder to write to.")]
For = Annotated[str, typer.Option("--audience", help="internal, board or public.")]


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
    from scorecard.briefings import named
    from scorecard.briefings.build import build

    store, formats = Store(), named(format)
    day, bound = _asked(store, as_of, meeting, snapshot)
    made = build(store, as_of=day, audience=audience, snapshot=bound)
    before = _newest(out, audience) if if_changed else None
    if before is not None and _same(before, made):
        print(f"nothing has changed since the briefing of {before['as_of']}; nothing was written")
        return
    _write(made, (*formats, "json") if if_changed and "json" not in formats else formats, out)


@app.command()
def watch(
    format: Formats = "pdf,json",
    out: Out = Path("out"),
    audience: For = "internal",
    moved_by: Annotated[
        float, typer.Option(help="Change of the chance within 12 months from which a note is sent, 0 to 1.")
    ] = 0.05,
    run: Annotated[bool, typer.Option(help="Run the forecasts of the day first.")] = True,
    as_of: AsOf = None,
) -> None:
    """For a schedule: write the day's briefing, and a note when something moved since the one before.

    The note is a file beside the briefing, and goes to the webhook or mail server that the environment
    names (see docs/briefings.md). Nothing is written when nothing has changed.
    """
    from scorecard.briefings import named
    from scorecard.briefings.build import build
    from scorecard.briefings.moves import moves, note
    from scorecard.briefings.notices import deliver, targets

    store, formats, day = Store(), named(format), day_or_today(as_of)
    if not 0 < moved_by <= 1:
        raise StoreError(
            f"--moved-by is a change of a chance between 0 and 1, such as 0.05, not {moved_by:g}"
        )
    goes_to = targets(os.environ)  # a mistake in them is told before the work is done
    if run:
        _forecast(store, day)
    made = build(store, as_of=day, audience=audience)
    before = _newest(out, audience, until=day)
    if before is not None and _same(before, made):
        print(f"nothing has changed since the briefing of {before['as_of']}; nothing was written")
        return
    _write(made, tuple(dict.fromkeys((*formats, "json"))), out)
    told = moves(before, made, by=moved_by) if before is not None else ()
    if before is None or not told:
        print(
            "no note: "
            + ("there is no earlier briefing here" if before is None else "nothing moved that far")
        )
        return
    text = note(before, made, told, by=moved_by)
    part = "" if audience == "internal" else f"-{audience}"
    path = out / f"scorecard-{day.isoformat()}{part}-changes.txt"
    _put(path, text.encode())
    print(path)
    for target in goes_to:
        deliver(target, text.partition("\n")[0], text, say=lambda words: print(words, file=sys.stderr))
        print(f"sent to the {target.name}")


def _asked(store: Store, as_of: str | None, meeting: str, snapshot: str) -> tuple[date, str]:
    """The day that is asked for and the snapshot to write from, which is empty for the record as it stands."""
    if sum(map(bool, (as_of, meeting, snapshot))) > 1:
        raise StoreError(
            "give one of --as-of, --meeting and --snapshot: a meeting and a snapshot have their day"
        )
    if snapshot:
        found = find(store, snapshot)
        return found.as_of, found.id
    if not meeting:
        return day_or_today(as_of), ""
    with store.view() as now:
        held = now.get(Meeting, id=meeting)
    # A meeting that lies ahead is briefed with what is known today.
    return min(held.held_on, day_or_today(None)), held.snapshot


def _write(made: Briefing, formats: tuple[str, ...], out: Path) -> None:
    from scorecard.briefings import exports

    out.mkdir(parents=True, exist_ok=True)
    for turn, one in enumerate(exports(made, formats), start=1):
        _put(out / one.filename, one.content)
        print(f"{turn} of {len(formats)}: {formats[turn - 1]}", file=sys.stderr)
        print(out / one.filename)


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
    aging = ("age_days", "moved", "p_now", "p_next_meeting", "p_12_months")  # these pass with the days

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
    done = subprocess.run(
        [sys.executable, "-m", "forecasts", "run", "--as-of", day.isoformat()],
        env=os.environ | {"SCORECARD_STORE": store.address}, check=False, stdout=sys.stderr,
    )  # fmt: skip
    if done.returncode:
        raise StoreError(f"the forecasts of {day} could not be run (see above); --no-run does without")
