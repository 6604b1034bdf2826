"""`python -m scorecard`: the record from the command line. Every action of the app has its command here."""

from __future__ import annotations

import sys

from scorecard import commands
from scorecard.evidence.facts import FactsRefused
from scorecard.store import StoreError


def main() -> None:
    """Run a command; what goes wrong with the record is a sentence on stderr and exit code 1."""
    try:
        commands.joined(commands, __doc__)()
    except (StoreError, FactsRefused) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
