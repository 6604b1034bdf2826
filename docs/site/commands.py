"""The page of commands of the documents' site, written from the commands themselves when it is built (mkdocs' hook)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer import core

from forecasts.commands import preparedness
from scorecard.terminal.doors import Doors, found

OPENING = """# Commands

Written from the program; `preparedness COMMAND --help` says the same. Those of the forecasts are below
`preparedness forecast`. Exit code 0: done; 1: the record refuses, or a check found something; 2: not a command as it
was written, a wrong choice, date or file's ending included, or a file to read that is not there. The reason is a
sentence on standard error. What answers or changes the record takes `--json`; what writes files prints their paths, a
line each.
"""


def leaves(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its words, groups entered."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if isinstance(command, core.TyperGroup):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


def told(path: tuple[str, ...], command: Any) -> Iterator[str]:
    """A command's part of the page: its words in a line, its help, its options."""
    context = command.context_class(command, info_name=" ".join(("preparedness", *path)))
    given = [piece for one in command.params for piece in one.get_usage_pieces(context)]
    yield f"### {' '.join(path)}\n\n`{' '.join((str(context.info_name), *given))}`\n"
    yield f"{' '.join((command.help or '').split())}\n"
    records = [one.get_help_record(context) for one in command.params if one.name != "help"]
    # A pipe in backticks parts no cells, and would show a backslash.
    cells = [
        (" ".join(names.split()), " ".join(words.split()).replace("|", r"\|"))
        for names, words in filter(None, records)
    ]
    if cells:
        yield (
            "\n".join(
                ["| given | |", "| --- | --- |", *(f"| `{names}` | {words} |" for names, words in cells)]
            )
            + "\n"
        )


def reference() -> str:
    """The whole page."""
    lines = [OPENING]
    heading = ""
    areas = {name: door.area for name, door in found("scorecard.commands").items()}
    top: Doors = preparedness()
    for path, command in leaves(top):
        area = areas.get(path[0], "Forecasts")
        if area != heading:
            heading = area
            lines.append(f"## {heading}\n")
        lines += told(path, command)
    return "\n".join(lines)


def on_files(files: Any, config: Any) -> Any:
    """The hook that mkdocs calls: the page joins those of docs/."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, "commands.md", content=reference()))
    return files
