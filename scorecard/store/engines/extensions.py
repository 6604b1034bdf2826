"""Loads the extensions that a DuckLake needs, from a Python package or from where DuckDB installed them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from scorecard.store.bulk import literal
from scorecard.store.errors import StoreError

NEEDED = ("postgres_scanner", "ducklake")


def load_extensions(connection: duckdb.DuckDBPyConnection) -> None:
    """Load them, never from a network; StoreError says how to get what is missing."""
    for name in NEEDED:
        file = _packaged(name)
        try:
            connection.execute(f"LOAD {literal(str(file)) if file else name}")
        except duckdb.Error as error:
            raise StoreError(
                f"DuckDB {duckdb.__version__} has no extension {name} here, which a DuckLake needs; use an environment "
                "made from requirements-lake.txt (docs/lake.md has the commands)"
            ) from error


def _packaged(name: str) -> Path | None:
    """The extension as a wheel brings it: built for one version of DuckDB, and in a folder named after that."""
    package = find_spec(f"duckdb_extension_{name}")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent / "extensions" / f"v{duckdb.__version__}"
    file = folder / f"{name}.duckdb_extension"
    return file if file.exists() else None
