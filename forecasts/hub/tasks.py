"""What a hub's folder says of itself: its targets, when they are, in which form they are forecast, and by which model.

Follows the hubverse's schemas, version 5.0.1 (github.com/hubverse-org/schemas).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from itertools import product
from typing import Any

from scorecard import __version__
from scorecard.clock import plus_months
from scorecard.records import ForecastRun, Indicator

PUBLISHED = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1"
SCHEMA, ADMIN_SCHEMA = f"{PUBLISHED}/tasks-schema.json", f"{PUBLISHED}/admin-schema.json"
LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
MONTHS = (3, 6, 9, 12, 18, 24)  # how far ahead of the origin an indicator's frontier is forecast
YEARS = 10  # over which the chance that a threshold has been crossed is told, at the end of each quarter
NONE = "NA"  # where a column says nothing
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


def admin() -> dict[str, Any]:
    """The content of admin.json for a hub that has none yet: whoever runs it writes their name and address in."""
    return {
        "schema_version": ADMIN_SCHEMA,
        "name": "Preparedness scorecard",
        "maintainer": "whoever exported this folder",
        "contact": {},
        "repository": {},
        "file_format": ["csv"],
        "timezone": "Africa/Abidjan",  # UTC all year: the schema knows places only
    }


def metadata_schema() -> dict[str, Any]:
    """The content of model-metadata-schema.json, which every hub writes for itself: what it asks about a model."""
    name = {"type": "string", "minLength": 1}
    short_name = {"type": "string", "pattern": "^[A-Za-z0-9_]{1,16}$"}
    asked = {
        "team_name": name,
        "team_abbr": short_name,
        "model_name": name,
        "model_abbr": short_name,
        "methods": name,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What this hub asks about a model",
        "type": "object",
        "properties": asked | {"model_version": name},
        "required": list(asked),
    }


def metadata() -> dict[str, str]:
    """What is said about our own model, by that schema."""
    return {
        "team_name": "Preparedness scorecard",
        "team_abbr": TEAM,
        "model_name": "The forecast that the scorecard quotes",
        "model_abbr": MODEL,
        "model_version": __version__,
        "methods": "A rise process and a level of leading systems, learnt from like series, and what developers found.",
    }


def tasks(
    origins: Iterable[date],
    indicators: Sequence[Indicator],
    thresholds: Mapping[str, str],
    kept: Iterable[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """The content of tasks.json: a round an origin; `thresholds` maps ids to names.

    A round that is `kept` stays as it was announced, since what was forecast in it was forecast under it.
    """
    rounds = list(kept)
    announced = {origin for one in rounds for origin in origins_of(one)}
    rounds += [_round(day, indicators, thresholds) for day in origins if day.isoformat() not in announced]
    return {
        "schema_version": SCHEMA,
        "rounds": sorted(rounds, key=lambda one: min(origins_of(one))),
        "output_type_id_datatype": "double",
    }


def origins_of(one: Mapping[str, Any]) -> set[str]:
    """The origins that a round is for; ours are for one each."""
    return {origin for origin, *_ in asked_rows({"rounds": [one]})}


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


def asked_rows(content: Mapping[str, Any]) -> dict[tuple[str, str, str, str], tuple[float, ...]]:
    """What tasks.json asks for: by origin, target, end (NA: none) and output type, the ids that its rows have."""
    found: dict[tuple[str, str, str, str], tuple[float, ...]] = {}
    for one in content["rounds"]:
        for group in one["model_tasks"]:
            origins, targets, ends_ = (
                [*(group["task_ids"][name]["required"] or ()), *(group["task_ids"][name]["optional"] or ())]
                or [NONE]
                for name in ("origin_date", "target", "target_end_date")
            )
            for kind, output in group["output_type"].items():
                ids = tuple(output.get("output_type_id", {}).get("required") or ())
                found |= dict.fromkeys(product(origins, targets, ends_, (kind,)), ids)
    return found


def names(runs: Iterable[ForecastRun]) -> tuple[str, ...]:
    """The indicators that runs have a fan of, each once."""
    return tuple(dict.fromkeys(name for run in runs for name in run.quoted.fans))
