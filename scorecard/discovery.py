"""Finds the one declared object in each file of a folder, so that adding a file adds a thing."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


class DuplicateName(ValueError):
    """Two files of a folder declare an object of the same name."""


class Undeclared(TypeError):
    """A file does not declare what its folder asks of it; the message says what."""


def declarations(folder: Path, attribute: str) -> Mapping[Path, Mapping[str, Any]]:
    """What each file or package of a folder gives `attribute = Kind(name=..., ...)` in plain words, by the file.

    Read from the text, so that a list of names costs no import. Values that are not written out (functions,
    names) are left out. Raises Undeclared for a file without it.
    """
    found = [*folder.glob("[!_]*.py"), *folder.glob("[!_]*/__init__.py")]
    return {path: _given(path, attribute) for path in sorted(found)}


def _given(path: Path, attribute: str) -> Mapping[str, Any]:
    for node in ast.parse(path.read_text(encoding="utf-8"), str(path)).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if [ast.unparse(one) for one in targets] == [attribute]:
            return {str(one.arg): value for one in node.value.keywords for value in _written(one.value)}
    raise Undeclared(f"{path.name} must say what it is: {attribute} = ...(name=..., ...)")


def _written(node: ast.expr) -> tuple[Any, ...]:
    """The value of a literal, alone in a tuple; an empty tuple for anything else."""
    try:
        return (ast.literal_eval(node),)
    except ValueError:
        return ()


def discover[T](package: ModuleType, kind: type[T], attribute: str) -> dict[str, T]:
    """Map name -> declared object for each module of `package`, in module order.

    Modules whose name begins with an underscore are helpers and are passed over. Raises TypeError
    when a module declares nothing under `attribute`, DuplicateName when two share a name.
    """
    found: dict[str, tuple[str, T]] = {}
    for info in iter_modules(package.__path__):
        if info.name.startswith("_"):
            continue
        module = import_module(f"{package.__name__}.{info.name}")
        item = getattr(module, attribute, None)
        if not isinstance(item, kind):
            raise TypeError(f"{module.__name__} must define {attribute}: {kind.__name__}")
        name = str(getattr(item, "name"))  # noqa: B009  # T has no declared `name`, by design
        if name in found:
            raise DuplicateName(f"{name!r} is declared in {found[name][0]} and {module.__name__}")
        found[name] = (module.__name__, item)
    return {name: item for name, (_, item) in found.items()}
