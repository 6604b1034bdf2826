"""What would have made past dates less late, out of sample: one belief of the engine changed at a time.

`python -m benchmarks.lateness [--indicator ID ...]`. Each idea was written down before it was scored, none is adopted
for its score here, and the same backtest as `preparedness forecast backtest` judges all of them: error 3 to 12 months
ahead, share inside the 80 % interval, and months by which the median date was late.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from forecasts import SEED
from forecasts.judging.backtest import MONTHS_AHEAD, POOL, backtest, lateness, scores
from forecasts.priors.sets import Priors, Settings, priors_of, read_prior_set
from forecasts.runs.request import PRIORS
from scorecard import clock
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import Indicator, Measurement
from scorecard.store import Store

INDICATORS = ("metr_p50_horizon", "metr_p80_horizon", "epoch_eci")
RECENT = date(2023, 1, 1)

type Readings = Sequence[Measurement]
type Idea = Callable[[Readings, Priors], tuple[Readings, Priors]]


def settings(change: Callable[[Settings], Mapping[str, Any]]) -> Idea:
    """An idea that changes what belongs to no single parameter."""
    return lambda readings, p: (readings, replace(p, settings=replace(p.settings, **change(p.settings))))


def priors(*written: str) -> Idea:
    """An idea that changes priors."""
    return lambda readings, p: (readings, p.with_overrides(written))


def only(*shapes: str) -> Idea:
    """An idea that leaves some shapes to be pooled."""
    return settings(lambda s: {"weights": {name: float(name in shapes) for name in s.weights}})


IDEAS: Mapping[str, Idea] = {
    "as it stands": lambda readings, p: (readings, p),
    "model discrepancy twice as large": settings(lambda s: {"discrepancy": 2 * s.discrepancy}),
    "no stall": settings(lambda _: {"stall_probability": 0.0}),
    "errors of measurement independent": settings(lambda _: {"correlation_peak": 0.001}),
    "growth changes twice as much": priors("volatility=lognormal(-0.357, 0.5)", "change=normal(0, 1.2)"),
    "each doubling a tenth shorter, 3 to 30 %": priors("speedup=lognormal(-2.3, 0.9)"),
    "only shapes whose growth may rise": only("superexponential", "local_trend"),
    "published priors": lambda readings, _: (
        readings,
        priors_of(read_prior_set(PRIORS / "published.yaml")),
    ),
    "only systems since 2023": lambda readings, p: ([m for m in readings if m.observed_on >= RECENT], p),
}


def judged(idea: str, indicator: Indicator, readings: Readings, given: Priors, as_of: date) -> dict[str, Any]:
    """The pool's error and coverage 3 to 12 months ahead, and lateness by months ahead."""
    used, changed = IDEAS[idea](readings, given)
    result = backtest(indicator, used, changed, as_of=as_of, seed=SEED)
    (row,) = (r for r in scores(result) if r.model == POOL and r.basis == "measured again")
    late = {r.months_ahead: r.late for r in lateness(result) if r.model == POOL}
    return {"crps": row.crps_3_12, "inside": row.covered_80_3_12, "late": late}


def main() -> None:
    """Backtest every idea on two processes and print a line for each idea and indicator."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--indicator", nargs="*", default=INDICATORS)
    chosen, today = options.parse_args(), clock.today()
    given = priors_of(read_prior_set(PRIORS / "default.yaml"))
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "scorecard.duckdb")
        facts.build(store, DATA)
        with store.view() as now:
            known = {
                name: (
                    now.get(Indicator, id=name),
                    [m for m in now.all(Measurement, indicator=name) if m.main],
                )
                for name in chosen.indicator
            }
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        asked = {
            (name, idea): pool.submit(judged, idea, *known[name], given, today)
            for name in chosen.indicator
            for idea in IDEAS
        }
        print(
            f"{'indicator':18}{'idea':42}{'CRPS':>6}{'in 80 %':>9}"
            + "".join(f"{m:>7} m" for m in MONTHS_AHEAD)
        )
        for (name, idea), future in asked.items():
            found = future.result()
            late = (
                "   > 6 y" if found["late"].get(m) is None else f"{found['late'][m]:8.0f}"
                for m in MONTHS_AHEAD
            )
            print(
                f"{name:18}{idea:42}{found['crps']:6.2f}{found['inside']:9.0%} " + " ".join(late), flush=True
            )


if __name__ == "__main__":
    main()
