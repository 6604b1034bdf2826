"""Priors as data: what is refused, overrides as text, prior sets with every fault, tables of quantiles."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.stats import norm

from forecasts.inference.tables import from_normal, quantile_tables
from forecasts.ops import NUMPY
from forecasts.prior import FAMILIES, Prior, PriorError, changed
from forecasts.priors.sets import HEADLINE, parameters_of, priors_of, read_prior_set
from forecasts.shapes import shapes
from scorecard.places import DATA
from scorecard.records import Override
from scorecard.store.rows import row_hash, to_row
from tests.forecasts.examples import default_priors, prior

DEFAULT = DATA / "priors" / "default.yaml"
EVERY_FAMILY = [
    prior("normal", -3.0, 0.5),
    prior("lognormal", 0.7, 0.5),
    prior("lognormal", 3.2, 0.4),
    prior("halfnormal", 0.08),
    prior("gamma", 6.0, 1.0),
    prior("gamma", 1.5, 4.0),
    prior("beta", 2.0, 5.0),
    prior("student", 4.0, 1.0, 2.0),
]


@pytest.mark.parametrize("given", EVERY_FAMILY, ids=str)
def test_quantiles_are_those_of_the_distribution(given: Prior) -> None:
    p = np.array([1e-6, 0.01, 0.1, 0.5, 0.9, 0.99, 1 - 1e-6])
    assert given.quantile(p) == pytest.approx(given.frozen.ppf(p), rel=1e-9)


@pytest.mark.parametrize("given", EVERY_FAMILY, ids=str)
def test_the_table_is_the_inverse_of_the_distribution_function(given: Prior) -> None:
    v = np.linspace(-6, 6, 1201)[:, None]
    exact = np.where(v <= 0, given.frozen.ppf(norm.cdf(v)), given.frozen.isf(norm.sf(v)))
    read = from_normal(NUMPY, v, quantile_tables([given]))
    error = np.abs(read - exact)[:, 0] / float(given.frozen.std())
    assert error[np.abs(v[:, 0]) <= 3].max() < 5e-6
    assert error[np.abs(v[:, 0]) <= 5].max() < 2e-4


@pytest.mark.parametrize("given", EVERY_FAMILY, ids=str)
def test_tables_rise_and_are_flat_beyond_their_reach(given: Prior) -> None:
    tables = quantile_tables([given])
    v = np.linspace(-12, 12, 4001)[:, None]
    read = from_normal(NUMPY, v, tables)[:, 0]
    assert (np.diff(read) >= -1e-12 * np.abs(read[1:])).all()
    assert read[0] == pytest.approx(read[400])
    assert np.isfinite(read).all()


def test_a_table_row_belongs_to_its_prior() -> None:
    v = np.array([[0.3, -1.0, 1.2]])
    together = from_normal(NUMPY, v, quantile_tables(EVERY_FAMILY[:3]))
    for i in range(3):
        alone = from_normal(NUMPY, v[:, i : i + 1], quantile_tables([EVERY_FAMILY[i]]))
        assert together[0, i] == alone[0, 0]


def test_a_prior_without_finite_quantiles_is_refused() -> None:
    with pytest.raises(PriorError, match="too extreme"):
        quantile_tables([prior("lognormal", 0.0, 500.0)])


@pytest.mark.parametrize(
    ("family", "params", "words"),
    [
        ("cauchy", {"mu": 0.0}, "unknown family 'cauchy'; use one of normal"),
        ("normal", {"mu": 0.0}, "normal takes mu, sigma; found mu"),
        ("normal", {}, "found nothing"),
        ("normal", {"mu": 0.0, "sigma": 0.0}, "sigma must be above zero"),
        ("gamma", {"alpha": -1.0, "beta": 1.0}, "alpha must be above zero"),
        ("normal", {"mu": float("nan"), "sigma": 1.0}, "mu must be a finite number"),
        ("normal", {"mu": 0.0, "sigma": float("inf")}, "sigma must be a finite number"),
    ],
)
def test_an_impossible_prior_says_why(family: str, params: dict[str, float], words: str) -> None:
    with pytest.raises(PriorError, match=words):
        Prior(family=family, params=params, unit="", meaning="")


def test_every_family_is_written_and_read() -> None:
    assert {p.family for p in EVERY_FAMILY} == set(FAMILIES)
    for given in EVERY_FAMILY:
        assert changed(Override.parse(f"x={given}"), given).params == dict(given.params)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("normal", "PARAM=FAMILY"),
        ("normal(0, 1", "PARAM=FAMILY"),
        ("normal(mu=0, scale=1)", r"takes 2 number\(s\) \(mu, sigma\)"),
        ("normal(mu=0, 1)", "name every argument or none"),
        ("norml(0, 1)", "unknown family 'norml'"),
        ("normal(0)", r"takes 2 number\(s\) \(mu, sigma\); found 1"),
        ("normal(0, one)", "every argument must be a number"),
        ("normal(0, nan)", "finite number"),
        ("normal(0, -1)", "above zero"),
    ],
)
def test_a_prior_that_cannot_be_read_says_how_to_write_it(text: str, words: str) -> None:
    with pytest.raises(PriorError, match=words):
        changed(Override.parse(f"x={text}"), prior("normal", 0, 1))


def test_an_override_without_a_shape_changes_every_shape_that_has_the_parameter() -> None:
    before = default_priors()
    after = before.with_overrides(["growth=lognormal(1.0, 0.2)"])
    for name in before.shapes:
        if "growth" in before.of(name):
            assert dict(after.of(name)["growth"].params) == {"mu": 1.0, "sigma": 0.2}
            assert after.of(name)["growth"].unit == before.of(name)["growth"].unit
    assert after.of("saturating") == before.of("saturating")
    assert before.of("loglinear")["growth"].params["mu"] == 0.6931


def test_named_arguments_count_by_their_names() -> None:
    turned = changed(Override.parse("x=normal(sigma=2, mu=1)"), prior("normal", 0, 1))
    assert dict(turned.params) == {"mu": 1.0, "sigma": 2.0}


@pytest.mark.parametrize(
    "text",
    ["growth=doubling_days(100, 150.5, 220)", "loglinear.scatter=lognormal(mu=0.1234567, sigma=1e-07)"],
)
def test_an_override_is_written_as_it_is_read(text: str) -> None:
    assert str(Override.parse(text)) == text
    assert Override.parse(f" {text.replace('=', ' = ', 1)} ") == Override.parse(text)


def test_an_override_of_one_shape_leaves_the_others() -> None:
    after = default_priors().with_overrides(["loglinear.growth = normal(mu=1, sigma=2)"])
    assert after.of("loglinear")["growth"].family == "normal"
    assert after.of("quadratic")["growth"].family == "lognormal"


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ("growth", r"cannot read 'growth'; write \[SHAPE.\]PARAM=FAMILY"),
        ("growht=normal(0, 1)", "no parameter 'growht'.*there are .*growth"),
        ("spline.growth=normal(0, 1)", "no priors for spline; it has .*loglinear"),
        ("loglinear.speedup=normal(0, 1)", "no parameter 'speedup' in loglinear"),
        ("scatter=normal(0, 1)", "scatter.*below zero.*use lognormal"),
        ("local_trend.growth=student(4, 1, 1)", "below zero"),
        ("speedup=quadratic", "cannot read"),
    ],
)
def test_an_override_that_cannot_be_says_why(override: str, words: str) -> None:
    with pytest.raises(PriorError, match=words):
        default_priors().with_overrides([override])


def test_the_default_set_is_the_one_that_stored_runs_were_made_with() -> None:
    """Its row and what its runs are named by; a commit that changes a default prior changes these, and says why."""
    record = read_prior_set(DEFAULT)
    made = priors_of(record)
    assert row_hash(record.TABLE, to_row(record)).startswith("99b2948dc45b6fcf")
    assert {name: dict(shape.default_priors) for name, shape in shapes().items()} == made.shapes
    assert list(made.settings.weights.items()) == [
        (HEADLINE, 1),  # shapes stand beside the forecast since rises and levels beat their pool
        ("loglinear", 0),
        ("superexponential", 0),
        ("breakpoint", 0),
        ("saturating", 0),
        ("local_trend", 0),
    ]


def test_a_pool_of_shapes_is_of_those_with_a_weight_or_else_of_all_that_are_listed() -> None:
    settings = default_priors().settings
    every = ("loglinear", "superexponential", "breakpoint", "saturating", "local_trend")
    assert (settings.listed, settings.weighted, settings.pooled) == (every, (), every)
    some = replace(settings, weights={HEADLINE: 1, "loglinear": 2, "breakpoint": 0})
    assert (some.listed, some.weighted, some.pooled) == (
        ("loglinear", "breakpoint"),
        ("loglinear",),
        ("loglinear",),
    )


def test_a_replaced_prior_is_checked_against_what_the_parameter_can_be() -> None:
    with pytest.raises(PriorError, match="no parameter 'span'"):
        default_priors().with_prior("loglinear", "span", prior("gamma", 1, 1))
    with pytest.raises(PriorError, match="below zero"):
        default_priors().with_prior("saturating", "span", prior("normal", 25, 10))


def test_the_shipped_sets_have_a_prior_with_unit_reason_and_source_for_every_parameter() -> None:
    for name in ("default.yaml", "published.yaml"):
        made = priors_of(read_prior_set(DATA / "priors" / name))
        for shape, given in made.shapes.items():
            assert set(given) == {p.name for p in parameters_of(shapes()[shape])}
            for one in given.values():
                assert all((one.unit, one.meaning, one.rationale, one.source))
        assert set(made.settings.weights) - {HEADLINE} <= set(made.shapes)


def test_the_default_priors_agree_with_the_usual_ranges_that_shapes_state() -> None:
    """A range that most of the default prior lies outside of would be a wrong unit somewhere."""
    for name, given in default_priors().shapes.items():
        for parameter in parameters_of(shapes()[name]):
            low, high = parameter.usual
            inside = given[parameter.name].frozen
            assert inside.cdf(high) - inside.cdf(low) > 0.75, f"{name}.{parameter.name}"


def test_a_set_survives_being_stored_as_plain_data() -> None:
    record = read_prior_set(DEFAULT)
    again = priors_of(replace(record, priors={s: dict(of) for s, of in record.priors.items()}))
    assert again == default_priors()
    given = default_priors().of("loglinear")["growth"]
    assert Prior(**given.as_data()) == given


def _spoilt(change: Callable[[dict[str, Any]], Any], tmp_path: Path) -> Path:
    raw = yaml.safe_load(DEFAULT.read_text(encoding="utf-8"))
    del raw["from_shapes"]
    raw["priors"] = yaml.safe_load(json.dumps(read_prior_set(DEFAULT).priors))
    change(raw)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda raw: raw.pop("author"), "missing author"),
        (lambda raw: raw["priors"]["loglinear"].pop("gap"), "loglinear.gap: no prior given"),
        (lambda raw: raw["priors"]["loglinear"].update(span={}), "loglinear has no parameter 'span'"),
        (lambda raw: raw["priors"].update(spline={}), "no shape 'spline'"),
        (lambda raw: raw["priors"].update(loglinear=None), "loglinear: expected a mapping"),
        (lambda raw: raw.update(priors=[1]), "priors: expected a mapping"),
        (lambda raw: raw.update(settings="none"), "settings: expected a mapping"),
        (lambda raw: raw["priors"]["quadratic"]["curvature"].update(params=3), "expected family, params"),
        (lambda raw: raw["priors"]["quadratic"]["curvature"].pop("unit"), "curvature: missing unit"),
        (
            lambda raw: raw["priors"]["quadratic"]["curvature"].update(params={"mu": "x", "sigma": 1}),
            "params must be numbers",
        ),
        (
            lambda raw: raw["priors"]["saturating"].update(
                span={"family": "normal", "params": {"mu": 1, "sigma": 1}, "unit": "", "meaning": ""}
            ),
            "span.*below zero",
        ),
        (lambda raw: raw["settings"]["discrepancy"].update(value=-1), "discrepancy.*between 0 and 10"),
        (
            lambda raw: raw["settings"]["stall_probability"].update(value=1.5),
            "stall_probability.*between 0 and 1",
        ),
        (lambda raw: raw["settings"].pop("release_rate"), "settings.release_rate"),
        (
            lambda raw: raw["settings"]["release_rate"].update(family="normal", params={"mu": 1, "sigma": 1}),
            "must be a gamma",
        ),
        (lambda raw: raw["settings"]["weights"].update(value={"spline": 1}), "no shape 'spline'"),
        (lambda raw: raw["settings"]["weights"].update(value={"loglinear": 0}), "not all zero"),
        (lambda raw: raw["settings"]["weights"].update(value={"loglinear": -1}), "weight of zero or more"),
        (lambda raw: raw["settings"]["weights"].update(value={"loglinear": "one"}), "weight of zero or more"),
        (lambda raw: raw["settings"].update(weights=1), "weight of zero or more"),
        (lambda raw: raw["settings"].update(scaling=3), "settings.scaling"),
        (
            lambda raw: raw["settings"]["scaling"]["value"].update(metr_p50_horizon={"origin": 8, "unit": 1}),
            "settings.scaling.metr_p50_horizon: needs origin, date and unit",
        ),
        (
            lambda raw: raw["settings"]["scaling"]["value"]["metr_p50_horizon"].update(unit=0),
            "settings.scaling.metr_p50_horizon: unit",
        ),
    ],
)
def test_a_spoilt_prior_set_names_the_file_and_the_place(
    change: Callable[[dict[str, Any]], Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(PriorError, match=words) as caught:
        read_prior_set(_spoilt(change, tmp_path))
    assert "mine.yaml" in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        del raw["priors"]["loglinear"]["gap"]
        raw["settings"]["discrepancy"]["value"] = 99

    with pytest.raises(PriorError, match=r"(?s)loglinear\.gap.*settings\.discrepancy"):
        read_prior_set(_spoilt(change, tmp_path))


def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text("- 1\n", encoding="utf-8")
    with pytest.raises(PriorError, match=r"list\.yaml: expected a mapping"):
        read_prior_set(path)
