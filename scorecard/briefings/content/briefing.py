"""What a briefing holds: findings first, then tables, each number with keys into its own list of sources.

Everything here is plain and frozen, so that one briefing can be rendered by any exporter and hashed.
Text is what people wrote; no exporter may take it for markup.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from scorecard.briefings import Audience
from scorecard.store import StoreError
from scorecard.words import visible

if TYPE_CHECKING:
    import altair as alt

SCHEMA = "3"  # of the content's shape; see docs/briefing.schema.json
Cell = str | float | int | bool | date | None
ColumnKind = Literal["text", "number", "chance", "date", "count", "keys", "yes"]
ReferenceKind = Literal[
    "source",
    "forecast run",
    "criterion",
    "prior set",
    "decision",
    "calendar",
    "commentary",
    "safeguard",
    "warning rule",
    "backtest",
]


class BriefingRefused(StoreError):
    """A briefing was asked for in a way that does not exist; the message names the ways there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One entry of the list of sources; `key` is what the numbers carry."""

    key: str
    kind: ReferenceKind
    title: str
    day: date
    where: str  # an address, or the full id of a thing in the record
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the keys of what its figures rest on; without a figure it needs none."""

    text: str
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """One of the four things that a board asks first, under its label; all four stand on page one."""

    label: Literal["Where we stand", "What changed", "What to decide", "How sure we are"]
    said: Said


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or date, how it is said, and the keys of what it rests on.

    `value` is None where a date lies beyond the horizon; `text` then says so. Chances are in [0, 1].
    """

    value: float | date | None
    unit: str
    text: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One threshold: status with reason, alert levels, newest evidence, chance by date with its interval.

    `bar` is what the evidence is held against; `p_12_before` the chance within 12 months on the day compared with,
    where the same priors and model gave it.
    `source` is the key of the document whose threshold `paraphrase` says in our words.
    """

    threshold: str
    developer: str
    framework: str
    version: str
    category: str
    level: str
    kind: str
    paraphrase: str
    source: str
    status: str
    reason: Said
    alert: str = ""
    alert_safeguards: str = ""
    alert_why: Said = Said("")
    bar: str = ""
    p_12_before: Figure | None = None
    measured_by: str = ""
    latest: Figure | None = None
    latest_interval: str = ""
    latest_system: str = ""
    latest_on: Figure | None = None
    age_days: Figure | None = None
    marks: tuple[str, ...] = ()
    p_now: Figure | None = None
    p_next_meeting: Figure | None = None
    p_12_months: Figure | None = None
    p_by: tuple[tuple[str, Figure], ...] = ()
    q10: Figure | None = None
    q50: Figure | None = None
    q90: Figure | None = None
    p_beyond_horizon: Figure | None = None
    unforecast: str = ""
    outdated: str = ""  # why the forecast is not what one made now would be
    moved: Said = Said("")

    @property
    def name(self) -> str:
        """The threshold as a person would name it."""
        return f"{self.developer}: {self.category}, {self.level}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `unit` is empty where the row names it."""

    name: str
    label: str
    kind: ColumnKind = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the annex; a row with a number in it has keys in its column of kind "keys"."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What this audience does not get, how many of it, and why."""

    what: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyAnswer:
    """What a law, a code or a framework asks for, filing by filing, and how far each is."""

    id: str
    name: str
    in_force_on: date
    items: tuple[DutyItem, ...]
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyItem:
    """One filing with all developers who owe it, or one field of what a framework itself obliges.

    `answer` is how it stands in words, `said` the same by developer; `due` the next date for any of them; `state` that
    of the least ready field; `missing` of the `fields` nothing stands under.
    """

    field: str
    asks: str
    article: str
    due: date | None
    state: str
    fields: int
    missing: int
    answer: str
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart of the briefing, drawn when somebody asks for it; `curve` are its dates and chances, if it is one.

    Until then the library of charts, which takes a second to import, is not loaded.
    """

    name: str
    about: str
    draw: Callable[[], alt.LayerChart]
    points: Callable[[], tuple[tuple[date, float], ...]] = tuple

    @cached_property
    def chart(self) -> alt.LayerChart:
        """The chart, drawn once, however many formats show it."""
        return self.draw()

    @property
    def curve(self) -> tuple[tuple[date, float], ...]:
        """Each date on the axis of a curve with the chance by then, in [0, 1]; empty for other charts."""
        return self.points()

    @cached_property
    def svg(self) -> str:
        """The chart as SVG."""
        from scorecard.charts import drawn

        return drawn(self.spec)

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The chart as a Vega specification with its data inside, ready to be drawn."""
        from scorecard.charts import as_vega

        return as_vega(self.chart)

    @property
    def words(self) -> str:
        """The chart in words, for those who cannot see it."""
        return visible(str(self.chart.description))


@dataclass(frozen=True, kw_only=True)
class Briefing:
    """A briefing of a day for an audience, verdict first; `hash` covers all of it but the drawings.

    `snapshot` is the id of what it was written from, empty where that is the record as it stands.
    """

    title: str
    as_of: date
    snapshot: str
    since: date
    next_meeting: date
    audience: Audience
    verdict: tuple[LabelledAnswer, ...]
    lines: tuple[Line, ...]
    changed: tuple[Said, ...]
    uncertainties: tuple[Said, ...]
    disagreements: tuple[Said, ...]
    decided: tuple[Said, ...]
    sought: tuple[Said, ...]
    commentary: tuple[Said, ...]
    lead_times: tuple[Said, ...]
    track_record: tuple[Said, ...]
    method: tuple[Said, ...]
    tables: tuple[Table, ...]
    duties: tuple[DutyAnswer, ...]
    references: tuple[Reference, ...]
    withheld: tuple[Withheld, ...]
    drawings: tuple[Drawing, ...]

    @cached_property
    def hash(self) -> str:
        """sha256 of the content as JSON: the same content has the same hash on any machine."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False, allow_nan=False)
        return sha256(text.encode()).hexdigest()

    @property
    def short_hash(self) -> str:
        """The beginning of the hash, as pages print it."""
        return self.hash[:12]

    def as_json(self) -> dict[str, Any]:
        """The content as plain values, without the drawings: what is hashed and what JSON carries."""
        plain = {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name != "drawings"}
        return {"schema": SCHEMA, **plain}

    def table(self, name: str) -> Table:
        """One table of the annex by its name; KeyError when there is none."""
        found = {table.name: table for table in self.tables}
        return found[name]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def walk(item: object) -> Iterator[Figure | Said | Table]:
    """Every figure, sentence and table inside a briefing or a part of it, for those who check them."""
    if isinstance(item, Figure | Said | Table):
        yield item
    elif isinstance(item, tuple | list):
        for part in item:
            yield from walk(part)
    elif is_dataclass(item) and not isinstance(item, type):
        for f in fields(item):
            yield from walk(getattr(item, f.name))
