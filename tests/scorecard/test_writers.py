"""What writes evidence asks the role first; called directly by a viewer it stores nothing.

The walk over the source of all packages, so that a function written tomorrow is found, is tests/test_writers.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scorecard.evidence import names
from scorecard.evidence.entering import Typed, draft, enter
from scorecard.evidence.importing import plan
from scorecard.evidence.refresh.handling import handle, note_look
from scorecard.evidence.refresh.running import refresh
from scorecard.evidence.storing import commit, replay
from scorecard.people import Actor, NotAllowed
from scorecard.store import Store

VIEWER = Actor(name="somebody", identity="signed in with single sign-on", role="viewer")
NOBODY = Actor(name=" ", identity="typed by hand", role="administrator")
TABLE = "indicator,system,observed_on,value\nhorizon,one,2026-02-01,70\n"

EVIDENCE: dict[str, Callable[[Store, Actor, Path], Any]] = {
    "scorecard/evidence/storing.py: commit": lambda s, a, folder: commit(
        s, plan(s, [folder], known_at=date(2026, 3, 1)), actor=a, lenient=True
    ),
    "scorecard/evidence/storing.py: replay": lambda s, a, _: replay(s, [], actor=a),
    "scorecard/evidence/entering.py: enter": lambda s, a, _: enter(
        s, draft(s, Typed(cells={}, source={}, system={})), actor=a
    ),
    "scorecard/evidence/refresh/running.py: refresh": lambda s, a, _: refresh(
        s, [], today=date(2026, 3, 1), actor=a
    ),
    "scorecard/evidence/refresh/handling.py: note_look": lambda s, a, _: note_look(
        s, "lab_news", found=0, reaches=date(2026, 3, 1), actor=a, today=date(2026, 3, 1)
    ),
    "scorecard/evidence/refresh/handling.py: handle": lambda s, a, _: handle(
        s, "lab_news-1", "read", actor=a, today=date(2026, 3, 1)
    ),
    "scorecard/evidence/names.py: alias": lambda s, a, _: names.alias(
        s, "one", "Onne", actor=a, reason="a spelling of it"
    ),
    "scorecard/evidence/names.py: merge": lambda s, a, _: names.merge(
        s, "one", "two", actor=a, reason="the same weights"
    ),
    "scorecard/evidence/names.py: unname": lambda s, a, _: names.unname(
        s, "uno", actor=a, reason="they were not"
    ),
}


@pytest.mark.parametrize("name", sorted(EVIDENCE))
@pytest.mark.parametrize(
    ("who", "said"), [(VIEWER, "is a viewer; to import evidence takes a"), (NOBODY, "takes a name")]
)
def test_evidence_asks_the_role_before_it_writes(
    store: Store, tmp_path: Path, name: str, who: Actor, said: str
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "table.csv").write_text(TABLE)
    names.alias(
        store,
        "one",
        "uno",
        actor=Actor(name="a researcher", identity="typed by hand", role="researcher"),
        reason="in Italian, one",
    )
    before = store.stamp()
    with pytest.raises(NotAllowed, match=said):
        EVIDENCE[name](store, who, folder)
    assert store.stamp() == before
