"""GitHub Copilot's usage metrics, by day; the retired API, seats and lists of links are known and refused.

Fields: https://docs.github.com/en/copilot/reference/copilot-usage-metrics. Reports on users are added up:
no person's name is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import mapping, parsed, text, whole
from scorecard.evidence.reading.gather import LINEAR, SHARE, Gather, day_of, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.tables import say

# Field, what it counts, and whether reports on users may be added up to it.
COUNTS: Mapping[str, tuple[str, bool]] = {
    "daily_active_users": ("people who used Copilot on the day", False),
    "weekly_active_users": ("people who used Copilot in the week up to the day", False),
    "monthly_active_agent_users": ("people who used agents in the 28 days up to the day", False),
    "user_initiated_interaction_count": ("prompts that people sent", True),
    "code_generation_activity_count": ("times that Copilot offered code", True),
    "code_acceptance_activity_count": ("times that offered code was accepted", True),
    "loc_added_sum": ("lines that Copilot added", True),
    "loc_deleted_sum": ("lines that Copilot deleted", True),
    "ai_credits_used": ("credits spent", True),
}
OFFERED, TAKEN = "code_generation_activity_count", "code_acceptance_activity_count"


def _days(got: Mapping[str, Any], name: str) -> dict[str, dict[str, float]]:
    """Day -> totals; a report on users is added up and gives the number of users who did something."""
    rows = got.get("day_totals", got.get("user_totals"))
    if not isinstance(rows, list):
        raise whole(name, say(rows), "day_totals or user_totals, a list")
    on_users = any(isinstance(row, dict) and "user_id" in row for row in rows)
    days: dict[str, dict[str, float]] = {}
    for row in rows:
        day = row.get("day", got.get("report_day")) if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(day, str):
            raise whole(name, say(row), "a day with its totals")
        totals = days.setdefault(day, {})
        if not on_users and totals:
            raise whole(name, f"{day} twice", "each day once")
        for field, (_, added) in COUNTS.items():
            value = row.get(field)
            if value is None or (on_users and not added):
                continue
            counted = number(value)
            if counted is None or counted < 0:
                raise whole(name, f"{field} {say(value)} on {day}", "a count of 0 or more")
            totals[field] = totals.get(field, 0.0) + counted
        if on_users:
            totals["daily_active_users"] = totals.get("daily_active_users", 0.0) + 1
    return days


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    got = parsed(text(path), path.name)
    _refuse_others(got, path.name)
    report = mapping(got, path.name, "a usage-metrics report")
    owner = report.get("organization_id") or report.get("enterprise_id")
    rows = report.get("day_totals")
    if owner is None and isinstance(rows, list) and rows and isinstance(rows[0], dict):
        owner = rows[0].get("organization_id") or rows[0].get("enterprise_id")
    if not isinstance(owner, str | int) or not str(owner):
        raise whole(path.name, "no organization_id", "the id of the organisation or enterprise")
    system = f"org.github_{owner}"
    gather.system(system)
    for day, totals in sorted(_days(report, path.name).items()):
        if day_of(day) is None:
            gather.refuse(day, "day", day, "a date as 2026-01-31")
            continue
        for field, value in totals.items():
            indicator = gather.indicator(
                f"copilot_{field}",
                name=f"Copilot: {field.replace('_', ' ')}",
                unit="a day",
                measures=f"GitHub Copilot usage metrics: {COUNTS[field][0]}",
                **LINEAR,
            )
            gather.measurement(day, indicator=indicator, system=system, observed_on=day, value=value)
        offered, taken = totals.get(OFFERED, 0.0), totals.get(TAKEN, 0.0)
        if offered and taken <= offered:
            indicator = gather.indicator(
                "copilot_acceptance_share",
                name="Copilot: share of offers accepted",
                unit="share",
                measures=f"{TAKEN} / {OFFERED} of a day; it does not say what became of the code",
                **SHARE,
            )
            gather.measurement(
                day,
                indicator=indicator,
                system=system,
                observed_on=day,
                value=taken / offered,
                n=round(offered),
            )
    return gather.done(f"Copilot {owner} {report.get('report_start_day', report.get('report_day', ''))}")


def _refuse_others(got: Any, name: str) -> None:
    """Say what a file is when it comes from Copilot and holds no usage of the current kind."""
    first = got[0] if isinstance(got, list) and got and isinstance(got[0], dict) else got
    if not isinstance(first, dict):
        return
    current = "a report of the current usage-metrics API (enterprise or organisation, 1 or 28 days)"
    if "copilot_ide_chat" in first or "copilot_ide_code_completions" in first:
        raise whole(name, "a report of the metrics API, which GitHub shut down on 2 April 2026", current)
    if "total_suggestions_count" in first:
        raise whole(name, "a report of the usage API, which GitHub retired before the metrics API", current)
    if "download_links" in first:
        raise whole(name, "links to reports, not a report", "the files behind the links; download them")
    if "seats" in first:
        raise whole(name, "who has a seat, not what was done with it", current)


def _recognise(path: Path, seen: Glimpse) -> bool:
    keys = rb'"(day_totals|user_totals|download_links|total_seats|copilot_ide_chat|total_suggestions_count)"'
    return path.suffix == ".json" and re.search(keys, seen.head) is not None


IMPORTER = Importer(
    name="copilot",
    version="1",
    at_release=False,
    title="GitHub Copilot usage metrics",
    recognise=_recognise,
    read=_read,
)
