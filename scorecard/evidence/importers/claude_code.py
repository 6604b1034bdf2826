"""Claude Code's use: OpenTelemetry metrics as a collector writes them (OTLP JSON), or the analytics export.

Metrics: https://code.claude.com/docs/en/monitoring-usage; analytics: the Admin API's usage report for Claude
Code. Both are added up to one organisation and day: no person's name is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import lines_of_json, mapping, parsed, text, whole
from scorecard.evidence.reading.gather import LINEAR, SHARE, Gather, day_of, gathered, number
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.tables import Fault, Unreadable

# Our series -> what it counts.
SERIES: Mapping[str, str] = {
    "sessions": "sessions started",
    "lines_added": "lines that Claude Code added",
    "lines_removed": "lines that Claude Code removed",
    "commits": "commits made by Claude Code",
    "pull_requests": "pull requests opened by Claude Code",
    "edits_accepted": "offered edits that people accepted",
    "edits_rejected": "offered edits that people rejected",
    "cost_usd": "estimated cost, US dollars",
    "tokens": "tokens of every kind",
    "active_seconds": "seconds of active time",
}
# OpenTelemetry metric, and the attribute that tells its parts apart -> our series.
_METRICS: Mapping[tuple[str, str], str] = {
    ("claude_code.session.count", ""): "sessions",
    ("claude_code.lines_of_code.count", "added"): "lines_added",
    ("claude_code.lines_of_code.count", "removed"): "lines_removed",
    ("claude_code.commit.count", ""): "commits",
    ("claude_code.pull_request.count", ""): "pull_requests",
    ("claude_code.code_edit_tool.decision", "accept"): "edits_accepted",
    ("claude_code.code_edit_tool.decision", "reject"): "edits_rejected",
    ("claude_code.cost.usage", ""): "cost_usd",
    ("claude_code.token.usage", ""): "tokens",
    ("claude_code.active_time.total", ""): "active_seconds",
}
_PART = {"claude_code.lines_of_code.count": "type", "claude_code.code_edit_tool.decision": "decision"}
CUMULATIVE = 2  # OTLP's aggregationTemporality
type _Days = dict[str, dict[str, float]]


def _items(value: Any, key: str) -> Iterator[dict[str, Any]]:
    found = value.get(key) if isinstance(value, dict) else None
    yield from (item for item in found if isinstance(item, dict)) if isinstance(found, list) else ()


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _attributes(point: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for attribute in _items(point, "attributes"):
        value = attribute.get("value")
        if isinstance(value, dict) and value:
            found[str(attribute.get("key"))] = str(next(iter(value.values())))
    return found


def _telemetry(gather: Gather, path: Path) -> tuple[_Days, set[str]]:
    """Sums by day; running totals are turned into what each point adds to the one before it."""
    days: _Days = defaultdict(lambda: defaultdict(float))
    organisations: set[str] = set()
    running: dict[tuple[Any, ...], list[tuple[int, float]]] = defaultdict(list)
    for line, row in lines_of_json(path):
        if isinstance(row, Fault):
            gather.fault(row)
            continue
        for resource in _items(row, "resourceMetrics"):
            for scope in _items(resource, "scopeMetrics"):
                for metric in _items(scope, "metrics"):
                    name = str(metric.get("name"))
                    total = metric.get("sum")
                    if not name.startswith("claude_code.") or not isinstance(total, dict):
                        continue
                    cumulative = total.get("aggregationTemporality") in (
                        CUMULATIVE,
                        "AGGREGATION_TEMPORALITY_CUMULATIVE",
                    )
                    for point in _items(total, "dataPoints"):
                        attributes = _attributes(point)
                        series = _METRICS.get((name, attributes.get(_PART.get(name, ""), "")))
                        value = number(point.get("asDouble", point.get("asInt")))
                        nanos = number(point.get("timeUnixNano"))
                        if series is None:
                            continue
                        if value is None or value < 0 or nanos is None or not 0 < nanos < 4e18:
                            gather.refuse(
                                line,
                                name,
                                point.get("asDouble", point.get("asInt")),
                                "a count of 0 or more with its timeUnixNano",
                            )
                            continue
                        organisations.add(attributes.get("organization.id", ""))
                        if cumulative:
                            key = (series, str(point.get("startTimeUnixNano")), *sorted(attributes.items()))
                            running[key].append((int(nanos), value))
                        else:
                            days[_day(nanos)][series] += value
    for (series, *_), points in running.items():
        before = 0.0
        for moment, value in sorted(points):
            days[_day(moment)][series] += max(value - before, 0.0)
            before = value
    return days, organisations


def _day(nanos: float) -> str:
    return datetime.fromtimestamp(nanos / 1e9, UTC).date().isoformat()


def _analytics(gather: Gather, got: Mapping[str, Any]) -> tuple[_Days, set[str]]:
    days: _Days = defaultdict(lambda: defaultdict(float))
    organisations: set[str] = set()
    if got.get("has_more"):
        gather.refuse(
            0, "has_more", "true", "the last page as well: join the pages' data, so that days are whole"
        )
    for place, row in enumerate(_items(got, "data"), start=1):
        day = day_of(row.get("date"))
        if day is None:
            gather.refuse(f"item {place}", "date", row.get("date"), "a date as 2026-01-31")
            continue
        organisations.add(str(row.get("organization_id") or ""))
        core = _object(row.get("core_metrics"))
        lines, tools = _object(core.get("lines_of_code")), _object(row.get("tool_actions"))
        counted: dict[str, list[Any]] = {
            "sessions": [core.get("num_sessions")],
            "lines_added": [lines.get("added")],
            "lines_removed": [lines.get("removed")],
            "commits": [core.get("commits_by_claude_code")],
            "pull_requests": [core.get("pull_requests_by_claude_code")],
            "edits_accepted": [tool.get("accepted") for tool in tools.values() if isinstance(tool, dict)],
            "edits_rejected": [tool.get("rejected") for tool in tools.values() if isinstance(tool, dict)],
        }
        for model in _items(row, "model_breakdown"):
            tokens = model.get("tokens")
            counted.setdefault("tokens", []).extend(tokens.values() if isinstance(tokens, dict) else [])
            cost = model.get("estimated_cost")
            cents = number(cost.get("amount")) if isinstance(cost, dict) else None
            if cents is not None:
                counted.setdefault("cost_usd", []).append(cents / 100)  # the export counts cents
        for series, values in counted.items():
            for value in values:
                if value is None:
                    continue
                found = number(value)
                if found is None or found < 0:
                    gather.refuse(f"item {place}", series, value, "a count of 0 or more")
                else:
                    days[day.isoformat()][series] += found
    return days, organisations


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    head = text(path)[:4096]
    if "resourceMetrics" in head:
        days, organisations = _telemetry(gather, path)
    elif "resourceLogs" in head:
        raise whole(
            path.name, "events (resourceLogs)", "metrics (resourceMetrics); events name single prompts"
        )
    else:
        days, organisations = _analytics(
            gather, mapping(parsed(text(path), path.name), path.name, "an export")
        )
    organisations.discard("")
    if len(organisations) > 1:
        raise Unreadable(
            Fault(path.name, 0, "organization.id", f"{len(organisations)} of them", "one; split the file")
        )
    system = f"org.claude_code_{next(iter(organisations), 'unnamed')}"
    gather.system(system)
    for day, totals in sorted(days.items()):
        for series, value in sorted(totals.items()):
            indicator = gather.indicator(
                f"claude_code_{series}",
                name=f"Claude Code: {series.replace('_', ' ')}",
                unit="a day",
                measures=f"Claude Code, over an organisation and a day (UTC): {SERIES[series]}",
                **LINEAR,
            )
            gather.measurement(day, indicator=indicator, system=system, observed_on=day, value=value)
        offered = totals.get("edits_accepted", 0.0) + totals.get("edits_rejected", 0.0)
        if offered >= 1:
            indicator = gather.indicator(
                "claude_code_acceptance_share",
                name="Claude Code: share of edits accepted",
                unit="share",
                measures="accepted / (accepted + rejected) edits of a day; edits made without asking count nowhere",
                **SHARE,
            )
            gather.measurement(
                day,
                indicator=indicator,
                system=system,
                observed_on=day,
                value=totals.get("edits_accepted", 0.0) / offered,
                n=round(offered),
            )
    return gather.done(f"Claude Code {system} {path.name}")


def _recognise(path: Path, seen: Glimpse) -> bool:
    if path.suffix not in (".json", ".jsonl", ".ndjson"):
        return False
    return b"resourceMetrics" in seen.head or b"resourceLogs" in seen.head or b'"core_metrics"' in seen.head


IMPORTER = Importer(
    name="claude_code",
    version="1",
    at_release=False,
    title="Claude Code: OpenTelemetry metrics, analytics export",
    recognise=_recognise,
    read=_read,
)
