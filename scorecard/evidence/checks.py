"""What must hold between the facts: ids that exist, values on their scale, days in order, one row a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scorecard.evidence.findings.consistency import denied, unnamed
from scorecard.evidence.findings.foresight import foreseen
from scorecard.evidence.tables import Fault, Row
from scorecard.records import (
    DEFAULTS,
    AlertRule,
    Assessment,
    Correction,
    Criterion,
    Determination,
    Duty,
    Event,
    Filing,
    Indicator,
    Look,
    LoopPriors,
    Measurement,
    Outlook,
    OversightArea,
    OversightBar,
    PaceRule,
    PriorSet,
    Record,
    Ruling,
    Search,
    SeriesRole,
    Source,
    System,
    TextCheck,
    Threshold,
    ThresholdEvent,
    Watched,
)

RANGE = "range"  # a mark: low and high are the ends of a published range, not an interval with a level

# (kind of record, its field) -> the kind whose id the field names; an empty field names nothing.
REFERENCES: Mapping[tuple[type[Record], str], type[Record]] = {
    (Determination, "threshold"): Threshold,
    (ThresholdEvent, "thresholds"): Threshold,
    (TextCheck, "threshold"): Threshold,
    (Look, "watched"): Watched,
    (Indicator, "informs"): Threshold,
    (Measurement, "indicator"): Indicator,
    (Measurement, "system"): System,
    (Event, "threshold"): Threshold,
    (Outlook, "event"): Event,
    (Criterion, "threshold"): Threshold,
    (Criterion, "indicator"): Indicator,
    (Criterion, "supersedes"): Criterion,
    (Threshold, "route_of"): Threshold,
    (OversightArea, "capability"): Threshold,
    (OversightBar, "area"): OversightArea,
    (OversightBar, "indicator"): Indicator,
    (PaceRule, "threshold"): Threshold,
    (Filing, "duty"): Duty,
    (AlertRule, "threshold"): Threshold,
    (PaceRule, "source"): Source,
    (SeriesRole, "indicator"): Indicator,
}
# What happened cannot be known before it happened.
HAPPENED: Mapping[type[Record], str] = {
    Source: "published_on",
    Determination: "determined_on",
    ThresholdEvent: "happened_on",
    Assessment: "made_on",
    TextCheck: "read_on",
    Correction: "corrected_on",
    Search: "looked_on",
    Look: "looked_on",
    Measurement: "observed_on",
    Outlook: "said_on",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A record and the row that it was read from."""

    record: Record
    row: Row


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """The ids named in the files, those of refused rows included, so that one fault is told once.

    A kind whose file could not be read is absent (`versions`: None), and names of it are not checked.
    """

    ids: Mapping[type[Record], frozenset[str]]
    versions: frozenset[tuple[str, str]] | None  # framework id and version
    unread: frozenset[str] = frozenset()  # tables whose files could not be read

    @property
    def names(self) -> frozenset[str]:
        """Table and id of each row, and the tables that could not be read."""
        return self.unread.union(f"{kind.TABLE}/{id}" for kind, ids in self.ids.items() for id in ids)


def check(entries: Sequence[Entry], known: KnownFacts) -> list[Fault]:
    """Every fault between and inside the records, in the order of the files."""
    indicators = {e.record.id: e.record for e in entries if isinstance(e.record, Indicator)}
    faults = [*_duplicates(entries), *_shared_names(entries)]
    rows = {id(e.record): e.row for e in entries}
    records = [e.record for e in entries]
    for wrong in (*denied(records), *unnamed(records, known.names), *foreseen(records)):
        faults.append(rows[id(wrong.record)].fault(wrong.field, wrong.found, wrong.expected))
    for entry in entries:
        faults += _references(entry, known)
        faults += _order_of_days(entry)
        match entry.record:
            case Indicator():
                faults += _scale_ends(entry.record, entry.row)
            case Measurement() if entry.record.indicator in indicators:
                faults += _measurement(entry.record, entry.row, indicators[entry.record.indicator])
            case Criterion() if entry.record.indicator in indicators:
                faults += _criterion(entry.record, entry.row, indicators[entry.record.indicator])
            case Ruling():
                faults += _ruling(entry.record, entry.row)
            case PriorSet() | LoopPriors():
                faults += _priors(entry.record, entry.row)
            case AlertRule():
                faults += _alert_rule(entry.record, entry.row)
    return faults


def _duplicates(entries: Iterable[Entry]) -> Iterator[Fault]:
    first: dict[tuple[Any, ...], Row] = {}
    for entry in entries:
        key = (type(entry.record), *(getattr(entry.record, name) for name in entry.record.KEY))
        earlier = first.setdefault(key, entry.row)
        if earlier is not entry.row:
            place = f"row {earlier.place}" if isinstance(earlier.place, int) else earlier.place
            said = ", ".join(str(part) for part in key[1:] if part != "")
            yield entry.row.fault(
                ", ".join(entry.record.KEY), said, f"one row for each; {earlier.file}, {place} has the same"
            )


def _shared_names(entries: Iterable[Entry]) -> Iterator[Fault]:
    owners: dict[str, str] = {}
    for entry in entries:
        if not isinstance(entry.record, System):
            continue
        system = entry.record
        for name in dict.fromkeys((system.id, system.name, *system.aliases)):
            owner = owners.setdefault(name.casefold(), system.id)
            if owner != system.id:
                yield entry.row.fault("aliases", name, f"a name of this system only; {owner} has it too")


def _references(entry: Entry, known: KnownFacts) -> Iterator[Fault]:
    record = entry.record
    named = [(field, target) for (kind, field), target in REFERENCES.items() if isinstance(record, kind)]
    if hasattr(record, "source"):
        named.append(("source", Source))
    for field, target in named:
        value = getattr(record, field)
        for name in value if isinstance(value, tuple) else (value,):
            if name and name not in known.ids.get(target, (name,)):
                yield entry.row.fault(field, name, f"the id of a known {target.__name__.lower()}")
    if not isinstance(record, Threshold) or known.versions is None:
        return
    if (record.framework, record.version) not in known.versions:
        found = f"{record.framework}, version {record.version}"
        yield entry.row.fault("framework", found, "a framework and version of frameworks.yaml")


def _order_of_days(entry: Entry) -> Iterator[Fault]:
    field = HAPPENED.get(type(entry.record))
    if field is not None and (day := getattr(entry.record, field)) > entry.record.known_at:
        yield entry.row.fault(field, str(day), f"a day not after known_at ({entry.record.known_at})")
    if isinstance(entry.record, Look | Search) and entry.record.reaches > entry.record.looked_on:
        expected = f"a day not after looked_on ({entry.record.looked_on})"
        yield entry.row.fault("reaches", str(entry.record.reaches), expected)


def _scale_ends(indicator: Indicator, row: Row) -> Iterator[Fault]:
    if indicator.scale != "logit":
        return
    if indicator.lower is None or indicator.upper is None:
        yield row.fault("lower, upper", None, "both ends of the logit scale, such as 0 and 100")
    elif indicator.lower >= indicator.upper:
        yield row.fault("lower", indicator.lower, f"a number below upper ({indicator.upper:g})")


def _on_scale(indicator: Indicator) -> tuple[Callable[[float], bool], str]:
    """Whether a value has a place on the indicator's scale, and the words for what does."""
    match indicator.scale:
        case "log2" | "log10":
            return lambda value: value > 0, f"a number above 0 ({indicator.scale} scale)"
        case "logit" if indicator.lower is not None and indicator.upper is not None:
            lower, upper = indicator.lower, indicator.upper
            words = f"a number between {lower:g} and {upper:g} (logit scale)"
            return lambda value: lower <= value <= upper, words
        case _:
            return lambda _: True, "a number"


def _measurement(m: Measurement, row: Row, indicator: Indicator) -> Iterator[Fault]:
    fits, words = _on_scale(indicator)
    good = {name: value for name in ("value", "low", "high") if (value := getattr(m, name)) is not None}
    for name, value in good.items():
        if not fits(value):
            yield row.fault(name, value, words)
    if indicator.scale == "logit" and m.value in (indicator.lower, indicator.upper) and not m.n:
        yield row.fault(
            "value", m.value, "a number inside the logit scale; at its very end give n, or a bound inside it"
        )
    if m.low is not None and m.high is not None and m.low > m.high:
        yield row.fault("low", m.low, f"a number not above high ({m.high:g})")
    elif (m.low is not None and m.low > m.value) or (m.high is not None and m.high < m.value):
        yield row.fault("value", m.value, f"a number inside its own interval ({_ends(m)})")
    if m.interval is not None and not 0 < m.interval < 1:
        yield row.fault("interval", m.interval, "the interval's level between 0 and 1, such as 0.95")
    if (m.low is not None or m.high is not None) and m.interval is None and RANGE not in m.marks:
        yield row.fault("interval", None, f"the level of low to high, such as 0.95, or the mark {RANGE!r}")
    if RANGE in m.marks and m.main:
        yield row.fault("main", "true", f"false: a {RANGE!r} has no level, so it is shown and not fitted")
    if m.n is not None and m.n < 1:
        yield row.fault("n", m.n, "a whole number above 0")


def _ends(m: Measurement) -> str:
    low = "open" if m.low is None else f"{m.low:g}"
    return f"{low} to {'open' if m.high is None else f'{m.high:g}'}"


def _criterion(criterion: Criterion, row: Row, indicator: Indicator) -> Iterator[Fault]:
    fits, words = _on_scale(indicator)
    if not fits(criterion.level):
        yield row.fault("level", criterion.level, words)
    for name in ("level_sd", "gap_sd"):
        if getattr(criterion, name) < 0:
            yield row.fault(name, getattr(criterion, name), "a number of 0 or more")
    if criterion.weight <= 0:
        yield row.fault("weight", criterion.weight, "a number above 0")


def _ruling(ruling: Ruling, row: Row) -> Iterator[Fault]:
    """Files hold what the scorecard itself takes back; people rule in a store, where a second person is asked for."""
    if (ruling.ruling, ruling.ruled_by) != ("withdrawn", DEFAULTS):
        found = f"{ruling.ruling} by {ruling.ruled_by}"
        yield row.fault("ruling", found, f"withdrawn by {DEFAULTS}; people rule in a store")


PRIOR_FIELDS = ("family", "params", "unit", "meaning")


def _priors(record: PriorSet | LoopPriors, row: Row) -> Iterator[Fault]:
    """A prior that does not say what it is; whether a family takes its parameters is for the maths to say."""
    for group, priors in record.priors.items():
        if not isinstance(priors, Mapping):
            yield row.fault(f"priors.{group}", priors, "parameters with their priors")
            continue
        for name, given in priors.items():
            missing = [one for one in PRIOR_FIELDS if not isinstance(given, Mapping) or one not in given]
            if missing:
                yield row.fault(f"priors.{group}.{name}", None, f"a prior with {', '.join(missing)}")


def _alert_rule(rule: AlertRule, row: Row) -> Iterator[Fault]:
    """A level that is left above where it is entered would be entered and left in one breath."""
    if rule.measure == "word":
        if not rule.words:
            yield row.fault("words", None, "the words of a developer that enter this level")
        return
    if not 0 < rule.leave < rule.enter <= 1:
        yield row.fault("leave", rule.leave, f"a chance above 0 and below enter ({rule.enter:g})")
    if not rule.leave <= rule.enter_unsure <= rule.enter:
        yield row.fault("enter_unsure", rule.enter_unsure, "a chance from leave to enter")
