"""Weights of a mixture from how densely its parts covered what happened (Yao et al. 2018, Bayesian Analysis 13)."""

from __future__ import annotations

import numpy as np

ROUNDS = 200
PSEUDO = 2.0  # cases that each part is granted before any is seen: few records say little


def stacked_weights(log_scores: np.ndarray, *, pseudo: float = PSEUDO) -> np.ndarray:
    """Weights (parts,) that maximise the mixture's log score over cases (cases, parts), drawn to equal ones.

    By expectation and maximisation, with `pseudo` further cases for each part (a Dirichlet prior); without a
    case the weights are equal.
    """
    parts = log_scores.shape[1]
    weights = np.full(parts, 1.0 / parts)
    density = np.exp(log_scores - log_scores.max(axis=1, keepdims=True)) if len(log_scores) else log_scores
    for _ in range(ROUNDS if len(log_scores) else 0):
        share = density * weights
        counts = (share / share.sum(axis=1, keepdims=True)).sum(axis=0) + pseudo
        weights = counts / counts.sum()
    return weights
