"""changes, goalposts: what moved a probability between two days, and whether the goal moved."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

import typer

from scorecard.jobs import ChangesJob
from scorecard.terminal.options import Json, built_store, day_or_today, say_day

app = typer.Typer()

Method = Literal["sampled", "quick"]

From = Annotated[str, typer.Option("--from", metavar="DATE", help="The earlier day.")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="The later day.")]
Which = Annotated[
    list[str] | None, typer.Option("--threshold", help="Only this threshold, by id; repeatable.")
]
How = Annotated[Method, typer.Option("--method", help="Sampled, or quick: by approximation, in seconds.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")]


def _days(since: str, until: str) -> tuple[date, date]:
    start, end = day_or_today(since), day_or_today(until)
    if not start < end:
        raise typer.BadParameter(f"--from {start} must lie before --to {end}")
    return start, end


def _words(quiet: bool) -> Any:
    def said(words: str) -> None:
        if not quiet:
            print(f"refitting {words}", file=sys.stderr)

    return said


@app.command()
def changes(
    since: From,
    until: To,
    threshold: Which = None,
    by: Annotated[
        list[str] | None, typer.Option(metavar="DATE", help="P(crossed by this day); repeatable.")
    ] = None,
    method: How = "sampled",
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """Split the change of each probability into new data, revised data, priors, model and criterion."""
    from forecasts.runs.changes import ORDER
    from forecasts.runs.work import split

    start, end = _days(since, until)
    work = ChangesJob(
        since=start,
        until=end,
        thresholds=tuple(threshold or ()),
        by=tuple(d for text in by or () if (d := say_day(text))),
        method=method,
    )
    found = split(built_store(), work, _words(quiet))
    rows = [one.as_data() for one in found]
    if json_:
        print(json.dumps({"order": ORDER, "changes": rows}, default=str, indent=2, ensure_ascii=False))
        return
    print(f"Refitted in the order: {', '.join(ORDER)}.")
    for one in found:
        print(f"{one.threshold}: {one.words}")


@app.command("goalposts")
def goalposts_command(
    since: From,
    until: To,
    threshold: Which = None,
    by: Annotated[str | None, typer.Option(metavar="DATE", help="P(crossed by this day).")] = None,
    method: How = "sampled",
    quiet: Quiet = False,
    json_: Json = False,
) -> None:
    """The evidence of one day under the criteria of another, both ways."""
    from forecasts.runs.changes import goalposts

    start, end = _days(since, until)
    found = goalposts(
        built_store(),
        start,
        end,
        thresholds=threshold or (),
        by=say_day(by),
        method=method,
        progress=_words(quiet),
    )
    if json_:
        print(json.dumps([asdict(one) for one in found], default=str, indent=2))
        return
    for one in found:
        said = [
            "none" if p is None else f"{p:.0%}"
            for p in (one.then_then, one.now_then, one.then_now, one.now_now)
        ]
        moved = (
            "the criteria differ" if one.criteria_then != one.criteria_now else "the criteria are the same"
        )
        print(
            f"{one.threshold}, P(crossed by {one.by}): criteria of {start}: evidence then {said[0]}, now {said[1]}; "
            f"criteria of {end}: evidence then {said[2]}, now {said[3]} ({moved})"
        )
