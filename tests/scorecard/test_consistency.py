"""A row may not say what its status denies; a finding on several thresholds reaches each; every correction says why."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest

from scorecard.evidence.facts import Facts, FactsRefused, load
from scorecard.evidence.findings.consistency import TEXTS, denied, unnamed
from scorecard.evidence.findings.events import determined
from scorecard.evidence.findings.foresight import foreseen
from scorecard.places import DATA
from scorecard.records import (
    RECORDS,
    Assessment,
    Correction,
    Criterion,
    Determination,
    Framework,
    Indicator,
    Search,
    System,
    TextCheck,
    Threshold,
    ThresholdEvent,
)
from scorecard.store import Store
from scorecard.thresholds.standing import standing

DAY = date(2026, 1, 10)


def framework(version: str) -> Framework:
    return Framework(
        id="lab",
        version=version,
        developer="Lab",
        name="Policy",
        effective_on=DAY,
        current=True,
        source="paper",
        grade="primary",
        known_at=DAY,
    )


def threshold(**changed: str) -> Threshold:
    plain = Threshold(
        id="lab.high",
        framework="lab",
        version="1",
        category="rd",
        level="High",
        kind="substitution",
        rsi_relevant=True,
        current=True,
        paraphrase="does the work",
        source="paper",
        grade="primary",
        known_at=DAY,
    )
    return replace(plain, **changed)  # type: ignore[arg-type]  # the fields changed are texts


def event(kind: str, *thresholds: str) -> ThresholdEvent:
    return ThresholdEvent(
        id="lab.whole",
        thresholds=thresholds or ("lab.high",),
        kind=kind,  # type: ignore[arg-type]  # one of the kinds, by parameter
        developer="Lab",
        system="One",
        happened_on=DAY,
        statement="as a whole",
        source="paper",
        grade="primary",
        known_at=DAY,
    )


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize(
    ("said", "kind", "other"),
    [
        ("The developer treats it as applying already.", "applies", "not_crossed"),
        ("Nothing to measure: it is reached.", "crossed", "alert"),
        ("Level judged not reached in August.", "not_crossed", "crossed"),
        ("One is below its alert threshold.", "below_alert", "applies"),
        ("Lab restricted training.", "restricts", "crossed"),
    ],
)
def test_what_a_text_says_needs_an_event_that_says_it(field: str, said: str, kind: str, other: str) -> None:
    row = threshold(**{field: said})
    assert [wrong.field for wrong in denied([row])] == [field]
    assert [wrong.field for wrong in denied([row, event(other)])] == [field]
    assert not list(denied([row, event(kind)]))


def test_wordings_of_levels_are_not_taken_for_findings() -> None:
    for said in (
        "Crosses the level when it is reached.",
        "Not a tracked category.",
        "treats several diseases",
    ):
        assert not list(denied([threshold(note=said)]))


def test_a_finding_on_two_thresholds_is_a_determination_of_each() -> None:
    both = list(determined([event("not_crossed", "lab.high", "lab.pace"), event("applies")]))
    assert [(d.id, d.threshold, d.finding) for d in both] == [
        ("lab.whole/lab.high", "lab.high", "not_crossed"),
        ("lab.whole/lab.pace", "lab.pace", "not_crossed"),
    ]


def test_names_of_rows_that_are_not_there_are_told() -> None:
    judged = Assessment(
        id="a",
        assessor="A judge",
        independent=True,
        of="lab.none",
        verdict="supports",
        made_on=DAY,
        reason="read it",
        source="paper",
        grade="primary",
        known_at=DAY,
    )
    assert [(w.field, w.found) for w in unnamed([judged])] == [("of", "lab.none")]
    assert not list(unnamed([replace(judged, of="lab.whole"), event("crossed")]))


@pytest.fixture(scope="module")
def facts() -> Facts:
    return load(DATA)


def test_no_row_of_any_framework_contradicts_the_record(facts: Facts) -> None:
    assert not list(denied(facts.records))
    stripped = [r for r in facts.records if not isinstance(r, Determination | ThresholdEvent)]
    spoken = threshold(id="gdm.fsf3_1.stealth_sa_tcl", operationalisation="TCL judged not reached")
    assert list(denied([*stripped, spoken]))  # the words that stood in the record before


def test_every_primary_row_was_read_a_second_time(facts: Facts) -> None:
    read = {check.threshold for check in facts.of(TextCheck)}
    primary = {t.id for t in facts.of(Threshold) if t.grade == "primary"}
    assert primary <= read
    assert all(check.place for check in facts.of(TextCheck))
    assert not [t.id for t in facts.of(Threshold) if "was not read" in t.note]


def test_a_correction_says_what_the_row_said_and_that_it_says_so_no_more(facts: Facts) -> None:
    tables = {cls.TABLE: cls for cls in RECORDS}
    rows = {"/".join([r.TABLE, *(str(getattr(r, k)) for k in r.KEY)]): r for r in facts.records}
    for correction in facts.of(Correction):
        row = rows[correction.subject]
        known = {f.name for f in fields(tables[correction.subject.split("/")[0]])}
        assert correction.was, correction.subject
        assert set(correction.was) <= known
        changed = [name for name, value in correction.was.items() if str(getattr(row, name)) != str(value)]
        assert changed, correction.subject


def test_the_routes_and_the_moved_goal_of_the_field(facts: Facts) -> None:
    by_id = {t.id: t for t in facts.of(Threshold)}
    for version in ("rsp3_1", "rsp3_2", "rsp3_3"):
        assert by_id[f"anthropic.{version}.automated_rd.substitution"].kind == "substitution"
    pace = [
        by_id[f"gdm.fsf{v}.ml_rd.{name}"].quantities
        for v, name in (("1_0", "level_1"), ("2_0", "acceleration_1"), ("3_0", "acceleration_1"))
    ]
    assert [q[0]["value"] if q else None for q in pace] == [3.0, 2.0, None]
    note = next(f for f in facts.of(Framework) if (f.id, f.version) == ("anthropic_rsp", "3.4")).note
    assert "added the full-substitution route" not in note


def test_the_table_of_corrections_is_in_the_documents(facts: Facts) -> None:
    text = (DATA.parent / "docs" / "corrections.md").read_text(encoding="utf-8")
    assert [c.subject for c in facts.of(Correction) if f"`{c.subject}`" not in text] == []
    assert [c.threshold for c in facts.of(TextCheck) if f"`{c.threshold}`" not in text] == []
    assert [n for n in range(1, 11) if f"| B{n} " not in text] == []
    assert [n for n in range(1, 6) if f"| C{n} " not in text] == []


def test_cyber_and_biological_rows_in_force_say_what_they_have(facts: Facts) -> None:
    domains = ("bio", "cyber", "cbrn", "chem", "nuclear")
    rows = [t.id for t in facts.of(Threshold) if t.current and any(d in t.category for d in domains)]
    informed = {name for i in facts.of(Indicator) for name in i.informs}
    measured = {c.threshold for c in facts.of(Criterion)}
    searched = {s.about.removeprefix("thresholds/") for s in facts.of(Search) if s.sought == "series"}
    assert len(rows) == 10
    assert [r for r in rows if r not in informed | searched] == []
    assert {r for r in rows if r in measured} == {
        "openai.pf2.bio_chem.high",
        "openai.pf2.cyber.high",
        "openai.pf2.cyber.critical",
        "gdm.fsf3_1.cbrn_uplift_1",
        "gdm.fsf3_1.cyber_uplift_1",
    }
    assert len([r for r in rows if r in informed]) == 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("as the card of 2026-02-01 says", "2026-02-01"),
        ("restated in March 2026", "March 2026"),
        ("restated on 11 January 2026", "11 January 2026"),
        ("restated in 2027", "2027"),
        ("see version 1.1", "version 1.1"),
        ("superseded since", "superseded"),
        ("Later One passes it", "Later One"),
    ],
)
def test_a_text_that_knows_more_than_its_row_is_refused(text: str, found: str) -> None:
    later = replace(framework("1.1"), known_at=date(2026, 2, 1))
    system = System(
        id="later",
        name="Later One",
        developer="Lab",
        released_on=date(2026, 6, 1),
        source="paper",
        grade="primary",
        known_at=date(2026, 6, 1),
    )
    one = threshold(note=text)
    said = [(w.field, w.found) for w in foreseen([framework("1"), later, system, one])]
    assert said == [("note", found)]


@pytest.mark.parametrize(
    "text",
    [
        "since 2025-12-31",
        "10 January 2026",
        "in force by 2026-09-30",
        "AI 2027 says",
        "version 1 and version 1.0",
        "Later Ones",
        "2026",
    ],
)
def test_what_was_known_or_announced_by_then_is_not(text: str) -> None:
    later = replace(framework("1.1"), known_at=date(2026, 2, 1))
    assert list(foreseen([framework("1"), later, threshold(note=text)])) == []


def test_no_row_of_the_facts_knows_more_than_its_day_and_a_loader_says_so(
    facts: Facts, tmp_path: Path
) -> None:
    assert list(foreseen(facts.records)) == []
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    path = folder / "thresholds.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("no number in version 3\n", "no number, as in version 3.1\n"), encoding="utf-8"
    )
    with pytest.raises(FactsRefused, match=r"gdm.fsf3_0.*found 'version 3.1', expected nothing that became"):
        load(folder)


def test_the_weights_of_each_route_are_shares_of_one_measure(published: Store) -> None:
    with published.view() as now:
        criteria, thresholds = standing(now, Criterion), {t.id: t for t in now.all(Threshold)}
    routes: dict[tuple[str, str], float] = defaultdict(float)
    for c in criteria:
        routes[c.threshold, c.route] += c.weight
    assert {route: weight for route, weight in routes.items() if weight != pytest.approx(1)} == {}
    of = Counter(threshold for threshold, _ in routes)
    assert {t: thresholds[t].rule for t, count in of.items() if count > 1} == {
        "openai.pf2.ai_self_improvement.critical": "any",
        "openai.pf2.cyber.high": "any",
        "openai.pf2.cyber.critical": "any",
        "anthropic.rsp3_4.automated_rd.acceleration": "all",
        "meta.aasf2.loc1.autonomous_rd": "any",
        "microsoft.fgf2026.autonomy.high": "any",
        "magic.arp1.ai_rd": "any",
    }


def test_a_threshold_of_two_routes_is_a_row_of_its_own(facts: Facts) -> None:
    of = {t.id: t.route_of for t in facts.of(Threshold) if t.route_of}
    whole = "anthropic.rsp3_4.automated_rd"
    assert of == {f"{whole}.substitution": whole, f"{whole}.acceleration": whole}
    found = {d.system for d in facts.of(Determination) if d.threshold == whole}
    assert "Claude Haiku 5.5" in found


def test_what_was_withdrawn_stood_until_then_and_no_category_without_a_level_has_a_criterion(
    published: Store,
) -> None:
    long_range = "openai.pf2.research.long_range_autonomy"
    for day, count in ((date(2026, 11, 29), 1), (date(2026, 11, 30), 0)):
        with published.view(as_of=day) as then:
            assert len([c for c in standing(then, Criterion) if c.threshold == long_range]) == count
    with published.view() as now:
        stated = {t.id: t.level for t in now.all(Threshold)}
        assert [c.id for c in standing(now, Criterion) if stated[c.threshold] == "Research"] == []


def test_no_current_row_is_left_without_a_reason_for_having_no_criterion(facts: Facts) -> None:
    measured = {c.threshold for c in facts.of(Criterion)} | {
        n for i in facts.of(Indicator) for n in i.informs
    }
    searched = {s.about.removeprefix("thresholds/") for s in facts.of(Search) if s.sought == "series"}
    measured |= {t.route_of for t in facts.of(Threshold)}  # reached with the first of its routes
    assert [t.id for t in facts.of(Threshold) if t.current and t.id not in measured | searched] == []
