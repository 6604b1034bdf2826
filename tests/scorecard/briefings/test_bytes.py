"""The same record gives the same bytes anywhere, another record another hash, and a public file no withheld text."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pyarrow.parquet as pq
import pytest
from pypdf import PdfReader

from scorecard.store import Store
from tests.scorecard.briefings.conftest import SECRETS
from tests.scorecard.briefings.test_exports import FORMATS, ROOT, made, pages, read
from tests.scorecard.examples import reading


@pytest.mark.parametrize("format", FORMATS)
def test_no_withheld_text_is_in_the_bytes(decided: Store, format: str) -> None:
    if format not in ("csv", "dates", "summary"):  # lines, dates and first sentences carry no commentary
        blobs = _blobs(decided, format, "internal")
        assert any(secret.encode() in blob for blob in blobs for secret in SECRETS)
    found = {s for blob in _blobs(decided, format, "public") for s in SECRETS if s.encode() in blob}
    assert found == set()


def _blobs(store: Store, format: str, audience: str) -> Iterator[bytes]:
    """The file's bytes, what is packed in it, and its text as a reader sees it."""
    content = made(store, format, audience).content
    yield content
    if format in ("pptx", "xlsx"):
        yield from _unpacked(content)
    if format == "parquet":
        table = pq.read_table(io.BytesIO(content))
        yield str(table.to_pydict()).encode()
        yield str(table.schema.metadata).encode()
    if format in ("pdf", "annex", "summary"):
        reader = PdfReader(io.BytesIO(content))
        yield " ".join(read(page.extract_text()) for page in reader.pages).encode()
        yield str(reader.metadata).encode()
        yield str(reader.outline).encode()
        # Words for those who cannot see a chart stand in objects that no page shows.
        size = reader.trailer["/Size"]
        assert isinstance(size, int)
        yield " ".join(str(reader.get_object(i)) for i in range(1, size)).encode()


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Every part of a zip, and of the workbooks that lie in it behind charts."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            part = packed.read(name)
            yield part
            if name.endswith(".xlsx"):
                yield from _unpacked(part)


# Run before what writes files is imported: a clock that runs 400 days ahead, for whoever asks it in Python.
LATER = """
import duckdb, pandas, pyarrow  # written in C against the true class
import datetime, time
ahead = 400 * 86400
real, classes = datetime.datetime, {}
class Later(real):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + datetime.timedelta(seconds=ahead)
    @classmethod
    def utcnow(cls):
        return cls.now()
datetime.datetime = Later
for name in ("time", "localtime", "gmtime"):
    given = getattr(time, name)
    if name == "time":
        time.time = lambda given=given: given() + ahead
    else:
        setattr(time, name, lambda seconds=None, given=given: given(time.time() if seconds is None else seconds))
"""
HASHES = """
import sys, hashlib
from datetime import date
from scorecard.store import Store
from scorecard.briefings import export
store = Store(sys.argv[1])
for format in sys.argv[2:]:
    print(hashlib.sha256(export(store, format, as_of=date(2026, 3, 10)).content).hexdigest())
"""


def hashes(store: Store, before: str = "", **environment: str) -> list[str]:
    """The sha256 of every format, made in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", before + HASHES, str(store.path), *FORMATS],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_another_process_on_another_day_and_place_makes_the_same_bytes(decided: Store) -> None:
    here = [hashlib.sha256(made(decided, format).content).hexdigest() for format in FORMATS]
    there = hashes(decided, LATER, PYTHONHASHSEED="7", TZ="Pacific/Auckland", LANG="de_DE.UTF-8")
    assert dict(zip(FORMATS, there, strict=True)) == dict(zip(FORMATS, here, strict=True))


def test_the_clock_of_that_process_does_run_ahead() -> None:
    """Else the test above would compare two exports of one day."""
    code = LATER + "print(datetime.datetime.now().isoformat(), time.strftime('%Y', time.localtime()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    moment, year = done.stdout.split()
    assert datetime.fromisoformat(moment) > datetime.now() + timedelta(days=399)  # noqa: DTZ005
    assert year == moment[:4]


def test_a_changed_measurement_changes_the_hash_on_the_page(forecast: Store) -> None:
    before = made(forecast, "json").content
    old = json.loads(before)["hash"]
    assert old[:12] in pages(forecast)[0]
    revised = reading("three", date(2026, 2, 1), 901.0, marks=("self_reported",), known_at=date(2026, 2, 20))
    forecast.append([revised], action="import", actor="a test")
    new = json.loads(made(forecast, "json").content)["hash"]
    assert new != old
    assert new[:12] in pages(forecast)[0]
    assert old[:12] not in pages(forecast)[0]
