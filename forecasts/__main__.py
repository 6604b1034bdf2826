"""`python -m forecasts`: fit, forecast and check from the command line."""

from __future__ import annotations

from forecasts.commands import front


def main() -> None:
    """Run a command; what goes wrong is a sentence on stderr and exit code 1."""
    front().main(prog_name="python -m forecasts")


if __name__ == "__main__":
    main()
