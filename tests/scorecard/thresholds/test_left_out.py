"""What is said of METR's 80 % horizon is what the shipped figures say, where it is read and once it was known."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from scorecard.evidence.readings.left_out import FROZEN, left_out_words
from scorecard.places import HOME

READ = "metr_p80_horizon"
LATER = date(2030, 1, 1)


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FROZEN.read_text(encoding="utf-8"))
    return found


def test_other_figures_make_other_words(shipped: dict[str, Any], tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    line, ours = shipped["left_out"]["tasks"]
    line["bands"]["80 %"] |= {"said": 0.8, "solved": 0.61}
    ours["log_score"] = -0.987
    other.write_text(yaml.safe_dump(shipped | {"ours_over_line": {"80 %": 0.42}}), encoding="utf-8")
    words = left_out_words([READ], LATER, other)
    for figure in ("about 80 %, 61 % and", "and 0.987 an outcome", "some 19 points less", "at 0.42 times"):
        assert figure in words
        assert figure not in left_out_words([READ], LATER)


def test_nothing_is_said_where_the_horizon_is_not_read_or_the_figures_were_not_known() -> None:
    known = yaml.safe_load(FROZEN.read_text(encoding="utf-8"))["known_at"]
    assert left_out_words(["metr_p50_horizon"], LATER) == ""
    assert left_out_words([READ], date.fromordinal(known.toordinal() - 1)) == ""
    assert left_out_words(["metr_p50_horizon", READ], known).count(". ") == 1, "two sentences"


def test_the_table_in_docs_has_the_shipped_figures() -> None:
    told = yaml.safe_load(FROZEN.read_text(encoding="utf-8"))
    document = (HOME / "docs" / "measurement.md").read_text(encoding="utf-8")
    for left, methods in told["left_out"].items():
        for one in methods:
            name = "one slope, marginal" if one["method"] == "ours" else one["method"]
            cells = [
                f"{x['solved']:.2f} of {x['cells']} (said {x['said']:.2f})".replace("0.", ".")
                for x in one["bands"].values()
            ]
            assert f"| {left} | {name} | {one['log_score']:.3f} | {' | '.join(cells)} |" in document
    at_half, at_four_fifths = (told["ours_over_line"][share] for share in ("50 %", "80 %"))
    assert f"{at_half:.2f} of METR's line at 50 % and {at_four_fifths:.2f} at 80 %" in document
