"""Several people's probabilities as one: the mean of their log-odds, weighted by how good they have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log

# Nobody is surer than this: a probability of nought or one would silence everybody else, and score infinite once it
# failed. Judged chances are counted in 1,000 draws, so that none of them is known to be smaller.
FLOOR = 1e-3
COIN = 0.25  # Brier score of somebody who always says one half
HEAD_START = 5.0  # resolved questions that the coin's score counts for, so that one lucky answer is no record


def log_odds_pool(probabilities: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted mean of log-odds, as a probability; ValueError without a positive weight.

    Source: Satopää and others, "Combining multiple probability predictions using a simple logit model",
    International Journal of Forecasting 30 (2014), without their extremising factor.
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("a pool needs at least one probability with a weight above 0")
    bounded = [min(max(p, FLOOR), 1 - FLOOR) for p in probabilities]
    mean = sum(w * log(p / (1 - p)) for p, w in zip(bounded, weights, strict=True)) / whole
    return 1 / (1 + exp(-mean))


def weights(records: Mapping[str, Sequence[float]], people: Iterable[str]) -> dict[str, float]:
    """Each person's weight, summing to 1: the inverse of their mean Brier score, shrunk to a coin's.

    `records` holds the Brier scores of a person's resolved questions. The inverse of the mean squared error is the
    weight of Bates and Granger, "The combination of forecasts" (1969), for errors that do not hang together.
    """
    raw = {}
    for person in people:
        scores = records.get(person, ())
        raw[person] = (len(scores) + HEAD_START) / (sum(scores) + HEAD_START * COIN)
    whole = sum(raw.values())
    return {person: one / whole for person, one in raw.items()}


def brier(probability: float, happened: bool) -> float:
    """The squared error of a probability; 0 is perfect, 0.25 a coin."""
    return (probability - happened) ** 2


def log_score(probability: float, happened: bool) -> float:
    """Minus the logarithm of what was given to the outcome, in nats; lower is better."""
    p = min(max(probability, FLOOR), 1 - FLOOR)
    return -log(p if happened else 1 - p)
