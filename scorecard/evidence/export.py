"""One table of the record, or the attempts, to a file that other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pandas.api.types import is_numeric_dtype
from pyarrow import parquet

from scorecard import clock
from scorecard.evidence.names import Registry
from scorecard.records import RECORDS, Judgement, Question, Record
from scorecard.store import Store, attempts
from scorecard.words import literal

_KINDS: Mapping[str, type[Record]] = {cls.TABLE: cls for cls in RECORDS}
TABLES = (*_KINDS, "attempts")


def write(store: Store, table: str, format: str, out: Path, *, as_of: date | None = None) -> int:
    """Write a table as known on a day; the number of its rows.

    CSV joins lists with "; " and neutralises formulas; JSON has one object a line. Experts' answers are
    written once their question has closed.
    """
    with store.view(as_of=as_of) as known:
        if table == "attempts":
            return attempts.export(store, known, out, format, names=Registry.of(known).ids)
        frame = known.frame(_KINDS[table])
        if table == Judgement.TABLE:  # experts answer blind to each other, and a file would tell them
            day = as_of or clock.today()
            shut = [q.id for q in known.all(Question) if q.state(day) != "open"]
            frame = frame[frame["question"].isin(shut)]
    if format == "parquet":
        parquet.write_table(pa.Table.from_pandas(frame, preserve_index=False), out)
    elif format == "json":
        # pandas writes an empty line for no row.
        told = frame.to_json(orient="records", lines=True, date_format="iso", force_ascii=False)
        out.write_text(told if len(frame) else "", encoding="utf-8")
    else:
        lists = [name for name in frame if any(isinstance(cell, list) for cell in frame[name])]
        for name in lists:
            frame[name] = frame[name].map(lambda cell: "; ".join(map(str, cell)))
        harmless(frame).to_csv(out, index=False)
    return len(frame)


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """The same table, with an apostrophe before every text (and column name) that a spreadsheet would run."""
    made = table.rename(columns=literal)
    for name in made.columns:
        if not is_numeric_dtype(made[name]):
            made[name] = made[name].map(_cell, na_action="ignore")
    return made


def _cell(value: object) -> object:
    return literal(value) if isinstance(value, str) else value
