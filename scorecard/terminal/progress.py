"""How far long work is, on standard error: a bar in a terminal, a line a step anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

type Tell = Callable[[float, str], None]  # the share of the work that is done (0 to 1), and what is done now


@contextmanager
def progress_bar(*, job: Tell | None = None) -> Iterator[Tell]:
    """A function to call with each step; work that runs as a `job` tells that instead of the terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if job is not None:
        yield job
    elif not console.is_terminal:
        yield lambda share, words: print(f"{share:4.0%}  {words}", file=sys.stderr, flush=True)
    else:
        columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=console) as bar:
            work = bar.add_task("", total=1.0)
            yield lambda share, words: bar.update(work, completed=share, description=words)


def part(tell: Tell, start: float, end: float) -> Tell:
    """What a part of the work is to call, which goes from `start` to `end` of the whole."""
    return lambda share, words: tell(start + (end - start) * share, words)
