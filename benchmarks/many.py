"""Forty indicators times every shape in one command: how long, and how busy both cores are.

`python -m benchmarks.many [--indicators N]`. Each indicator is METR's 50 % horizon under another name, its readings
moved by a few per cent, every second one with independent errors, and a threshold of its own. The command is
`python -m forecasts run`, sampled, in a new process. The baseline is the same command for one of them.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.engine import cold
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import Criterion, Framework, Indicator, Measurement, Record, Source, System, Threshold
from scorecard.store import Store

MODEL = "openai.pf2.research.long_range_autonomy"  # the threshold that is copied: measured by METR's 50 % horizon alone


def filled(folder: Path, indicators: int) -> Store:
    """A store with as many indicators, each with readings, a threshold and a criterion."""
    built, store = Store(folder / "built.duckdb"), Store(folder / f"{indicators}.duckdb")
    facts.build(built, DATA)
    with built.view() as now:
        criterion = next(c for c in now.all(Criterion) if c.threshold == MODEL)
        threshold = now.get(Threshold, id=MODEL)
        framework = now.get(Framework, id=threshold.framework, version=threshold.version)
        indicator = now.get(Indicator, id=criterion.indicator)
        readings = now.all(Measurement, indicator=indicator.id)
        records: list[Record] = [framework, *now.all(System)]
        sources = {framework.source, threshold.source, criterion.source, indicator.source}
        sources |= {one.source for one in readings}
        records = [*(s for s in now.all(Source) if s.id in sources), *records]
    chance = np.random.default_rng(1)
    for i in range(indicators):
        name, about = f"number_{i}", f"{MODEL}.{i}"
        moved = float(np.exp(0.05 * chance.standard_normal()))
        records += [
            replace(indicator, id=name, name=f"{indicator.name} {i}", shared_tasks=i % 2 == 0),
            replace(threshold, id=about),
            replace(criterion, id=f"{criterion.id}.{i}", threshold=about, indicator=name),
            *(
                replace(
                    m,
                    indicator=name,
                    value=m.value * moved,
                    low=m.low and m.low * moved,
                    high=m.high and m.high * moved,
                )
                for m in readings
            ),
        ]
    store.append(records, action="import", actor="a benchmark")
    return store


def measured(store: Store) -> tuple[float, float]:
    """Seconds of the command, and the processor time it took for each of them."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    took, after = cold(store.path), resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, busy / took


def main() -> None:
    """Measure one indicator, then many."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--indicators", type=int, default=40)
    many = options.parse_args().indicators
    with tempfile.TemporaryDirectory() as folder:
        seconds = {}
        for count in (1, many):
            place = Path(folder) / str(count)
            place.mkdir()
            seconds[count], cores = measured(filled(place, count))
            print(f"{count} indicators: {seconds[count]:.0f} s, {cores:.2f} cores busy", flush=True)
        print(f"{many} indicators take {seconds[many] / seconds[1]:.1f} times as long as one")


if __name__ == "__main__":
    main()
