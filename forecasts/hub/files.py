"""The tables of a hub's folder: forecasts as rows, what happened as rows, and rows read back with every fault named."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from forecasts.hub.tasks import LEVELS, NONE, asked_rows, days, ends
from forecasts.series import Link
from scorecard.records import Fan, ForecastResult, ForecastRun, Indicator, Measurement

COLUMNS = ("origin_date", "target", "target_end_date", "output_type", "output_type_id", "value")


class HubRefused(ValueError):
    """Files that cannot be scored as they are; the message lists every fault with its file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubForecast:
    """One forecast of one target: levels 0 to 1 with values (quantile), or days after the origin with chances (cdf)."""

    model: str
    origin: date
    target: str
    end: date | None
    kind: str
    at: tuple[float, ...]
    values: tuple[float, ...]


def quantiles(fan: Fan, link: Link, day: date) -> tuple[float, ...] | None:
    """The fan's quantiles on a day in the indicator's unit, between its days on the link scale; None beyond them."""
    if not fan.dates[0] <= day <= fan.dates[-1]:
        return None
    places = [d.toordinal() for d in fan.dates]
    rows = (fan.q10, fan.q25, fan.q50, fan.q75, fan.q90)
    at = [np.interp(day.toordinal(), places, [link.near(value) for value in row]) for row in rows]
    # On a scale where less is more, the least is the highest quantile of the link.
    return tuple(sorted(float(link.back(one)) for one in at))


def readable(result: ForecastResult) -> Mapping[str, Fan]:
    """By indicator the best published reading by day, which is what a truth is read from.

    Runs stored before they kept it tell the best true ability instead, which starts from all readings.
    """
    return {**result.fans, **result.published}


def ours(
    runs: Mapping[str, ForecastRun], indicators: Mapping[str, Indicator], origin: date, model: str
) -> list[HubForecast]:
    """What the runs of a day say, as forecasts of a hub."""
    found: list[HubForecast] = []
    fans = {name: fan for run in runs.values() for name, fan in readable(run.quoted).items()}
    for name, fan in fans.items():
        link = Link(indicator=indicators[name])
        for end in ends(origin):
            values = quantiles(fan, link, end)
            if values is not None:
                found.append(
                    HubForecast(
                        model=model,
                        origin=origin,
                        target=name,
                        end=end,
                        kind="quantile",
                        at=LEVELS,
                        values=values,
                    )
                )
    for threshold, run in runs.items():
        grid = days(origin)
        chances = tuple(run.quoted.p_by(date.fromordinal(origin.toordinal() + day)) for day in grid)
        at = tuple(float(day) for day in grid)
        found.append(
            HubForecast(
                model=model, origin=origin, target=threshold, end=None, kind="cdf", at=at, values=chances
            )
        )
    return found


def as_csv(told: Iterable[HubForecast]) -> bytes:
    """Forecasts as the rows of a model-output file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in told:
        end = one.end.isoformat() if one.end else NONE
        for at, value in zip(one.at, one.values, strict=True):
            writer.writerow(
                [one.origin.isoformat(), one.target, end, one.kind, f"{at:g}", repr(float(value))]
            )
    return out.getvalue().encode()


def frontier(readings: Iterable[Measurement], indicator: Indicator, end: date) -> float | None:
    """The best exact main reading observed by a day, in the indicator's unit; None where there is none."""
    values = [m.value for m in readings if m.main and m.bound == "exact" and m.observed_on <= end]
    best = max if indicator.direction == "higher" else min
    return best(values, default=None)


def as_target_data(observed: Sequence[tuple[str, date, float]], as_of: date) -> bytes:
    """What was observed as time-series target data: target, day, value, and the day it was known as of."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("target_end_date", "target", "observation", "as_of"))
    for target, end, value in observed:
        writer.writerow([end.isoformat(), target, repr(float(value)), as_of.isoformat()])
    return out.getvalue().encode()


def read_rounds(folder: Path) -> list[dict[str, Any]]:
    """The rounds that a hub's tasks.json announces; none where there is no such file."""
    path = folder / "hub-config" / "tasks.json"
    if not path.exists():
        return []
    try:
        rounds: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["rounds"]
        asked_rows({"rounds": rounds})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise HubRefused(
            f"{path} cannot be read ({error!r}): its rounds ask by origin_date, target and target_end_date; moved "
            "away, it is written anew by the next export"
        ) from error
    return rounds


def read_hub(folder: Path) -> list[HubForecast]:
    """Every model's forecasts below model-output/; HubRefused lists all that is wrong with them.

    Where the hub has a tasks.json, a forecast is one of those that it asks for.
    """
    faults: list[str] = []
    found: list[HubForecast] = []
    tasks = asked_rows({"rounds": read_rounds(folder)})
    for path in sorted((folder / "model-output").glob("*/*.csv")):
        for one in _read(path, tasks):
            if isinstance(one, str):
                faults.append(f"{path.parent.name}/{path.name}{one}")
            else:
                found.append(one)
    if faults:
        more = f"\nand {len(faults) - 20} more" if len(faults) > 20 else ""
        raise HubRefused("\n".join(faults[:20]) + more)
    if not found:
        raise HubRefused(
            f"{folder} holds no forecasts: they lie in model-output/TEAM-MODEL/ORIGIN-TEAM-MODEL.csv"
        )
    return found


def _read(
    path: Path, tasks: Mapping[tuple[str, str, str, str], tuple[float, ...]]
) -> Iterator[HubForecast | str]:
    model, origin = path.parent.name, path.name[:10]
    if path.name != f"{origin}-{model}.csv":
        yield f": expected the name ORIGIN-{model}.csv"
        return
    rows: dict[tuple[str, str, str], list[tuple[float, float, int]]] = {}
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
        if missing := set(COLUMNS) - set(reader.fieldnames or ()):
            yield f": the columns {', '.join(sorted(missing))} are missing"
            return
        for line, row in enumerate(reader, start=2):
            if row["output_type"] not in ("quantile", "cdf"):
                continue  # means, samples and the like are not scored here
            try:
                at, value = float(row["output_type_id"]), float(row["value"])
            except (ValueError, TypeError):
                yield f", line {line}: output_type_id and value must be numbers"
                continue
            if not isfinite(at) or not isfinite(value):
                yield f", line {line}: output_type_id and value must be finite"
            elif row["origin_date"] != origin:
                yield f", line {line}: origin_date is {row['origin_date']!r}, the file's name says {origin}"
            else:
                key = (row["target"], row["target_end_date"], row["output_type"])
                rows.setdefault(key, []).append((at, value, line))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        yield f": cannot be read ({error})"
        return
    for (target, end, kind), points in rows.items():
        where, task = f", line {points[0][2]}, {target} {end}", (origin, target, end or NONE, kind)
        if tasks and task not in tasks:
            yield f"{where}: hub-config/tasks.json asks for no such {kind} in the round of {origin}"
        elif tasks and {point[0] for point in points} != set(tasks[task]):
            yield f"{where}: hub-config/tasks.json asks for another set of output_type_id"
        else:
            yield _told(model, origin, target, end, kind, sorted(points))


def _told(
    model: str, origin: str, target: str, end: str, kind: str, points: list[tuple[float, float, int]]
) -> HubForecast | str:
    line = f", line {points[0][2]}, {target} {end}"
    at, values = tuple(p[0] for p in points), tuple(p[1] for p in points)
    if len(set(at)) < len(at):
        return f"{line}: an output_type_id is given twice"
    if any(later < earlier for earlier, later in pairwise(values)):
        return f"{line}: values fall as output_type_id rises"
    shares = at if kind == "quantile" else values
    if not all(0 <= share <= 1 for share in shares):
        return f"{line}: levels and chances lie between 0 and 1"
    if kind == "quantile" and set(at) != set(LEVELS):
        return f"{line}: expected the levels {', '.join(f'{level:g}' for level in LEVELS)}"
    try:
        day = None if end in (NONE, "") else date.fromisoformat(end)
        first = date.fromisoformat(origin)
    except ValueError:
        return f"{line}: dates are written as 2026-01-31"
    if kind == "quantile" and day is None:
        return f"{line}: a quantile needs its target_end_date"
    return HubForecast(model=model, origin=first, target=target, end=day, kind=kind, at=at, values=values)
