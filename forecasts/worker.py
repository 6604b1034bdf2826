"""The process of a job: `python -m forecasts.worker JOB` does what it asks and notes how far it is.

With --aloud it also says so on standard error, for a command that waits for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import assert_never

from forecasts.runs import backtests, work
from scorecard import jobs
from scorecard.evidence.facts import FactsRefused
from scorecard.jobs import BacktestJob, ChangesJob, ForecastJob, HistoryJob, Reporter, Work
from scorecard.store import Store, StoreError
from scorecard.terminal.progress import progress_bar


def main(id: str, *, aloud: bool = False) -> None:
    """Do a job by its name; what goes wrong is noted with it, said on stderr, and ends with exit code 1."""
    store = Store()
    job = jobs.by_id(store, id)
    if job is None:
        sys.exit(f"there is no job {id} beside {store.address}; ask for the work again")
    report = Reporter(store, job.work)
    try:
        with progress_bar(job=None if aloud else report) as shown:

            def tell(share: float, words: str) -> None:
                report(share, words)
                if aloud:
                    shown(share, words)

            report.done(carry_out(store, job.work, report, tell))
    except (StoreError, FactsRefused, ValueError) as error:
        report.failed(str(error))
        sys.exit(str(error))


def carry_out(store: Store, asked: Work, report: Reporter, tell: Callable[[float, str], None]) -> str:
    """Do a piece of work, leave what it found, and return its last words."""
    match asked:
        case ForecastJob():
            made = work.forecast(store, asked, tell)
            return f"{len(made)} thresholds forecast as of {asked.as_of}"
        case HistoryJob():
            return f"{len(work.history(store, asked, tell))} forecasts in {asked.months} months"
        case BacktestJob():
            return f"{len(backtests.backtest_all(store, asked, tell))} indicators backtested"
        case ChangesJob():
            found = work.split(store, asked, lambda words: tell(0.5, words))
            report.found([one.as_data() for one in found])
            return f"{len(found)} changes split"
        case _:
            assert_never(asked)


if __name__ == "__main__":
    main(sys.argv[1], aloud="--aloud" in sys.argv)
