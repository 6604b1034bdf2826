"""The known traps of the published figures, one test each: what is stored must not fall into them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from scorecard.evidence.facts import Facts, load
from scorecard.evidence.names import by_name, folded
from scorecard.places import DATA
from scorecard.records import (
    Criterion,
    Indicator,
    Measurement,
    Ruling,
    Source,
    Subject,
    System,
    Threshold,
)
from scorecard.thresholds.levels import measured_by

V11 = ("2026-01-30", "2026-02-06", "2026-02-22", "2026-03-03", "2026-05-08")


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load(DATA)


@pytest.fixture(scope="module")
def readings(facts: Facts) -> tuple[Measurement, ...]:
    return facts.of(Measurement)


def horizon(
    readings: tuple[Measurement, ...], system: str, vintage: str, indicator: str = "metr_p50_horizon"
) -> Measurement:
    (found,) = [
        m for m in readings if (m.indicator, m.system, m.vintage) == (indicator, system, vintage) and m.main
    ]
    return found


def test_v1_0_and_v1_1_are_different_indicators(readings: tuple[Measurement, ...]) -> None:
    suites: dict[str, set[str]] = {"metr_p50_horizon": set(), "metr_p50_horizon_th10": set()}
    for m in readings:
        if m.indicator in suites:
            suites[m.indicator].add(m.vintage)
    assert suites["metr_p50_horizon_th10"] == {"v1.0"}
    assert suites["metr_p50_horizon"] == {*V11, "2026-06-26"}
    old = horizon(readings, "gpt_5", "v1.0", "metr_p50_horizon_th10")
    assert (round(old.value, 1), round(horizon(readings, "gpt_5", V11[-1]).value, 1)) == (137.7, 203.0)


def test_every_metr_value_has_its_vintage_and_v1_1_was_revised_in_march_2026(
    readings: tuple[Measurement, ...],
) -> None:
    assert [round(horizon(readings, "gpt_5", v).value, 1) for v in V11] == [214.0, 214.0, 214.0, 203.0, 203.0]
    assert [round(horizon(readings, "claude_opus_4_5", v).value, 1) for v in V11] == [
        320.4,
        320.4,
        320.4,
        293.0,
        293.0,
    ]
    upward = [round(horizon(readings, "claude_opus_4_5", v, "metr_p80_horizon").value, 1) for v in V11]
    assert upward == [41.6, 41.6, 41.6, 49.4, 49.4]
    assert round(horizon(readings, "claude_opus_4_6", "2026-02-22").value, 1) == 870.0
    for m in readings:
        if m.indicator.startswith("metr_p") and m.vintage in V11:
            assert m.known_at == date.fromisoformat(m.vintage)


def test_the_state_of_the_art_counts_of_metr(readings: tuple[Measurement, ...]) -> None:
    counted = Counter(m.vintage for m in readings if m.indicator == "metr_p50_horizon")
    assert [counted[v] for v in V11] == [17, 20, 23, 23, 26]
    newest = [m for m in readings if m.indicator == "metr_p50_horizon" and m.vintage == V11[-1]]
    assert sum("metr_sota" in m.marks for m in newest) == 18


def test_intervals_move_between_vintages_although_the_value_does_not(
    readings: tuple[Measurement, ...],
) -> None:
    march, may = (horizon(readings, "claude_opus_4_6", v) for v in V11[-2:])
    assert march.value == may.value
    assert (round(march.high or 0), round(may.high or 0)) == (3950, 3634)


def test_above_sixteen_hours_is_out_of_range(facts: Facts, readings: tuple[Measurement, ...]) -> None:
    beyond = [m for m in readings if m.indicator == "metr_p50_horizon" and m.value > 960]
    assert {m.system for m in beyond} == {"claude_mythos_preview", "gpt_5_6_sol"}
    assert all("out_of_range" in m.marks for m in beyond)
    (indicator,) = [i for i in facts.of(Indicator) if i.id == "metr_p50_horizon"]
    assert indicator.reliable_max == 960


def test_shared_tasks_are_declared(facts: Facts) -> None:
    shared = {i.id for i in facts.of(Indicator) if i.shared_tasks}
    assert {"metr_p50_horizon", "metr_p80_horizon", "metr_p50_horizon_th10", "epoch_eci"} <= shared


@pytest.mark.parametrize(
    ("names", "system"),
    [
        (("gpt_5_2025_08_07_inspect", "GPT-5 (Inspect)", "gpt-5-2025-08-07_high", "openai/gpt-5"), "gpt_5"),
        (("Claude Opus 4.5", "Claude 4.5 Opus", "claude_opus_4_5_inspect"), "claude_opus_4_5"),
        (("gpt_4", "GPT-4 0314", "GPT-4 (Mar 2023)"), "gpt_4"),
        (("davinci_002", "davinci-002 (GPT-3)"), "gpt_3"),
        (("Claude 3.5 Sonnet (Old)", "Claude 3.5 Sonnet (Jun 2024)"), "claude_3_5_sonnet"),
        (("o1_inspect", "o1_elicited"), "o1"),
    ],
)
def test_names_of_all_sources_lead_to_one_system(facts: Facts, names: tuple[str, ...], system: str) -> None:
    known = by_name(facts.of(System))
    assert {known[folded(name)].id for name in names} == {system}


def test_gpt_3_has_its_own_release_date(facts: Facts) -> None:
    released = {s.id: s.released_on for s in facts.of(System)}
    assert released["gpt_3"] == date(2020, 5, 28)


def test_interval_levels_are_metr_95_and_epoch_90(readings: tuple[Measurement, ...]) -> None:
    levels = {
        name: {m.interval for m in readings if m.indicator.startswith(name) and m.low is not None}
        for name in ("metr_p50", "metr_p80", "epoch_eci")
    }
    assert levels == {"metr_p50": {0.95}, "metr_p80": {0.95}, "epoch_eci": {0.9}}


def test_epoch_anchors_have_no_interval_and_each_vintage_one_row_a_system(
    readings: tuple[Measurement, ...],
) -> None:
    eci = [m for m in readings if m.indicator == "epoch_eci" and m.main]
    anchors = [m for m in eci if m.low is None]
    assert {(m.system, m.value) for m in anchors} == {("gpt_5", 150.0), ("claude_3_5_sonnet", 130.0)}
    assert max(Counter((m.system, m.vintage) for m in eci).values()) == 1
    assert {m.vintage for m in eci} == {"2025-12-19", "2026-08-11"}


def test_epoch_vintages_of_a_system_stand_on_one_day(readings: tuple[Measurement, ...]) -> None:
    days: dict[str, set[date]] = {}
    for m in readings:
        if m.indicator == "epoch_eci":
            days.setdefault(m.system, set()).add(m.observed_on)
    assert [system for system, on in days.items() if len(on) > 1] == []


def test_epoch_lets_most_systems_lag_and_says_that_metr_is_inside_it(facts: Facts) -> None:
    (eci,) = [i for i in facts.of(Indicator) if i.id == "epoch_eci"]
    assert not eci.few_lag
    assert any("METR" in caveat for caveat in eci.caveats)


def test_gpt_5_6_sol_keeps_three_readings_and_fits_one(readings: tuple[Measurement, ...]) -> None:
    sol = {
        m.condition: m for m in readings if m.system == "gpt_5_6_sol" and m.indicator == "metr_p50_horizon"
    }
    assert {c: m.value for c, m in sol.items()} == {
        "cheating counted as failure": 11.3 * 60,
        "cheating runs discarded": 71 * 60,
        "cheating counted as success": 270 * 60,
    }
    assert [c for c, m in sol.items() if m.main] == ["cheating counted as failure"]
    assert sol["cheating counted as success"].bound == "at_least"


def test_horizons_are_minutes_not_hours(facts: Facts, readings: tuple[Measurement, ...]) -> None:
    units = {i.id: i.unit for i in facts.of(Indicator) if "_horizon" in i.id}
    assert units.pop("cyber_horizon_doubling") == "months"  # how long until a horizon is twice as long
    assert set(units.values()) == {"minutes"}
    assert horizon(readings, "claude_mythos_preview", V11[-1]).value == pytest.approx(17.4 * 60, rel=0.01)


def test_35x_and_9x_a_year_never_share_an_axis(facts: Facts) -> None:
    stated = {
        (q["value"], t.version)
        for t in facts.of(Threshold)
        for q in t.quantities
        if q["quantity"] == "effective_scaleup_per_year_baseline"
    }
    assert stated == {(35.0, "2.2"), *((9.0, version) for version in ("3.1", "3.2", "3.3", "3.4"))}
    assert not [i.id for i in facts.of(Indicator) if "scaleup" in i.id]


def test_a_framework_version_is_one_item_and_thresholds_belong_to_one(facts: Facts) -> None:
    by_id = {t.id: t for t in facts.of(Threshold)}
    assert by_id["anthropic.rsp2_2.ai_rd_5"].version == "2.2"
    assert by_id["anthropic.rsp3_4.automated_rd.acceleration"].version == "3.4"


def test_other_item_sets_are_other_indicators(facts: Facts) -> None:
    names = {i.id for i in facts.of(Indicator)}
    assert {"mle_bench_75", "mle_bench_30", "mle_bench_revised", "gdm_mle_bench"} <= names
    assert {"oai_paperbench20", "oai_paperbench10"} <= names


def test_an_unlabelled_month_is_a_bound_and_not_zero(readings: tuple[Measurement, ...]) -> None:
    early = [m for m in readings if m.indicator == "anthropic_share_led" and m.observed_on < date(2026, 3, 1)]
    assert len(early) == 7
    assert {(m.bound, m.value) for m in early} == {("at_most", 0.3)}


def test_nothing_is_known_before_its_source_or_its_system(facts: Facts) -> None:
    published = {s.id: s.published_on for s in facts.of(Source)}
    early = [m for m in facts.of(Measurement) if m.known_at < published[m.source]]
    assert early == []
    released = {s.id: s.released_on for s in facts.of(System)}
    told_before = {m.system for m in facts.of(Measurement) if m.known_at < released[m.system]}
    assert told_before == {"gpt_5_6_sol"}  # METR published before the release


def test_as_of_january_2026_holds_no_later_system(facts: Facts) -> None:
    day = date(2026, 1, 31)
    known = [m for m in facts.of(Measurement) if m.known_at <= day]
    released = {s.id: s.released_on for s in facts.of(System)}
    assert max(released[m.system] for m in known) <= day
    assert round(horizon(tuple(known), "gpt_5", "2026-01-30").value) == 214


def test_revised_prints_are_kept_and_only_one_is_fitted(readings: tuple[Measurement, ...]) -> None:
    prints = [
        m for m in readings if (m.indicator, m.system) == ("ant_cpu_llm_training_speedup", "claude_opus_4_6")
    ]
    assert sorted(m.value for m in prints) == [30.09, 30.75, 34.0]
    assert [m.value for m in prints if m.main] == [30.75]


def test_weak_evidence_is_marked(readings: tuple[Measurement, ...]) -> None:
    marks: dict[str, set[str]] = {}
    for m in readings:
        marks.setdefault(m.indicator, set()).update(m.marks)
    assert "self_reported" in marks["staff_uplift_survey"]
    assert "llm_judged" in marks["anthropic_share_led"]
    assert "saturated" in marks["swe_bench_verified"]
    assert "retired" in marks["oai_prs"]
    assert "chart_read" in marks["oai_experiment_velocity"]


def in_use(facts: Facts, day: date) -> list[Criterion]:
    """The criteria of a day that the scorecard has not withdrawn by then."""
    withdrawn = {r.about for r in facts.of(Ruling) if r.known_at <= day and r.ruling == "withdrawn"}
    return [c for c in facts.of(Criterion) if c.known_at <= day and Subject.of(c) not in withdrawn]


def test_weights_of_one_route_of_a_threshold_sum_to_one_on_every_day(facts: Facts) -> None:
    for day in sorted({one.known_at for kind in (Criterion, Ruling) for one in facts.of(kind)}):
        totals: Counter[tuple[str, str]] = Counter()
        for criterion in in_use(facts, day):
            totals[criterion.threshold, criterion.route] += round(1000 * criterion.weight)
        assert {route: total for route, total in totals.items() if total != 1000} == {}
        assert totals


def test_every_threshold_is_measured_or_says_what_is_needed(facts: Facts) -> None:
    measured = {c.threshold for c in in_use(facts, date.max)}
    assert [t.id for t in facts.of(Threshold) if t.id not in measured and not t.needed] == []
    assert all("not adopted" in c.rationale for c in facts.of(Criterion))


def test_every_current_threshold_on_self_improvement_that_can_be_measured_has_a_criterion(
    facts: Facts,
) -> None:
    thresholds, criteria = facts.of(Threshold), in_use(facts, date.max)
    unmeasured = {
        t.id
        for t in thresholds
        if t.current and t.rsi_relevant and not measured_by(t, criteria, thresholds)  # its routes' too
    }
    assert unmeasured == {
        "openai.fgf.loss_of_control.tier1",
        "openai.fgf.loss_of_control.tier2",
        "openai.fgf.loss_of_control.tier3",
        "anthropic.rsp3_4.misaligned_high_stakes",
        "gdm.fsf3_1.stealth_sa_tcl",
        "meta.aasf2.loc1.eval_awareness",
        "meta.aasf2.loc2",
        # Research Categories and self-replication have no level, or no series over systems of today.
        "openai.pf2.research.long_range_autonomy",
        "openai.pf2.research.autonomous_replication",
        "openai.pf2.research.sandbagging",
        "openai.pf2.research.undermining_safeguards",
        "magic.arp1.ara",
    }


def test_months_are_marked_and_known_at_their_end(readings: tuple[Measurement, ...]) -> None:
    months = [m for m in readings if "date_month" in m.marks]
    assert months
    assert all(m.observed_on.day == 1 for m in months)
    placed, withdrawn = sorted(
        (m for m in readings if m.system == "gemini_3_7_flash"), key=lambda m: m.main, reverse=True
    )
    assert (withdrawn.main, withdrawn.known_at) == (False, date(2026, 9, 1) - timedelta(days=1))
    assert (placed.main, placed.observed_on) == (True, date(2026, 8, 13))
