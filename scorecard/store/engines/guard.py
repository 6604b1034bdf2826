"""A lock between processes around every operation on the store's file, beside the one that DuckDB takes.

DuckDB 2.0 reads a file's headers, lets go of it, opens it again and only then locks it. Whoever opens the file in the
moment in which another process stores its last changes works on headers that are out of date, and what the other had
stored is lost when the file is closed. So nobody opens it before the other has closed it: readers share this lock, a
writer has it alone. It ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":  # there, an open file is locked by being open
    import fcntl

_jitter = random.Random()


def pause(shortest: float = 0.005, longest: float = 0.03) -> None:
    """Wait some moments (seconds) before another try; jittered, so that two who wait do not march in step."""
    time.sleep(_jitter.uniform(shortest, longest))


@contextmanager
def guarded(path: Path, *, write: bool, deadline: float) -> Iterator[bool]:
    """The lock for the length of a `with` block; False when it was not to be had before `deadline` (monotonic).

    Where no lock file can be made or opened, nothing is locked: DuckDB says what is wrong with the place.
    """
    descriptor = _lock_file(path)
    if descriptor is None:
        yield True
        return
    try:
        yield _taken(descriptor, write=write, deadline=deadline)
    finally:
        os.close(descriptor)


def _lock_file(path: Path) -> int | None:
    if sys.platform == "win32":
        return None
    beside = path.with_name(f"{path.name}.lock")
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):  # who may only read the folder can still share it
        try:
            return os.open(beside, flags, 0o666)
        except OSError:
            continue
    return None


def _taken(descriptor: int, *, write: bool, deadline: float) -> bool:
    kind = fcntl.LOCK_EX if write else fcntl.LOCK_SH
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return False
            pause()
        else:
            return True
