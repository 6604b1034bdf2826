"""What the record says stays said: hashes of rows, ids of runs and a briefing's contents, held from commit to commit.

A commit that changes one of them on purpose writes golden.json anew (`python -m tests.test_golden`) and says why.
"""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from forecasts.priors.changing import changed_priors
from forecasts.runs.plan import plans
from forecasts.runs.request import Request, read
from scorecard import briefings
from scorecard.evidence import facts
from scorecard.places import DATA
from scorecard.records import RECORDS
from scorecard.store import Store
from scorecard.store.rows import columns, key_text, row_hash, to_row
from tests.pages.conftest import example_runs

GOLDEN = Path(__file__).with_name("golden.json")
AS_OF = date(2026, 10, 2)


def golden(folder: Path) -> dict[str, Any]:
    """Row hashes by table, ids of the runs of a day, and a briefing's bytes, of a store built from data/."""
    store = Store(folder / "scorecard.duckdb")
    facts.build(store, DATA)
    request = Request(as_of=AS_OF)
    known = read(store, request)
    changed = changed_priors(known.prior_set, ())
    planned = plans(known, changed.priors, changed.id, request)
    runs = {plan.threshold.id: plan.id for plan in planned}
    store.append(example_runs(store, AS_OF), action="forecast", actor="a test")
    written = briefings.export(store, "json", as_of=AS_OF).content
    tables = {}
    with store.view() as now:
        for cls in RECORDS:
            rows = sorted(
                f"{key_text(cls, {name: getattr(one, name) for name in columns(cls)})} "
                f"{row_hash(cls.TABLE, to_row(one))}"
                for one in now.all(cls)
            )
            if rows:
                tables[cls.TABLE] = sha256("\n".join(rows).encode()).hexdigest()
    return {"tables": tables, "runs": runs, "briefing": sha256(written).hexdigest()}


def test_rows_runs_and_a_briefing_are_those_of_before(tmp_path: Path) -> None:
    assert golden(tmp_path) == json.loads(GOLDEN.read_text(encoding="utf-8"))


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        GOLDEN.write_text(json.dumps(golden(Path(place)), indent=1, sort_keys=True) + "\n", encoding="utf-8")
