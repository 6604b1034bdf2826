"""How fast scenario paths are, beside a plain Python loop over the same equations in the same run.

`python -m benchmarks.dynamics [--paths N] [--seed N]`. The baseline follows one path at a time with the standard
library's `math`, one Runge-Kutta step a month, and must arrive at the same progress.
"""

from __future__ import annotations

import argparse
import math
import time
from datetime import date

import numpy as np

from forecasts.dynamics.anchors import Anchors
from forecasts.dynamics.model import assumptions
from forecasts.dynamics.simulate import SPEED_CAP, LoopEquations, integrate, months, simulate, system_of
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import LoopPriors

START = date(2026, 11, 21)
ANCHORS = Anchors(horizon_minutes=185.9, horizon_on=date(2026, 4, 7), source="metr_th11_2026_05_08")
BASELINE = 200  # paths of the plain loop, which is slow


def plain(system: LoopEquations, path: int, t: np.ndarray) -> float:
    """One path's progress at the end, in Python floats."""
    number = {
        name: float(value[path])
        for name in LoopEquations.__slots__
        if np.ndim(value := getattr(system, name)) == 1
    }
    change = system.compute_change

    def slopes(now: float, y: float, p: float) -> tuple[float, float]:
        later = now > change
        growth = number["compute_later"] / number["compute_growth"] if later else 1.0
        compute = (number["compute_later"] - number["compute_growth"]) * (now - change) if later else 0.0
        labour = number["log_full"] * min(max(p / number["to_full"], 0.0), 1.0)
        labour += number["copies"] * number["effective_growth"] * max(p - number["to_full"], 0.0)
        rho, share = number["rho"], number["compute_share"]
        apart = min(max(rho * (labour - compute), -700.0), 700.0)
        research = compute + math.log(share + (1 - share) * math.exp(apart)) / rho
        log_pace = number["parallel"] * research - number["parallel"] / number["returns"] * y
        pace = math.exp(min(log_pace, math.log(SPEED_CAP)))
        room = min(max(1 - y / number["ceiling"], 0.0), 1.0)
        pace = 1 + (pace - 1) * room
        software = number["software_share"]
        return number["growth"] * (pace - 1), software * pace + (1 - software) * growth

    y = p = 0.0
    for now, then in zip(t[:-1].tolist(), t[1:].tolist(), strict=True):
        h = then - now
        a = slopes(now, y, p)
        b = slopes(now + h / 2, y + h / 2 * a[0], p + h / 2 * a[1])
        c = slopes(now + h / 2, y + h / 2 * b[0], p + h / 2 * b[1])
        d = slopes(now + h, y + h * c[0], p + h * c[1])
        y += h / 6 * (a[0] + 2 * b[0] + 2 * c[0] + d[0])
        p += h / 6 * (a[1] + 2 * b[1] + 2 * c[1] + d[1])
    return p


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--paths", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    priors = assumptions(load(DATA).of(LoopPriors)[0])
    change = priors.settings["compute_change_on"]

    began, used = time.perf_counter(), time.process_time()
    draws = priors.draw("loop", chosen.paths, chosen.seed)
    simulate(draws, ANCHORS, start=START, change=change, seed=chosen.seed)
    wall, cpu = time.perf_counter() - began, time.process_time() - used

    system, t = system_of(draws, ANCHORS, start=START, change=change), months(START)
    began = time.process_time()
    slow = np.array([plain(system, path, t) for path in range(BASELINE)])
    baseline = (time.process_time() - began) / BASELINE
    fast = integrate(system, t, np.ones((len(t), chosen.paths)))[0][-1, :BASELINE]
    if not np.allclose(slow, fast, rtol=1e-6):
        raise SystemExit("the two do not arrive at the same progress, so their times cannot be compared")

    print(f"{chosen.paths:,} paths of {len(t)} months: {wall:.2f} s ({cpu:.2f} s of processor time)")
    print(f"vectorised {chosen.paths / cpu:10,.0f} paths a second of processor time")
    print(f"plain loop {1 / baseline:10,.0f}")
    print(f"ratio      {baseline * chosen.paths / cpu:10,.0f}")


if __name__ == "__main__":
    main()
