"""Signatures with SSH keys: real ones, made and checked by the ssh-keygen of this machine."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from scorecard.governance import snapshots
from scorecard.governance.signatures import SignatureRefused, sign_with_key, signature_faults
from scorecard.store import Store
from tests.scorecard.examples import RESEARCHER, run
from tests.scorecard.store.tamper import tamper

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed here")
NAME = "researcher@example.org"


def new_key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", NAME, "-f", str(path)], check=True)
    return path


@pytest.fixture
def bound(store: Store) -> str:
    store.append([run()], action="forecast", actor="a test")
    made = snapshots.take(
        store,
        RESEARCHER,
        kind="view",
        subject="all",
        title="All",
        as_of=date(2026, 2, 1),
        runs=[run().id],
        text="",
    )
    return made.id


def test_a_signature_holds_for_its_signer_and_for_nobody_else(
    store: Store, bound: str, tmp_path: Path
) -> None:
    key, other = new_key(tmp_path / "key"), new_key(tmp_path / "other")
    made = sign_with_key(store, bound[:8], RESEARCHER, key=key, signer=NAME)
    assert made.fingerprint.startswith("SHA256:")
    assert signature_faults(store) == (1, [])
    allowed, wrong = tmp_path / "allowed", tmp_path / "wrong"
    allowed.write_text(f"{NAME} {key.with_suffix('.pub').read_text()}")
    wrong.write_text(f"{NAME} {other.with_suffix('.pub').read_text()}")
    assert signature_faults(store, allowed) == (1, [])
    count, (fault,) = signature_faults(store, wrong)
    assert count == 1
    assert fault.startswith(f"signatures, {made.id}: the signature does not hold")


def test_a_signature_is_of_one_snapshot_only(store: Store, bound: str, tmp_path: Path) -> None:
    sign_with_key(store, bound, RESEARCHER, key=new_key(tmp_path / "key"))
    tamper(store.path, f"UPDATE signatures SET snapshot = '{'0' * 64}'")
    assert len(signature_faults(store)[1]) == 1


def test_a_key_that_is_none_stores_nothing(store: Store, bound: str, tmp_path: Path) -> None:
    before = store.stamp()
    with pytest.raises(SignatureRefused, match="could not be made"):
        sign_with_key(store, bound, RESEARCHER, key=tmp_path / "none")
    assert store.stamp() == before
