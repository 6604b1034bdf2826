"""Criteria as proposals: what would be read differently under them, and how two of them, or two versions, differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from math import exp, isfinite
from typing import Any

from scorecard.evidence.readings.adjusting import readings
from scorecard.evidence.readings.vintages import current
from scorecard.governance.proposals import propose
from scorecard.people import Actor
from scorecard.records import Criterion, Framework, Indicator, Measurement, Threshold
from scorecard.store import Store, StoreError, View
from scorecard.words import title_of

COMPARED = (
    "threshold",
    "route",
    "indicator",
    "level",
    "level_sd",
    "gap",
    "gap_sd",
    "weight",
    "rationale",
    "author",
    "source",
)
CLAUSES = ("paraphrase", "operationalisation", "obligations")
RENAMED = 0.5  # how alike two texts are at least that are taken for one threshold under two names


class CriterionRefused(StoreError):
    """A criterion that cannot measure its threshold; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified:
    """A reading already on record that a criterion reads differently: reached before and now; value in `unit`."""

    indicator: str
    system: str
    observed_on: date
    value: float
    unit: str
    before: bool
    now: bool

    @property
    def words(self) -> str:
        """The same in a few words."""
        turned = "now reaches it" if self.now else "no longer reaches it"
        return f"{self.system} ({self.value:g} {self.unit}, {self.observed_on}) {turned}"


def level_in_work(criterion: Criterion, indicator: Indicator) -> float:
    """The median level with its gap to real work, in the indicator's unit."""
    gap = criterion.gap if indicator.direction == "higher" else -criterion.gap
    match indicator.scale:
        case "log2":
            return criterion.level * 2.0**gap
        case "log10":
            return criterion.level * 10.0**gap
        case "logit":
            low = 0.0 if indicator.lower is None else indicator.lower
            high = 1.0 if indicator.upper is None else indicator.upper
            share = (criterion.level - low) / (high - low)
            odds = share / (1 - share) * exp(gap)
            return low + (high - low) * odds / (1 + odds)
        case _:
            return criterion.level + gap


def reaching(
    criterion: Criterion, indicator: Indicator, readings: Iterable[Measurement]
) -> list[Measurement]:
    """The main readings, newest vintage of each, that are at or beyond the criterion's median level."""
    level = level_in_work(criterion, indicator)
    higher = indicator.direction == "higher"
    wrong_side = "at_most" if higher else "at_least"
    ours = current(m for m in readings if m.indicator == indicator.id and m.main)
    return [m for m in ours if m.bound != wrong_side and (m.value >= level if higher else m.value <= level)]


def reclassified(view: View, criterion: Criterion) -> list[Reclassified]:
    """Readings on record that a criterion reads differently from the one it supersedes.

    Without a predecessor nothing had reached the threshold by this measure, so every reading that now does counts.
    """
    before = view.all(Criterion, id=criterion.supersedes) if criterion.supersedes else []
    was, now = (_reached(view, criteria) for criteria in (before, [criterion]))
    return [
        Reclassified(
            indicator=m.indicator,
            system=m.system,
            observed_on=m.observed_on,
            value=m.value,
            unit=view.get(Indicator, id=m.indicator).unit,
            before=key in was,
            now=key in now,
        )
        for key, m in {**was, **now}.items()
        if (key in was) != (key in now)
    ]


def _reached(view: View, criteria: Iterable[Criterion]) -> dict[tuple[object, ...], Measurement]:
    """The readings that reach any of these criteria, by what they are readings of."""
    found: dict[tuple[object, ...], Measurement] = {}
    for one in criteria:
        indicator = view.get(Indicator, id=one.indicator)
        for m in reaching(one, indicator, readings(view, indicator=indicator.id)):
            found[m.subject] = m
    return found


def propose_criterion(store: Store, criterion: Criterion, actor: Actor) -> list[Reclassified]:
    """Propose a criterion; what it reads differently is returned and marked in the log.

    Raises NotAllowed, ProposalRefused, and CriterionRefused when it cannot measure its threshold.
    """
    with store.view() as now:
        now.get(Threshold, id=criterion.threshold)
        indicator = now.get(Indicator, id=criterion.indicator)
        check_criterion(criterion, indicator)
        changed = reclassified(now, criterion)
    mark = (
        f"evidence already in would be read differently: {'; '.join(c.words for c in changed)}"
        if changed
        else ""
    )
    propose(store, criterion, actor, note=mark)
    return changed


def check_criterion(criterion: Criterion, indicator: Indicator) -> None:
    """Raise CriterionRefused, in words, for numbers that cannot measure anything on the indicator's scale."""
    numbers = (criterion.level, criterion.level_sd, criterion.gap, criterion.gap_sd, criterion.weight)
    if not all(map(isfinite, numbers)) or min(numbers[1:]) < 0 or criterion.weight == 0:
        raise CriterionRefused("level_sd, gap and gap_sd must be zero or more, and weight above zero")
    low = 0.0 if indicator.scale in ("log2", "log10") else indicator.lower
    if indicator.scale != "linear" and (
        (low is not None and criterion.level <= low)
        or (indicator.scale == "logit" and indicator.upper is not None and criterion.level >= indicator.upper)
    ):
        raise CriterionRefused(
            f"level {criterion.level:g} {indicator.unit} has no place on the {indicator.scale} scale of {indicator.id}"
        )


def differences(view: View, one: str, other: str) -> dict[str, Any]:
    """Two criteria field by field, and the readings on record that they classify differently."""
    a, b = view.get(Criterion, id=one), view.get(Criterion, id=other)
    fields = {
        name: [getattr(a, name), getattr(b, name)]
        for name in COMPARED
        if getattr(a, name) != getattr(b, name)
    }
    reached = [{m.system for m in _reached(view, [criterion]).values()} for criterion in (a, b)]
    return {
        "from": one,
        "to": other,
        "fields": fields,
        "reached_only_by_from": sorted(reached[0] - reached[1]),
        "reached_only_by_to": sorted(reached[1] - reached[0]),
    }


def versions_compared(view: View, framework: str, old: str, new: str) -> list[dict[str, Any]]:
    """Two versions of a framework clause by clause: each threshold's texts as [old, new], and how alike (0 to 1).

    Thresholds are matched by category and level, and what is left by its text where that is at least RENAMED alike:
    `was` is then the name it had. One without a counterpart stands alone.
    """
    for version in (old, new):
        view.get(Framework, id=framework, version=version)
    sides = [
        {(t.category, t.level): t for t in view.all(Threshold, framework=framework, version=v)}
        for v in (old, new)
    ]
    renamed = _renamed(*sides)
    gone = set(renamed.values())
    rows = []
    for category, level in dict.fromkeys([*sides[0], *sides[1]]):
        if (category, level) in gone:
            continue  # it stands under its new name
        was = renamed.get((category, level))
        pair = [sides[0].get(was or (category, level)), sides[1].get((category, level))]
        for clause in CLAUSES:
            texts = ["" if t is None else _text(getattr(t, clause)) for t in pair]
            if any(texts):
                rows.append(
                    {
                        "category": category,
                        "level": level,
                        "was": f"{title_of(was[0])}: {was[1]}" if was else "",
                        "clause": clause,
                        "from": texts[0],
                        "to": texts[1],
                        "alike": round(_alike(*texts), 2),
                    }
                )
    return rows


type _Named = tuple[str, str]  # category and level


def _renamed(old: Mapping[_Named, Threshold], new: Mapping[_Named, Threshold]) -> dict[_Named, _Named]:
    """New name to old one of thresholds that only their texts show to be the same, the most alike first."""
    pairs = [
        (_alike(old[before].paraphrase, new[after].paraphrase), after, before)
        for before in old.keys() - new.keys()
        for after in new.keys() - old.keys()
    ]
    found: dict[_Named, _Named] = {}
    for likeness, after, before in sorted(pairs, reverse=True):
        if likeness >= RENAMED and after not in found and before not in found.values():
            found[after] = before
    return found


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "; ".join(value)
