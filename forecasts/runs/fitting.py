"""Indicators fitted: on two processes as they finish, or on the threads of this one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context

from forecasts.inference.fit import Engine
from forecasts.runs.indicators import IndicatorForecast, Task, forecast

WORTH_COMPILING = 8  # indicators that take as long as compiling every shape once more


@cache
def engine() -> Engine:
    """This process's engine, which keeps what it has compiled."""
    return Engine(cores=1)


def fitted(task: Task) -> IndicatorForecast:
    """One indicator, in this process."""
    return forecast(task, engine())


def shared_out(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks for one process each, two at most.

    Models with correlated errors compile apart from those without, so each process takes one kind and compiles each
    shape once. Compiling both kinds pays where that would leave a process idle for longer.
    """
    kinds = [
        [t for t in tasks if t.indicator.shared_tasks],
        [t for t in tasks if not t.indicator.shared_tasks],
    ]
    fewer, more = sorted(map(len, kinds))
    if fewer == 0 or more - fewer > WORTH_COMPILING:
        every, half = [*kinds[0], *kinds[1]], (len(tasks) + 1) // 2
        kinds = [every[:half], every[half:]]
    return [kind for kind in kinds if kind]


def on_processes(tasks: Sequence[Task]) -> Iterator[IndicatorForecast]:
    """Forecast indicators on two processes, as they finish."""
    if len(tasks) == 1:
        yield fitted(tasks[0])
        return
    groups = shared_out(tasks)
    pools = [ProcessPoolExecutor(1, mp_context=get_context("spawn")) for _ in groups]
    try:
        futures = [pool.submit(fitted, t) for pool, group in zip(pools, groups, strict=True) for t in group]
        for future in as_completed(futures):
            yield future.result()
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def on_threads(tasks: Sequence[Task]) -> list[IndicatorForecast]:
    """Forecast indicators in this process, in their order: numpy lets go of the interpreter."""
    # An indicator's thread waits for its shapes, which two threads share out.
    with ThreadPoolExecutor(2) as shapes, ThreadPoolExecutor(max(len(tasks), 1)) as pool:
        return list(pool.map(lambda task: forecast(task, engine(), shapes.map), tasks))
