"""init, status, verify: build the record, read it, check it."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from typing import Annotated

import typer

from scorecard.commands._options import DATA, AsOf, Json, built_store, day_or_today
from scorecard.evidence import facts
from scorecard.governance import tripwires
from scorecard.store import Store, StoreError
from scorecard.store import verify as verify_store
from scorecard.thresholds.board import ScorecardRow, board
from scorecard.thresholds.forecast import in_words

app = typer.Typer()


@app.command()
def init(json_: Json = False) -> None:
    """Build the store from data/, or add what is new there; nothing stored is ever rewritten."""
    store = Store()
    receipt = facts.build(store, DATA)
    tripwires.check(store, day_or_today(None))
    if json_:
        print(json.dumps({"store": store.address, "added": receipt.added, "unchanged": receipt.unchanged}))
    else:
        print(f"{store.address}: {receipt.added} rows added, {receipt.unchanged} unchanged")


@app.command()
def status(
    as_of: AsOf = None,
    json_: Json = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also thresholds that do not bear on self-improvement.")
    ] = False,
    run: Annotated[bool, typer.Option(help="Run forecasts that are missing for this day.")] = True,
) -> None:
    """The scorecard on a day: each threshold's status with its reason, latest evidence and forecast."""
    store, day = built_store(), day_or_today(as_of)
    rows = _board(store, day, everything)
    exact = as_of is not None
    if run and any(_missing(row, day, exact=exact) for row in rows):
        arguments = ["run", "--as-of", day.isoformat()]
        ran = subprocess.run([sys.executable, "-m", "forecasts", *arguments], check=False, stdout=sys.stderr)
        if ran.returncode:
            raise StoreError(f"the forecasts of {day} could not be run (see above); --no-run shows the rest")
        rows = _board(store, day, everything)
    if json_:
        print(json.dumps([row.as_json() for row in rows], indent=2, ensure_ascii=False))
        return
    print(f"As of {day:%-d %B %Y}: {len(rows)} thresholds")
    for row in rows:
        print(_lines(row))


def _board(store: Store, day: date, everything: bool) -> list[ScorecardRow]:
    with store.view(as_of=day) as known, store.view() as now:
        return board(known, now, as_of=day, everything=everything)


def _missing(row: ScorecardRow, day: date, *, exact: bool) -> bool:
    """Whether a threshold that can be measured has no forecast for the day (made on it, when `exact`)."""
    if not row.criteria:
        return False
    return row.forecast is None or (exact and row.forecast.run.as_of != day)


def _lines(row: ScorecardRow) -> str:
    title = (
        f"\n{row.framework.developer}, {row.framework.name} {row.threshold.version}: {row.threshold.level}"
    )
    lines = [title, f"  {row.status.name}: {row.status.reason}"]
    if row.latest:
        m = row.latest.measurement
        marks = f" ({', '.join(row.latest.marks)})" if row.latest.marks else ""
        lines.append(
            f"  latest: {m.value:g} {row.latest.indicator.unit}, {row.latest.system}, {m.observed_on}, "
            f"{row.latest.age_days} days old{marks}"
        )
    f = row.forecast
    if f is None or f.p_now is None or f.p_12_months is None:
        lines.append(f"  {row.unforecast}")
    else:
        dates = " / ".join(day.isoformat() if day else "beyond the horizon" for day in (f.q10, f.q50, f.q90))
        lines.append(
            f"  P(crossed already) {f.p_now:.0%} ({in_words(f.p_now)}), within 12 months {f.p_12_months:.0%}; "
            f"10/50/90 %: {dates}; not by {f.horizon}: {f.p_beyond_horizon:.1%}"
        )
    return "\n".join(lines)


@app.command()
def verify(json_: Json = False) -> None:
    """Recompute every hash of the record; exits 1 and says where when anything was altered."""
    result = verify_store(Store())
    if json_:
        print(
            json.dumps({name: getattr(result, name) for name in result.__slots__} | {"sound": result.sound})
        )
    elif result.sound:
        print(
            f"sound: {result.rows} rows in {result.entries} entries, {result.files} files; head {result.head}"
        )
    for fault in () if json_ else result.faults:
        print(fault, file=sys.stderr)
    raise typer.Exit(0 if result.sound else 1)
