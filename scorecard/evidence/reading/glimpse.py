"""A first look at a file: its first bytes, and the keys of the JSON that it holds, in whatever order they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HEAD = 4096  # bytes that every importer sees
MOST = 4 * 1024 * 1024  # bytes in which keys are looked for
JSON = {".json", ".jsonl", ".ndjson", ".txt", ".eval"}
_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]')
DEEPEST = 2  # levels of objects whose keys are told


@dataclass(frozen=True)
class Glimpse:
    """What can be said of a file without taking it apart."""

    path: Path
    head: bytes = b""

    @classmethod
    def of(cls, path: Path) -> Glimpse:
        """Look at a path; a folder has nothing to show."""
        if not path.is_file():
            return cls(path)
        with path.open("rb") as content:
            return cls(path, content.read(HEAD))

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of a JSON document, or of the first line of JSON lines: `eval`, `eval.task`; in a list `[].name`."""
        start = self.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if self.path.suffix.lower() not in JSON or start not in (b"{", b"["):
            return frozenset()
        with self.path.open("rb") as content:
            return frozenset(_keys(content.read(MOST)))

    def has(self, *keys: str) -> bool:
        """Whether all of these keys are there."""
        return self.keys.issuperset(keys)


def _keys(text: bytes) -> set[str]:
    """The keys of the first value in a text, two objects deep; a text that is cut gives those before the cut."""
    found: set[str] = set()
    path: list[str] = []  # for each open bracket, the key that it hangs on; [] for a list at the top
    pending, end = "", 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in (b"{", b"["):
            hangs = pending if path and not text[end : token.start()].strip() else ""
            path.append("[]" if not path and mark == b"[" else hangs)
        elif mark in (b"}", b"]"):
            if path:
                path.pop()
            if not path:
                break
        elif token.group(2) and len(path) <= DEEPEST + 1:
            name = token.group(1).decode("utf-8", errors="replace")
            inside = [part for part in path if part]
            if len(inside) < DEEPEST or (inside and inside[0] == "[]" and len(inside) <= DEEPEST):
                found.add(".".join([*inside, name]))
            pending, end = name, token.end()
    return found
