"""Commands in this process: all of a package on one Typer app, or one through its entry point as at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from types import ModuleType
from unittest.mock import patch

import typer

from scorecard.terminal.doors import found


def joined(package: ModuleType) -> typer.Typer:
    """The `app` of every file of a package of commands, for typer's runner: tests see the exception that is raised."""
    whole = typer.Typer(rich_markup_mode=None)
    for module in sorted({door.module for door in found(package.__name__).values()}):
        part: typer.Typer = import_module(module).app
        whole.registered_commands += part.registered_commands
        whole.registered_groups += part.registered_groups
    return whole


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def say(main: Callable[[], None], store: Path, *words: str) -> Said:
    """Run an entry point with `words` (its own name first) on a store; starting a process anew costs two seconds."""
    seen = {"SCORECARD_STORE": str(store), "COLUMNS": "200"}
    with (
        TemporaryFile("w+", encoding="utf-8") as out,  # a file, since workers are handed its number
        TemporaryFile("w+", encoding="utf-8") as err,
        patch.dict(os.environ, seen),
        patch.object(sys, "argv", list(words)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        for one in (out, err):
            one.seek(0)
        return Said(code, out.read(), err.read())
