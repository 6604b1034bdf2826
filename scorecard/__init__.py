"""The record: what is known, required and decided. Everything here can be checked with a pencil."""

__version__ = "0.2.0"  # of the wheel, `--version`, the log entries of forecasts, and beside every briefing
