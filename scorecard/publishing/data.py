"""The site's data at addresses that stay: JSON and CSV below v1/, described in docs/publish.md."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from scorecard import __version__
from scorecard.publishing.material import Edition
from scorecard.records import Measurement
from scorecard.thresholds.board import ScorecardRow
from scorecard.words import literal

SCHEMA = "1"
PLACE = "v1"  # of the addresses: a field may join there, none goes or changes its meaning
# Of a row's plain values, those that are told in public: not the voices, which quote a committee.
TOLD = (
    *(
        "threshold",
        "framework",
        "developer",
        "version",
        "category",
        "level",
        "kind",
        "status",
        "reason",
        "reached",
    ),
    *("next_level", "searched_to", "latest", "p_now", "p_12_months", "p_by", "q10", "q50", "q90"),
    *("p_beyond_horizon", "horizon", "forecast_run", "model", "unforecast", "source", "grade"),
    *("weight_used", "withheld", "confidence", "because", "outdated", "same_as", "by_measurement", "mcse"),
)
FLAT = tuple(name for name in TOLD if name not in ("latest", "p_by", "same_as", "by_measurement", "mcse"))
LATEST = (
    "indicator",
    "value",
    "unit",
    "low",
    "high",
    "interval",
    "bound",
    "system",
    "date",
    "source",
    "grade",
)


def data(edition: Edition) -> dict[str, bytes]:
    """Every data file of an edition by its path."""
    rows = [told(row) for row in edition.rows]
    about, joint = about_of(edition), edition.material.together
    files = {
        f"{PLACE}/scorecard.json": _json(
            {**about, "together": joint.as_json() if joint else None, "rows": rows}
        ),
        f"{PLACE}/scorecard.csv": _csv(
            (*FLAT, *(f"latest_{name}" for name in LATEST)),
            ([row[n] for n in FLAT] + [(row["latest"] or {}).get(n) for n in LATEST] for row in rows),
        ),
    }
    for row, plain in zip(edition.rows, rows, strict=True):
        run = row.forecast.run if row.forecast and not row.forecast.refused else None
        curve = list(zip(run.quoted.cdf.dates, run.quoted.cdf.p, strict=True)) if run else []
        whole = {
            **about,
            **plain,
            "paraphrase": row.threshold.paraphrase,
            "criteria": [
                {"id": c.id, "indicator": c.indicator, "level": c.level, "weight": c.weight}
                for c in row.criteria
            ],
            "findings": [h.as_json() for h in row.timeline],
            "chance_by": [{"date": day.isoformat(), "p": p} for day, p in curve],
        }
        files[f"{PLACE}/thresholds/{row.threshold.id}.json"] = _json(whole)
        files[f"{PLACE}/thresholds/{row.threshold.id}.csv"] = _csv(("date", "p"), curve)
    for id, readings in edition.readings.items():
        if id in edition.material.indicators:
            files[f"{PLACE}/evidence/{id}.csv"] = _readings(edition, id, readings)
    return files


def about_of(edition: Edition) -> dict[str, Any]:
    """What every data file opens with: the day, the record it is from, and where credit is due."""
    return {
        "schema": SCHEMA,
        "as_of": edition.as_of.isoformat(),
        "snapshot": edition.briefing.snapshot or None,
        "record": {"entry": edition.entry.seq, "head": edition.entry.hash},
        "made_by": f"preparedness {__version__}",
        "units": "chances from 0 to 1; dates ISO 8601; values in the unit beside them",
    }


def told(row: ScorecardRow) -> dict[str, Any]:
    """A row's plain values, those that are public."""
    plain = row.as_json()
    return {name: plain[name] for name in TOLD}


def _readings(edition: Edition, id: str, readings: Sequence[Measurement]) -> bytes:
    unit = edition.material.indicators[id].unit
    names, cited = edition.material.systems, edition.material.sources
    columns = (
        "system",
        "condition",
        "observed_on",
        "vintage",
        "value",
        "unit",
        "low",
        "high",
        "interval",
        "bound",
    )
    rows: list[Sequence[Any]] = [
        (
            *(names.get(m.system, m.system), m.observed_on, m.condition, m.vintage, m.value, unit),
            *(m.low, m.high, m.interval, m.bound, m.main, m.known_at, m.grade, cited[m.source].url),
        )
        for m in readings
    ]
    return _csv((*columns, "fitted", "known_at", "grade", "source"), rows)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return literal(value) if isinstance(value, str) else value


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()
