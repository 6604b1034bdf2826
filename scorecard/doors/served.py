"""Every question that is served, by name; importing their files puts them there."""

from __future__ import annotations

from importlib import import_module

from scorecard.doors import FURTHER, searching
from scorecard.doors.questions import QUESTIONS

__all__ = ["QUESTIONS", "searching"]

for _name in FURTHER:
    import_module(_name)
