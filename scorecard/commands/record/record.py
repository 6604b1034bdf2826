"""init, status, verify: build the record, read it, check it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scorecard import jobs
from scorecard.evidence.refresh.searched import searched_line, searched_to, watch_list_of
from scorecard.jobs import ForecastJob
from scorecard.places import DATA
from scorecard.store import Store, StoreError
from scorecard.store import verify as verify_store
from scorecard.terminal.options import AsOf, Assumptions, Json, assumed, built_store, day_or_today
from scorecard.thresholds.board import ScorecardRow, board
from scorecard.thresholds.quoted.forecast import in_words
from scorecard.words import chance_in_words, day_of_both, title_of, value_in_words

app = typer.Typer()


@app.command()
def init(json_: Json = False) -> None:
    """Build the store from data/, or add what is new there; nothing stored is ever rewritten."""
    # Reading the texts and the tripwires' arithmetic take a second to import, which `status` does without.
    from scorecard.evidence import facts
    from scorecard.governance import tripwires

    store = Store()
    store.prepare()
    receipt = facts.build(store, DATA)
    tripwires.check(store, day_or_today(None))
    if json_:
        print(json.dumps({"store": store.address, "added": receipt.added, "unchanged": receipt.unchanged}))
    else:
        print(f"{store.address}: {receipt.added} rows added, {receipt.unchanged} unchanged")


@app.command()
def status(
    as_of: AsOf = None,
    assumptions: Assumptions = None,
    json_: Json = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also thresholds that do not bear on self-improvement.")
    ] = False,
    run: Annotated[bool, typer.Option(help="Run forecasts that are missing for this day.")] = True,
) -> None:
    """The scorecard on a day: each threshold's status with its reason, latest evidence and forecast."""
    store, day = built_store(), day_or_today(as_of)
    held = assumed(assumptions, day)
    rows = _board(store, day, everything, held)
    exact = as_of is not None
    if run and any(_missing(row, day, exact=exact) for row in rows):
        try:
            jobs.run(store, ForecastJob(as_of=day, assumptions=held))
        except StoreError as error:
            raise StoreError(
                f"the forecasts of {day} could not be run; --no-run shows the rest. {error}"
            ) from error
        rows = _board(store, day, everything, held)
    if json_:
        told = {"assumptions": held.isoformat()} if held else {}
        print(json.dumps([row.as_json() | told for row in rows], indent=2, ensure_ascii=False))
        return
    print(f"{day_of_both(day, held)}: {len(rows)} thresholds. {_searched(store, day)}.")
    if any(row.forecast for row in rows):
        from scorecard.thresholds.quoted.together import together  # which reads draws, with packages for that

        if (found := together(store, rows, day)) is not None:
            print(f"{found.sentence}.")
    for row in rows:
        print(_lines(row))


def _board(store: Store, day: date, everything: bool, assumptions: date | None) -> list[ScorecardRow]:
    with store.view(as_of=day, assumptions=assumptions) as known, store.view() as now:
        return board(known, now, as_of=day, everything=everything)


def _searched(store: Store, day: date) -> str:
    """Up to which day anybody looked, as the record stood."""
    with store.view(as_of=day) as known:
        return searched_line(searched_to(watch_list_of(known)), day)


def _missing(row: ScorecardRow, day: date, *, exact: bool) -> bool:
    """Whether a threshold that can be measured has no forecast that holds on the day (made on it, when `exact`)."""
    if not row.criteria or row.status.reached:
        return False
    held = row.forecast
    return held is None or bool(held.outdated) or (exact and held.run.as_of != day)


def _lines(row: ScorecardRow) -> str:
    one = row.threshold
    name = f"{title_of(one.category)}, {title_of(one.level)}"
    title = f"\n{row.framework.developer}, {row.framework.name} {one.version}: {name}  [{one.id}]"
    lines = [title, f"  {row.status.name}: {row.status.reason}"]
    said = row.voices
    if said.others:
        lines.append(f"  {'contested' if said.contested else 'others'}: {said.others}")
    if said.committee:
        lines.append(f"  committee: {said.committee}")
    if row.latest:
        m = row.latest.measurement
        marks = f" ({', '.join(row.latest.marks)})" if row.latest.marks else ""
        lines.append(
            f"  latest: {value_in_words(m.value, row.latest.indicator.unit)}, {row.latest.system}, {m.observed_on}, "
            f"{row.latest.age_days} days old{marks}"
        )
    f = row.forecast
    if f is None or f.p_now is None or f.p_12_months is None:
        lines.append(f"  {row.unforecast}")
    else:
        if row.withheld:
            return "\n".join([*lines, f"  {row.withheld}"])
        dates = " / ".join(day.isoformat() if day else "beyond the horizon" for day in (f.q10, f.q50, f.q90))
        lines.append(
            f"  crossed already {chance_in_words(f.p_now)} ({in_words(f.p_now)}), within 12 months "
            f"{chance_in_words(f.p_12_months)}; 10/50/90 % by {dates}; not by {f.horizon} "
            f"{chance_in_words(f.p_beyond_horizon or 0.0)}"
        )
        if f.by_measurement and f.by_measurement.p_12_months != f.p_12_months:
            alone = f.by_measurement
            lines.append(
                f"  by measurement alone: {chance_in_words(alone.p_now)} already, "
                f"{chance_in_words(alone.p_12_months)} within 12 months"
            )
        if row.because:
            lines.append(f"  because: {row.because}")
        if row.grounds:
            lines.append(f"  {row.grounds.words}")
        if row.same_as:
            lines.append(f"  same forecast as: {', '.join(row.same_as)}")
    if f is not None and f.outdated:
        lines.append(f"  this forecast is {f.outdated}; without --no-run it is renewed")
    return "\n".join(lines)


@app.command()
def verify(
    head: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HEAD|FILE", help="A head noted earlier, or a file with heads: still on the record?"
        ),
    ] = None,
    signers: Annotated[
        Path | None,
        typer.Option(exists=True, help="OpenSSH's file of allowed signers, to check signatures by."),
    ] = None,
    json_: Json = False,
) -> None:
    """Recompute every hash of the record; exits 1 and says where when anything was altered."""
    store = Store()
    result = verify_store(store, since=head or ())
    if result.sound:
        from scorecard.governance.signatures import signature_faults

        result = replace(result, faults=tuple(signature_faults(store, signers)[1]))
    if json_:
        print(
            json.dumps({name: getattr(result, name) for name in result.__slots__} | {"sound": result.sound})
        )
    elif result.sound:
        print(
            f"sound: {result.rows} rows in {result.entries} entries, {result.files} files; "
            f"entry {result.entries}, head {result.head}"
        )
        print(f"{result.witnessed} heads noted elsewhere are on the record")
        if result.odd:
            print(f"{result.odd} entries were stamped by a clock that was odd")
    for fault in () if json_ else result.faults:
        print(fault, file=sys.stderr)
    raise typer.Exit(0 if result.sound else 1)
