"""A real store of the published facts with one example run, so that no page has to start a fit."""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime import context

from forecasts.runs import run as runs
from forecasts.runs.request import Request, store_default_priors
from scorecard import jobs
from scorecard.records import Criterion, Determination, ForecastRun, Threshold
from scorecard.store import Store
from scorecard.thresholds.levels import reads
from scorecard.thresholds.standing import standing
from tests.scorecard.examples import having_read, result, run, shape
from tests.shared_stores import build_once, copy_store

HIGH = "openai.pf2.ai_self_improvement.high"


def example_runs(store: Store, as_of: date) -> list[ForecastRun]:
    """A made-up run for every threshold that has criteria on a day, its own or those of its routes."""
    with store.view(as_of=as_of) as then:
        criteria, every = standing(then, Criterion), then.all(Threshold)
        findings = then.all(Determination)
    runs = []
    for threshold in every:
        ours = reads(threshold, criteria, every, findings).shown
        if not ours:
            continue
        runs.append(
            run(
                as_of,
                id=f"example-{threshold.id}-{as_of}",
                threshold=threshold.id,
                result=result(as_of, by_shape={"loglinear": shape()}),
                criteria=tuple(c.id for c in ours),
                indicators=tuple(dict.fromkeys(c.indicator for c in ours)),
            )
        )
    return having_read(store, *runs)


@pytest.fixture(scope="session", autouse=True)
def _installed_components_are_looked_up_once() -> Iterator[None]:
    """Streamlit reads every installed package's metadata whenever the harness makes an app: 0.6 CPU s each time."""
    with pytest.MonkeyPatch.context() as once:
        once.setattr(
            manifest_scanner,
            "scan_component_manifests",
            functools.cache(manifest_scanner.scan_component_manifests),
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def _visitors_come_from_this_machine() -> Iterator[None]:
    """Streamlit's harness has no network: what stands for a visitor's address in it is no address."""
    with pytest.MonkeyPatch.context() as once:
        once.setattr(context.ContextProxy, "ip_address", property(lambda _: "127.0.0.1"))
        yield


@pytest.fixture(autouse=True)
def _no_work_outlives_a_test(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages start fits and backtests in processes of their own, which would go on for minutes."""
    looked_at = [request.getfixturevalue("shown_store").path] if "shown" in request.fixturenames else []
    yield
    for path in (*tmp_path.glob("*.duckdb"), *looked_at):
        for job in jobs.everything(Store(path)):
            if job.state == "running":
                with suppress(ProcessLookupError):
                    os.killpg(job.pid, signal.SIGTERM)  # a job leads a process group of its own


@pytest.fixture(scope="session")
def filled_folder(published_folder: Path, shared: Path) -> Path:
    """The folder of a store with example runs of today, made once; to be copied, never written to."""

    def fill(store: Store) -> None:
        copy_store(published_folder, store.path.parent)
        store.append(example_runs(store, datetime.now(UTC).date()), action="forecast", actor="a test")

    return build_once(shared, "filled", fill)


@pytest.fixture
def filled(filled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store that the app opens, with example runs of today; for a test that writes."""
    store = copy_store(filled_folder, tmp_path)
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    return store


@pytest.fixture
def quickly_forecast(
    filled_folder: Path, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Store:
    """The same with a quick run of 1 June 2026, made once (10 s): to ask for it again finds it with its draws."""

    def forecast(store: Store) -> None:
        copy_store(filled_folder, store.path.parent)
        runs.run(store, Request(as_of=date(2026, 6, 1), thresholds=(HIGH,), method="quick"))

    store = copy_store(build_once(shared, "quick run", forecast), tmp_path)
    monkeypatch.setenv("SCORECARD_STORE", str(store.path))
    return store


@pytest.fixture(scope="session")
def shown_store(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The same for every test that only looks, with the default priors, which the first page that fits would store."""
    store = copy_store(filled_folder, tmp_path_factory.mktemp("shown"))
    store_default_priors(store)
    return store


@pytest.fixture
def shown(shown_store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the app opens, for a test that only looks: what a page has computed of it serves the next."""
    monkeypatch.setenv("SCORECARD_STORE", str(shown_store.path))
    before = shown_store.stamp()
    yield shown_store
    assert shown_store.stamp() == before, "this test writes, so it takes `filled`, a store of its own"
