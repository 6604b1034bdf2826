"""The commands of `preparedness forecast`, an area a file, and `preparedness`, the one command over both wings."""

from __future__ import annotations

from scorecard import commands as record
from scorecard import doors as further
from scorecard.terminal.doors import Doors, doors

ANSWERS = "forecasts.doors"


def front() -> Doors:
    """The command line over every command of this folder; a ValueError of the maths is a sentence there."""
    return doors(__name__, "Fit, forecast and check from the command line.", refusals=(ValueError,))


def preparedness() -> Doors:
    """The record's commands with the forecasts' as the group `forecast`."""
    whole = record.front()
    whole.help = "When thresholds are crossed: the evidence, the forecasts and the decisions on record."
    forecasts = front()
    whole.join("forecast", forecasts)
    whole.lift("ask", forecasts)
    if ANSWERS not in further.FURTHER:
        further.FURTHER.append(ANSWERS)  # what `serve` answers beside the record's own questions
    return whole


def main() -> None:
    """What the installed command `preparedness` runs."""
    preparedness().main(prog_name="preparedness")
