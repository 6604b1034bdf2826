"""`verify` finds what was changed behind the store's back, by any other client of the lake."""

from __future__ import annotations

import re

import pytest

from scorecard.store import Store, verify
from tests.scorecard.examples import FACTS, source

pytestmark = pytest.mark.lake


def faults(store: Store, statement: str) -> str:
    """What verify says after a statement ran that the store itself would never run."""
    store.append(FACTS, action="import", actor="a test")
    store.append([source(f"many-{i}") for i in range(1200)], action="write", actor="the chair")
    assert verify(store).sound
    store.engine.writing(lambda connection: connection.execute(statement), 30)
    return "\n".join(verify(store).faults)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE measurements SET value = 61 WHERE system = 'one'", "horizon / one .*a value was changed"),
        ("UPDATE sources SET title = 'Another' WHERE id = 'many-7'", "sources, many-7: a value was changed"),
        ("DELETE FROM measurements WHERE system = 'one'", "(1 row was|rows were) deleted"),
        (
            "DELETE FROM sources WHERE id = 'many-8'",
            "1 row was deleted between sources, many-7 and sources, many-9",
        ),
        (
            "INSERT INTO sources SELECT * REPLACE (5000 AS row_no) FROM sources WHERE id = 'many-1'",
            "was inserted into",
        ),
        ("UPDATE log SET actor = 'somebody else' WHERE seq = 2", "the entry itself was changed"),
        ("DELETE FROM log WHERE seq = 1", "entry 1 is missing before"),
        ("INSERT INTO log SELECT * FROM log WHERE seq = 2", "the chain is broken here"),
        ("ALTER TABLE sources DROP COLUMN title", "sources: the table, or a column of it, is gone"),
        ("DROP TABLE log", "log: the table, or a column of it, is gone"),
    ],
)
def test_a_change_is_named(store: Store, statement: str, said: str) -> None:
    found = faults(store, statement)
    assert re.search(said, found), found
