"""Zip files of others, read in memory and in bounds: odd paths and zip bombs are refused, nothing is unpacked.

Current Inspect logs are compressed with zstd (zip method 93), which zipfile knows only from Python 3.14 on;
pyarrow, which is here anyhow, decompresses it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import pyarrow as pa

from scorecard.evidence.reading.bounded import MB, whole

ZSTD = 93
MOST_MEMBERS = 200_000
MOST_MEMBER = 256 * MB
MOST_RATIO = 2_000  # real logs repeat themselves and reach some hundreds
# What zipfile and the decompressors raise on a damaged member; NotImplementedError for kinds they do not know.
BROKEN = (
    OSError,
    EOFError,
    BadZipFile,
    zlib.error,
    struct.error,
    pa.ArrowException,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
_LOCAL = struct.Struct("<4s5H3I2H")


class Archive:
    """The members of a zip file by name."""

    def __init__(self, file: ZipFile, name: str) -> None:
        self._file = file
        self.name = name
        infos = file.infolist()
        if len(infos) > MOST_MEMBERS:
            raise whole(name, f"{len(infos)} members", f"at most {MOST_MEMBERS}")
        for info in infos:
            path = PurePosixPath(info.filename)
            if path.is_absolute() or ".." in path.parts or "\\" in info.filename or ":" in info.filename[:3]:
                raise whole(name, f"a member that points elsewhere ({info.filename[:60]!r})", "plain names")
            if info.file_size > MB and info.file_size > MOST_RATIO * max(info.compress_size, 1):
                raise whole(
                    name,
                    f"{info.filename[:60]!r}, which swells {info.file_size // max(info.compress_size, 1)}-fold",
                    f"at most {MOST_RATIO}-fold",
                )
        self._members = {info.filename: info for info in infos}

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def names(self, prefix: str) -> list[str]:
        """The members whose name begins so, in the order in which they were written."""
        return [name for name in self._members if name.startswith(prefix)]

    def read(self, member: str) -> bytes:
        """A member's bytes; whatever its header claims, reading stops at the bound."""
        info = self._members[member]
        if info.flag_bits & 1:
            raise whole(self.name, f"{member} encrypted", "a file without a password")
        try:
            got = self._zstd(info) if info.compress_type == ZSTD else self._plain(info)
        except BROKEN as error:
            found = f"{member} damaged ({str(error)[:80]})"
            raise whole(self.name, found, "a whole file; copy it again") from None
        if len(got) > MOST_MEMBER:
            raise whole(self.name, f"{member} larger than {MOST_MEMBER // MB} MB", "less")
        return got

    def _plain(self, info: ZipInfo) -> bytes:
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise ValueError(f"compression method {info.compress_type}; stored, deflate and zstd are known")
        with self._file.open(info) as member:
            return member.read(MOST_MEMBER + 1)

    def _zstd(self, info: ZipInfo) -> bytes:
        file = self._file.fp
        if file is None:
            raise ValueError("closed")
        file.seek(info.header_offset)
        header = _LOCAL.unpack(file.read(_LOCAL.size))
        if header[0] != b"PK\x03\x04":
            raise ValueError("no local header")
        file.seek(header[-2] + header[-1], 1)
        if info.compress_size > MOST_MEMBER:
            raise ValueError("larger than can be read")
        packed = file.read(info.compress_size)
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            got = stream.read(min(info.file_size, MOST_MEMBER) + 1)
        if len(got) <= MOST_MEMBER and (len(got) != info.file_size or zlib.crc32(got) != info.CRC):
            raise ValueError("its checksum differs")
        return bytes(got)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A zip file, open for reading."""
    try:
        file = ZipFile(path)
    except (OSError, BadZipFile, ValueError, struct.error, NotImplementedError) as error:
        raise whole(
            path.name, f"no whole zip file ({str(error)[:80]})", "a zip file; copy it again"
        ) from None
    with file:
        yield Archive(file, path.name)
