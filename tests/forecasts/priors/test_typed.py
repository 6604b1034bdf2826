"""A belief typed in one line."""

from __future__ import annotations

import pytest

from forecasts.priors.typed import read_belief
from scorecard.records import PriorError


@pytest.mark.parametrize(
    ("text", "quantiles"),
    [
        ("90 ± 20", (70, 90, 110)),
        ("90+-20", (70, 90, 110)),
        ("64 / 90 / 116", (64, 90, 116)),
        ("0,1 0,5 2", (0.1, 0.5, 2)),
        ("50 to 200", (50, 100, 200)),
        ("-1 to 3", (-1, 1, 3)),
    ],
)
def test_a_belief_is_read_as_it_is_written(text: str, quantiles: tuple[float, ...]) -> None:
    assert read_belief(text) == pytest.approx(quantiles)


@pytest.mark.parametrize("text", ["", "ninety", "90", "116 / 90 / 64", "90 ± 0", "1 2 3 4"])
def test_what_is_no_belief_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(PriorError, match="write it as 90"):
        read_belief(text)
