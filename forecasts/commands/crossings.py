"""crossings: what forecasts made before would have said of the thresholds that were found crossed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Annotated

import typer

from scorecard.evidence.readings.adjusting import readings
from scorecard.records import Criterion, Determination, ForecastRun, System, Threshold
from scorecard.terminal.options import Json, built_store
from scorecard.thresholds.standing import standing

app = typer.Typer()


@app.command()
def crossings(
    days: Annotated[
        list[int] | None, typer.Option(help="How long before; 30, 90 and 180 if left out.")
    ] = None,
    json_: Json = False,
) -> None:
    """Score forecasts of thresholds that developers did find crossed, from days before the finding."""
    from forecasts.judging.crossings import DAYS_BEFORE, first_crossings, score_crossings
    from forecasts.priors.changing import changed_priors
    from forecasts.runs.request import Request, read
    from forecasts.runs.run import previewed

    store = built_store()
    with store.view() as now:
        criteria = standing(now, Criterion)
        found = first_crossings(now.all(Determination), {c.threshold for c in criteria})
        thresholds = {t.id: t for t in now.all(Threshold)}

    def forecast(threshold: str, origin: date) -> ForecastRun | None:
        request = Request(as_of=origin, method="quick")
        known = read(store, request)
        with store.view(as_of=origin) as then:
            evidence, systems = tuple(readings(then)), tuple(then.all(System))
        ours = tuple(c for c in criteria if c.threshold == threshold)
        # A level that was set later is still the level that was crossed; what is held back is evidence.
        known = replace(
            known, thresholds=(thresholds[threshold],), criteria=ours, measurements=evidence, systems=systems
        )
        if not any(m.main for m in evidence if m.indicator in {c.indicator for c in ours}):
            return None
        changed = changed_priors(known.prior_set, ())
        made = previewed(known, request, changed.priors, changed.id)
        return made[0] if made else None

    rows = score_crossings(found, forecast, days or DAYS_BEFORE)
    if json_:
        print(json.dumps([row.as_json() for row in rows], indent=1))
        return
    for row in rows:
        told = (
            f"{row.by_then:.0%} by the day it was found crossed ({row.already:.0%} already)"
            if row.by_then is not None and row.already is not None
            else f"no forecast: {row.reason}"
        )
        print(
            f"{row.crossing.threshold} ({row.crossing.system}, {row.crossing.determined_on}), "
            f"{row.days_before} days before: {told}"
        )
    print("Levels were set after these crossings, from the wordings: the scores flatter them.")
