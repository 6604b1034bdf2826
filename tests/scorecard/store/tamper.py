"""Changes a store behind its back, as somebody with a database tool could: the refusing triggers are dropped."""

from __future__ import annotations

from pathlib import Path

import duckdb


def tamper(path: Path, *statements: str) -> None:
    """Drop every append-only trigger of a store and run statements on it."""
    connection = duckdb.connect(str(path))
    try:
        found = connection.execute("SELECT trigger_name, table_name FROM duckdb_triggers()").fetchall()
        drops = (f"DROP TRIGGER {name} ON {table}" for name, table in found)
        connection.execute(
            "; ".join(("BEGIN", *drops, "COMMIT"))
        )  # one by one, each is written out by itself
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()
