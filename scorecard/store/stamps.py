"""The time that an entry is stamped with: never before the one before it, and asked about when the clock is odd.

What people write is known from the day they write it, so a machine's wrong clock would put hindsight into the record
or stamp everything after it with a year to come. Nobody can be asked when the scorecard writes by itself; then the
entry is marked, and `verify` counts it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scorecard.store.errors import ClockInDoubt
from scorecard.words import moment_in_words

BEHIND = "before the last entry"
AHEAD = "more than a day after anything known"
CONFIRMED = "SCORECARD_CLOCK_IS_RIGHT"  # set to 1 by --clock-is-right, for this process and those it starts
# Clocks of machines are set right by seconds all the time; a minute is not one of those corrections.
SLACK = timedelta(minutes=1)
QUIET = timedelta(days=1)
# A clock that was set wrong a moment ago has stamped files already; those of before it was do not lie.
RECENT = timedelta(hours=1)
LOOKED_AT = 2000

type Clock = Callable[[], datetime]


def machine_clock() -> datetime:
    """The present moment in UTC without a zone, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def oddity(now: datetime, last: datetime | None, elsewhere: Callable[[datetime], datetime | None]) -> str:
    """What is odd about a clock that says `now` when the last entry is of `last`; "" when nothing is.

    `elsewhere` gives the newest moment that anything else is known to be of, up to a given one; it is asked only when
    the record itself has been quiet for more than a day.
    """
    if last is None:
        return ""
    if now < last - SLACK:
        return BEHIND
    if now - last <= QUIET:
        return ""
    seen = elsewhere(now - RECENT)
    return AHEAD if seen is None or now - max(last, seen) > QUIET else ""


def settled(
    now: datetime,
    last: datetime | None,
    *,
    asks: bool,
    elsewhere: Callable[[datetime], datetime | None],
) -> tuple[datetime, str]:
    """The moment to stamp an entry with, and the mark it gets; ClockInDoubt when a person has to say so first."""
    odd = oddity(now, last, elsewhere)
    if last is None:
        return now, ""
    if odd and asks and os.environ.get(CONFIRMED) != "1":
        raise ClockInDoubt(
            f"this machine's clock says {moment_in_words(now)}, which is {odd} ({moment_in_words(last)}). "
            "Nothing was stored. Set the clock right; or, if it is right, say so: with the box "
            "that the page shows, or on the command line with `--clock-is-right` before the command's name"
        )
    return max(now, last + timedelta(microseconds=1)), odd


def touched(folders: Iterable[Path], before: datetime) -> datetime | None:
    """When something in one of these folders was last changed, of what was changed before a moment (naive UTC)."""
    newest = None
    limit = before.replace(tzinfo=UTC).timestamp()
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for count, one in enumerate(entries):
                    at = one.stat(follow_symlinks=False).st_mtime
                    if at <= limit and (newest is None or at > newest):
                        newest = at
                    if count > LOOKED_AT:
                        break
        except OSError:  # not ours to look at, or gone meanwhile
            continue
    return None if newest is None else datetime.fromtimestamp(newest, UTC).replace(tzinfo=None)


def this_machine_before(moment: datetime) -> datetime | None:
    """When anything was last changed in the places that a machine in use changes every day."""
    places = (Path(tempfile.gettempdir()), Path.home(), Path("/var/log"), Path("/run"))
    return touched(places, moment)
