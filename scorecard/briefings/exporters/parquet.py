"""Parquet: the scorecard, a row a threshold, with typed columns, for notebooks and other programs."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq

from scorecard.briefings.content.briefing import Briefing, ColumnKind
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.parts import head, reference_in_words, scorecard_data

TYPES: dict[ColumnKind, pa.DataType] = {
    "text": pa.string(),
    "number": pa.float64(),
    "chance": pa.float64(),
    "date": pa.date32(),
    "count": pa.int64(),
    "keys": pa.list_(pa.string()),
    "yes": pa.bool_(),
}


def render(briefing: Briefing) -> bytes:
    """The scorecard as Parquet; the file's metadata holds the day, audience, hash and each source's key in full."""
    table = scorecard_data(briefing)
    fields, arrays = [], []
    for column, cells in zip(
        table.columns, zip(*table.rows, strict=True) if table.rows else [()] * len(table.columns), strict=True
    ):
        values = [str(cell).split() for cell in cells] if column.kind == "keys" else list(cells)
        fields.append(pa.field(column.name, TYPES[column.kind], metadata={"label": head(column)}))
        arrays.append(pa.array(values, TYPES[column.kind]))
    listed = {reference.key: reference_in_words(reference) for reference in briefing.references}
    metadata = {
        "title": briefing.title,
        "as_of": briefing.as_of.isoformat(),
        "audience": briefing.audience,
        "content": briefing.hash,
        "sources": json.dumps(listed, ensure_ascii=False),
        "withheld": json.dumps([f"{w.what}: {w.count}, because {w.reason}" for w in briefing.withheld]),
    }
    out = io.BytesIO()
    pq.write_table(pa.table(arrays, pa.schema(fields, metadata)), out, compression="zstd")
    return out.getvalue()


EXPORTER = Exporter(
    name="parquet",
    title="Parquet",
    suffix=".parquet",
    mime="application/vnd.apache.parquet",
    place=8,
    render=render,
)
