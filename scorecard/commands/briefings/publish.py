"""publish: the public scorecard as a site that any host serves."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from scorecard.governance.snapshots import find_snapshot
from scorecard.store import Store, StoreError
from scorecard.terminal.options import AsOf, Json, day_or_today

app = typer.Typer()


@app.command()
def publish(
    out: Annotated[
        Path, typer.Argument(help="The folder to write to: an empty one, or an earlier edition's.")
    ],
    snapshot: Annotated[
        str,
        typer.Option(
            help="The snapshot it is made from, by its id or 8 characters of it, in place of a day."
        ),
    ] = "",
    as_of: AsOf = None,
    address: Annotated[
        str,
        typer.Option(
            help="Where it will stand, such as https://example.org/ai: for the sitemap and the feeds."
        ),
    ] = "",
    json_: Json = False,
) -> None:
    """Write the public scorecard as a static site: pages, charts, data, feeds and a calendar; nothing is loaded.

    It says what the public audience of a briefing may have. The same snapshot gives the same bytes.
    """
    from scorecard.publishing.site import put, site

    # Charts place days by the machine's clock, whose summer time would move marks by a hair: one clock everywhere.
    os.environ["TZ"] = "UTC"
    store = Store()
    if snapshot and as_of:
        raise StoreError("give one of --as-of and --snapshot: a snapshot has its day")
    day = find_snapshot(store, snapshot).as_of if snapshot else day_or_today(as_of)
    files = site(store, as_of=day, snapshot=snapshot, address=address)
    put(files, out)
    size = sum(map(len, files.values()))
    if json_:
        print(json.dumps({"folder": str(out), "as_of": day.isoformat(), "files": len(files), "bytes": size}))
        return
    print(out / "index.html")
    print(f"{len(files)} files, {size / 1e6:.1f} MB, as of {day}", file=sys.stderr)
