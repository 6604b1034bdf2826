"""What a spreadsheet may make of a text, and how to stop it."""

from __future__ import annotations

from scorecard.briefings.words import visible

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # OWASP's list for CSV injection
MOST = 32_767  # characters that a cell of a spreadsheet holds
CUT = " … [cut: longer than a cell holds; see the JSON export]"


def literal(text: str) -> str:
    """Text that no spreadsheet runs as a formula: an apostrophe goes before what would start one."""
    text = visible(text)
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text


def fitting(text: str) -> str:
    """Text cut to what a cell holds, saying so."""
    text = visible(text)
    return text if len(text) <= MOST else text[: MOST - len(CUT)] + CUT
