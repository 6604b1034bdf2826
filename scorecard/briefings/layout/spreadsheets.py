"""What a spreadsheet's cell holds; what it would run as a formula is stopped by `scorecard.words.literal`."""

from __future__ import annotations

from scorecard.words import visible

MOST = 32_767  # characters that a cell of a spreadsheet holds
CUT = " … [cut: longer than a cell holds; see the JSON export]"


def fitting(text: str) -> str:
    """Text cut to what a cell holds, saying so."""
    text = visible(text)
    return text if len(text) <= MOST else text[: MOST - len(CUT)] + CUT
