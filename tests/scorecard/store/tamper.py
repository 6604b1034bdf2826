"""Changes a store behind its back, as somebody with a database tool could: the refusing triggers are dropped."""

from __future__ import annotations

from pathlib import Path

import duckdb


def tamper(path: Path, *statements: str) -> None:
    """Drop every append-only trigger of a store and run statements on it."""
    connection = duckdb.connect(str(path))
    try:
        for name, table in connection.execute(
            "SELECT trigger_name, table_name FROM duckdb_triggers()"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name} ON {table}")
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()
