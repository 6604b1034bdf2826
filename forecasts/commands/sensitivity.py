"""sensitivity, joint, history: what a date leans on, criteria held together, and how it moved month by month."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer

from scorecard.jobs import HistoryJob
from scorecard.records.typed_json import to_plain
from scorecard.store import Store, StoreError
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today
from scorecard.terminal.progress import progress_bar
from scorecard.words import chance_in_words, day_in_words

app = typer.Typer()
Which = Annotated[
    list[str] | None, typer.Option("--threshold", help="Only this threshold, by id; repeatable.")
]


@app.command()
def sensitivity(as_of: AsOf = None, threshold: Which = None, json_: Json = False) -> None:
    """Move each assumption in turn and say by how many months the median crossing date follows."""
    from forecasts.runs.request import Request, read
    from forecasts.runs.sensitivity import leanings

    store = built_store()
    request = Request(as_of=day_or_today(as_of), thresholds=tuple(threshold or ()), method="quick")
    with progress_bar() as tell:
        found = leanings(read(store, request), request, progress=tell)
    if json_:
        rows = [
            {
                "threshold": one.threshold,
                "as_of": one.as_of.isoformat(),
                "words": one.words,
                "sensitivity": to_plain(one.base.quoted.sensitivity),
                "median": one.base.quoted.q50.isoformat() if one.base.quoted.q50 else None,
                "assumptions": [part.as_data() for part in one.found],
            }
            for one in found
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for one in found:
        print(f"\n{one.threshold}: median {one.base.quoted.q50 or 'beyond the horizon'}. {one.words}")
        for part in one.found:
            moved = "beyond the horizon" if part.months is None else f"{part.months:+.0f} months"
            print(f"  {part.assumption}, {part.value}: {moved}; {part.p_12_months:.0%} within 12 months")


@app.command()
def joint(
    threshold: Annotated[
        str, typer.Argument(help="Which threshold's criteria, by id; left out, all thresholds of the day.")
    ] = "",
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Any, some or all, counted in shared worlds: of the day's thresholds, or of one threshold's criteria."""
    store, day = built_store(), day_or_today(as_of)
    if threshold:
        _criteria(store, threshold, day, json_)
        return
    from scorecard.thresholds.board import board
    from scorecard.thresholds.quoted.together import together

    with store.view(as_of=day) as known, store.view() as now:
        rows = board(known, now, as_of=day)
    found = together(store, rows, day)
    if found is None:
        raise StoreError(f"fewer than two thresholds are forecast for {day}; run `preparedness forecast run`")
    if json_:
        print(json.dumps(found.as_json(), indent=2))
        return
    print(f"{found.sentence}.")
    for needed in range(1, len(found.names) + 1):
        print(
            f"  at least {needed} crossed by {day_in_words(found.soon)}: {found.at_least(needed, found.soon).words}"
        )
    print("The next to be crossed, within 12 months:")
    for name, chance in sorted(found.first(found.soon).items(), key=lambda one: -one[1].p):
        print(f"  {name}: {chance.words}")
    for name, why in found.left_out.items():
        print(f"  left out: {name}, {why}")


def _criteria(store: Store, threshold: str, day: date, json_: bool) -> None:
    from forecasts.dates.joint import every_rule
    from scorecard.thresholds.draws import run_of

    run = run_of(store, threshold, day)
    found = [one.as_data() for one in every_rule(run, store.files.get(run.draws, run.draws_sha256))]
    if json_:
        print(json.dumps(found, indent=2))
        return
    print(f"{threshold}, run {run.id[:12]}; as quoted: median {run.quoted.q50 or 'beyond the horizon'}")
    for row in found:
        dates = " / ".join(str(row[name] or "beyond") for name in ("q10", "q50", "q90"))
        print(f"  {row['rule']:8} {dates}; {chance_in_words(row['p_12_months'])} within 12 months")


@app.command()
def history(
    threshold: Which = None,
    as_of: AsOf = None,
    months: Annotated[int, typer.Option(min=1, max=60, help="How many months back.")] = 12,
    json_: Json = False,
) -> None:
    """Forecast from the first of each past month with what was known then, by the quick method, and store the runs."""
    from forecasts.runs import work

    asked = HistoryJob(as_of=day_or_today(as_of), thresholds=tuple(threshold or ()), months=months)
    with progress_bar() as tell:
        made = work.history(built_store(), asked, tell)
    rows = [
        {
            "threshold": run.threshold,
            "as_of": run.as_of.isoformat(),
            "run": run.id,
            **{name: told.get(name) for name in ("q10", "q50", "q90", "p_12_months", "message")},
        }
        for run, told in ((run, to_plain(run.result)) for run in made)
    ]
    if json_:
        print(json.dumps(rows, indent=2))
        return
    for row in rows:
        dates = " / ".join(str(row[name]) for name in ("q10", "q50", "q90"))
        print(f"{row['as_of']} {row['threshold']}: {row['message'] or dates}")
