"""`preparedness forecast` by itself: fit, forecast and check from the command line."""

from __future__ import annotations

from forecasts.commands import front


def main() -> None:
    """Run a command; what goes wrong is a sentence on stderr and exit code 1."""
    front().main(prog_name="preparedness forecast")


if __name__ == "__main__":
    main()
