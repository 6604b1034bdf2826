"""Switching pages in a real browser, beside a bare Streamlit page of one heading in the same run.

`python -m benchmarks.pages [--rounds N] [--store FILE]`. A switch begins with the click in the navigation; it is
answered when the sentence on top of the new page stands (of the bare page, its only heading) and settled when the app
has finished and nothing is a placeholder. Medians over all rounds, in seconds; the ratio is that of a page's answer to
the bare page's. The first visit is that of a new process.
Without --store a record is built from data/ and forecast first.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.crowd import copied
from tests.browser.app import free_port, running, wait
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.watched import HEIGHT, WIDTH

OURS = ("Threshold", "Evidence", "Meeting", "Forecasts scored", "Briefing", "Explore", "Scorecard")
BARE = """import streamlit as st

def other():
    st.title("The other page")

def first():
    st.title("A page")

st.navigation([st.Page(first, title="First", default=True), st.Page(other, title="Other")], position="top").run()
"""
PATIENCE = 30_000  # milliseconds
# The click, then a look at each picture that the browser draws until the page is there.
SWITCH = """async ([name, level, patience]) => {
    const heading = () => document.querySelector(`[data-testid="stHeading"] ${level}`)?.innerText;
    const link = [...document.querySelectorAll('a')].find(a => a.innerText.trim() === name);
    const before = heading(), start = performance.now();
    let answered = null;
    link.click();
    while (performance.now() - start < patience) {
        await new Promise(requestAnimationFrame);
        const now = (performance.now() - start) / 1000;
        if (answered === null && heading() && heading() !== before) answered = now;
        const app = document.querySelector('[data-testid="stApp"]');
        const waits = document.querySelector('[data-testid="stSkeleton"]');
        if (answered !== null && !waits && app.dataset.testScriptState === 'notRunning') return [answered, now];
    }
    return null;
}"""


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The address of a Streamlit app with two pages of one heading each."""
    script, port, log = folder / "bare.py", free_port(), folder / "bare.log"
    script.write_text(BARE, encoding="utf-8")
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--server.headless", "true"], cwd=folder, stdout=output, stderr=output
        )
    try:
        wait(port, server, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def switches(
    page: Page, names: tuple[str, ...], level: str, rounds: int
) -> dict[str, list[tuple[float, float]]]:
    """Seconds to the answer and to rest of each switch, by the page that was switched to; the first round warms up."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name in names:
            took = page.evaluate(SWITCH, [name, level, PATIENCE])
            if took is None:
                raise SystemExit(f"{name} was not there after {PATIENCE / 1000:.0f} s")
            if number:
                found[name].append((took[0], took[1]))
            page.wait_for_timeout(300)
    return found


def opened(browser: Browser, address: str) -> tuple[Page, float]:
    """A page of a new visitor, and the seconds until its heading stood."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    start = monotonic()
    page.goto(address)
    page.get_by_test_id("stHeading").first.wait_for(timeout=PATIENCE)
    took = monotonic() - start
    page.wait_for_timeout(3000)
    return page, took


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--store", type=Path, help="a record with forecasts, which is copied")
    chosen = parser.parse_args()
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        store = copied(chosen.store, folder)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        with bare(folder) as address:
            page, first_bare = opened(browser, address)
            measured = switches(page, ("Other", "First"), "h1", chosen.rounds)
            page.close()
        plain = [one for each in measured.values() for one in each]
        with running(store.path, folder / "app.log") as app:
            page, first = opened(browser, app.url)
            ours = switches(page, OURS, "h2", chosen.rounds)
        browser.close()
    report(plain, ours, first_bare, first)


def report(
    plain: list[tuple[float, float]],
    ours: dict[str, list[tuple[float, float]]],
    first_bare: float,
    first: float,
) -> None:
    """Median seconds a page, and its answer as a ratio to the bare page's."""
    print(f"{'median seconds':18}{'answered':>10}{'settled':>10}{'ratio':>8}")
    base = median(one[0] for one in plain)
    for name, took in {"bare": plain, **ours}.items():
        answer = median(one[0] for one in took)
        print(f"{name:18}{answer:10.2f}{median(one[1] for one in took):10.2f}{answer / base:8.2f}")
    print(f"first visit of a process: bare {first_bare:.2f} s, ours {first:.2f} s")


if __name__ == "__main__":
    main()
