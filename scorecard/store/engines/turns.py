"""Who may have the store's file open in this process: readers together, or one writer."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

TOGETHER = 0.2  # seconds in which readers may join those who have the file open
PAUSE = 0.04  # seconds the file is then let go: longer than another process waits between two tries


class Turns:
    """Readers share the file, a writer has it alone, and neither keeps other processes out.

    DuckDB refuses two modes in one process, and readers who relay each other would lock every other process out for
    as long as people browse. So a writer who waits stops new readers, and after `TOGETHER` seconds new readers wait
    until the file was closed for `PAUSE` seconds. A thread that is in already is always let in again.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside: Counter[int] = Counter()  # operations by thread
        self._writing = False
        self._writers_waiting = 0
        self._full_from = self._open_from = 0.0

    @contextmanager
    def taken(self, *, write: bool, patience: float) -> Iterator[bool]:
        """A turn for the length of a `with` block; False when `patience` seconds were not enough."""
        got = self._enter(write, time.monotonic() + patience)
        try:
            yield got
        finally:
            if got:
                self._leave()

    def mine(self) -> bool:
        """Whether this thread is in already."""
        return threading.get_ident() in self._inside

    def _enter(self, write: bool, deadline: float) -> bool:
        me = threading.get_ident()
        with self._changed:
            if me not in self._inside:
                self._writers_waiting += write
                try:
                    while (wait := self._to_wait(write)) > 0:
                        left = deadline - time.monotonic()
                        if left <= 0:
                            return False
                        self._changed.wait(min(wait, left))
                finally:
                    self._writers_waiting -= write
                    self._changed.notify_all()
                self._writing = write
                if not self._inside:
                    self._full_from = time.monotonic() + TOGETHER
            self._inside[me] += 1
            return True

    def _to_wait(self, write: bool) -> float:
        """Seconds to wait at most before asking again; 0 to go in."""
        now = time.monotonic()
        if self._inside:
            joins = not (write or self._writing or self._writers_waiting or now > self._full_from)
            return 0.0 if joins else 1.0
        if write:
            return 0.0
        return 1.0 if self._writers_waiting else max(self._open_from - now, 0.0)

    def _leave(self) -> None:
        me = threading.get_ident()
        with self._changed:
            self._inside[me] -= 1
            if not self._inside[me]:
                del self._inside[me]
            if not self._inside:
                now = time.monotonic()
                self._open_from = now + PAUSE if now > self._full_from else now
                self._writing = False
            self._changed.notify_all()
