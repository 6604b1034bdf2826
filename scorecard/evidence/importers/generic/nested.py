"""JSON of any shape as rows: a path leads to the list of rows, and each column is a path inside a row.

`a.b` goes into objects, `a[0]` takes one of a list, `a[]` takes each in turn, `"a.b".c` quotes a key that has a dot;
the items of an object know their own key as `@key`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scorecard.evidence.reading.bounded import whole
from scorecard.evidence.tables import say

KEY = "@key"
MOST = 1_000_000  # rows of one document
_STEP = re.compile(r'"(?P<quoted>[^"]*)"|\[(?P<index>-?\d*)\]|(?P<plain>[^.\[\]"]+)')
type _Steps = tuple[str | int | None, ...]  # a key, a place in a list, or None for each


def steps(path: str, name: str) -> _Steps:
    """A path's steps; Unreadable when it is no path."""
    found: list[str | int | None] = []
    at = 0
    while at < len(path):
        if path[at] == "." and found:
            at += 1
        step = _STEP.match(path, at)
        if step is None:
            raise whole(
                name, f"the path {say(path)}", "keys with dots between them, such as results[0].score"
            )
        if step["index"] is not None:
            found.append(int(step["index"]) if step["index"] else None)
        else:
            found.append(step["quoted"] if step["quoted"] is not None else step["plain"].strip())
        at = step.end()
    return tuple(found)


def at(value: Any, path: _Steps) -> Any:
    """What stands at a path; None where it leads nowhere."""
    for step in path:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def items(document: Any, path: str, name: str) -> Iterator[Mapping[str, Any]]:
    """The rows at a path: of a list its objects, of an object its values with their keys."""
    found = [document]
    for step in steps(path, name):
        if step is None:
            found = [inner for one in found for inner in (_listed(one, "") or [])]
        else:
            found = [inner for one in found if (inner := at(one, (step,))) is not None]
    rows: list[Any] = []
    for one in found:
        listed = _listed(one, KEY)
        rows += [one] if listed is None else listed
        if len(rows) > MOST:
            raise whole(name, f"more than {MOST:,} rows", f"at most {MOST:,}; split the file")
    if not rows:
        raise whole(
            name, f"nothing at {path or 'the top'}", "the path to a list of rows, as `items` of the mapping"
        )
    for row in rows:
        yield row if isinstance(row, Mapping) else {"": row}


def _listed(value: Any, key: str) -> list[Any] | None:
    """The items of a list or an object of objects; None for a row itself."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping) and value and all(isinstance(one, Mapping) for one in value.values()):
        return [{**one, KEY: name} if key else one for name, one in value.items()]
    return None
