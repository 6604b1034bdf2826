"""Compiles PyMC models to machine code, with their data and priors left open."""

from __future__ import annotations

import gc
from typing import Any


def compile_open(model: Any) -> Any:
    """A PyMC model compiled by nutpie for any data of the same rank (3-10 s); slow imports included.

    Unfrozen, or data and priors would be baked in and every refit would compile. Without collecting garbage
    meanwhile, which takes a sixth of the time and finds nothing to collect.
    """
    import nutpie

    collecting = gc.isenabled()
    gc.disable()
    try:
        return nutpie.compile_pymc_model(model, backend="numba", freeze_model=False)
    finally:
        if collecting:
            gc.enable()
