"""Three dates: closed forms for a crossing at one moment, what silence rules out, and what cannot be asked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import lognorm, norm
from typer.testing import CliRunner

from forecasts import commands as forecast_commands
from forecasts.dates.crossing import Crossing
from forecasts.dates.determination import (
    DeterminationError,
    Reporting,
    ThreeDates,
    centres,
    crossing_of,
    denied_until,
    moved,
    reporting_of,
    started,
    three_dates,
)
from forecasts.prior import Prior, PriorError
from forecasts.priors.sets import priors_of, read_prior_set
from forecasts.runs import run as runs
from forecasts.runs.request import Request
from forecasts.series import years
from scorecard.places import DATA
from scorecard.records import Determination, Finding, Override
from scorecard.records.typed_json import to_plain
from scorecard.store import Store
from tests.doors import joined

HIGH = "openai.pf2.ai_self_improvement.high"
AS_OF = date(2026, 1, 1)
NOW = years(AS_OF)
NO_TIME = 1e-9  # months, as good as none


def reporting(
    caution: tuple[float, float] = (0.0, 4.0), told: tuple[float, float] = (1.4, 0.935)
) -> Reporting:
    """Caution by mean and sd, publication lag by median and sd of its logarithm; found at once."""

    def prior(family: str, mu: float, sigma: float) -> Prior:
        return Prior(family=family, params={"mu": mu, "sigma": sigma}, unit="months", meaning="an example")

    return Reporting(
        caution=prior("normal", *caution),
        determination_lag=prior("lognormal", np.log(NO_TIME), NO_TIME),
        publication_lag=prior("lognormal", float(np.log(told[0])), told[1]),
    )


DEFAULT = reporting()
HELD = reporting((0.0, NO_TIME), (NO_TIME, NO_TIME))
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
    found = three_dates(crossing(far), reporting((-2.0, 4.0)))
    assert found.ruled_out == pytest.approx(0.0)
    for tenth in TENTHS:
        assert share(found.determination, far + norm(2, 4).ppf(tenth)) == pytest.approx(tenth, abs=ROUGH)
    slack = norm(2, 4).ppf((np.arange(4000) + 0.5) / 4000)
    for months in (-3.0, 4.0, 12.0):  # the sum, integrated over the slack
        exact = lognorm(0.935, scale=1.4).cdf(months - slack).mean()
        assert share(found.publication, far + months) == pytest.approx(exact, abs=ROUGH)


def test_a_fixed_caution_leaves_the_lag_alone() -> None:
    found = three_dates(crossing(60), reporting((3.0, NO_TIME)))
    for tenth in TENTHS:
        assert share(found.publication, 57 + lognorm(0.935, scale=1.4).ppf(tenth)) == pytest.approx(
            tenth, abs=ROUGH
        )


def test_silence_reweights_by_the_chance_of_silence() -> None:
    """Two moments, with a lag alone: what is left of each is its chance of not having been published yet."""
    found = three_dates(crossing(-2, 6), reporting((0.0, NO_TIME)))
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
    found = three_dates(crossing(0), reporting(told=(120.0, 0.935)), denied_on=denied)
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
    with pytest.raises(DeterminationError, match=r"caution normal\(60, 4\), .* Give a smaller"):
        three_dates(crossing(-1, 12), reporting((60.0, 4.0)))


def test_the_same_seed_gives_the_same_dates() -> None:
    def dates(seed: int) -> dict[str, object]:
        return three_dates(crossing(-1, 12), DEFAULT, seed=seed).as_data()

    assert dates(1) == dates(1)
    assert dates(1) != dates(2)


def test_a_lag_to_the_finding_comes_before_the_lag_to_the_world() -> None:
    slow = replace(DEFAULT, determination_lag=reporting(told=(6.0, 0.1)).publication_lag)
    found = three_dates(crossing(200), replace(slow, caution=HELD.caution))
    for tenth in TENTHS:
        assert share(found.determination, 200 + lognorm(0.1, scale=6).ppf(tenth)) == pytest.approx(
            tenth, abs=ROUGH
        )


def test_steps_can_be_written_and_moved() -> None:
    asked = map(Override.parse, ["caution = normal(3, 2)", "determination_lag=gamma(2, 4)"])
    written = DEFAULT.with_overrides(asked)
    assert (
        str(written)
        == "caution normal(3, 2), determination lag gamma(2, 4), publication lag lognormal(0.336472, 0.935)"
    )
    with pytest.raises(PriorError, match="no step 'patience'"):
        DEFAULT.with_overrides([Override.parse("patience=normal(0, 1)")])
    assert moved(DEFAULT, 0.0, 4.0, 1.4) == DEFAULT
    later = moved(DEFAULT, -2.0, 3.0, 2.8)
    assert str(later.caution) == "normal(-2, 3)"
    assert centres(later) == pytest.approx((-2.0, 3.0, 2.8))
    assert later.publication_lag.params["sigma"] == pytest.approx(0.935)


def determination(finding: Finding, on: date) -> Determination:
    return Determination(
        id=f"{finding} {on}",
        threshold="lab.high",
        developer="Lab",
        system="One",
        determined_on=on,
        finding=finding,
        source="paper",
        grade="primary",
        known_at=on,
    )


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


@pytest.mark.parametrize("name", ["default", "published"])
def test_the_priors_are_those_of_the_prior_set(name: str) -> None:
    """Both lags together span what has been published of an announcement lag, 0.25 to 6 months (80 %)."""
    settings = priors_of(read_prior_set(DATA / "priors" / f"{name}.yaml")).settings
    given = reporting_of(settings)
    assert str(given.caution) == "normal(0, 4)"
    both = three_dates(crossing(300), replace(given, caution=HELD.caution))
    low, high = (share(both.publication, 300 + months) for months in (0.25, 6.0))
    assert high - low > 0.8


def test_plain_values_say_that_they_are_exploratory() -> None:
    found: ThreeDates = three_dates(crossing(12), DEFAULT)
    told = found.as_data()
    assert str(told["status"]).startswith("exploratory")
    assert told["crossing_alone"] == to_plain(found.alone.summary())
    assert told["months"]["caution"] == "normal(0, 4)"


def test_the_command_gives_the_three_dates_of_a_stored_run(
    published: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the real facts of a day on which OpenAI had last said "not crossed" about GPT-5.2."""
    (made,) = runs.run(published, Request(as_of=date(2026, 1, 31), thresholds=(HIGH,), method="quick"))
    quoted = crossing_of(made, published.files.get(made.draws, made.draws_sha256))
    told = to_plain(quoted.summary())
    assert told == to_plain(made.quoted.by_measurement)  # the finding is laid over it here, not twice
    assert made.quoted.by_measurement != made.quoted
    assert [one.crossed for one in made.quoted.findings] == [False]
    assert np.isfinite(quoted.time.min())

    monkeypatch.setenv("SCORECARD_STORE", str(published.path))
    app = joined(forecast_commands)
    arguments = [
        "reporting",
        HIGH,
        "--as-of",
        "2026-01-31",
        "--prior",
        "caution=normal(2, 3)",
        "--prior",
        "publication_lag=lognormal(0.7, 0.5)",
    ]
    printed = CliRunner().invoke(app, [*arguments, "--json"])
    assert printed.exit_code == 0, printed.output
    told = json.loads(printed.stdout)
    assert told["denied_on"] == "2025-12-11"
    assert told["months"]["caution"] == "normal(2, 3)"
    assert told["months"]["determination_lag"] == "lognormal(-0.3567, 0.935)"
    assert told["crossing_alone"] == to_plain(quoted.summary())
    assert told["publication"]["p_now"] == 0.0
    chances = [told[name]["p_12_months"] for name in ("crossing_alone", "determination", "publication")]
    assert chances[2] <= chances[1]
    words = CliRunner().invoke(app, arguments).stdout
    assert "exploratory" in words
    assert "determination" in words
    refused = CliRunner().invoke(app, ["reporting", HIGH, "--as-of", "2026-01-31", "--prior", "caution=soon"])
    assert refused.exit_code == 2
    assert "caution=soon" in refused.output
