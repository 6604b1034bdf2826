"""What a hub's folder says of its tasks: targets, when they are, and in which form forecasts of them are given.

Follows the hubverse's schema of tasks, version 5.0.1 (github.com/hubverse-org/schemas).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from scorecard.clock import plus_months
from scorecard.records import ForecastRun, Indicator

SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1/tasks-schema.json"
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
MONTHS = (3, 6, 9, 12, 18, 24)  # how far ahead of the origin an indicator's frontier is forecast
YEARS = 10  # over which the chance that a threshold has been crossed is told, at the end of each quarter
TEAM, MODEL = "preparedness", "pool"
MOST_ID, MOST_NAME = 30, 100  # characters of a target's id and name


def ends(origin: date) -> tuple[date, ...]:
    """The days an indicator's frontier is forecast for."""
    return tuple(plus_months(origin, months) for months in MONTHS)


def days(origin: date) -> tuple[int, ...]:
    """Days after the origin by which a threshold may have been crossed."""
    return tuple((plus_months(origin, 3 * quarter) - origin).days for quarter in range(4 * YEARS + 1))


def short(id: str) -> str:
    """An id of at most 30 characters that names one target only."""
    return id if len(id) <= MOST_ID else f"{id[: MOST_ID - 9]}-{sha256(id.encode()).hexdigest()[:8]}"


def tasks(
    origins: Iterable[date], indicators: Sequence[Indicator], thresholds: Mapping[str, str]
) -> dict[str, Any]:
    """The content of tasks.json: a round an origin; `thresholds` maps ids to names."""
    return {
        "schema_version": SCHEMA,
        "rounds": [_round(origin, indicators, thresholds) for origin in sorted(origins)],
        "output_type_id_datatype": "double",
    }


def _round(origin: date, indicators: Sequence[Indicator], thresholds: Mapping[str, str]) -> dict[str, Any]:
    once = {"required": [origin.isoformat()], "optional": None}
    groups = [
        {
            "task_ids": {
                "origin_date": once,
                "target": {"required": None, "optional": [one.id]},
                "target_end_date": {"required": None, "optional": [end.isoformat() for end in ends(origin)]},
            },
            "output_type": {
                "quantile": {
                    "output_type_id": {"required": list(LEVELS)},
                    "value": {"type": "double"},
                    "is_required": True,
                }
            },
            "target_metadata": [
                {
                    "target_id": short(one.id),
                    "target_name": f"Frontier of {one.name}"[:MOST_NAME],
                    "target_units": one.unit[:MOST_NAME],
                    "target_keys": {"target": one.id},
                    "target_type": "continuous",
                    "description": "The best main reading of any system observed by the end of target_end_date.",
                    "is_step_ahead": False,
                }
            ],
        }
        for one in indicators
    ]
    groups += [
        {
            "task_ids": {
                "origin_date": once,
                "target": {"required": None, "optional": [id]},
                "target_end_date": {"required": None, "optional": None},
            },
            "output_type": {
                "cdf": {
                    "output_type_id": {"required": list(days(origin))},
                    "value": {"type": "double", "minimum": 0, "maximum": 1},
                    "is_required": True,
                }
            },
            "target_metadata": [
                {
                    "target_id": short(id),
                    "target_name": f"Crossing of {name}"[:MOST_NAME],
                    "target_units": "days after origin_date",
                    "target_keys": {"target": id},
                    "target_type": "continuous",
                    "description": "Days after origin_date by whose end the threshold has been crossed.",
                    "is_step_ahead": False,
                }
            ],
        }
        for id, name in thresholds.items()
    ]
    return {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "model_tasks": groups,
        "submissions_due": {"relative_to": "origin_date", "start": 0, "end": 14},
    }


def names(runs: Iterable[ForecastRun]) -> tuple[str, ...]:
    """The indicators that runs have a fan of, each once."""
    return tuple(dict.fromkeys(name for run in runs for name in run.quoted.fans))
