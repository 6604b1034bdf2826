"""Monte Carlo errors of a crossing's figures: blocks of worlds, one left out at a time."""

from __future__ import annotations

from datetime import date

import numpy as np

from forecasts.series import years
from scorecard.clock import YEAR, plus_months
from scorecard.records import MonteCarloErrors
from scorecard.thresholds.quoted.together import BLOCK


def errors_of(time: np.ndarray, weight: np.ndarray, as_of: date) -> MonteCarloErrors:
    """Standard errors by the jackknife over independent blocks of worlds; time, weight (parts, worlds).

    A ratio of weighted sums and quantiles of a mixture have no closed form here; the delete-a-group jackknife serves
    both (Kott, Journal of Official Statistics 17:521, 2001).
    """
    block = np.arange(time.shape[1]) // BLOCK
    blocks = int(block[-1]) + 1
    now, soon = years(as_of), years(plus_months(as_of, 12))
    order = np.argsort(time, axis=None, kind="stable")
    times, weights, batches = time.ravel()[order], weight.ravel()[order], np.tile(block, time.shape[0])[order]
    found = []
    for left in range(blocks):
        kept = batches != left
        share = np.cumsum(weights[kept]) / weights[kept].sum()
        t = times[kept]
        chances = [
            share[at - 1] if (at := np.searchsorted(t, day, side="right")) else 0.0 for day in (now, soon)
        ]
        dates = [max(t[min(np.searchsorted(share, q - 1e-12), len(t) - 1)], now) for q in (0.1, 0.5, 0.9)]
        found.append([*chances, *dates])
    values = np.array(found)
    errors = jackknife(values)
    q10, q50, q90 = (
        None
        if not np.isfinite(errors[i]) or (values[:, i] <= now).any()
        else round(float(errors[i]) * YEAR, 1)
        for i in (2, 3, 4)
    )
    return MonteCarloErrors(
        p_now=round(float(errors[0]), 6), p_12_months=round(float(errors[1]), 6), q10=q10, q50=q50, q90=q90
    )


def jackknife(values: np.ndarray) -> np.ndarray:
    """Standard errors of figures, from their values with each of the blocks left out in turn, (blocks, ...)."""
    blocks = len(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt((blocks - 1) / blocks * ((values - values.mean(axis=0)) ** 2).sum(axis=0)))
