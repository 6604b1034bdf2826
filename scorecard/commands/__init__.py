"""The commands of `python -m scorecard`, an area a file; each file's `app` is found and joined."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import typer


def joined(package: ModuleType, help: str | None) -> typer.Typer:
    """One command line from the `app` of every module of `package`, in the order of their names."""
    whole = typer.Typer(
        help=help, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    for info in iter_modules(package.__path__):
        if not info.name.startswith("_"):
            part: typer.Typer = import_module(f"{package.__name__}.{info.name}").app
            whole.registered_commands += part.registered_commands
            whole.registered_groups += part.registered_groups
    return whole
