"""How far METR's 80 % horizon can be believed: what two methods said of tasks that they had not seen, in words.

`python -m benchmarks.held_out_tasks OUTCOMES.csv --freeze` writes the figures that data/reference ships;
docs/measurement.md tells how they were made and what was decided by them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scorecard.places import DATA
from scorecard.words import percent

FROZEN = DATA / "reference" / "left_out_tasks.yaml"
BAND = "80 %"


def left_out_words(indicators: Collection[str], as_of: date, path: Path = FROZEN) -> str:
    """Whose 80 % horizon criteria read and how far it is too bold; nothing where none is read or none was known."""
    told = _read(path)
    if told["about"] not in indicators or told["known_at"] > as_of:
        return ""
    (line, ours), (line_beyond, ours_beyond) = (
        [{one["method"]: one for one in told["left_out"][name]}[method] for method in ("METR's line", "ours")]
        for name in ("tasks", "families")
    )
    bold = line["bands"][BAND]["said"] - line["bands"][BAND]["solved"]
    return (
        f"On tasks of METR's suite that were left out, METR's line and our task-level model predict equally well "
        f"(log loss {-line['log_score']:.3f} and {-ours['log_score']:.3f} an outcome, {told['systems']} systems): "
        f"where they say about {BAND}, {_solved(line)} and {_solved(ours)} were solved, {_solved(line_beyond)} and "
        f"{_solved(ours_beyond)} in families left out. So criteria that name METR's {BAND} horizon read METR's "
        f"published one and not ours, which lies at {told['ours_over_line'][BAND]:.2f} times METR's line on the same "
        f"outcomes; what such a line calls {BAND} is some {100 * bold:.0f} points less on a task not seen."
    )


def _solved(one: Mapping[str, Any]) -> str:
    return percent(one["bands"][BAND]["solved"])


@cache
def _read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found
