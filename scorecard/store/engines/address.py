"""The address of a DuckLake: where its catalogue is, and where its data are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from scorecard.store.errors import StoreError

_PARTS = re.compile(r"ducklake:postgres:(?P<catalogue>[^?]+)\?data_path=(?P<data>/.*)")
# In `password=...` and in `//user:...@host`. DuckDB's errors repeat the address word for word.
_SECRET = re.compile(r"password\s*=|//[^/@\s]*:[^/@\s]*@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LakeAddress:
    """A PostgreSQL database in the words of libpq, and a folder that every machine mounts at the same path."""

    catalogue: str
    data: Path
    FORM: ClassVar[str] = "ducklake:postgres:dbname=NAME host=HOST user=USER?data_path=/SHARED/FOLDER"

    @classmethod
    def of(cls, text: str) -> LakeAddress:
        """Read an address; StoreError says what it should look like, and never repeats a password."""
        if _SECRET.search(text):
            raise StoreError(
                "SCORECARD_STORE holds a password, which logs and lists of processes would show; leave it out and "
                "put it in the file that PGPASSFILE names (one line: host:port:database:user:password, yours alone)"
            )
        parts = _PARTS.fullmatch(text)
        if not parts:
            raise StoreError(
                f"{text} is not the address of a DuckLake; write {cls.FORM}, with the whole path of a folder that "
                "every machine mounts"
            )
        return cls(parts["catalogue"].strip(), Path(parts["data"]))

    def __str__(self) -> str:
        return f"ducklake:postgres:{self.catalogue}?data_path={self.data}"
