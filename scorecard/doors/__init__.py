"""Read doors: the questions that programs ask of the record, answered typed over HTTP and MCP; nothing is written."""

from __future__ import annotations

FURTHER: list[
    str
] = []  # modules of higher floors whose questions are served too, imported when a service starts
