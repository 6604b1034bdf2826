"""sign-with-key: a signature over a snapshot with the signer's own SSH key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scorecard.governance.signatures import sign_with_key
from scorecard.people import this_machine
from scorecard.store import Store
from scorecard.terminal.options import By, Json
from scorecard.terminal.printing import print_json

app = typer.Typer()


@app.command(name="sign-with-key")
def sign(
    snapshot: Annotated[str, typer.Argument(help="The snapshot's id, or its first 8 characters or more.")],
    key: Annotated[
        Path, typer.Option(exists=True, help="Your private SSH key, or the public one of a key in an agent.")
    ],
    signer: Annotated[str, typer.Option("--as", help="Your name in the file of allowed signers.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Sign a snapshot with your own SSH key; `verify --signers FILE` checks it."""
    made = sign_with_key(Store(), snapshot, this_machine(by), key=key, signer=signer)
    print_json(made) if json_ else print(
        f"signed {made.snapshot[:12]} as {made.signer} with {made.fingerprint}"
    )
