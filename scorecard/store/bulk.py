"""What is known of one attempt, and DuckDB opened for work on millions of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

# What is known of one attempt (or of `runs` attempts at one task, of which `score` is the mean).
COLUMNS: Mapping[str, str] = {
    "system": "VARCHAR",
    "benchmark": "VARCHAR",
    "task": "VARCHAR",
    "family": "VARCHAR",
    "epoch": "INTEGER",
    "scorer": "VARCHAR",
    "score": "DOUBLE",
    "runs": "INTEGER",
    "human_minutes": "DOUBLE",
    "weight": "DOUBLE",
    "on_day": "DATE",
    "scaffold": "VARCHAR",
    "budget": "VARCHAR",
    "tools": "VARCHAR",
    "settings": "VARCHAR",  # whatever else was set, in words
    "sample": "VARCHAR",  # the source's own id of the attempt, where it has one: the same attempt counts once
}
ADDED = ("settings", "sample")  # columns that files written before they existed do not have
MEMORY = "1GB"


def literal(text: str) -> str:
    """A text as SQL writes it down."""
    return "'" + text.replace("'", "''") + "'"


def bulk_connection(folder: Path) -> duckdb.DuckDBPyConnection:
    """DuckDB without a file, for reading what others wrote: bounded, and with no way out to a network."""
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": False, "threads": 2, "memory_limit": MEMORY}
    )
    connection.execute("SET enable_progress_bar = false")  # it would stand in what `--json` prints
    connection.execute(f"SET temp_directory = {literal(str(folder))}")
    return connection
