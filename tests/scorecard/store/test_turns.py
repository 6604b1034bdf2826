"""Turns at the store's file inside one process: readers together, a writer alone, nobody shut out."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from scorecard.store.engines.turns import PAUSE, TOGETHER, Turns

LONG = 600.0  # only against a test that would never end


def test_readers_are_in_together() -> None:
    turns, both = Turns(), threading.Barrier(2, timeout=LONG)

    def read() -> None:
        with turns.taken(write=False, patience=LONG) as got:
            assert got
            both.wait()  # broken unless the other is in at the same time

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(read) for _ in range(2)]:
            done.result()


def test_a_writer_is_alone() -> None:
    turns, inside, most = Turns(), [0, 0], []

    def work(write: bool) -> None:
        with turns.taken(write=write, patience=LONG):
            inside[write] += 1
            most.append(tuple(inside))
            time.sleep(0.002)
            inside[write] -= 1

    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(work, n % 4 == 0) for n in range(80)]:
            done.result()
    assert {writers for _, writers in most} == {0, 1}
    assert all(readers == 0 for readers, writers in most if writers)


def test_a_thread_that_is_in_is_let_in_again_even_while_a_writer_waits() -> None:
    turns = Turns()
    with ThreadPoolExecutor() as pool, turns.taken(write=False, patience=LONG):

        def write() -> bool:
            with turns.taken(write=True, patience=LONG) as got:
                return got

        waiting = pool.submit(write)
        while not turns._writers_waiting:
            time.sleep(0.001)
        with turns.taken(write=False, patience=0.0) as again:
            assert again
        assert not waiting.done()
    assert waiting.result()


def test_who_waits_too_long_is_told_and_leaves_no_trace() -> None:
    turns = Turns()
    with turns.taken(write=True, patience=LONG), ThreadPoolExecutor() as pool:
        for write in (False, True):

            def late(write: bool = write) -> bool:
                with turns.taken(write=write, patience=0.01) as got:
                    return got

            assert not pool.submit(late).result()
    with turns.taken(write=False, patience=0.0) as got:
        assert got


def test_readers_who_relay_each_other_let_the_file_go() -> None:
    """Otherwise another process could never write while people browse."""
    turns, stop = Turns(), threading.Event()
    free: list[float] = []

    def browse() -> None:
        while not stop.is_set():
            with turns.taken(write=False, patience=LONG):
                time.sleep(0.01)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(browse)
        try:
            until, since = time.monotonic() + 10 * TOGETHER, None
            while time.monotonic() < until:
                if turns._inside:
                    since = None
                else:
                    since = since or time.monotonic()
                    free.append(time.monotonic() - since)
                time.sleep(0.001)
        finally:
            stop.set()
    assert max(free) >= PAUSE / 2
