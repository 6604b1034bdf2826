"""From a printed key to the row behind it: which table, since when, written by whom, from which source and draws."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scorecard.records import RECORDS, Record, Source
from scorecard.store import StoreError, View

SHORT = 8  # characters of an id that are enough to name it
HEX = re.compile(r"[0-9a-f]+")
ALSO = ("threshold", "indicator", "forecast_run", "prior_set", "criteria", "evidence")  # keys that lead on


class NothingTraced(StoreError):
    """No row has such a key; the message says which forms of key there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One row that a key names: the newest under it, how many came before, the log entry that stored it, its source.

    `leads_to` names further keys in the row, `draws` is the sha256 of a forecast's draws.
    """

    table: str
    key: str
    known_at: date
    recorded_at: datetime
    entry: int
    by: str
    action: str
    versions: int
    source: str
    address: str
    grade: str
    draws: str
    leads_to: tuple[str, ...]
    row: Mapping[str, Any]


def trace(view: View, key: str) -> list[Trace]:
    """Every row that a key names: an id whole or by its first 8 characters, or a row's key as `table/key`.

    Raises NothingTraced where there is none.
    """
    asked = key.strip()
    entries = {entry.seq: entry for entry in view.log()}
    sources = {one.id: one for one in view.all(Source)}
    found = []
    for kind in RECORDS:
        rows = list(_rows(view, kind, asked))
        if not rows:
            continue
        for name in dict.fromkeys(row["key"] for row in rows):
            same = [row for row in rows if row["key"] == name]
            newest = same[-1]
            entry = entries[newest["seq"]]
            source = sources.get(str(newest.get("source", "")))
            found.append(
                Trace(
                    table=kind.TABLE,
                    key=name,
                    known_at=newest["known_at"],
                    recorded_at=newest["recorded_at"],
                    entry=newest["seq"],
                    by=entry.actor,
                    action=entry.action,
                    versions=len(same),
                    source=source.title if source else str(newest.get("url", "")),
                    address=source.url if source else "",
                    grade=str(newest.get("grade", "")),
                    draws=str(newest.get("draws_sha256", "")),
                    leads_to=tuple(_leads(newest)),
                    row={name: value for name, value in newest.items() if name != "key"},
                )
            )
    if not found:
        raise NothingTraced(
            f"nothing on record has the key {key!r}; give an id as it is printed (8 characters of a hash are enough), "
            "or table/key, such as criteria/openai_high.p80_40h"
        )
    return found


def _rows(view: View, kind: type[Record], asked: str) -> Iterator[dict[str, Any]]:
    """The rows of a kind that a key names, oldest first."""
    for row in view.history(kind).to_dict("records"):
        key = "/".join(str(row[name]) for name in kind.KEY if row[name] not in ("", None))
        id = str(row.get("id", ""))
        short = len(asked) >= SHORT and HEX.fullmatch(asked) is not None and id.startswith(asked)
        if short or asked in (key, f"{kind.TABLE}/{key}") or (id and id == asked):
            yield {str(name): value for name, value in row.items()} | {"key": key}


def _leads(row: Mapping[str, Any]) -> Iterator[str]:
    for name in ALSO:
        value = row.get(name)
        for one in value if isinstance(value, list | tuple) else (value,):
            if isinstance(one, str) and one:
                yield one
