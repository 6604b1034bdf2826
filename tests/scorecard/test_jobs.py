"""Background jobs: progress, one at a time for the same work, and a death that is noticed."""

from __future__ import annotations

import time
from collections.abc import Callable

from scorecard import jobs
from scorecard.store import Store


def wait_for(store: Store, identity: str, wanted: Callable[[jobs.Job], bool]) -> jobs.Job:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        job = jobs.find(store, identity)
        if job and wanted(job):
            return job
        time.sleep(0.02)
    raise AssertionError(f"the job never got there: {jobs.find(store, identity)}")


def test_a_process_that_dies_without_a_word_is_reported_with_its_last_line(empty: Store) -> None:
    job = jobs.start(empty, "no_such_module_here")
    ended = wait_for(empty, job.id, lambda j: j.state != "running")
    assert ended.state == "failed"
    assert "no_such_module_here" in ended.message


def test_progress_is_readable_from_another_place(empty: Store) -> None:
    report = jobs.Reporter(empty, "abc")
    report(0.25, "fitting")
    job = jobs.find(empty, "abc")
    assert job is not None
    assert (job.state, job.share, job.message) == ("running", 0.25, "fitting")
    report.done("fitted")
    assert jobs.find(empty, "abc") is not None
    assert jobs.find(empty, "abc").state == "done"  # type: ignore[union-attr]


def test_without_a_job_nothing_is_written(empty: Store) -> None:
    jobs.Reporter(empty, None)(0.5, "unseen")
    assert not (empty.files.folder / "jobs").exists()


def test_the_same_work_is_not_started_twice(empty: Store) -> None:
    first = jobs.start(empty, "http.server", "0", "--bind", "127.0.0.1")
    again = jobs.start(empty, "http.server", "0", "--bind", "127.0.0.1")
    assert again.pid == first.pid
    wait_for(empty, first.id, lambda j: j.state != "running")  # it refuses --job and ends


def test_an_unknown_job_is_none(empty: Store) -> None:
    assert jobs.find(empty, "nothing") is None


def test_what_a_job_found_is_kept_for_whoever_asked(empty: Store) -> None:
    report = jobs.Reporter(empty, "abc")
    assert jobs.outcome(empty, "abc") is None
    report(0.5, "splitting")
    report.found([{"p": 0.25}])
    report.done("split")
    assert jobs.outcome(empty, "abc") == [{"p": 0.25}]
    assert [job.id for job in jobs.everything(empty)] == ["abc"], "an outcome is no job"
    jobs.Reporter(empty, None).found(["nobody asked"])
    assert jobs.outcome(empty, "None") is None
