"""Three dates: closed forms for a crossing at one moment, what silence rules out, and what cannot be asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import lognorm, norm
from typer.testing import CliRunner

from forecasts import commands as forecast_commands
from forecasts import runs
from forecasts.crossing import Crossing
from forecasts.determination import (
    DeterminationError,
    Reporting,
    ThreeDates,
    crossing_of,
    denied_until,
    reporting_of,
    started,
    three_dates,
)
from forecasts.dynamics.model import assumptions
from forecasts.priors import PriorError
from forecasts.series import years
from scorecard import commands
from scorecard.evidence import facts
from scorecard.records import Determination, Finding
from scorecard.store import Store

DATA = Path(__file__).parents[2] / "data"
HIGH = "openai.pf2.ai_self_improvement.high"
AS_OF = date(2026, 1, 1)
NOW = years(AS_OF)
DEFAULT = Reporting(slack_mean=0.0, slack_sd=4.0, lag_median=1.4, lag_spread=0.935)
HELD = Reporting(slack_mean=0.0, slack_sd=0.0, lag_median=0.0, lag_spread=0.0)
DRAWS = 60_000
ROUGH = 5 / np.sqrt(DRAWS)
TENTHS = (0.1, 0.5, 0.9)


def crossing(*months: float) -> Crossing:
    """Crossed so many months after the as-of day, each as likely as the others; many draws of each."""
    time = NOW + np.repeat(months, DRAWS // len(months)) / 12
    return Crossing(time=time, weight=np.full(len(time), 1 / len(time)), as_of=AS_OF)


def share(found: Crossing, months: float) -> float:
    """The probability of so many months after the as-of day or earlier."""
    return float(found.weight[found.time <= NOW + months / 12].sum())


def test_nothing_between_the_dates_gives_the_crossing_itself() -> None:
    alone = crossing(1, 7, 30)
    found = three_dates(alone, HELD)
    for one in (found.crossing, found.determination, found.publication):
        assert one.summary() == alone.summary()
    assert found.ruled_out == pytest.approx(0.0)


def test_a_level_reached_long_from_now_is_published_after_a_normal_and_a_lognormal() -> None:
    far = 200.0  # months: nothing of it can have been published
    found = three_dates(crossing(far), replace(DEFAULT, slack_mean=2.0))
    assert found.ruled_out == pytest.approx(0.0)
    for tenth in TENTHS:
        assert share(found.determination, far + norm(2, 4).ppf(tenth)) == pytest.approx(tenth, abs=ROUGH)
    slack = norm(2, 4).ppf((np.arange(4000) + 0.5) / 4000)
    for months in (-3.0, 4.0, 12.0):  # the sum, integrated over the slack
        exact = lognorm(0.935, scale=1.4).cdf(months - slack).mean()
        assert share(found.publication, far + months) == pytest.approx(exact, abs=ROUGH)


def test_a_fixed_slack_leaves_the_lag_alone() -> None:
    found = three_dates(crossing(60), replace(DEFAULT, slack_mean=-3.0, slack_sd=0.0))
    for tenth in TENTHS:
        assert share(found.publication, 57 + lognorm(0.935, scale=1.4).ppf(tenth)) == pytest.approx(
            tenth, abs=ROUGH
        )


def test_silence_reweights_by_the_chance_of_silence() -> None:
    """Two moments, with a lag alone: what is left of each is its chance of not having been published yet."""
    found = three_dates(crossing(-2, 6), replace(DEFAULT, slack_sd=0.0))
    silent = lognorm(0.935, scale=1.4).sf(2.0)
    assert found.ruled_out == pytest.approx((1 - silent) / 2, abs=ROUGH)
    assert share(found.crossing, 0) == pytest.approx(silent / (silent + 1), abs=2 * ROUGH)
    assert share(found.publication, 0) == 0.0
    assert share(found.determination, 0) == share(found.crossing, 0)  # found, not told
    later = lognorm(0.935, scale=1.4).cdf(5.0)  # of the first, within three months from now
    assert share(found.publication, 3) == pytest.approx((later - (1 - silent)) / (silent + 1), abs=2 * ROUGH)


def test_not_crossed_rules_out_a_determination_by_then() -> None:
    denied = date(2025, 11, 1)
    since = (NOW - years(denied)) * 12
    found = three_dates(crossing(0), replace(DEFAULT, lag_median=120.0), denied_on=denied)
    assert found.ruled_out == pytest.approx(norm(0, 4).cdf(-since), abs=ROUGH)
    assert found.determination.time.min() > years(denied)
    assert "on 1 November 2025 its developer said that it was not crossed" in found.words


def test_the_crossing_moves_later_and_the_sentence_says_so() -> None:
    found = three_dates(crossing(-6, -1, 5, 11, 40), DEFAULT)
    assert found.crossing.p_by(AS_OF) < found.alone.p_by(AS_OF)
    assert "Nothing about it was published by 1 January 2026" in found.words
    assert "moves the median crossing from Jun 2026 to Dec 2026" in found.words
    for one in (found.crossing, found.determination, found.publication):
        assert one.weight.sum() == pytest.approx(1.0)


def test_never_crossed_is_never_determined_and_silence_makes_it_likelier() -> None:
    found = three_dates(crossing(-12, np.inf), DEFAULT)
    assert found.publication.p_beyond == found.crossing.p_beyond > 0.9


def test_a_level_reached_already_is_put_on_the_last_measurement_at_the_latest() -> None:
    times = np.array([-np.inf, NOW - 0.4, NOW + 1, np.inf])
    known = started(Crossing(time=times, weight=np.full(4, 0.25), as_of=AS_OF))
    assert known.time.tolist() == [NOW - 0.4, NOW - 0.4, NOW + 1, np.inf]
    unknown = started(Crossing(time=np.array([-np.inf, NOW + 1]), weight=np.full(2, 0.5), as_of=AS_OF))
    assert unknown.time.tolist() == [NOW, NOW + 1]


def test_nothing_left_says_what_to_change() -> None:
    with pytest.raises(DeterminationError, match=r"slack of -60 months .* Give a larger"):
        three_dates(crossing(-1, 12), replace(DEFAULT, slack_mean=-60.0))


def test_the_same_seed_gives_the_same_dates() -> None:
    def dates(seed: int) -> dict[str, object]:
        return three_dates(crossing(-1, 12), DEFAULT, seed=seed).as_data()

    assert dates(1) == dates(1)
    assert dates(1) != dates(2)


@pytest.mark.parametrize("wrong", [{"slack_sd": -1.0}, {"lag_median": -0.1}, {"lag_spread": float("inf")}])
def test_impossible_steps_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(DeterminationError, match=r"zero or more|finite"):
        replace(DEFAULT, **wrong)


def determination(finding: Finding, on: date) -> Determination:
    return Determination(
        id=f"{finding} {on}", threshold="lab.high", developer="Lab", system="One", determined_on=on,
        finding=finding, source="paper", grade="primary", known_at=on,
    )  # fmt: skip


def test_the_last_denial_that_was_known_counts() -> None:
    said = [
        determination("not_crossed", date(2025, 6, 1)),
        determination("below_alert", date(2025, 9, 1)),
        determination("cannot_rule_out", date(2025, 11, 1)),
        determination("not_crossed", date(2026, 3, 1)),
    ]
    assert denied_until(said, "Lab", AS_OF) == date(2025, 9, 1)
    assert denied_until(said, "Another", AS_OF) is None


@pytest.mark.parametrize(
    ("finding", "words"), [("crossed", "found it crossed"), ("precautionary", "precaution")]
)
def test_a_determination_on_record_is_not_forecast(finding: Finding, words: str) -> None:
    said = [determination(finding, date(2025, 6, 1))]
    with pytest.raises(DeterminationError, match=rf"{words} .*1 June 2025.*not forecast"):
        denied_until(said, "Lab", AS_OF)
    assert denied_until(said, "Lab", date(2025, 5, 31)) is None


def test_the_priors_are_those_of_the_file_and_a_developer_may_have_its_own(tmp_path: Path) -> None:
    usual = reporting_of("OpenAI")
    lag = lognorm(usual.lag_spread, scale=usual.lag_median)
    assert (usual.slack_mean, usual.slack_sd) == (0.0, 4.0)
    assert lag.ppf([0.05, 0.5, 0.95]) == pytest.approx([0.3, 1.4, 6.5], rel=0.01)
    own = "{family: normal, params: {mu: -3, sigma: 2}, usual: [-12, 12], unit: months, meaning: an example}"
    text = (DATA / "priors" / "reporting.yaml").read_text(encoding="utf-8")
    file = tmp_path / "reporting.yaml"
    file.write_text(text.replace("\n...", f"\n\nLab:\n  slack: {own}\n..."), encoding="utf-8")
    given = assumptions(file)
    assert reporting_of("Lab", given) == replace(usual, slack_mean=-3, slack_sd=2)
    assert reporting_of("OpenAI", given) == usual
    file.write_text(
        text.replace("lognormal\n", "gamma\n").replace("{mu: 0.336472, sigma: 0.935}", "{alpha: 1, beta: 1}")
    )
    assumptions.cache_clear()
    with pytest.raises(PriorError, match="slack is normal and lag lognormal here; found normal and gamma"):
        reporting_of("Lab", assumptions(file))


def test_plain_values_say_that_they_are_exploratory() -> None:
    found: ThreeDates = three_dates(crossing(12), DEFAULT)
    told = found.as_data()
    assert str(told["status"]).startswith("exploratory")
    assert told["crossing_alone"] == found.alone.summary()
    assert told["slack_months"] == {"mean": 0.0, "sd": 4.0}


def test_the_command_gives_the_three_dates_of_a_stored_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the real facts of a day on which OpenAI had last said "not crossed" about GPT-5."""
    store = Store(tmp_path / "scorecard.duckdb")
    facts.build(store, DATA)
    (made,) = runs.run(store, runs.Request(as_of=date(2026, 1, 31), thresholds=(HIGH,), method="quick"))
    quoted = crossing_of(made, store.files.get(made.draws, made.draws_sha256))
    assert quoted.summary() == {name: made.result[name] for name in quoted.summary()}
    assert np.isfinite(quoted.time.min())

    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    app = commands.joined(forecast_commands, None)
    arguments = ["reporting", HIGH, "--as-of", "2026-01-31", "--slack", "-2,3", "--lag", "2,0.5"]
    printed = CliRunner().invoke(app, [*arguments, "--json"])
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    assert told["denied_on"] == "2025-08-07"
    assert (told["slack_months"], told["lag_months"]["median"]) == ({"mean": -2.0, "sd": 3.0}, 2.0)
    assert told["crossing_alone"] == quoted.summary()
    assert told["publication"]["p_now"] == 0.0
    chances = [told[name]["p_12_months"] for name in ("crossing_alone", "determination", "publication")]
    assert chances[2] <= chances[1]
    words = CliRunner().invoke(app, arguments).stdout
    assert "exploratory" in words
    assert "determination" in words
    assert (
        CliRunner().invoke(app, ["reporting", HIGH, "--as-of", "2026-01-31", "--slack", "soon"]).exit_code
        == 2
    )
