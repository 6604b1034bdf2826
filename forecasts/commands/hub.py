"""hub export, score: forecasts exchanged as a hub's folder, ours and others' scored by one rule."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer

from scorecard.evidence.readings.adjusting import published_readings
from scorecard.evidence.readings.vintages import current
from scorecard.records import Indicator
from scorecard.store import StoreError
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today
from scorecard.thresholds.board import board, newest_runs, standing_prior_set

app = typer.Typer()
group = typer.Typer(help="Forecasts exchanged in the hubverse's format, and scored.")
app.add_typer(group, name="hub")


@group.command("export")
def export_(
    out: Annotated[
        Path, typer.Argument(help="The hub's folder: a new one, or one that has others' forecasts.")
    ],
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Write the forecasts that hold on a day as model output, with the tasks and what has been observed."""
    from forecasts.hub import files, tasks

    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as known, store.view() as now:
        indicators = {i.id: i for i in known.all(Indicator)}
        runs = newest_runs(now, known, as_of=day, prior_set=standing_prior_set(known))
        quoted = {name: run for name, run in runs.items() if run.publishable}
        rows = board(known, now, as_of=day, everything=True)
        named = {row.threshold.id: f"{row.framework.developer}, {row.threshold.level}" for row in rows}
    if not quoted:
        raise StoreError(
            f"no forecast of {day} is held; `preparedness forecast run --as-of {day}` makes them"
        )
    model = f"{tasks.TEAM}-{tasks.MODEL}"
    told = files.ours(quoted, indicators, day, model)
    asked = [indicators[name] for name in tasks.names(quoted.values())]
    thresholds = {id: named.get(id, id) for id in quoted}
    # What an earlier day announced stays; this day's round says what is forecast now.
    kept = [one for one in files.read_rounds(out) if str(day) not in tasks.origins_of(one)]
    origins = {day} | {
        date.fromisoformat(path.name[:10]) for path in out.glob("model-output/*/????-??-??-*.csv")
    }
    content = tasks.tasks(origins, asked, thresholds, kept)
    _write(out / "hub-config" / "tasks.json", content)
    # The rest of the hub's own words belongs to whoever runs it.
    _write(out / "hub-config" / "admin.json", tasks.admin(), anew=False)
    _write(out / "hub-config" / "model-metadata-schema.json", tasks.metadata_schema(), anew=False)
    _write(out / "model-metadata" / f"{model}.yml", tasks.metadata())
    ends = sorted({end for origin in origins for end in (origin, *tasks.ends(origin)) if end <= day})
    targets = {target for _, target, _, _ in tasks.asked_rows(content)}
    truths = _truths(day, {id: one for id, one in indicators.items() if id in targets}, ends)
    _write(
        out / "target-data" / "time-series.csv",
        files.as_target_data([(*key, value) for key, value in truths.items()], day),
    )
    place = out / "model-output" / model / f"{day}-{model}.csv"
    _write(place, files.as_csv(told))
    if json_:
        print(
            json.dumps(
                {"file": str(place), "model": model, "origin": str(day), "forecasts": len(told)}, indent=1
            )
        )
    else:
        print(place)


def _write(path: Path, content: bytes | dict[str, Any], *, anew: bool = True) -> None:
    """Put a file into the hub, folder included; unless `anew`, one that is there stays as it is."""
    if anew or not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # What is written as JSON is YAML too, which is what model metadata is kept as.
        path.write_bytes(
            content if isinstance(content, bytes) else f"{json.dumps(content, indent=1)}\n".encode()
        )


def _truths(day: date, indicators: dict[str, Indicator], ends: list[date]) -> dict[tuple[str, date], float]:
    """The frontier of each indicator on each day, by what is known on `day`."""
    from forecasts.hub import files

    with built_store().view(as_of=day) as known:
        readings = {id: current(published_readings(known, indicator=id)) for id in indicators}
    found = {
        (id, end): files.frontier(readings[id], one, end) for id, one in indicators.items() for end in ends
    }
    return {key: value for key, value in found.items() if value is not None}


@group.command("score")
def score_(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A hub's folder, with model-output/ in it; the record's own forecasts without."),
    ] = None,
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Score every model of a folder, or without one what this record issued, on what has been observed since.

    Without a folder: a league on the reference class, what was issued or reconstructed, tests of revisions, and public
    forecasts of others.
    """
    if folder is None:
        _own(day_or_today(as_of), json_)
        return
    from forecasts.hub import files, scoring, tasks
    from forecasts.series import Link

    day = day_or_today(as_of)
    told = files.read_hub(folder)
    with built_store().view(as_of=day) as known:
        indicators = {i.id: i for i in known.all(Indicator) if i.id in {one.target for one in told}}
    ends = sorted({one.end for one in told if one.end is not None and one.end <= day})
    links = {id: Link(indicator=one) for id, one in indicators.items()}
    truths: dict[tuple[str, object], float] = dict(_truths(day, indicators, ends).items())
    scores = scoring.score(told, truths, links, ours=f"{tasks.TEAM}-{tasks.MODEL}")
    waiting = sum(one.kind == "cdf" or one.end is None or one.end > day for one in told)
    if json_:
        print(json.dumps({"scores": [asdict(one) for one in scores], "not_yet": waiting}, indent=2))
        return
    for one in scores:
        beside = (
            "" if one.beside_ours is None else f"; {one.beside_ours:.2f} times ours on {one.shared} targets"
        )
        print(
            f"{one.model}: {one.score:.3f} on {one.targets} targets, "
            f"{one.covered_80:.0%} inside the 80 % interval{beside}"
        )
    print(
        f"{waiting} forecasts of {day} are of what has not come yet, or of crossings, which are not scored here"
    )


def _own(day: date, json_: bool) -> None:
    """Print what became of our own forecasts, reconstructed and issued, beside others on the same questions."""
    from forecasts.hub.issued import score_issued, score_outside
    from scorecard.governance.alerts.issuing import issued_material
    from scorecard.thresholds.quoted.league import CHANCES, KINDS, league, revisions
    from scorecard.thresholds.quoted.outcomes import held, live, reliability, resolved, sentence

    store = built_store()
    with store.view(as_of=day) as known:
        of_class = resolved(known, day)
    read = issued_material(store, day)
    ours = score_issued(read.issues, read.runs, read.indicators, read.known, read.determinations, as_of=day)
    outside = score_outside(read.stated, read.runs)
    tables = {
        "reconstructed on the reference class": [
            row for kind in KINDS for row in league(live(of_class), kind)
        ],
        "issued": [row for kind in KINDS for row in league(ours.resolved, kind)],
    }
    if json_:
        found = {
            "sentence": sentence(of_class),
            "league": {name: [asdict(row) for row in rows] for name, rows in tables.items()},
            "revisions": asdict(revisions(live(of_class))),
            "intervals": [asdict(row) for row in held(of_class)],
            "chances": [asdict(row) for row in reliability(of_class)],
            "issued": asdict(ours),
            "outside": asdict(outside),
        }
        print(json.dumps(_plain(found), indent=2, default=str))
        return
    print(sentence(of_class))
    for name, rows in tables.items():
        for row in rows:
            print(
                f"{name}, {KINDS[row.kind]}: {row.forecaster} {row.score:.3f} on {row.questions}; "
                f"to the line {row.to_line}, to ours {row.to_ours}"
                + (
                    f"; log score {row.log_score:.3f}, to ours {row.log_to_ours}, {row.floored} times at the floor"
                    if row.kind in CHANCES
                    else ""
                )
            )
    print(
        f"issued on {len(ours.days)} days, {len(ours.reconstructed)} of them reconstructed; {len(ours.resolved)} "
        f"questions resolved, {ours.waiting} wait (until {ours.until}); of others' forecasts {len(outside.resolved)} "
        f"resolved and {outside.open} are open ({outside.first} to {outside.last})"
    )


def _plain(value: object) -> object:
    """The same without numbers that JSON has no word for: they become null."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value
