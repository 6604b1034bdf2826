"""`preparedness` without the forecasts: the record alone from the command line."""

from __future__ import annotations

from scorecard.commands import front


def main() -> None:
    """Run a command; what goes wrong with the record is a sentence on stderr and exit code 1."""
    front().main(prog_name="preparedness")


if __name__ == "__main__":
    main()
