"""Signatures with a key of the signer's own: OpenSSH's, over the id of a snapshot, which is the sha256 of its content.

A sign-off is a name that the store was told. A signature is what only the holder of a private key can make, and anyone
with the file of allowed signers can check with `ssh-keygen` alone, without this program (docs/governance.md).
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from scorecard.clock import today
from scorecard.governance.snapshots import find_snapshot
from scorecard.people import Actor, once
from scorecard.records import Signature
from scorecard.store import Store, StoreError

NAMESPACE = "snapshot@preparedness-scorecard"
ALLOWED = "SCORECARD_ALLOWED_SIGNERS"  # OpenSSH's file of principals and their public keys
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/=]+")


class SignatureRefused(StoreError):
    """A signature that could not be made or does not hold; the message says why, in OpenSSH's words."""


def message(snapshot: str) -> bytes:
    """What is signed: the snapshot's whole id and a line feed, as `echo ID` writes it."""
    return f"{snapshot}\n".encode()


@once(Signature)
def sign_with_key(store: Store, snapshot: str, actor: Actor, *, key: Path, signer: str = "") -> Signature:
    """Sign a snapshot (id, or its first 8 characters or more) with a private key, or with an agent's by its public one.

    `signer` is the name that the file of allowed signers has for the key; the actor's own name if not given. Raises
    NotAllowed, and SignatureRefused when OpenSSH cannot sign.
    """
    actor.require("sign")
    bound = find_snapshot(store, snapshot)
    made = _keygen("sign", "-f", str(key), "-n", NAMESPACE, given=message(bound.id))
    name = signer or actor.name
    said = checked(
        Signature(
            id="",
            snapshot=bound.id,
            signer=name,
            fingerprint="",
            signature=made,
            known_at=today(),
        )
    )
    fingerprint = _FINGERPRINT.search(said)
    one = Signature(
        id=f"{bound.id[:12]}/{fingerprint[0] if fingerprint else name}",
        snapshot=bound.id,
        signer=name,
        fingerprint=fingerprint[0] if fingerprint else "",
        signature=made,
        known_at=today(),
    )
    store.append([one], action="sign with a key", actor=actor, reason=name)
    return one


def checked(one: Signature, allowed: Path | None = None) -> str:
    """What OpenSSH says of a signature that holds; SignatureRefused when it does not.

    With a file of allowed signers the key has to be that signer's; without one only the signature itself is checked.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "signature"
        file.write_text(one.signature, encoding="utf-8")
        who = ("check-novalidate",) if allowed is None else ("verify", "-f", str(allowed), "-I", one.signer)
        return _keygen(*who, "-n", NAMESPACE, "-s", str(file), given=message(one.snapshot))


def signature_faults(store: Store, allowed: Path | None = None) -> tuple[int, list[str]]:
    """How many signatures are on record, and which do not hold, each as a sentence."""
    named = os.environ.get(ALLOWED)
    file = allowed or (Path(named) if named else None)
    with store.view() as now:
        found: Sequence[Signature] = now.all(Signature)
    faults = []
    for one in found:
        try:
            checked(one, file)
        except SignatureRefused as error:
            faults.append(f"signatures, {one.id}: {error}")
    return len(found), faults


def _keygen(deed: str, *arguments: str, given: bytes) -> str:
    try:
        done = subprocess.run(
            ["ssh-keygen", "-Y", deed, *arguments], input=given, capture_output=True, check=False, timeout=60
        )
    except FileNotFoundError:
        raise SignatureRefused(
            "ssh-keygen is not installed, which makes and checks signatures; install OpenSSH 8.2 or later"
        ) from None
    except subprocess.TimeoutExpired:
        raise SignatureRefused(
            "ssh-keygen waited for a minute, perhaps for a key to be touched; try again"
        ) from None
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        raise SignatureRefused(
            f"the signature does not hold or could not be made ({said[-1] if said else deed})"
        )
    return done.stdout.decode()
