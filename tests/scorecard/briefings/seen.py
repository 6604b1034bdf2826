"""Pages of a fixed briefing as small pictures; `./run python -m tests.scorecard.briefings.seen` renews the baselines.

The record is made up and its day is fixed, so that no sampler, no new evidence and no calendar moves a line.
"""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops

from scorecard.briefings import export
from scorecard.governance.commentary import comment
from scorecard.governance.decisions import decide
from scorecard.people import this_machine
from scorecard.records import DEFAULTS, Deadline
from scorecard.store import Store
from tests.scorecard.briefings.conftest import AS_OF, EARLIER, add_many, priors
from tests.scorecard.examples import FACTS, determination, having_read, reading, run, system

BASELINES = Path(__file__).with_name("baselines")
DPI = 40  # of a page; its picture is 331 by 468 pixels
CELL = (
    4  # pixels a side of what is compared: finer than a line of text, coarser than how its edges are smoothed
)
DARKER = 40  # of 255: a cell that differs by more is another one
TOLERANCE = 0.01  # of the cells of a page may differ: a figure may change, a line may not move


DEADLINES = tuple(
    Deadline(
        id=f"{day}",
        day=day,
        name=name,
        author=DEFAULTS,
        rationale="an example",
        known_at=EARLIER,
    )
    for day, name in (
        (date(2026, 12, 31), "end of 2026"),
        (date(2027, 12, 31), "end of 2027"),
        (date(2028, 3, 31), "OpenAI's stated goal for an automated AI researcher"),
        (date(2028, 12, 31), "end of 2028"),
        (date(2030, 12, 31), "end of 2030"),
    )
)


def fixed_store(path: Path) -> Store:
    """A made-up record with 11 forecast thresholds, a decision with dissent, commentary and an earlier forecast."""
    store = Store(path)
    store.append(
        [
            *FACTS,
            priors(),
            determination("not_crossed", AS_OF),
            system("three", AS_OF),
            reading("three", AS_OF, 900.0, marks=("self_reported",), known_at=AS_OF),
            *DEADLINES,
        ],
        action="import",
        actor="a test",
    )
    made = [run(as_of=AS_OF, id="run-now-0000000"), run(as_of=EARLIER, id="run-then-000000")]
    store.append(having_read(store, *made), action="import", actor="a test")
    add_many(store, 10)
    chair = this_machine("the chair")
    decide(
        store,
        threshold="lab.high",
        finding="precautionary",
        decision="Treat it as crossed.",
        today=AS_OF,
        reason="The interval begins today.",
        actor=chair,
        forecast_run="run-now-0000000",
        owner="a researcher",
        dissent="One member finds the criterion too loose.",
    )
    text = "The median is {q50}; within 12 months {p_12_months}."
    comment(store, actor=this_machine("a researcher"), threshold="lab.high", text=text, today=AS_OF)
    return store


def pages(store: Store, folder: Path) -> dict[str, Image.Image]:
    """Every page of the board's report, of its annex and of the summary, in grey, by the name of its baseline."""
    found = {}
    for format in ("pdf", "annex", "summary"):
        file = folder / f"{format}.pdf"
        file.write_bytes(export(store, format, as_of=AS_OF, audience="board").content)
        subprocess.run(
            ["pdftoppm", "-r", str(DPI), "-gray", "-png", str(file), str(folder / format)],
            check=True,
            capture_output=True,
        )
        for number, path in enumerate(sorted(folder.glob(f"{format}-*.png")), start=1):
            found[f"{format}-{number:02}"] = Image.open(path).convert("L")
    return found


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of cells that differ; 1 for pages of two sizes."""
    if one.size != other.size:
        return 1.0
    size = (one.width // CELL, one.height // CELL)
    coarse = [image.resize(size, Image.Resampling.BOX) for image in (one, other)]
    counts = ImageChops.difference(*coarse).histogram()
    return sum(counts[DARKER + 1 :]) / sum(counts)


def main() -> None:
    """Write the baselines anew, to be looked at before they are committed."""
    BASELINES.mkdir(exist_ok=True)
    for path in BASELINES.glob("*.png"):
        path.unlink()
    with TemporaryDirectory() as folder:
        store = fixed_store(Path(folder) / "scorecard.duckdb")
        for name, page in pages(store, Path(folder)).items():
            page.quantize(16).save(BASELINES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
