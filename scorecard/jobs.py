"""Long work in a process of its own, with progress that any page or command can read.

A job's state is a small JSON file beside the store, written whole or not at all. It lives outside the
record (it is not something a meeting could rely on) and outside any browser session, so a reload finds it.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from scorecard.store import Store

NICE = 10
KEEP_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work: the module and arguments it runs, how far it is, and its last words."""

    id: str
    arguments: tuple[str, ...]
    state: Literal["running", "done", "failed"]
    share: float
    message: str
    pid: int
    started: float


def _folder(store: Store) -> Path:
    folder = store.files.folder / "jobs"
    # On shared storage a process is known by its number on its own machine only.
    return folder / platform.node() if store.engine.shared else folder


def _write(store: Store, job: Job) -> None:
    folder = _folder(store)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{job.id}.{os.getpid()}"
    part.write_text(json.dumps(asdict(job)), encoding="utf-8")
    part.replace(folder / f"{job.id}.json")


def job_id(arguments: Sequence[str]) -> str:
    """The same arguments make the same job, so that two sessions do not start it twice."""
    return sha256("\0".join(arguments).encode()).hexdigest()[:16]


def start(store: Store, *arguments: str) -> Job:
    """Run `python -m ARGUMENTS --job ID` in the background, unless that very job is running already."""
    identity = job_id(arguments)
    present = find(store, identity)
    if present and present.state == "running":
        return present
    folder = _folder(store)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{identity}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments, "--job", identity],
            cwd=Path(__file__).parents[1],
            env={**os.environ, "SCORECARD_STORE": store.address},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    if hasattr(os, "setpriority"):  # pages go before long work where there are fewer cores than wishes
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    job = Job(
        id=identity, arguments=tuple(arguments), state="running", share=0.0, message="Starting",
        pid=process.pid, started=time.time(),
    )  # fmt: skip
    _write(store, job)
    return job


def find(store: Store, identity: str) -> Job | None:
    """A job as it stands; one whose process died without a word is reported as failed, with its last lines."""
    path = _folder(store) / f"{identity}.json"
    if not path.exists():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    job = Job(**{**data, "arguments": tuple(data["arguments"])})
    if job.state == "running" and not _alive(job.pid):
        log = path.with_suffix(".log")
        words = (
            log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            if log.exists()
            else []
        )
        job = replace(
            job, state="failed", message=words[0] if words else "It ended without a word; try again."
        )
    return job


def outcome(store: Store, identity: str) -> Any:
    """What a finished job found, as plain values; None when it left nothing."""
    path = _folder(store) / f"{identity}.outcome"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def everything(store: Store) -> list[Job]:
    """Every job that is remembered, in no particular order."""
    found = [find(store, path.stem) for path in _folder(store).glob("*.json")]
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
    """What the working process calls; without a job it says nothing."""

    store: Store
    job: str | None

    def __call__(self, share: float, message: str) -> None:
        """Note that `share` (0 to 1) of the work is done, and what is being done now."""
        self._note("running", share, message)

    def done(self, message: str) -> None:
        """Note that the work is finished."""
        self._note("done", 1.0, message)

    def found(self, outcome: Any) -> None:
        """Leave what the work found, as plain values, for whoever asked; it is kept as long as the job is."""
        if self.job is not None:
            _folder(self.store).mkdir(parents=True, exist_ok=True)
            part = _folder(self.store) / f".{self.job}.outcome"
            part.write_text(json.dumps(outcome, default=str), encoding="utf-8")
            part.replace(_folder(self.store) / f"{self.job}.outcome")

    def failed(self, message: str) -> None:
        """Note that the work stopped, and why."""
        self._note("failed", 1.0, message)

    def _note(self, state: Literal["running", "done", "failed"], share: float, message: str) -> None:
        if self.job is None:
            return
        present = find(self.store, self.job)
        begun = present.started if present else time.time()
        arguments = present.arguments if present else ()
        _write(
            self.store,
            Job(
                id=self.job, arguments=arguments, state=state, share=share, message=message, pid=os.getpid(),
                started=begun,
            ),
        )  # fmt: skip


def tidy(store: Store) -> None:
    """Forget finished jobs after a week."""
    for path in _folder(store).glob("*.*"):
        if time.time() - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink(missing_ok=True)
