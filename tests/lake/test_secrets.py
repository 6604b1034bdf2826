"""No password is taken from the address, and none is shown when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scorecard.store import Store, StoreError
from tests.lake.cluster import PASSWORD, Cluster
from tests.scorecard.examples import source

pytestmark = pytest.mark.lake


def chain(error: BaseException | None) -> str:
    """Everything a log would show of an error, its causes included."""
    return f"{error!r} {chain(error.__cause__ or error.__context__)}" if error else ""


@pytest.mark.parametrize("wrong", ["user=nobody", "dbname=nowhere", "port=1"])
def test_a_server_that_refuses_is_told_without_the_password(
    address: Callable[..., str], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    given = address().replace("?data_path", f" {wrong}?data_path")
    with pytest.raises(StoreError, match=r"PostgreSQL cannot be used .*PGPASSFILE") as caught:
        Store(given).prepare()
    assert PASSWORD not in chain(caught.value)


def test_a_wrong_password_is_not_shown(
    address: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "pgpass"
    wrong.write_text("*:*:*:*:not-the-password\n", encoding="utf-8")
    wrong.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(wrong))
    with pytest.raises(StoreError, match="password authentication failed") as caught:
        Store(address()).prepare()
    assert "not-the-password" not in chain(caught.value)


def test_a_server_that_went_away_is_named_and_used_again_when_it_is_back(
    store: Store, cluster: Cluster
) -> None:
    store.append([source("one")], action="write", actor="a test")
    cluster.control("stop", "-m", "immediate")
    try:
        for use in (lambda: store.append([source("two")], action="write", actor="a test"), store.stamp):
            with pytest.raises(StoreError, match="PostgreSQL cannot be used") as caught:
                use()
            assert PASSWORD not in chain(caught.value)
    finally:
        cluster.start()
    store.append([source("two")], action="write", actor="a test")
