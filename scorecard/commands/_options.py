"""Options that several commands share."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from scorecard.evidence import facts
from scorecard.store import Store

DATA = Path(__file__).parents[2] / "data"

AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Count only what could be known by this day.")
]
By = Annotated[str, typer.Option(help="Who does it, typed by hand; defaults to this machine's user.")]
Reason = Annotated[str, typer.Option(help="Why, so that a colleague can judge.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def say_day(text: str | None) -> date | None:
    """A date typed on a command line; exits with a sentence when it is none."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write it as 2026-01-31") from None


def day_or_today(text: str | None) -> date:
    """The day typed, or the present one in UTC, which is the clock of the record."""
    return say_day(text) or datetime.now(UTC).date()


def built_store() -> Store:
    """The store, built from data/ first when there is none; FactsRefused lists what is wrong there."""
    store = Store()
    if not store.exists():
        facts.build(store, DATA)
    return store
