"""How far a job is: a small JSON file beside the store, written whole or not at all.

It lives outside the record (it is not something a meeting could rely on) and outside any browser session, so a
reload finds it.
"""

from __future__ import annotations

import json
import os
import platform
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from scorecard.jobs.work import Work, as_data, from_data, identity
from scorecard.store import Store

KEEP_SECONDS = 7 * 24 * 3600

type State = Literal["running", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work under way or ended: what was asked, how far it is (0 to 1), and its last words.

    `since` is the entry of the record that was last when it began.
    """

    id: str
    work: Work
    state: State
    share: float
    message: str
    pid: int
    started: float
    since: int = 0


def folder_of(store: Store) -> Path:
    """Where the jobs on a store are kept."""
    folder = store.files.folder / "jobs"
    # On shared storage a process is known by its number on its own machine only.
    return folder / platform.node() if store.engine.shared else folder


def note_job(store: Store, job: Job) -> None:
    """Note a job as it stands."""
    folder = folder_of(store)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{job.id}.{os.getpid()}"
    data = {
        name: getattr(job, name) for name in ("id", "state", "share", "message", "pid", "started", "since")
    }
    part.write_text(json.dumps({**data, "work": as_data(job.work)}), encoding="utf-8")
    part.replace(folder / f"{job.id}.json")


def find(store: Store, work: Work) -> Job | None:
    """A piece of work as it stands; None when nobody has asked for it."""
    return by_id(store, identity(work))


def by_id(store: Store, id: str) -> Job | None:
    """A job by its name; one whose process died without a word is reported as failed, with its last lines."""
    path = folder_of(store) / f"{id}.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        job = Job(**{**data, "work": from_data(data["work"])})
    except (FileNotFoundError, KeyError, TypeError, ValueError):  # none, or left by another version
        return None
    if job.state == "running" and not _alive(job.pid):
        log = path.with_suffix(".log")
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        job = replace(job, state="failed", message=_last_words(text))
    return job


def _last_words(log: str) -> str:
    """The error that a process ended with: what a library warned of on the way is not why it stopped."""
    said = [
        line for line in log.splitlines() if line.strip() and not re.match(r"\s|.*:\d+: \w*Warning: ", line)
    ]
    return said[-1] if said else "It ended without a word; try again."


def outcome(store: Store, work: Work) -> Any:
    """What finished work found, as plain values; None when it left nothing."""
    path = folder_of(store) / f"{identity(work)}.outcome"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def everything(store: Store) -> list[Job]:
    """Every job that is remembered, in no particular order."""
    found = [by_id(store, path.stem) for path in folder_of(store).glob("*.json")]
    return [job for job in found if job is not None]


def _alive(pid: int) -> bool:
    try:
        # A child of ours that has ended stays a zombie until it is waited for.
        ended, _ = os.waitpid(pid, os.WNOHANG)
        return ended == 0
    except ChildProcessError:
        return Path(f"/proc/{pid}").exists() if Path("/proc").exists() else _signalled(pid)


def _signalled(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Reporter:
    """What the working process calls to say how far its work is."""

    store: Store
    work: Work

    def __call__(self, share: float, message: str) -> None:
        """Note that `share` (0 to 1) of the work is done, and what is being done now."""
        self._note("running", share, message)

    def done(self, message: str) -> None:
        """Note that the work is finished."""
        self._note("done", 1.0, message)

    def found(self, outcome: Any) -> None:
        """Leave what the work found, as plain values, for whoever asked; it is kept as long as the job is."""
        folder, id = folder_of(self.store), identity(self.work)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{id}.outcome"
        part.write_text(json.dumps(outcome, default=str), encoding="utf-8")
        part.replace(folder / f"{id}.outcome")

    def failed(self, message: str) -> None:
        """Note that the work stopped, and why."""
        self._note("failed", 1.0, message)

    def _note(self, state: State, share: float, message: str) -> None:
        present = find(self.store, self.work)
        note_job(
            self.store,
            Job(
                id=identity(self.work),
                work=self.work,
                state=state,
                share=share,
                message=message,
                pid=os.getpid(),
                started=present.started if present else time.time(),
                since=present.since if present else 0,
            ),
        )


def tidy(store: Store) -> None:
    """Forget finished jobs after a week."""
    for path in folder_of(store).glob("*.*"):
        if time.time() - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink(missing_ok=True)
