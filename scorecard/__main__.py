"""`python -m scorecard`: the record from the command line. Every action of the app has its command here."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from scorecard.evidence import facts
from scorecard.governance.decisions import decide as record_decision
from scorecard.records import Decision, Finding
from scorecard.store import Store, StoreError, local_user
from scorecard.store import verify as verify_store
from scorecard.thresholds.board import ScorecardRow, board
from scorecard.thresholds.forecast import in_words

DATA = Path(__file__).parents[1] / "data"

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Count only what could be known by this day.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def say_day(text: str | None) -> date | None:
    """A date typed on a command line; exits with a sentence when it is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write it as 2026-01-31") from None


@app.command()
def init(json_: Json = False) -> None:
    """Build the store from data/, or add what is new there; nothing stored is ever rewritten."""
    store = Store()
    receipt = facts.build(store, DATA)
    if json_:
        print(json.dumps({"store": str(store.path), "added": receipt.added, "unchanged": receipt.unchanged}))
    else:
        print(f"{store.path}: {receipt.added} rows added, {receipt.unchanged} unchanged")


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
    store = Store()
    day = say_day(as_of) or datetime.now(UTC).date()
    if not store.exists():
        facts.build(store, DATA)
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


@app.command()
def decide(
    threshold: Annotated[str, typer.Option(help="Which threshold, by its id.")],
    finding: Annotated[Finding, typer.Option(help="What the meeting finds.")],
    decision: Annotated[str, typer.Option(help="What is decided.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who decides; defaults to this machine's user.")] = "",
    run: Annotated[str, typer.Option(help="The forecast run it rests on, by id.")] = "",
    system: Annotated[str, typer.Option(help="Which system it is about.")] = "",
    owner: Annotated[str, typer.Option(help="Who carries it out.")] = "",
    due: Annotated[str | None, typer.Option(metavar="DATE", help="By when.")] = None,
    review: Annotated[str | None, typer.Option(metavar="DATE", help="When to look at it again.")] = None,
    holds_while: Annotated[str, typer.Option(help="Conditions under which it stops holding.")] = "",
    dissent: Annotated[str, typer.Option(help="Who disagreed, and why.")] = "",
    supersedes: Annotated[str, typer.Option(help="The decision this one corrects, by id.")] = "",
    json_: Json = False,
) -> None:
    """Record a decision on a threshold, bound to the forecast run it rested on."""
    record = record_decision(
        Store(), threshold=threshold, finding=finding, decision=decision, reason=reason,
        decided_by=by or local_user(), forecast_run=run,
        identity="typed by hand" if by else "local user of this machine",
        system=system, owner=owner, due_on=say_day(due), review_on=say_day(review), holds_while=holds_while,
        dissent=dissent, supersedes=supersedes,
    )  # fmt: skip
    if json_:
        print(
            json.dumps({name: getattr(record, name) for name in Decision.__dataclass_fields__}, default=str)
        )
    else:
        print(
            f"recorded decision {record.id} on {record.threshold}, resting on run {record.forecast_run[:12] or 'none'}"
        )


@app.command()
def briefing(
    format: Annotated[str, typer.Option("--format", help="Formats, comma-separated.")] = "pdf,csv,json,xlsx",
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")] = Path("out"),
    as_of: AsOf = None,
    audience: Annotated[str, typer.Option(help="internal, board or public.")] = "internal",
) -> None:
    """Write the briefing of a day in the formats asked for; the same record gives the same bytes."""
    from scorecard.briefings import export  # charts and typesetting take a second to import

    store = Store()
    day = say_day(as_of) or datetime.now(UTC).date()
    out.mkdir(parents=True, exist_ok=True)
    for name in format.split(","):
        made = export(store, name.strip(), as_of=day, audience=audience)
        (out / made.filename).write_bytes(made.content)
        print(out / made.filename)


def main() -> None:
    """Run a command; what goes wrong with the record is a sentence on stderr and exit code 1."""
    try:
        app()
    except (StoreError, facts.FactsRefused) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
