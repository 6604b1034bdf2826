"""Which characters the typesetter's own fonts lack, and how to say them so that none goes missing unseen."""

from __future__ import annotations

import re
from functools import cache

import typst

# Asks for every character to be drawn: under PDF/A a character without a glyph is an error, not an empty box.
PROBE = b"""#set document(date: datetime(year: 2026, month: 1, day: 1))
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#sys.inputs.text"""
STANDARD: typst.PDFStandard = "a-2b"

# Scripts that none of the bundled fonts has at all; not asked about, since a page of them would take seconds.
NEVER = ((0x2E80, 0xA4CF), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x1F000, 0x10FFFF))
# Marks that reorder the text after them: shown, not obeyed, or a name could reverse the sentence it stands in.
REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def drawable(text: str, lacking: frozenset[str]) -> str:
    """The text with each character of `lacking` written as its number, such as [U+4E2D]."""
    if lacking.isdisjoint(text):
        return text
    return "".join(f"[U+{ord(c):04X}]" if c in lacking else c for c in text)


def lacking(characters: frozenset[str]) -> frozenset[str]:
    """Those of `characters` that cannot be drawn; plain ASCII always can."""
    odd = {c for c in characters if not (" " <= c <= "~" or c == "\n")}
    known = {c for c in odd if c in REORDERING or any(first <= ord(c) <= last for first, last in NEVER)}
    return frozenset(known | _search("".join(sorted(odd - known))))


@cache
def _search(characters: str) -> frozenset[str]:
    """Halve what fails until single characters are left; most texts pass at once."""
    if not characters or _draws(characters):
        return frozenset()
    if len(characters) == 1:
        return frozenset(characters)
    half = len(characters) // 2
    return _search(characters[:half]) | _search(characters[half:])


def _draws(characters: str) -> bool:
    # Each apart from the next, since some join with their neighbour and would be judged together; and once
    # after a bracket, since a mark may have to sit on the number that stands for its base.
    text = " ".join(f"{c} ]{c}" for c in characters)
    compiler = typst.Compiler(PROBE, ignore_system_fonts=True, sys_inputs={"text": text})
    try:
        compiler.compile(format="pdf", pdf_standards=STANDARD)
    except typst.TypstError as error:
        if "could not be displayed" in error.message:
            return False
        raise
    return True


def undrawn(error: typst.TypstError) -> frozenset[str]:
    """The characters, none of them ASCII, of the text that the typesetter says it could not draw; else none."""
    found = re.search('the text `"(.*)"` could not be displayed', error.message, re.DOTALL)
    return frozenset(c for c in (found[1] if found else "") if c > "~")
