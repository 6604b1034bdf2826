"""From the scorecard's rows to the lines of a briefing: every number said in words, with its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from scorecard.briefings.content.briefing import Figure, Line, Said
from scorecard.briefings.content.material import Material
from scorecard.briefings.content.references import Register
from scorecard.governance.alerts.levels import sentence
from scorecard.thresholds.board import Latest, ScorecardRow
from scorecard.thresholds.quoted.forecast import Forecast, in_words
from scorecard.words import (
    chance_in_words,
    day_in_words,
    interval_in_words,
    month_in_words,
    title_of,
    value_in_words,
)

MOVED = 30  # days by which a median must move to be called a move: two runs' draws alone differ by some days


def line(row: ScorecardRow, material: Material, register: Register) -> Line:
    """One threshold's line, with its alert levels and what it was on the day that the briefing compares with."""
    t = row.threshold
    before = material.before.get(t.id)
    rests_on = row.status.rests_on.source if row.status.rests_on else t.source
    forecast = row.forecast if row.forecast and not row.forecast.refused and not row.withheld else None
    return Line(
        threshold=t.id,
        developer=row.framework.developer,
        framework=row.framework.name,
        version=t.version,
        category=title_of(t.category),
        level=title_of(t.level),
        kind=t.kind,
        paraphrase=t.paraphrase,
        source=register.source(t.source),
        status=row.status.name,
        reason=Said(row.status.reason, (register.source(rests_on),)),
        moved=_moved(row, before, register),
        unforecast=row.unforecast or row.withheld,
        outdated=forecast.outdated if forecast else "",
        bar=bar(row, material),
        p_12_before=_before(forecast, before, register),
        **_alert(row, material, register),  # type: ignore[arg-type]
        **(_evidence(row.latest, register) if row.latest else {}),  # type: ignore[arg-type]
        **(_chances(forecast, register) if forecast else {}),  # type: ignore[arg-type]
    )


def bar(row: ScorecardRow, material: Material) -> str:
    """What the weightiest criterion asks for, against the best so far, in plain words; empty without a criterion."""
    if not row.criteria:
        return ""
    c = max(row.criteria, key=lambda one: one.weight)
    indicator = material.indicators[c.indicator]
    best = material.readings.get(c.indicator)
    newest = (
        f"; newest reading {value_in_words(best.measurement.value, indicator.unit)}"
        if best is not None
        else ""
    )
    return f"{indicator.name} at {value_in_words(c.level, indicator.unit)}{newest}"


def _before(now: Forecast | None, before: ScorecardRow | None, register: Register) -> Figure | None:
    """The chance of the earlier day, where the same priors and model gave it: else the two are no change."""
    then = before.forecast if before else None
    if (
        now is None
        or then is None
        or then.refused
        or then.p_12_months is None
        or (before and before.withheld)
    ):
        return None
    if (then.run.prior_set, then.run.model, then.run.criteria) != (
        now.run.prior_set,
        now.run.model,
        now.run.criteria,
    ):
        return None
    return Figure(then.p_12_months, "chance", chance_in_words(then.p_12_months), (register.run(then.run),))


def _alert(row: ScorecardRow, material: Material, register: Register) -> Mapping[str, object]:
    alert = material.alerts.get(row.threshold.id)
    if alert is None:
        return {}
    f = row.forecast
    word = row.status.rests_on.source if row.status.rests_on else row.threshold.source
    keys = (register.run(f.run),) if f and not f.refused else (register.source(word),)
    return {
        "alert": alert.capability.named,
        "alert_safeguards": alert.safeguards.named if material.safeguards_shown else "",
        "alert_why": Said(sentence(alert, "capability"), keys),
    }


def _evidence(latest: Latest, register: Register) -> Mapping[str, object]:
    m, unit = latest.measurement, latest.indicator.unit
    keys = (register.source(m.source),)
    bound = {"exact": "", "at_least": "at least ", "at_most": "at most "}[m.bound]
    return {
        "measured_by": latest.indicator.name,
        "latest": Figure(m.value, unit, bound + value_in_words(m.value, unit), keys),
        "latest_interval": interval_in_words(m, unit),
        "latest_system": latest.system,
        "latest_on": Figure(m.observed_on, "date", day_in_words(m.observed_on), keys),
        "age_days": Figure(latest.age_days, "days", f"{latest.age_days} days", keys),
        "marks": latest.marks,
    }


def _chances(f: Forecast, register: Register) -> Mapping[str, object]:
    keys = (register.run(f.run),)

    def chance(p: float | None) -> Figure | None:
        return None if p is None else Figure(p, "chance", chance_in_words(p), keys)

    def when(day: date | None) -> Figure:
        if day is not None:
            # A quantile at the day itself says only that so much of the chance already lies behind.
            return Figure(day, "date", "now" if day <= f.as_of else month_in_words(day), keys)
        return Figure(None, "date", f"after {f.horizon.year}" if f.horizon else "beyond the horizon", keys)

    by = []
    for on, name, p in f.p_by:
        told = chance(p)
        if told is not None:
            by.append((f"{name} ({on.isoformat()})", told))
    return {
        "p_now": chance(f.p_now),
        "p_next_meeting": chance(f.p_next_meeting),
        "p_12_months": chance(f.p_12_months),
        "p_by": tuple(by),
        "q10": when(f.q10),
        # Whoever reads one cell of a table alone is told too.
        "q50": replace(when(f.q50), text=f"{when(f.q50).text} (outdated)") if f.outdated else when(f.q50),
        "q90": when(f.q90),
        "p_beyond_horizon": chance(f.p_beyond_horizon),
    }


def _moved(row: ScorecardRow, before: ScorecardRow | None, register: Register) -> Said:
    """What is different from the row on the earlier day, in a sentence; empty when nothing is."""
    name = f"{row.framework.developer}: {title_of(row.threshold.category)}, {title_of(row.threshold.level)}"
    if before is None:
        return Said(f"{name}: new on the scorecard.", (register.source(row.threshold.source),))
    told = [_status_moved(row, before, register), _reading_moved(row, before, register)]
    told.append(_median_moved(row, before, register))
    parts = [one for one in told if one.text]
    if not parts:
        return Said("")
    keys = dict.fromkeys(key for one in parts for key in one.refs)
    return Said(f"{name}: {'; '.join(one.text for one in parts)}.", tuple(keys))


def _status_moved(row: ScorecardRow, before: ScorecardRow, register: Register) -> Said:
    if row.status.name == before.status.name:
        return Said("")
    rests_on = row.status.rests_on.source if row.status.rests_on else row.threshold.source
    text = f"status from “{before.status.name}” to “{row.status.name}”"
    return Said(text, (register.source(rests_on),))


def _reading_moved(row: ScorecardRow, before: ScorecardRow, register: Register) -> Said:
    now, then = row.latest, before.latest
    if now is None or (then is not None and then.measurement == now.measurement):
        return Said("")
    m, unit = now.measurement, now.indicator.unit
    text = f"newest reading {value_in_words(m.value, unit)}, {now.system}"
    keys = [register.source(m.source)]
    if then is None or then.indicator.id != now.indicator.id:
        text += f", on {now.indicator.name}"  # another indicator: no earlier value to set it against
    elif (then.measurement.system, then.measurement.condition) == (m.system, m.condition):
        text += f" (was {value_in_words(then.measurement.value, unit)})"
        keys.append(register.source(then.measurement.source))
    else:
        text += f"; the one before was of another subject ({then.system})"
    return Said(text, tuple(keys))


def _median_moved(row: ScorecardRow, before: ScorecardRow, register: Register) -> Said:
    days = shift(row, before)
    if days is None or abs(days) < MOVED or row.forecast is None or before.forecast is None:
        return Said("")
    keys = (register.run(before.forecast.run), register.run(row.forecast.run))
    return Said(f"median from {_median(before.forecast)} to {_median(row.forecast)}", keys)


def shift(row: ScorecardRow, before: ScorecardRow | None) -> int | None:
    """Days by which a median moved since the earlier day; None where there are no two dates to compare."""
    now, then = row.forecast, before.forecast if before else None
    if (
        not now
        or not then
        or row.withheld  # no headline: neither the day nor how it moved is shown
        or (before is not None and before.withheld)
        or now.outdated
        or then.outdated
        or now.q50 is None
        or then.q50 is None
        or now.run.id == then.run.id
    ):
        return None
    return (now.q50 - then.q50).days


def _median(f: Forecast) -> str:
    if f.q50 is not None:
        return month_in_words(f.q50)
    return f"after {f.horizon.year}" if f.horizon else "beyond the horizon"


def chance_sentence(p: Figure) -> str:
    """A chance with its plain word: 34 % (about as likely as not)."""
    return f"{p.text} ({in_words(float(p.value))})" if isinstance(p.value, float) else p.text
