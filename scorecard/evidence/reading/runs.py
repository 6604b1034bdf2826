"""What reports of single runs have in common: one value of one metric, on the scale that its range says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scorecard.evidence.reading.gather import LINEAR, PERCENT, SHARE, Gather, around, number, slug
from scorecard.evidence.reading.settings import joined

type Json = Mapping[str, Any]


def inner(value: Any) -> Json:
    """A value that should be an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """A value that should be a list, or an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[Json]:
    """The objects of a value that should be a list of them."""
    return [one for one in listed(value) if isinstance(one, dict)]


def text_of(value: Any) -> str:
    """A value that should be text, or an empty one."""
    return value.strip() if isinstance(value, str) else ""


def moment(value: Any) -> str:
    """An ISO moment, or one in seconds or milliseconds since 1970, as an ISO moment; empty when it is none."""
    seconds = number(value)
    if seconds is not None:
        seconds = seconds / 1000 if seconds > 1e11 else seconds
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if 0 < seconds < 4e9 else ""
    try:
        return datetime.fromisoformat(text_of(value)).isoformat(timespec="seconds")
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run as a format's importer has understood it; `partial` says what part of the task was done."""

    format: str  # begins the ids of its series
    title: str  # the format's name for people
    benchmark: str
    system: str
    made_at: str = ""
    condition: Iterable[str] = ()
    partial: str = ""
    remarks: Iterable[str] = ()
    marks: Iterable[str] = ()


def measured(
    gather: Gather,
    run: Run,
    metric: str,
    value: Any,
    *,
    scale: str,
    n: int | None = None,
    se: Any = None,
    ends: Json | None = None,
    lower_is_better: bool = False,
    place: str = "",
) -> None:
    """Take one metric of a run; `scale` is share, per cent or score, and two scales are two series."""
    how, unit = {"share": (SHARE, "share"), "per cent": (PERCENT, "%")}.get(scale, (LINEAR, "score"))
    ending = {"share": "", "per cent": "percent"}.get(scale, "")
    indicator = gather.indicator(
        slug("_".join(part for part in (run.format, run.benchmark, metric, ending) if part)),
        name=f"{run.benchmark}: {metric}",
        unit=unit,
        measures=f"{run.title}, {run.benchmark}, metric {metric}",
        direction="lower" if lower_is_better else "higher",
        shared_tasks=True,
        **how,
    )
    marks = [*run.marks, *["partial"] * bool(run.partial)]
    day = run.made_at[:10]
    shown = around(value, se, share=scale == "share")
    gather.measurement(
        place or metric,
        indicator=indicator,
        system=run.system,
        condition=joined([*run.condition, run.partial]),
        observed_on=day or gather.vintage,
        vintage=run.made_at or gather.vintage,
        n=n,
        main=not run.partial,
        marks=list(dict.fromkeys(marks)),
        note="; ".join(one for one in (f"run on {day}" if day else "", *run.remarks) if one),
        **{**shown, **(ends or {})},
    )
