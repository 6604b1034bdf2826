"""Background jobs: typed work, progress, one at a time for the same work, and a death that is noticed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forecasts.worker import main
from scorecard import jobs
from scorecard.jobs import BacktestJob, ChangesJob, ForecastJob, HistoryJob, NamedSet, Work
from scorecard.jobs.state import folder_of, note_job
from scorecard.jobs.work import as_data, from_data, identity
from scorecard.records import Override
from scorecard.store import Store, StoreError

DAY = date(2026, 10, 2)
WORK = HistoryJob(as_of=DAY)
NOBODY = ForecastJob(as_of=DAY, thresholds=("no_such_threshold",))
EVERY_KIND: tuple[Work, ...] = (
    ForecastJob(
        as_of=DAY,
        thresholds=("a", "b"),
        prior_set="default",
        overrides=(Override.parse("growth=doubling_days(300, 400, 500)"),),
        named=NamedSet(name="Slower", author="a researcher", reason="The long run is the better guide."),
        seed=7,
        method="both",
    ),
    HistoryJob(as_of=DAY, thresholds=("a",), months=3),
    BacktestJob(as_of=DAY, indicators=("metr_p50_horizon",)),
    ChangesJob(since=DAY, until=date(2026, 11, 2), by=(date(2027, 1, 1),), method="quick"),
)


def wait_for(store: Store, work: Work, wanted: Callable[[jobs.Job], bool]) -> jobs.Job:
    deadline = time.monotonic() + 600  # only against a job that never gets there
    while time.monotonic() < deadline:
        job = jobs.find(store, work)
        if job and wanted(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"the job never got there: {jobs.find(store, work)}")


@pytest.mark.parametrize("work", EVERY_KIND, ids=lambda work: type(work).__name__)
def test_every_kind_of_work_is_read_back_as_it_was_asked(work: Work, empty: Store) -> None:
    assert from_data(as_data(work)) == work
    jobs.Reporter(empty, work)(0.5, "half")
    found = jobs.find(empty, work)
    assert found is not None
    assert found.work == work


def test_other_work_has_another_name() -> None:
    names = {identity(work) for work in EVERY_KIND}
    assert len(names) == len(EVERY_KIND)
    assert identity(replace(WORK, months=5)) != identity(WORK) == identity(HistoryJob(as_of=DAY))


def test_work_that_fails_in_its_process_says_why(empty: Store) -> None:
    first = jobs.start(empty, NOBODY)
    again = jobs.start(empty, NOBODY)
    assert (again.id, again.pid) == (first.id, first.pid), "the same work is not started twice"
    ended = wait_for(empty, NOBODY, lambda job: job.state != "running")
    assert ended.state == "failed"
    assert "no_such_threshold" in ended.message


def test_work_that_is_waited_for_raises_with_the_same_words(empty: Store) -> None:
    with pytest.raises(StoreError, match="no_such_threshold"):
        jobs.run(empty, NOBODY)


def test_a_process_that_dies_without_a_word_is_reported_with_its_last_line(empty: Store) -> None:
    jobs.Reporter(empty, WORK)(0.1, "fitting")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    job = jobs.find(empty, WORK)
    assert job is not None
    note_job(empty, replace(job, pid=dead.pid))
    found = jobs.find(empty, WORK)
    assert found is not None
    assert (found.state, found.message) == ("failed", "It ended without a word; try again.")
    warned = "/lib/tracker.py:276: UserWarning: leaked objects\n  warnings.warn(\n"
    for log, words in ((f"Traceback\nMemoryError\n{warned}", "MemoryError"), (warned, found.message)):
        (folder_of(empty) / f"{job.id}.log").write_text(log, encoding="utf-8")
        found = jobs.find(empty, WORK)
        assert found is not None
        assert found.message == words


def test_progress_is_readable_from_another_place(empty: Store) -> None:
    report = jobs.Reporter(empty, WORK)
    report(0.25, "fitting")
    job = jobs.find(empty, WORK)
    assert job is not None
    assert (job.state, job.share, job.message) == ("running", 0.25, "fitting")
    report.done("fitted")
    job = jobs.by_id(empty, job.id)
    assert job is not None
    assert job.state == "done"


def test_work_that_nobody_asked_for_is_none(empty: Store) -> None:
    assert jobs.find(empty, WORK) is None


def test_a_job_left_by_another_version_is_forgotten(empty: Store) -> None:
    jobs.Reporter(empty, WORK).done("done")
    path: Path = folder_of(empty) / f"{identity(WORK)}.json"
    path.write_text(path.read_text(encoding="utf-8").replace("HistoryJob", "OldJob"), encoding="utf-8")
    assert jobs.find(empty, WORK) is None
    assert jobs.everything(empty) == []


def test_a_worker_without_its_job_says_so(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_STORE", empty.address)
    with pytest.raises(SystemExit, match="there is no job nothing"):
        main("nothing")


def test_what_a_job_found_is_kept_for_whoever_asked(empty: Store) -> None:
    report = jobs.Reporter(empty, WORK)
    assert jobs.outcome(empty, WORK) is None
    report(0.5, "splitting")
    report.found([{"p": 0.25}])
    report.done("split")
    assert jobs.outcome(empty, WORK) == [{"p": 0.25}]
    assert [job.work for job in jobs.everything(empty)] == [WORK], "an outcome is no job"


def test_nobody_spells_out_a_command_line_of_ours() -> None:
    """Long work is asked for as a value: only scorecard/jobs starts a process of the project."""
    root = Path(__file__).parents[2]
    spelled = [
        path.relative_to(root).as_posix()
        for top in ("scorecard", "forecasts", "screens", "pages")
        for path in (root / top).rglob("*.py")
        if "sys.executable" in path.read_text(encoding="utf-8")
    ]
    # The app is Streamlit, started in the place of the command, and no work of ours.
    assert sorted(spelled) == ["scorecard/commands/record/app.py", "scorecard/jobs/process.py"]
