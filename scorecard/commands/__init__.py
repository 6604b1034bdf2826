"""The commands of `preparedness`, an area a folder; a file is imported when its command is called."""

from __future__ import annotations

from scorecard.terminal.doors import Doors, doors


def front() -> Doors:
    """The command line over every command of this folder."""
    return doors(__name__, "The record from the command line. Every action of the app has its command here.")
