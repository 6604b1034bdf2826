"""`python -m scorecard`: the record from the command line. Every action of the app has its command here."""

from __future__ import annotations

from scorecard.commands import front


def main() -> None:
    """Run a command; what goes wrong with the record is a sentence on stderr and exit code 1."""
    front().main(prog_name="python -m scorecard")


if __name__ == "__main__":
    main()
