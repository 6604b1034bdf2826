"""Twenty people browsing while a researcher refits and an import runs, beside one person alone in the same run.

`python -m benchmarks.crowd [--people N] [--pages N] [--store FILE] [--seed N]`. People are real sessions of the
running app: each holds a websocket of its own, asks for a page, waits until the server has sent all of it, reads for
some seconds and goes on. What a browser needs to paint comes on top. The baseline is one person with the machine to
himself. Without --store a record is built from data/ and forecast first.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from scorecard import jobs
from scorecard.store import Store
from tests.browser.app import ROOT, App, running

HIGH = "openai.pf2.ai_self_improvement.high"
PAGES = (
    ("", ""),
    ("threshold", f"threshold={HIGH}"),
    ("evidence", ""),
    ("meeting", ""),
    ("meeting", "tab=decisions"),
    ("meeting", "tab=proposals"),
    ("scored", ""),
    ("scored", "tab=milestones"),
    ("", "developer=Anthropic"),
)
READING = (4.0, 12.0)  # seconds that a person looks at a page
PATIENCE = 120  # seconds after which a page counts as an error
TABLE = "system,observed_on,value,vintage\n"
MAPPING = "rows: measurements\ncolumns: {system: system, observed_on: observed_on, value: value, vintage: vintage}\n"


@dataclass
class Seen:
    """What people saw: seconds a page by name, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def every(self) -> list[float]:
        """All page times."""
        return [seconds for of_page in self.times.values() for seconds in of_page]


async def read_page(socket: ClientConnection, name: str, query: str, seen: Seen) -> None:
    """Ask for a page as the browser does, and wait until its script has ended."""
    asked = BackMsg()
    asked.rerun_script.page_name = name
    asked.rerun_script.query_string = query
    started = time.perf_counter()
    await socket.send(asked.SerializeToString())
    while True:
        message = ForwardMsg()
        message.ParseFromString(bytes(await asyncio.wait_for(socket.recv(decode=False), PATIENCE)))
        element = message.delta.new_element
        if element.HasField("exception"):
            seen.faults.append(f"{name}: {element.exception.message}")
        if element.HasField("alert") and element.alert.format == element.alert.ERROR:
            seen.faults.append(f"{name}: {element.alert.body}")
        if message.WhichOneof("type") == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                break
            if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                seen.faults.append(f"{name}: ended with {message.script_finished}")
                break
    seen.times.setdefault(name or "scorecard", []).append(time.perf_counter() - started)


async def person(app: App, pages: int, chance: random.Random, seen: Seen, *, hurried: bool = False) -> None:
    """One session: comes in, reads some pages, leaves."""
    address = app.url.replace("http", "ws") + "/_stcore/stream"
    try:
        async with connect(
            address, origin=Origin(app.url), subprotocols=[Subprotocol("streamlit")], max_size=None
        ) as socket:
            for number in range(pages):
                if not hurried:
                    await asyncio.sleep(chance.uniform(*READING) * (0.5 if number == 0 else 1))
                name, query = PAGES[(chance.randrange(len(PAGES))) if not hurried else number % len(PAGES)]
                await read_page(socket, name, query, seen)
    except (OSError, TimeoutError) as error:
        seen.faults.append(f"session: {error!r}")


async def crowd(
    app: App, people: int, pages: int, chance: random.Random
) -> tuple[Seen, float, Sequence[str]]:
    """All of them at once; also the server's memory when they are all in (MB), and how the other work ended."""
    seen, begun = Seen(), asyncio.get_running_loop()
    sessions = [begun.create_task(person(app, pages, chance, seen)) for _ in range(people)]
    await asyncio.sleep(READING[0])
    others = work(app)
    most = 0.0
    while not all(session.done() for session in sessions):
        most = max(most, memory(app.pid))
        await asyncio.sleep(0.5)
    return (
        seen,
        most,
        [f"{name}: {'ended' if p.wait() == 0 else f'exit {p.returncode}'}" for name, p in others],
    )


def work(app: App) -> list[tuple[str, subprocess.Popen[bytes]]]:
    """A researcher's refit under changed priors, as the app starts it, and an import of a file by command."""
    folder = app.store.path.parent
    (folder / "new.csv").write_text(TABLE + "gpt-5,2025-08-07,205,crowd\n", encoding="utf-8")
    (folder / "new.yaml").write_text(MAPPING + "constants: {indicator: metr_p50_horizon}\n", encoding="utf-8")
    refit = [
        "forecasts",
        "run",
        "--threshold",
        HIGH,
        "--prior",
        "growth=doubling_days(100, 150, 220)",
        "--name",
        "Crowd",
        "--by",
        "a researcher",
        "--reason",
        "To see what a busy day is like.",
        "--quiet",
    ]
    taken = ["scorecard", "import", "generic", str(folder / "new.csv"), "--mapping", str(folder / "new.yaml")]
    return [("refit", process(app.store, *refit, nice=jobs.NICE)), ("import", process(app.store, *taken))]


def process(store: Store, *command: str, nice: int = 0) -> subprocess.Popen[bytes]:
    """One of the project's commands in a process of its own."""
    environment = {**os.environ, "SCORECARD_STORE": str(store.path)}
    return subprocess.Popen(
        ["nice", "-n", str(nice), sys.executable, "-m", *command], cwd=ROOT, env=environment
    )


def memory(pid: int) -> float:
    """Resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc does not say how much memory {pid} holds; run this on Linux")


def prepared(store: Store) -> None:
    """A record with a sampled forecast of every threshold: a day after the first."""
    for command in (["scorecard", "init"], ["forecasts", "run", "--quiet"]):
        if process(store, *command).wait():
            raise RuntimeError(f"could not prepare a record: {' '.join(command)} failed")


def copied(record: Path | None, folder: Path) -> Store:
    """A record of one's own in a folder: a copy of one with forecasts, or built and forecast anew."""
    path = folder / "scorecard.duckdb"
    if record is None:
        prepared(Store(path))
    else:
        shutil.copytree(record.with_suffix(".files"), path.with_suffix(".files"))
        for file in record.parent.glob(f"{record.name}*"):  # its log too
            shutil.copy(file, folder / file.name.replace(record.name, path.name))
    return Store(path)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--pages", type=int, default=6, help="pages that each of them reads")
    parser.add_argument("--store", type=Path, help="a record with forecasts, which is copied")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    with TemporaryDirectory() as name:
        store = copied(chosen.store, Path(name))
        with running(store.path, Path(name) / "app.log") as app:
            first, alone = Seen(), Seen()
            asyncio.run(person(app, len(PAGES), chance, first, hurried=True))
            asyncio.run(person(app, len(PAGES), chance, alone, hurried=True))
            before = memory(app.pid)
            together, most, others = asyncio.run(crowd(app, chosen.people, chosen.pages, chance))
    report(first, alone, together, chosen.people)
    print(
        f"server's memory: {before:.0f} MB before, at most {most:.0f} MB with all of them: "
        f"{(most - before) / chosen.people:.1f} MB a session"
    )
    print(f"beside it: {'; '.join(others)}")
    for fault in (*first.faults, *alone.faults, *together.faults):
        print(f"  went wrong: {fault}")


def report(first: Seen, alone: Seen, together: Seen, people: int) -> None:
    """Median seconds a page: the very first look, one person alone, the crowd, and how many times as long."""
    print(
        f"{'median seconds a page':24}{'first look':>12}{'alone':>9}{f'{people} people':>12}{'times':>8}{'pages':>8}"
    )
    rows = [
        (name, first.times[name], alone.times[name], together.times.get(name, [])) for name in alone.times
    ]
    rows.append(("every page", first.every, alone.every, together.every))
    for name, one, two, three in rows:
        if three:
            print(
                f"{name:24}{median(one):12.2f}{median(two):9.2f}{median(three):12.2f}{median(three) / median(two):8.1f}"
                f"{len(three):8}"
            )
    slow = sorted(together.every)[int(0.9 * len(together.every))]
    print(f"one page in ten took longer than {slow:.2f} s; {len(together.faults)} errors")


if __name__ == "__main__":
    main()
