"""Zipped documents without a clock: the same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name


def timeless(packed: bytes) -> bytes:
    """The same zip, in the same order, with no part carrying the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as given, zipfile.ZipFile(out, "w") as made:
        for part in given.infolist():
            fixed = zipfile.ZipInfo(part.filename, LONG_AGO)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.create_system = 3  # else it names the operating system
            fixed.external_attr = 0o644 << 16
            made.writestr(fixed, given.read(part.filename), compresslevel=6)
    return out.getvalue()
