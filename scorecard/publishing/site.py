"""The whole site as files by path, and how they are put into a folder; the same snapshot gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from scorecard.briefings.exporters.html import chart_code
from scorecard.publishing import data, feeds, pages
from scorecard.publishing.charts import Drawn, charts
from scorecard.publishing.material import Edition, edition
from scorecard.store import Store, StoreError

MANIFEST = "manifest.json"


def site(store: Store, *, as_of: date, snapshot: str = "", address: str = "") -> dict[str, bytes]:
    """Every file of the site by its path; `address` is where it will stand, for the sitemap and the feeds.

    StoreError for an address that is none, or a snapshot that is not there or not as it was taken.
    """
    if address and (urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc):
        raise StoreError(
            f"--address is where the site will stand, such as https://example.org/ai, not {address!r}"
        )
    made = edition(store, as_of=as_of, snapshot=snapshot, address=address)
    drawn = charts(made)
    shown = pages.pages(made, drawn)
    files = {
        **shown,
        **_charts(drawn),
        **data.data(made),
        **feeds.feeds(made),
        **feeds.sitemap(made, [name for name in shown if not name.startswith("embed/")]),
        "assets/site.css": pages.STYLE.read_bytes(),
        "assets/charts.js": chart_code().encode(),
    }
    return dict(sorted(files.items())) | {MANIFEST: _manifest(made, files)}


def _charts(drawn: Mapping[str, Drawn]) -> dict[str, bytes]:
    files = {}
    for name, one in drawn.items():
        files[f"{data.PLACE}/charts/{name}.svg"] = one.svg.encode()
        files[f"{data.PLACE}/charts/{name}.json"] = one.spec.encode() + b"\n"
    return files


def _manifest(made: Edition, files: Mapping[str, bytes]) -> bytes:
    hashes = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    return (json.dumps({**data.about_of(made), "files": hashes}, indent=1) + "\n").encode()


def put(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files; those of an earlier edition that this one has not are removed, nothing else is touched.

    StoreError when the folder holds files that no edition put there, or cannot be written.
    """
    old = out / MANIFEST
    try:
        before = set(json.loads(old.read_text(encoding="utf-8"))["files"]) if old.exists() else set()
        if not before and out.exists() and any(out.iterdir()):
            raise StoreError(
                f"{out} holds other files; name an empty folder, or one that a site was written to"
            )
        for name in sorted(before - set(files)):
            if (place := out / name).resolve().is_relative_to(out.resolve()):
                place.unlink(missing_ok=True)
        for name, content in files.items():
            place = out / name
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f".{place.name}.part")
            part.write_bytes(content)
            part.replace(place)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"the site could not be written to {out} ({error})") from error
