"""Reads the record as it stood at a moment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from scorecard.records import LogEntry, Record
from scorecard.store.errors import StoreError
from scorecard.store.rows import columns, decoded, from_row

if TYPE_CHECKING:
    import pandas as pd

type Wanted = str | int | bool | date | list[str]  # a list: any of these


def _kind(cls: type[Record]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()


class View:
    """The record as it stood: known by `as_of`, and stored by `seen_at`; both None mean now.

    What we ourselves hold (criteria, priors, rulings, the calendar) is that of `as_of` too, unless `assumptions` names
    another day. Kinds that stand from the start are applied to days before they were first recorded. `supposing` are
    records that `all` and `get` find as if they had been stored last: what would follow if they were.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        as_of: date | None,
        seen_at: datetime | None,
        assumptions: date | None = None,
        supposing: Sequence[Record] = (),
    ) -> None:
        self._connection = connection
        self.as_of = as_of
        self.seen_at = seen_at
        self.assumptions = assumptions or as_of
        self._supposed = tuple(supposing)
        self._read: dict[tuple[object, ...], list[Any]] = {}

    def all[R: Record](self, cls: type[R], **equal: Wanted) -> list[R]:
        """Every current record of a kind, in the order stored; keywords keep equal fields (of a list: any) only."""
        asked = (cls, *((name, str(value)) for name, value in sorted(equal.items())))
        if asked not in self._read:  # nothing changes while a view is open, and many ask for the same
            names = columns(cls)
            rows = self._rows(cls, names, equal)
            found = [from_row(cls, dict(zip(names, row, strict=True))) for row in rows]
            self._read[asked] = [*found, *self._of_supposed(cls, equal)]
        return list(self._read[asked])

    def _of_supposed[R: Record](self, cls: type[R], equal: Mapping[str, Wanted]) -> list[R]:
        def wanted(one: R) -> bool:
            return all(
                getattr(one, name) in (value if isinstance(value, list) else [value])
                for name, value in equal.items()
            )

        return [one for one in self._supposed if isinstance(one, cls) and wanted(one)]

    def fields(self, cls: type[Record], *names: str, **equal: Wanted) -> list[tuple[Any, ...]]:
        """Some fields of the same records, without reading the rest: results of forecasts are long."""
        return [decoded(cls, names, row) for row in self._rows(cls, names, equal)]

    def get[R: Record](self, cls: type[R], **key: str) -> R:
        """The one record with this key; StoreError names what was not found."""
        found = self.all(cls, **key)
        if len(found) != 1:
            asked = ", ".join(f"{name} {value!r}" for name, value in key.items())
            raise StoreError(
                f"no {_kind(cls)} with {asked} is known" + (f" as of {self.as_of}" if self.as_of else "")
                if not found
                else f"{len(found)} records of {cls.TABLE} have {asked}; name the whole key {cls.KEY}"
            )
        return found[0]

    def frame(self, cls: type[Record], **equal: Wanted) -> pd.DataFrame:
        """The same records as a DataFrame, a column a field, with `recorded_at` and `seq`."""
        names = (*columns(cls), "recorded_at", "seq")
        return _as_frame(names, self._rows(cls, names, equal))

    def _rows(
        self, cls: type[Record], names: Sequence[str], equal: Mapping[str, Any], *, latest: bool = True
    ) -> list[tuple[Any, ...]]:
        unknown = set(equal) - set(columns(cls))
        if unknown:
            raise StoreError(f"{cls.TABLE} has no field {', '.join(sorted(unknown))}")
        # A keyword that is not part of the key must be compared after the latest row is found.
        known_by = self.assumptions if cls.OURS else self.as_of
        latest_day = f"greatest(?, (SELECT min(known_at) FROM {cls.TABLE}))" if cls.STANDING else "?"
        inner = [f"known_at <= {latest_day}"] * (known_by is not None) + ["recorded_at <= ?"] * (
            self.seen_at is not None
        )
        values: list[Any] = [moment for moment in (known_by, self.seen_at and naive(self.seen_at)) if moment]
        where = f" WHERE {' AND '.join(inner)}" if inner else ""
        if latest and not equal:
            # The latest of each key is picked here: for tables of this size a window costs twice the reading.
            asked = (*cls.KEY, *names)
            sql = f"SELECT {', '.join(asked)} FROM {cls.TABLE}{where} ORDER BY seq, row_no"
            newest: dict[tuple[Any, ...], tuple[Any, ...]] = {}
            for row in self._connection.execute(sql, values).fetchall():
                of = row[: len(cls.KEY)]
                newest.pop(of, None)  # a row that takes another's place stands where it was stored itself
                newest[of] = row[len(cls.KEY) :]
            return list(newest.values())
        sql = f"SELECT * FROM {cls.TABLE}{where}"
        if latest:
            key = ", ".join(cls.KEY)
            sql += f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY seq DESC) = 1"
        outer = " AND ".join(
            f"list_contains(?, {name})" if isinstance(one, list) else f"{name} = ?"
            for name, one in equal.items()
        )
        sql = f"SELECT {', '.join(names)} FROM ({sql})" + (f" WHERE {outer}" if outer else "")
        return self._connection.execute(f"{sql} ORDER BY seq, row_no", [*values, *equal.values()]).fetchall()

    def history(self, cls: type[Record], **equal: Wanted) -> pd.DataFrame:
        """Every row ever stored for these fields, superseded ones included, oldest first."""
        names = (*columns(cls), "recorded_at", "seq")
        return _as_frame(names, self._rows(cls, names, equal, latest=False))

    def stored_by[R: Record](self, cls: type[R], entry: int) -> R | None:
        """The first record of a kind that a log entry stored, superseded or not."""
        names = columns(cls)
        sql = f"SELECT {', '.join(names)} FROM {cls.TABLE} WHERE seq = ? ORDER BY row_no LIMIT 1"
        row = self._connection.execute(sql, [entry]).fetchone()
        return from_row(cls, dict(zip(names, row, strict=True))) if row else None

    def log(self) -> list[LogEntry]:
        """The transactions, oldest first."""
        names = tuple(LogEntry.__dataclass_fields__)
        sql = f"SELECT {', '.join(names)} FROM log ORDER BY seq"
        rows = [dict(zip(names, row, strict=True)) for row in self._connection.execute(sql).fetchall()]
        return [LogEntry(**{**row, "recorded_at": row["recorded_at"].replace(tzinfo=UTC)}) for row in rows]


def _as_frame(names: Sequence[str], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd  # most of a second, which most commands do without

    return pd.DataFrame(rows, columns=list(names))


def naive(moment: datetime) -> datetime:
    """A moment as the store keeps it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
