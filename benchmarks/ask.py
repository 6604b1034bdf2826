"""How long a question takes from a warm process: `ask` of levels, of a day, and under a condition.

`python -m benchmarks.ask`. Built from data/ in a folder of its own, so that no answer is on record yet; the first
question of each indicator warms the process. Processor time is told beside the clock, since machines are shared.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from forecasts import SEED
from forecasts.runs.questions import answered
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.store import Store

AS_OF, BY = date(2026, 11, 30), date(2027, 12, 31)
P50, P80 = "metr_p50_horizon", "metr_p80_horizon"
QUESTIONS = (
    *((name, f">= {hours} h", BY, "") for hours in (40, 176, 2000) for name in (P50, P80)),
    (P50, "", date(2026, 12, 31), ""),
    (P50, ">= 40 h", BY, "epoch_eci >= 165"),
    (P80, ">= 40 h", BY, "epoch_eci >= 165"),
)


def main() -> None:
    """Ask every question once and print seconds by the clock and of processor time."""
    with TemporaryDirectory() as place:
        store = Store(Path(place) / "scorecard.duckdb")
        facts.build(store, DATA)
        for name in (P50, P80):
            answered(store, name, ">= 1 h", BY, as_of=AS_OF, seed=SEED)
        for name, level, day, given in QUESTIONS:
            clock, processor = time.perf_counter(), time.process_time()
            said = answered(store, name, level, day, given=given, as_of=AS_OF, seed=SEED).record
            took, worked = time.perf_counter() - clock, time.process_time() - processor
            figure = said.probability if said.quantiles is None else said.quantiles.q50
            asked = f"{name} {level or 'on'} {day} {given and 'given ' + given}".strip()
            print(f"{took:5.2f} s ({worked:.2f} s of processor)  {asked}: {figure:.4g}, run {said.id[:12]}")


if __name__ == "__main__":
    main()
