"""A series that leaves its own forecast: a sequential alarm with a stated rate of false ones.

Every month the model forecasts the record one month on. If it is right, where the record then lies among the draws
is uniform, whatever came before (Dawid, JRSS A 147:278, 1984), so a bet on high values has the fair price of one:

    e = average over the share of draws at or below the record of  K (1 - u)^(K - 1)            K in BETS, averaged

The alarm adds the bets up as if a change might have begun in any month, M <- (1 + M) e, and speaks when M reaches
`months`: then false alarms come on average no more often than once in so many months, for any dependence of months
(Shin, Ramdas and Rinaldo, New England Journal of Statistics in Data Science 2:229, 2024; Shiryaev and Roberts).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

BETS = (0.2, 0.5, 0.8)  # the smaller, the more is put on the highest values
FALSE_ONCE_IN = 60.0  # months


def bet(draws: np.ndarray, truth: float) -> float:
    """The value of a bet that the record lies high among the draws; its mean is one where the forecast is right.

    Ties are no accident here, since "no record" has a mass of its own: the bet is averaged over them.
    """
    # The truth counts as one more draw: then the price is exactly fair for any number of draws.
    size = len(draws) + 1
    low = int((draws < truth - 1e-9).sum()) / size
    high = (int((draws <= truth + 1e-9).sum()) + 1) / size
    return float(np.mean([((1 - low) ** k - (1 - high) ** k) / (high - low) for k in BETS]))


def first_alarm(bets: Iterable[float], months: float = FALSE_ONCE_IN) -> int | None:
    """The place of the first bet after which the alarm speaks; None when it does not."""
    total = 0.0
    for place, value in enumerate(bets):
        total = (1 + total) * value
        if total >= months:
            return place
    return None
