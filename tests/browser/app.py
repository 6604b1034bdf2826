"""One running app: `streamlit run app.py` on a free port of this machine, over a store of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from scorecard import jobs
from scorecard.store import Store

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class App:
    """Where the app answers, the store that it writes, and its process."""

    url: str
    store: Store
    pid: int


@contextmanager
def running(store: Path, log: Path, *options: str, port: int = 0) -> Iterator[App]:
    """The app over a store until the block ends; fits that it started end with it. Without a port, on a free one."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "SCORECARD_STORE": str(store)}, stdout=output, stderr=output
        )
    app = App(f"http://127.0.0.1:{port}", Store(store), server.pid)
    try:
        wait(port, server, log)
        yield app
    finally:
        server.terminate()
        server.wait(timeout=20)
        for job in jobs.everything(app.store):
            if job.state == "running":
                os.killpg(job.pid, signal.SIGTERM)  # a job leads a process group of its own


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return once a server answers on a port of this machine; RuntimeError with its log if it ends first."""
    deadline = time.monotonic() + START_SECONDS
    while not _healthy(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the app did not start:\n{log.read_text(encoding='utf-8')}")
        time.sleep(0.05)


def _healthy(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
