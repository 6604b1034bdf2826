"""A belief as a person types it, in one line: 90 ± 20, 60 to 130, or 64 / 90 / 116."""

from __future__ import annotations

import re
from math import sqrt

from scorecard.records import PriorError

NUMBER = r"-?\d+(?:[.,]\d+)?"
AROUND = re.compile(rf"({NUMBER})\s*(?:±|\+-|\+/-)\s*({NUMBER})")
SPAN = re.compile(rf"({NUMBER})\s*(?:to|–|\.\.)\s*({NUMBER})")
THREE = re.compile(rf"({NUMBER})\s*[/;\s]\s*({NUMBER})\s*[/;\s]\s*({NUMBER})")
FORMS = "write it as 90 ± 20 (four chances in five), as 60 to 130, or as low / middle / high: 64 / 90 / 116"


def read_belief(text: str) -> tuple[float, float, float]:
    """The 10, 50 and 90 % quantiles of a typed belief, in its own unit; PriorError says how to write one.

    `a ± b` is a - b, a, a + b. `a to b` has its middle at the geometric mean where both are above zero, so that it lies
    as many times above the one as below the other; else half-way.
    """
    words = text.strip()
    if found := AROUND.fullmatch(words):
        middle, half = map(_number, found.groups())
        low, high = middle - half, middle + half
    elif found := SPAN.fullmatch(words):
        low, high = map(_number, found.groups())
        middle = sqrt(low * high) if low > 0 and high > 0 else (low + high) / 2
    elif found := THREE.fullmatch(words):
        low, middle, high = map(_number, found.groups())
    else:
        raise PriorError(f"{words!r} is no belief that can be read; {FORMS}")
    if not low < middle < high:
        raise PriorError(f"{words!r} does not rise from low to high; {FORMS}")
    return low, middle, high


def _number(text: str) -> float:
    return float(text.replace(",", "."))
