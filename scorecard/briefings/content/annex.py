"""The tables behind a briefing: chances by date, evidence, determinations, criteria, priors, checks, outlooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scorecard.briefings.content.briefing import Cell, Column, Line, Table
from scorecard.briefings.content.findings import level_in_words
from scorecard.briefings.content.material import Material
from scorecard.briefings.content.references import Register
from scorecard.records import PriorSet
from scorecard.words import title_of

KEYS = Column("keys", "sources", "keys")
Row = tuple[Cell, ...]


def tables(material: Material, lines: Sequence[Line], register: Register) -> tuple[Table, ...]:
    """Every table that has a row, in the order of the annex."""
    made = (
        chances(lines),
        evidence_table(material, register),
        determinations(material, register),
        criteria(material, register),
        priors(material, register),
        checks(material, register),
        outlooks(material, register),
    )
    return tuple(table for table in made if table.rows)


def chances(lines: Sequence[Line]) -> Table:
    """A row a threshold and named date: the chance that it has been crossed by then."""
    rows: list[Row] = []
    for line in lines:
        asked = [
            ("this day", line.p_now),
            ("the next meeting", line.p_next_meeting),
            ("12 months from now", line.p_12_months),
            *line.p_by,
        ]
        rows += [
            (line.name, by, float(p.value), " ".join(p.refs))
            for by, p in asked
            if p is not None and isinstance(p.value, float)
        ]
    return Table(
        name="chances",
        title="Chance of having been crossed, by date",
        columns=(
            Column("threshold", "threshold"),
            Column("by", "by"),
            Column("chance", "chance", "chance"),
            KEYS,
        ),
        rows=tuple(rows),
    )


def evidence_table(material: Material, register: Register) -> Table:
    """The newest reading of each indicator known on the day, with its interval and marks."""
    rows: list[Row] = []
    for one in material.readings.values():
        m = one.measurement
        rows.append(
            (
                one.indicator.name,
                one.system,
                m.value,
                m.low,
                m.high,
                one.indicator.unit,
                m.interval,
                m.bound.replace("_", " "),
                m.observed_on,
                m.vintage,
                one.age_days,
                ", ".join(mark.replace("_", " ") for mark in one.marks),
                m.grade.replace("_", " "),
                register.source(m.source),
            )
        )
    return Table(
        name="evidence",
        title="Newest reading of each indicator",
        columns=(
            Column("indicator", "indicator"),
            Column("system", "system"),
            Column("value", "value", "number"),
            Column("low", "low", "number"),
            Column("high", "high", "number"),
            Column("unit", "unit"),
            Column("interval", "interval level", "chance"),
            Column("bound", "value is"),
            Column("observed_on", "observed on", "date"),
            Column("vintage", "vintage"),
            Column("age_days", "age", "count", "days"),
            Column("marks", "marks"),
            Column("grade", "grade"),
            KEYS,
        ),
        rows=tuple(rows),
    )


def determinations(material: Material, register: Register) -> Table:
    """What developers have found about the thresholds of this briefing, newest first."""
    names = {row.threshold.id: level_in_words(row) for row in material.rows}
    ours = [d for d in material.determinations if d.threshold in names]
    rows: list[Row] = [
        (
            names[d.threshold],
            d.system,
            d.determined_on,
            d.finding.replace("_", " "),
            d.note,
            d.grade.replace("_", " "),
            register.source(d.source),
        )
        for d in sorted(ours, key=lambda d: (d.determined_on, d.id), reverse=True)
    ]
    return Table(
        name="determinations",
        title="What developers have found",
        columns=(
            Column("threshold", "threshold"),
            Column("system", "system"),
            Column("determined_on", "on", "date"),
            Column("finding", "finding"),
            Column("note", "note"),
            Column("grade", "grade"),
            KEYS,
        ),
        rows=tuple(rows),
    )


def criteria(material: Material, register: Register) -> Table:
    """How each threshold is measured, and whether that was adopted."""
    rows: list[Row] = []
    for row in material.rows:
        for c in row.criteria:
            standing = material.standing_of(c)
            indicator = material.indicators[c.indicator]
            rows.append(
                (
                    level_in_words(row),
                    c.route or "only one",
                    indicator.name,
                    c.level,
                    indicator.unit,
                    c.level_sd,
                    c.gap,
                    c.gap_sd,
                    c.weight,
                    standing,
                    c.rationale,
                    c.author,
                    register.criterion(c, standing),
                )
            )
    return Table(
        name="criteria",
        title="How thresholds are measured",
        columns=(
            Column("threshold", "threshold"),
            Column("route", "route"),
            Column("indicator", "indicator"),
            Column("level", "level", "number"),
            Column("unit", "unit"),
            Column("level_sd", "level, sd", "number", "link scale"),
            Column("gap", "gap to real work", "number", "link scale"),
            Column("gap_sd", "gap, sd", "number", "link scale"),
            Column("weight", "weight", "number"),
            Column("standing", "standing"),
            Column("rationale", "reason"),
            Column("author", "author"),
            KEYS,
        ),
        rows=tuple(rows),
        note="Criteria of one route are alternatives, mixed by weight; routes are combined by the threshold's rule.",
    )


def priors(material: Material, register: Register) -> Table:
    """The distributions that went into the runs of this briefing."""
    used = dict.fromkeys(run.prior_set for run in material.runs)
    rows: list[Row] = []
    for id in used:
        if (one := material.prior_sets.get(id)) is not None:
            rows += _prior_rows(one, register.prior_set(one))
    return Table(
        name="priors",
        title="Priors",
        columns=(
            Column("prior_set", "prior set"),
            Column("shape", "model"),
            Column("parameter", "parameter"),
            Column("distribution", "distribution"),
            Column("unit", "unit"),
            Column("meaning", "meaning"),
            KEYS,
        ),
        rows=tuple(rows),
    )


def _prior_rows(one: PriorSet, key: str) -> list[Row]:
    return [
        (
            one.name,
            title_of(shape),
            parameter.replace("_", " "),
            _distribution(prior),
            str(prior.get("unit", "")),
            str(prior.get("meaning", "")),
            key,
        )
        for shape, of in sorted(one.priors.items())
        for parameter, prior in sorted(of.items())
    ]


def _distribution(prior: Mapping[str, Any]) -> str:
    params = ", ".join(f"{name} {value:g}" for name, value in sorted(prior.get("params", {}).items()))
    return f"{prior.get('family', '')} ({params})"


def checks(material: Material, register: Register) -> Table:
    """Each run's checks: how many, how many failed, and the ones that did."""
    rows: list[Row] = []
    for row in material.rows:
        if row.forecast is None:
            continue
        run = row.forecast.run
        items = run.checks.items
        failed = [f"{one.what}: {one.name} {one.value:g}" for one in run.checks.failed]
        rows.append(
            (
                level_in_words(row),
                run.id[:12],
                len(items),
                len(failed),
                "; ".join(failed),
                run.publishable,
                run.seed,
                run.data_hash[:12],
                register.run(run),
            )
        )
    return Table(
        name="checks",
        title="Checks of the forecast runs",
        columns=(
            Column("threshold", "threshold"),
            Column("run", "run"),
            Column("checks", "checks", "count"),
            Column("failed", "failed", "count"),
            Column("which", "which failed"),
            Column("quoted", "quoted", "yes"),
            Column("seed", "seed", "count"),
            Column("data", "data"),
            KEYS,
        ),
        rows=tuple(rows),
        note="A run whose checks failed is not quoted. The dates quoted are those of the model of rises and levels; "
        "trend shapes stand beside it for comparison, without those whose checks failed.",
    )


def outlooks(material: Material, register: Register) -> Table:
    """What others have said in public about the same events."""
    rows: list[Row] = [
        (
            material.events[o.event].name if o.event in material.events else o.event,
            o.who,
            o.organisation,
            o.kind,
            o.said_on,
            o.statement,
            o.probability,
            o.target_on,
            register.source(o.source),
        )
        for o in sorted(material.outlooks, key=lambda o: (o.said_on, o.id), reverse=True)
    ]
    return Table(
        name="outlooks",
        title="What others have said in public",
        columns=(
            Column("event", "event"),
            Column("who", "who"),
            Column("organisation", "organisation"),
            Column("kind", "kind"),
            Column("said_on", "said on", "date"),
            Column("statement", "statement, paraphrased"),
            Column("probability", "chance given", "chance"),
            Column("target_on", "date given", "date"),
            KEYS,
        ),
        rows=tuple(rows),
    )
