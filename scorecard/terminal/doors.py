"""A command line whose commands are files of a folder: listed from their text, imported only when they are called.

A file declares `app = typer.Typer()`, and on it commands (`@app.command()`) and groups (`app.add_typer(group,
name="...")`), with names written out. Adding a file adds its commands. A folder inside is an area, whose
docstring up to the colon is its heading and whose PLACE, a number, its place among the others.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import core, main

from scorecard import __version__
from scorecard.discovery import DuplicateName

AREA_IN_GENERAL = "Commands"
LAST = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One command or group: its name, the module that holds it, one line about it, the heading it stands under.

    refusals: what else is a sentence when it is called from another command line than its own.
    """

    name: str
    module: str
    words: str
    area: str
    refusals: tuple[type[Exception], ...] = ()


class Group(core.TyperGroup):
    """A group of commands; called with nothing, it tells what there is, and that is no mistake."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As every group does, but for no words at all."""
        return super().parse_args(ctx, args if args or ctx.resilient_parsing else ["--help"])


class Doors(Group):
    """A group that lists the commands of a package without importing them."""

    package = ""
    refusals: tuple[type[Exception], ...] = ()
    lifted: Mapping[str, Door] = {}  # doors of a joined group that people look for here

    def lift(self, name: str, group: Doors) -> None:
        """Let a command of another command line be called at this one, too."""
        door = replace(found(group.package)[name], refusals=group.refusals)
        self.lifted = {**self.lifted, name: door}

    def join(self, name: str, group: Doors) -> None:
        """Put another command line under a name of this one."""
        group.name = name
        self.add_command(group)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  # as click calls it
        """Names of the files' commands, area by area, then of what was joined."""
        return [*found(self.package), *self.lifted, *self.commands]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, its file imported; nothing where there is none."""
        door = found(self.package).get(cmd_name) or self.lifted.get(cmd_name)
        return super().get_command(ctx, cmd_name) if door is None else _behind(door)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # as click calls it
        """A list an area; every line is read from the text of its file."""
        listed = [(door.area, door.name, door.words) for door in found(self.package).values()]
        listed += [("Forecasts", door.name, door.words) for door in self.lifted.values()]
        listed += [("Forecasts", name, str(group.help)) for name, group in self.commands.items()]
        widest = max(len(name) for _, name, _ in listed)
        for area, inside in groupby(listed, key=lambda one: one[0]):
            with formatter.section(area):
                formatter.write_dl([(name.ljust(widest), words) for _, name, words in inside])

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Names with their line, without importing what is behind them; options as every command completes them."""
        from typer._click.shell_completion import CompletionItem

        lines = {door.name: door.words for door in found(self.package).values()}
        lines |= {door.name: door.words for door in self.lifted.values()}
        lines |= {name: str(group.help) for name, group in self.commands.items()}
        named = [
            CompletionItem(name, help=words) for name, words in lines.items() if name.startswith(incomplete)
        ]
        # Not TyperGroup's, which imports every command to read its help.
        return [*named, *super(core.TyperGroup, self).shell_complete(ctx, incomplete)]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant; a name that stands in another group is told with that group."""
        name = args[0]
        if not name.startswith("-") and name not in self.list_commands(ctx) and not ctx.resilient_parsing:
            ctx.fail(f"No such command {name!r}.{self._instead(name)}")
        return super().resolve_command(ctx, args)

    def _instead(self, name: str) -> str:
        inside = {
            f"{group} {door}": door
            for group, joined in self.commands.items()
            if isinstance(joined, Doors)
            for door in found(joined.package)
        }
        meant = [place for place, door in inside.items() if door == name]
        meant = meant or get_close_matches(name, [*found(self.package), *self.commands, *inside])
        return f" Did you mean {', '.join(repr(one) for one in meant)}?" if meant else ""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what the record or the facts refuse is a sentence on stderr and exit code 1."""
        try:
            return super().invoke(ctx)
        except Exception as error:  # only now is it worth importing what the record's refusals are
            called = self.lifted.get(ctx.invoked_subcommand or "")
            if not isinstance(error, (*self.refusals, *(called.refusals if called else ()), *_refusals())):
                raise
            print(error, file=sys.stderr)
            raise typer.Exit(1) from None


def doors(package: str, help: str, *, refusals: tuple[type[Exception], ...] = ()) -> Doors:
    """The command line over a package of command files; `refusals` beside those of the record are sentences too."""
    whole = typer.Typer(
        cls=Doors,
        help=help,
        callback=_front,
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
    )
    made = main.get_command(whole)
    assert isinstance(made, Doors)
    made.package, made.refusals = package, refusals
    return made


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"preparedness {__version__}")
        raise typer.Exit


def _front(
    version: Annotated[  # noqa: ARG001  # its callback tells it
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Store what this machine's clock makes look odd.")
    ] = False,
    token: Annotated[
        str,
        typer.Option(
            metavar="ID", help="An id of yours for this act: run again with it, nothing is stored twice."
        ),
    ] = "",
) -> None:
    """What every command line answers before its commands do."""
    if token or clock_is_right:
        from scorecard.people import TOKEN
        from scorecard.store.stamps import CONFIRMED

        os.environ |= ({TOKEN: token} if token else {}) | ({CONFIRMED: "1"} if clock_is_right else {})


def _refusals() -> tuple[type[Exception], ...]:
    # Late: DuckDB is behind them, and a list of commands does without it.
    from scorecard.evidence.facts import FactsRefused
    from scorecard.store.errors import StoreError

    return (StoreError, FactsRefused)


@cache
def found(package: str) -> Mapping[str, Door]:
    """Every command of a package's files by name, area by area; DuplicateName when two files declare one."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    folder = Path(spec.submodule_search_locations[0])
    there: dict[str, Door] = {}
    files = [path for path in folder.rglob("*.py") if not path.stem.startswith("_")]
    areas = {place: _area(place) for place in {path.parent for path in files} - {folder}}
    areas[folder] = (LAST, AREA_IN_GENERAL)
    for path in sorted(files, key=lambda one: (areas[one.parent], one)):
        inside = path.relative_to(folder).with_suffix("").parts
        area = areas[path.parent][1]
        for name, words in declared(path):
            door = Door(name=name, module=".".join((package, *inside)), words=words, area=area)
            if name in there:
                raise DuplicateName(f"{name!r} is declared in {there[name].module} and {door.module}")
            there[name] = door
    return there


def declared(path: Path) -> Iterator[tuple[str, str]]:
    """Name and first line of help of each command and group that a file puts on its `app`, without running it."""
    body = ast.parse(path.read_text(encoding="utf-8"), str(path)).body
    helps = {
        ast.unparse(node.targets[0]): _literal(node.value, "help")
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    }
    for node in body:
        if isinstance(node, ast.FunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "app.command":
                    written = [ast.literal_eval(one) for one in call.args[:1]] or [_literal(call, "name")]
                    words = (ast.get_docstring(node) or "").partition("\n")[0]
                    yield written[0] or node.name.replace("_", "-"), words
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if ast.unparse(call.func) == "app.add_typer":
                yield _literal(call, "name"), helps.get(ast.unparse(call.args[0]), "")


def _literal(call: ast.Call, keyword: str) -> str:
    return next((str(ast.literal_eval(one.value)) for one in call.keywords if one.arg == keyword), "")


def _area(folder: Path) -> tuple[int, str]:
    """Place and heading of a folder of command files."""
    tree = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    places = [
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PLACE"
    ]
    told = ast.get_docstring(tree) or folder.name
    return (*places, LAST)[0], told.partition(":")[0].partition("\n")[0]


def _behind(door: Door) -> Any:
    """The command that a door leads to: plain help as everywhere here, and errors that are not ours told in full."""
    part: typer.Typer = import_module(door.module).app
    whole = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    whole.registered_commands += part.registered_commands
    whole.registered_groups += part.registered_groups
    _telling(whole)
    return main.get_group(whole).commands[door.name]


def _telling(part: typer.Typer) -> None:
    for inside in part.registered_groups:
        inside.cls = Group
        if inside.typer_instance is not None:
            _telling(inside.typer_instance)
