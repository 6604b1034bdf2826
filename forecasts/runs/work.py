"""What each kind of job does, called by its process and by the command that asks for the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from forecasts import SEED
from forecasts.runs import changes
from forecasts.runs.request import Progress, Request
from forecasts.runs.run import run
from scorecard.clock import plus_months, today
from scorecard.evidence import facts
from scorecard.governance import tripwires
from scorecard.governance.alerts import levels
from scorecard.jobs import ChangesJob, ForecastJob, HistoryJob
from scorecard.places import DATA
from scorecard.records import ForecastRun
from scorecard.store import Store
from scorecard.terminal.progress import part

QUICK_SHARE = 0.15  # of the time that both methods take


def forecast(store: Store, work: ForecastJob, tell: Progress) -> list[ForecastRun]:
    """Forecast and store the runs, build the store first if there is none, and see which tripwires fire and
    which alert levels change.

    Raises PriorError, StoreError, FactsRefused or ProposalRefused.
    """
    if not store.exists():
        tell(0.01, "Building the store from data/")
        facts.build(store, DATA)
    request = Request(
        as_of=work.as_of,
        prior_set=work.prior_set,
        overrides=work.overrides,
        thresholds=work.thresholds,
        indicators=work.indicators,
        seed=SEED if work.seed is None else work.seed,
        assumptions=work.assumptions,
    )
    share = {"sampled": 0.0, "quick": 1.0, "both": QUICK_SHARE}[work.method]
    made: list[ForecastRun] = []
    if work.method != "sampled":
        quick = replace(request, method="quick")
        made = run(store, quick, named=work.named, progress=part(tell, 0.0, share))
    if work.method != "quick":
        made = run(store, request, named=work.named, progress=part(tell, share, 1.0))
    tripwires.check(store, today())
    levels.evaluate(store, today())
    return made


def history(store: Store, work: HistoryJob, tell: Progress) -> list[ForecastRun]:
    """Forecast from the first of each past month with what was known then, and store the runs."""
    request = Request(as_of=work.as_of, thresholds=work.thresholds, method="quick")
    made: list[ForecastRun] = []
    for count in range(work.months):
        day = plus_months(work.as_of.replace(day=1), count + 1 - work.months)
        tell(count / work.months, f"As of {day}")
        made += run(store, replace(request, as_of=day))
    return made


def split(store: Store, work: ChangesJob, say: Callable[[str], None]) -> list[changes.Change]:
    """Split the change of each probability between two days into its causes."""
    return changes.explain(
        store,
        work.since,
        work.until,
        thresholds=work.thresholds,
        by=work.by,
        method=work.method,
        progress=say,
    )
