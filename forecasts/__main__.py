"""`python -m forecasts`: fit, forecast and check from the command line."""

from __future__ import annotations

import sys

from forecasts import commands
from scorecard.commands import joined
from scorecard.evidence.facts import FactsRefused
from scorecard.store import StoreError


def main() -> None:
    """Run a command; what goes wrong is a sentence on stderr and exit code 1."""
    try:
        joined(commands, __doc__)()
    except (StoreError, FactsRefused, ValueError) as error:
        print(error, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
