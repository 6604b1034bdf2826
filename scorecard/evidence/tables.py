"""Text files -> rows of raw cells, each with its place, and the faults of files that cannot be read.

Three formats, all UTF-8: CSV (one header line), JSON Lines (an object a line), both with `#` comment lines above, and
YAML (a list of items). Each closes with a line of its own, `# end` or `...`, so that a file cut off at a line's end is
noticed.
Nothing here knows what a row means.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LINES_END, YAML_END = "# end", "..."


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field of one row; `str()` of it is the sentence a person reads.

    `row` is a line number of a CSV, or the item's number and id in a YAML file; 0 means the whole file.
    """

    file: str
    row: int | str
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        row = "" if self.row == 0 else f", row {self.row}" if isinstance(self.row, int) else f", {self.row}"
        field = f", field {self.field}" if self.field else ""
        return f"{self.file}{row}{field}: found {self.found}, expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Row:
    """Raw cells by field name and where they stand: text from CSV, text, numbers and lists from YAML."""

    file: str
    place: int | str
    cells: Mapping[str, Any]

    def fault(self, field: str, found: object, expected: str) -> Fault:
        """A fault of this row, quoting text and showing everything else as it is."""
        return Fault(self.file, self.place, field, say(found), expected)


class Unreadable(Exception):
    """A whole file that cannot be read, with the one fault that says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def say(found: object) -> str:
    """A found value as it appears in a sentence; long text is shortened."""
    if found is None or found == "":
        return "nothing"
    if isinstance(found, float):
        found = f"{found:.15g}"
    text = f"{found!r}" if isinstance(found, str) and not _is_number(found) else str(found)
    return text if len(text) <= 80 else f"{text[:76]} ..."


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_rows(path: Path, name: str) -> Iterator[Row | Fault]:
    """The rows of one file in order, with a fault in place of each row that has no right shape.

    `name` is the file's name in messages. Raises Unreadable when nothing of the file can be trusted.
    """
    text = _text(path, name)
    return {".csv": _csv, ".jsonl": _json_lines}.get(path.suffix, _yaml)(text, name)


def _text(path: Path, name: str) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise Unreadable(Fault(name, 0, "", "no such file", "the file to be there")) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Unreadable(Fault(name, line, "", "bytes that are not UTF-8", "UTF-8 text")) from None
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise Unreadable(Fault(name, 0, "", found, "a file that can be read")) from None
    if not text.strip():
        raise Unreadable(Fault(name, 0, "", "an empty file", "rows; the file may be cut off"))
    if not text.endswith("\n"):
        last = text.count("\n") + 1
        expected = "a line break at the end; the file may be cut off"
        raise Unreadable(Fault(name, last, "", f"a last line without end, {say(text[-30:])}", expected))
    return text.replace("\r\n", "\n")


def _no_end(text: str, name: str, closing: str) -> Fault:
    expected = f"a closing line `{closing}`; without it the file may be cut off"
    return Fault(name, text.count("\n"), "", "the end of the file", expected)


def _lines(text: str, name: str) -> tuple[int, list[str]]:
    """How many comment lines there are, and the lines between them and the closing one."""
    lines = text.splitlines(keepends=True)
    # A spreadsheet program may add empty cells after the closing words.
    if lines.pop().rstrip().rstrip(",") != LINES_END:
        raise Unreadable(_no_end(text, name, LINES_END))
    start = next((i for i, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return start, lines[start:]


def _json_lines(text: str, name: str) -> Iterator[Row | Fault]:
    start, lines = _lines(text, name)
    for number, line in enumerate(lines, start=start + 1):
        try:
            item = json.loads(line)
        except ValueError as error:
            yield Fault(name, number, "", str(error), "one JSON object")
            continue
        if isinstance(item, dict):
            yield Row(name, number, item)
        else:
            yield Fault(name, number, "", say(line.strip()), "one JSON object")


def _csv(text: str, name: str) -> Iterator[Row | Fault]:
    start, lines = _lines(text, name)
    reader = csv.reader(lines, strict=True)
    header: list[str] = []
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            yield Fault(name, start + reader.line_num, "", str(error), "closed quotes and whole rows")
            break
        line = start + reader.line_num
        if not header:
            header = cells
            if twice := sorted({column for column in cells if cells.count(column) > 1}):
                expected = "each column once"
                raise Unreadable(Fault(name, line, ", ".join(twice), "the column more than once", expected))
        elif len(cells) != len(header):
            expected = f"{len(header)} as in the header; the row may be cut off, or a comma lacks quotes"
            yield Fault(name, line, "", f"{len(cells)} cells", expected)
        else:
            yield Row(name, line, dict(zip(header, cells, strict=True)))
    if not header:
        raise Unreadable(Fault(name, 0, "", "no header", "a first line with the column names"))


class _Loader(yaml.CSafeLoader):
    """YAML without dates (they are read as text, so that a bad one is a fault and not a crash)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys are each written once; YAML itself would silently keep the last."""
        keys = [key.value for key, _ in node.value]
        if len(set(keys)) != len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.MarkedYAMLError(problem=f"{twice!r} written twice", problem_mark=node.start_mark)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _yaml(text: str, name: str) -> Iterator[Row | Fault]:
    if not text.endswith(f"\n{YAML_END}\n"):
        raise Unreadable(_no_end(text, name, YAML_END))
    try:
        items = yaml.load(text, Loader=_Loader)  # a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        found = " ".join(part for part in (error.context, error.problem) if part) or "broken YAML"
        raise Unreadable(Fault(name, line, "", found, "valid YAML")) from None
    except yaml.YAMLError as error:
        raise Unreadable(Fault(name, 0, "", str(error), "valid YAML")) from None
    if isinstance(items, dict) and "id" in items:  # one record that takes a whole file
        items = [items]
    if not isinstance(items, list):
        raise Unreadable(Fault(name, 0, "", f"a {type(items).__name__}", "a list, one item a record"))
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            yield Fault(name, f"item {number}", "", say(item), "field names with values")
            continue
        called = item.get("id")
        place = f"item {number} ({called})" if isinstance(called, str) else f"item {number}"
        yield Row(name, place, item)
