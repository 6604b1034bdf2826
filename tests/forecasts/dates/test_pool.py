"""The pooling rule: whose weights count, how many shapes must be usable, and that there is one such rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from forecasts.api import as_series, crossing_dates, default_priors, fit
from forecasts.dates.pool import components, enough, pooled
from forecasts.series import years
from tests.forecasts.examples import AS_OF
from tests.forecasts.test_api import table

SOON, LATE = np.full(4, years(date(2027, 1, 1))), np.full(4, years(date(2030, 1, 1)))
FIVE = dict.fromkeys(("a", "b", "c", "d", "e"), 1.0)


def test_weights_are_shared_out_among_the_usable_shapes_alone() -> None:
    weights = {"a": 2.0, "b": 1.0, "c": 1.0, "d": 4.0}
    found = components({"a": SOON, "b": LATE, "c": LATE}, weights, criterion="x", weight=0.5)
    assert {part.shape: part.weight for part in found} == pytest.approx({"a": 0.25, "b": 0.125, "c": 0.125})
    assert pooled(found, AS_OF).p_by(date(2028, 1, 1)) == pytest.approx(0.5)


@pytest.mark.parametrize(("usable", "weights", "expected"), [(2, FIVE, False), (3, FIVE, True)])
def test_three_of_five_must_be_usable(usable: int, weights: dict[str, float], expected: bool) -> None:
    assert enough(usable, weights) is expected
    times = dict.fromkeys(list(weights)[:usable], SOON)
    assert bool(components(times, weights)) is expected


def test_a_shape_without_a_weight_is_not_waited_for() -> None:
    two = FIVE | {"c": 0.0, "d": 0.0, "e": 0.0}
    assert enough(2, two)
    assert not enough(1, two)
    assert components({"c": SOON, "d": LATE}, two) == []


def test_the_notebook_pools_as_the_priors_weigh() -> None:
    """With all the weight on one shape the pool is that shape, as on the page."""
    fitted = fit(
        as_series(table(), scale="log2", interval=0.95, as_of=AS_OF),
        shapes=["loglinear", "quadratic", "breakpoint"],
        sample=False,
    )
    usual = default_priors()
    ours = replace(
        usual,
        settings=replace(usual.settings, weights={"loglinear": 1.0, "quadratic": 0.0, "breakpoint": 0.0}),
    )
    dates = crossing_dates(fitted, 8.0 * 2.0**8, priors=ours, as_of=AS_OF)
    pool, line, bent = (dates.loc[name] for name in ("pool", "loglinear", "breakpoint"))
    assert pool["p_beyond"] == pytest.approx(line["p_beyond"])
    assert list(pool[["q10", "q50", "q90"]]) == list(line[["q10", "q50", "q90"]])
    assert pool["p_beyond"] != pytest.approx(bent["p_beyond"])


def test_nothing_else_pools_shapes() -> None:
    """The rule is here alone: elsewhere in the maths nobody mixes crossings of shapes or counts how many there are."""
    root = Path(__file__).parents[3] / "forecasts"
    mixing = {p.name for p in root.rglob("*.py") if "mix(" in p.read_text(encoding="utf-8")}
    assert mixing == {"crossing.py", "pool.py", "determination.py"}  # the last mixes criteria, already pooled
    counting = {p.name for p in root.rglob("*.py") if "FEWEST_SHAPES" in p.read_text(encoding="utf-8")}
    assert counting == {"pool.py"}
