"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from scorecard import clock
from scorecard.places import DATA
from scorecard.records import Override, PriorError
from scorecard.store import Store

AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Count only what could be known by this day.")
]
Assumptions = Annotated[
    str | None,
    typer.Option(
        "--assumptions",
        metavar="DATE|today",
        help="With --as-of: criteria, priors and dates as we hold them on this day, on that day's evidence.",
    ),
]
By = Annotated[str, typer.Option(help="Who does it, typed by hand; defaults to this machine's user.")]
Reason = Annotated[str, typer.Option(help="Why, so that a colleague can judge.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def complete_list(incomplete: str, names: Iterable[str]) -> list[str]:
    """What a comma-separated list begun so may go on with, the finished part kept."""
    begun, comma, last = incomplete.rpartition(",")
    taken = begun.split(",")
    return [f"{begun}{comma}{name}" for name in names if name.startswith(last) and name not in taken]


def overrides(given: Iterable[str] | None) -> tuple[Override, ...]:
    """Priors written as [SHAPE.]PARAM=FAMILY(args); exits with a sentence when one cannot be read."""
    try:
        return tuple(map(Override.parse, given or ()))
    except PriorError as error:
        raise typer.BadParameter(str(error)) from None


def comma_separated(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """What a comma-separated list names, each once; exits with a sentence when one is not among `names`."""
    known = tuple(names)
    asked = [word.strip() for word in text.split(",")]
    for word in asked:
        if word not in known:
            raise typer.BadParameter(f"{word!r} is not one of {', '.join(known)}")
    return tuple(dict.fromkeys(asked))


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
    return say_day(text) or clock.today()


def assumed(text: str | None, as_of: date) -> date | None:
    """The day whose assumptions are used, None where it is the day of the evidence; exits when it lies before that."""
    day = clock.today() if text == "today" else say_day(text)
    if day is not None and day < as_of:
        raise typer.BadParameter(
            f"--assumptions {day} lies before --as-of {as_of}; give a later day, or leave it out"
        )
    return None if day == as_of else day


def file_to_write(out: Path, *endings: str) -> Path:
    """A file that is asked for, which its ending says what it is to be; exits when it cannot be that, or lie there."""
    if out.suffix not in endings:
        *others, last = endings
        listed = f"{', '.join(others)} or {last}" if others else last
        raise typer.BadParameter(f"{out} does not end with {listed}; the ending says what is written")
    if not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}; make it first, or name another")
    return out


def built_store() -> Store:
    """The store, built from data/ first when there is none; FactsRefused lists what is wrong there."""
    store = Store()
    if not store.exists():
        from scorecard.evidence import facts  # read once in a store's life

        facts.build(store, DATA)
    return store
