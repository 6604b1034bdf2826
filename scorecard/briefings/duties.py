"""What laws and codes ask for, field by field, and where this briefing answers it; an empty answer is a gap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from scorecard.briefings.content import Duty, DutyItem, Line
from scorecard.briefings.material import Material
from scorecard.briefings.references import Register
from scorecard.briefings.verdict import counted

type Answer = tuple[str, str]  # what the record holds, and where in the briefing it stands
type Answerer = Callable[[Material, Sequence[Line]], Answer]
NOTHING: Answer = ("", "")


def _tiers(_material: Material, lines: Sequence[Line]) -> Answer:
    return f"{counted(len(lines), 'threshold')} in our own words", "each threshold in turn"


def _reached(_material: Material, lines: Sequence[Line]) -> Answer:
    found = sum(line.status != "no determination" for line in lines)
    if not found:
        return NOTHING
    return f"developers' determinations on {counted(found, 'threshold')}", "each threshold in turn"


def _forecasts(_material: Material, lines: Sequence[Line]) -> Answer:
    having = sum(line.q50 is not None for line in lines)
    return (f"distributions for {counted(having, 'threshold')}", "chances by date") if having else NOTHING


def _assumptions(material: Material, _lines: Sequence[Line]) -> Answer:
    if not material.criteria:
        return NOTHING
    text = f"{counted(len(material.criteria), 'criterion', 'criteria')} with reasons, and the priors used"
    return text, "how thresholds are measured; priors"


def _uncertainties(material: Material, _lines: Sequence[Line]) -> Answer:
    held = any(row.forecast and not row.forecast.refused for row in material.rows)
    return ("intervals, and what the median depends on most", "largest uncertainties") if held else NOTHING


def _versions(material: Material, _lines: Sequence[Line]) -> Answer:
    versions = {(row.framework.id, row.framework.version) for row in material.rows}
    return (counted(len(versions), "framework version"), "each threshold in turn") if versions else NOTHING


ANSWERS: Mapping[str, Answerer] = {
    "tier_definition": _tiers,
    "tier_reached": _reached,
    "results": _reached,
    "crossing_forecast_distribution": _forecasts,
    "assumptions": _assumptions,
    "uncertainties": _uncertainties,
    "framework_version": _versions,
}


def duties(material: Material, lines: Sequence[Line], register: Register) -> tuple[Duty, ...]:
    """Each duty known on the day; a field that the record cannot answer stays empty."""
    made = []
    for d in material.duties:
        items = []
        for field in d.fields:
            answerer = ANSWERS.get(field)
            answer, where = answerer(material, lines) if answerer else NOTHING
            items.append(DutyItem(field, field.replace("_", " "), answer, where))
        key = register.source(d.source)
        made.append(Duty(id=d.id, name=d.name, in_force_on=d.in_force_on, items=tuple(items), refs=(key,)))
    return tuple(made)
