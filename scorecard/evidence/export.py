"""One table of the record, or the attempts, to a file that other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from scorecard.evidence.names import Registry
from scorecard.records import RECORDS, Judgement, Question, Record
from scorecard.store import Store, attempts

FORMATS = ("csv", "parquet", "json")
_KINDS: Mapping[str, type[Record]] = {cls.TABLE: cls for cls in RECORDS}
TABLES = (*_KINDS, "attempts")


def write(store: Store, table: str, format: str, out: Path, *, as_of: date | None = None) -> int:
    """Write a table as known on a day; the number of its rows.

    CSV joins lists with "; ", JSON has one object a line. Experts' answers are written once their question has closed.
    """
    with store.view(as_of=as_of) as known:
        if table == "attempts":
            return attempts.export(store, known, out, format, names=Registry.of(known).ids)
        frame = known.frame(_KINDS[table])
        if table == Judgement.TABLE:  # experts answer blind to each other, and a file would tell them
            day = as_of or datetime.now(UTC).date()
            shut = [q.id for q in known.all(Question) if q.state(day) != "open"]
            frame = frame[frame["question"].isin(shut)]
    if format == "parquet":
        parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), out)
    elif format == "json":
        frame.to_json(out, orient="records", lines=True, date_format="iso", force_ascii=False)
    else:
        lists = [name for name in frame if frame[name].map(lambda cell: isinstance(cell, list)).any()]
        for name in lists:
            frame[name] = frame[name].map(lambda cell: "; ".join(map(str, cell)))
        frame.to_csv(out, index=False)
    return len(frame)
