"""Files of others, read with bounds: text, JSON, JSON lines, YAML and CSV; what cannot be read is a fault.

Nothing in a file is executed, no file is larger than its bound in memory, and no nesting is deep enough to
exhaust the stack.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from scorecard.evidence.tables import Fault, Unreadable, say

MB = 1024 * 1024
MOST_TEXT = 256 * MB
MOST_YAML = 8 * MB
DEEPEST = 40  # nesting of YAML; the C parser itself overflows the stack at some thousands
csv.field_size_limit(4 * MB)


def whole(name: str, found: object, expected: str) -> Unreadable:
    """The fault of a file as a whole, ready to raise."""
    return Unreadable(Fault(name, 0, "", str(found), expected))


def content(path: Path, most: int = MOST_TEXT) -> bytes:
    """A file's bytes, at most `most` of them."""
    try:
        with path.open("rb") as file:
            got = file.read(most + 1)
    except OSError as error:
        raise whole(path.name, error.strerror or type(error).__name__, "a file that can be read") from None
    if len(got) > most:
        raise whole(
            path.name,
            f"more than {most // MB} MB",
            f"at most {most // MB} MB; split the file, or use Parquet",
        )
    if not got.strip():
        raise whole(path.name, "an empty file", "results; the file may be cut off")
    return got


def text(path: Path, most: int = MOST_TEXT) -> str:
    """A file's text, in UTF-8."""
    return decoded(content(path, most), path.name)


def decoded(got: bytes, name: str) -> str:
    """Bytes as text."""
    try:
        return got.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Unreadable(Fault(name, line, "", "bytes that are not UTF-8", "UTF-8 text")) from None


def parsed(got: str, name: str) -> Any:
    """JSON as Python values; numbers that JSON does not know (NaN) come as floats and are judged later."""
    try:
        return json.loads(got)
    except json.JSONDecodeError as error:
        found = f"{error.msg} in column {error.colno}"
        raise Unreadable(
            Fault(name, error.lineno, "", found, "whole JSON; the file may be cut off")
        ) from None
    except (RecursionError, ValueError) as error:
        found = "nesting without end" if isinstance(error, RecursionError) else str(error)
        raise whole(name, found, "JSON of ordinary depth and size") from None


def mapping(value: Any, name: str, what: str = "a JSON object") -> dict[str, Any]:
    """A value that must be an object."""
    if not isinstance(value, dict):
        raise whole(name, say(value), what)
    return value


def lines_of_json(path: Path) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    """Line number and object of each line; a line that is no object is a fault and the others still count."""
    for number, line in enumerate(text(path).splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (RecursionError, ValueError) as error:
            found = error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
            yield number, Fault(path.name, number, "", found, "one whole JSON object a line")
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            yield number, Fault(path.name, number, "", say(value), "one JSON object a line")


class _Text(yaml.CSafeLoader):
    """YAML whose dates stay text, as in scorecard/evidence/tables.py."""


_Text.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def from_yaml(got: str, name: str) -> Any:
    """YAML as Python values; references and deep nesting, which can blow a file up, are refused."""
    try:
        depth = 0
        for event in yaml.parse(got, Loader=_Text):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1 if event.start_mark else 0
                raise Unreadable(Fault(name, line, "", f"a reference (*{event.anchor})", "plain values"))
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise whole(name, f"nesting deeper than {DEEPEST}", "YAML of ordinary depth")
        return yaml.load(got, Loader=_Text)  # a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise Unreadable(Fault(name, line, "", error.problem or "broken YAML", "valid YAML")) from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise whole(name, say(str(error)), "valid YAML") from None


def rows_of_csv(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str] | Fault]]]:
    """The header of a CSV and its rows with their line numbers; `#` lines above the header are comments.

    A row with other cells than the header is a fault, and so is whatever follows a quote that never closes.
    """
    got = text(path)
    skipped = 0
    while got.startswith("#"):
        got = got.partition("\n")[2]
        skipped += 1
    reader = csv.reader(io.StringIO(got, newline=""), strict=True)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise Unreadable(Fault(path.name, 1, "", str(error), "a CSV header")) from None
    if len(header) < 2:
        raise whole(path.name, say(", ".join(header)), "a CSV with a header of at least two columns")
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise whole(path.name, f"the column {twice[0]!r} more than once", "each column once")
    return header, _rows(reader, header, path.name, skipped)


def _rows(
    reader: Any, header: list[str], name: str, skipped: int
) -> Iterator[tuple[int, dict[str, str] | Fault]]:
    while True:
        line = skipped + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, Fault(name, line, "", str(error), "closed quotes and whole rows")
            return
        if not cells:
            continue
        if len(cells) == len(header):
            yield line, dict(zip(header, cells, strict=True))
        else:
            found = f"{len(cells)} cells"
            yield (
                line,
                Fault(name, line, "", found, f"{len(header)} as in the header; the row may be cut off"),
            )
