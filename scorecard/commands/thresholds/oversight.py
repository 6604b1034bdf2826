"""oversight, milestones: whether oversight keeps pace, and what was promised and predicted in public."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated

import typer

from scorecard.evidence.readings.adjusting import readings
from scorecard.records import Event, Indicator, Outlook, System
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today
from scorecard.thresholds.board import newest_runs, standing_prior_set
from scorecard.thresholds.milestones import MilestoneRow, register
from scorecard.thresholds.oversight import Standing, as_json, bars, standings
from scorecard.words import chance_in_words, day_in_words, value_in_words

app = typer.Typer()


@app.command()
def oversight(as_of: AsOf = None, json_: Json = False) -> None:
    """Each area of oversight and safeguards: newest reading, trend, proposed bar, and the race with capability."""
    day = day_or_today(as_of)
    with (store := built_store()).view(as_of=day) as known, store.view() as now:
        held = bars(known)
        capability = held.capability
        run = newest_runs(now, known, as_of=day, prior_set=standing_prior_set(known)).get(capability)
        run = run if run is not None and run.publishable else None
        found = standings({i.id: i for i in now.all(Indicator)}, readings(known), run, held, as_of=day)
        names = {s.id: s.name for s in known.all(System)}
    if json_:
        print(
            json.dumps(
                {
                    "as_of": day.isoformat(),
                    "capability": capability,
                    "forecast_run": run.id if run else None,
                    "indicators": [as_json(one) for one in found],
                    "missing": {area.id: area.missing for area in held.areas},
                },
                indent=2,
                ensure_ascii=False,
            )
        )
        return
    raced = (
        f"capability: {capability}"
        if run
        else f"no forecast of {capability} is stored; run `preparedness forecast run`"
    )
    print(f"As of {day_in_words(day)}; bars are proposals of this project; {raced}")
    for area in held.areas:
        print(f"\n{area.name}: {area.question}")
        for one in (s for s in found if s.area == area):
            print(_line(one, names))
        print(f"  not published: {area.missing}")


def _line(one: Standing, names: dict[str, str]) -> str:
    if one.newest is None or one.indicator is None:
        return f"  {one.bar.indicator}: no reading in numbers"
    m, unit = one.newest, one.indicator.unit
    sign = {"exact": "", "at_least": "at least ", "at_most": "at most "}[m.bound]
    where = names.get(m.system, m.system) + (f", {m.condition}" if m.condition else "")
    late = "" if one.p_late is None else f"; P(capability first) {chance_in_words(one.p_late)}"
    return (
        f"  {one.indicator.name}: {sign}{value_in_words(m.value, unit)} ({where}, {m.observed_on}), {one.trend}; "
        f"bar {value_in_words(one.bar.bar, unit)}, {one.bar.safer} is safer{late}"
    )


@app.command()
def milestones(
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Observations as well as goals and forecasts.")
    ] = False,
    json_: Json = False,
) -> None:
    """Public goals and predictions with what resolves them, their outcome and score, and our probability beside."""
    day = day_or_today(as_of)
    with (store := built_store()).view(as_of=day) as known, store.view() as now:
        runs = newest_runs(now, known, as_of=day, prior_set=standing_prior_set(known))
        rows = register(known.all(Event), known.all(Outlook), runs, as_of=day)
    rows = [row for row in rows if everything or row.outlook.kind != "observation"]
    if json_:
        print(json.dumps([row.as_json() for row in rows], indent=2, ensure_ascii=False))
        return
    print(f"As of {day_in_words(day)}: {len(rows)} statements")
    for row in rows:
        print(_statement(row, day))


def _statement(row: MilestoneRow, day: date) -> str:
    o = row.outlook
    said = [
        f"by {day_in_words(o.target_on)}"
        if o.target_on
        else f"median {row.by:%b %Y}"
        if row.by
        else "no date"
    ]
    if o.probability is not None:
        said.append(("at least " if o.probability_is == "at_least" else "") + f"{o.probability:.0%}")
    ours = f"; ours {row.ours:.0%}" if row.ours is not None else ""
    scored = "".join(f"; {name} {value:.2f}" for name, value in row.score.items())
    left = f", in {(row.by - day).days} days" if row.by and row.by >= day and row.outcome == "open" else ""
    return f"  [{row.outcome}{left}] {o.who}: {row.event.name} ({', '.join(said)}){ours}{scored}"
