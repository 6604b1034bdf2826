"""Long work in a process of its own, started in the background or waited for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import IO

from scorecard.jobs.state import Job, by_id, find, folder_of, note_job
from scorecard.jobs.work import Work, identity
from scorecard.places import HOME
from scorecard.store import Store, StoreError

NICE = 10
WAIT = 0.2  # seconds between two looks at work that somebody else has begun
WORKER = "forecasts.worker"  # takes a job's name; the maths is above the record, so it is named, not imported


def start(store: Store, work: Work) -> Job:
    """Do a piece of work in the background, unless that very work is being done already."""
    present = find(store, work)
    if present and present.state == "running":
        return present
    job = _noted(store, work)
    with (folder_of(store) / f"{job.id}.log").open("wb") as log:
        process = _process(store, job, log)
    if hasattr(os, "setpriority"):  # pages go before long work where there are fewer cores than wishes
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    return _begun(store, job, process)


def run(store: Store, work: Work) -> None:
    """Do a piece of work and wait for it, its progress on standard error; StoreError says why it failed."""
    job = find(store, work)
    if job is None or job.state != "running":
        job = _noted(store, work)
        process = _process(store, job, None)
        _begun(store, job, process)
        process.wait()
    while job and job.state == "running":  # somebody else's, if not ours, which has ended
        job = by_id(store, job.id)
        time.sleep(WAIT)
    if job is None or job.state == "failed":
        raise StoreError(job.message if job else "what was being done was forgotten meanwhile; try again")


def _noted(store: Store, work: Work) -> Job:
    job = Job(
        id=identity(work),
        work=work,
        state="running",
        share=0.0,
        message="Starting",
        pid=os.getpid(),
        started=time.time(),
        since=_last_entry(store),
    )
    note_job(store, job)
    return job


def _last_entry(store: Store) -> int:
    if not store.exists():  # it will be built first
        return 0
    with store.view() as now:
        return max((entry.seq for entry in now.log()), default=0)


def _process(store: Store, job: Job, log: IO[bytes] | None) -> subprocess.Popen[bytes]:
    """The working process, its words in a log; or, without one, on our standard error."""
    return subprocess.Popen(
        [sys.executable, "-m", WORKER, job.id, *([] if log else ["--aloud"])],
        cwd=HOME,
        env={**os.environ, "SCORECARD_STORE": store.address},
        stdin=subprocess.DEVNULL,
        stdout=log or sys.stderr,
        stderr=log,
        start_new_session=log is not None,
    )


def _begun(store: Store, job: Job, process: subprocess.Popen[bytes]) -> Job:
    """The job under its process's number; what the process has said meanwhile is left as it is."""
    present = by_id(store, job.id) or job
    if present.pid == os.getpid():
        present = replace(job, pid=process.pid)
        note_job(store, present)
    return present
