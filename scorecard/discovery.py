"""Finds the one declared object in each file of a folder, so that adding a file adds a thing."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


class DuplicateName(ValueError):
    """Two files of a folder declare an object of the same name."""


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
