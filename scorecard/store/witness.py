"""The witness: each head of the chain, with its entry, noted in a file outside the store.

Whoever can write to the store's file can write it anew as a whole, cut it off or put an older one in its place, and it
is consistent in itself afterwards. A head noted elsewhere shows all three: it is either one that the record passed
through, or it is not. The file's name comes from the store's address, which a rewrite cannot change.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from scorecard.records import LogEntry
from scorecard.store.errors import StoreError

PLACE = "SCORECARD_WITNESS"  # a folder; `off` for none
_LINE = re.compile(r"^(\d+) \S+ ([0-9a-f]{64})$", re.MULTILINE)
_NOTED = re.compile(r"(?:entry (\d+)[^0-9a-f]{1,20})?head[\"'`]?[:=\s]{1,3}[\"'`]?([0-9a-f]{64})")
_HEAD = re.compile(r"(?:(\d+):)?([0-9a-f]{8,64})")
_log = logging.getLogger(__name__)
_warned: set[Path] = set()


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """A head (or its first 8 digits or more) that was noted somewhere, and the number of its entry, 0 if not given."""

    entry: int
    head: str
    where: str


def folder() -> Path | None:
    """Where witness files are: `SCORECARD_WITNESS`, else the user's folder for state; None when switched off."""
    named = os.environ.get(PLACE)
    if named == "off":
        return None
    if named:
        return Path(named).expanduser()
    from platformdirs import user_state_path

    return user_state_path("preparedness-scorecard", appauthor=False) / "witness"


def file_of(address: str) -> Path | None:
    """The witness file of the store at an address; None when there is to be none."""
    place = folder()
    if place is None:
        return None
    stem = re.sub(r"[^A-Za-z0-9]+", "-", Path(address.partition("?")[0]).stem).strip("-")[:40]
    return place / f"{stem}-{sha256(address.encode()).hexdigest()[:12]}.heads"


def note(address: str, *, entry: int, at: datetime, head: str) -> None:
    """Add a head to the store's witness file; a fault is a warning, since the act itself is stored already.

    A line lost to a power cut only makes the witness a little older, so nothing waits for the disk here.
    """
    path = file_of(address)
    if path is None:
        return
    line = f"{entry} {at.isoformat(timespec='seconds')}Z {head}\n".encode()
    try:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line)  # one write, so that lines of several processes do not mix
        finally:
            os.close(descriptor)
    except OSError as error:
        if path not in _warned:
            _warned.add(path)
            _log.warning(
                "entry %d is stored, but its head could not be noted in %s (%s); make that folder writable, or name "
                "another one in %s",
                entry,
                path,
                error,
                PLACE,
            )


def in_words(entry: LogEntry) -> str:
    """A head in a sentence that `noted_in` finds again, for minutes, notices and mails."""
    return f"The record stood at entry {entry.seq}, head {entry.hash}."


def noted_in(given: str) -> list[Noted]:
    """The heads in what was named: a head (64 hex digits, or 8 and more; `ENTRY:HEAD`), or a file with heads in it.

    A file is a witness file, the manifest of a backup, or any text that says `head` before one. StoreError when there
    is none.
    """
    if typed := _HEAD.fullmatch(given.strip().lower()):
        return [Noted(int(typed[1] or 0), typed[2], "the head given")]
    path = Path(given)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise StoreError(
            f"{given!r} is neither a head (8 to 64 hexadecimal digits) nor a file that can be read ({error})"
        ) from error
    if found := _from_manifest(text, path):
        return found
    lines = _LINE.findall(text) or _NOTED.findall(text)
    if not lines:
        raise StoreError(
            f"{given} holds no head; name a witness file, a backup's manifest, or the head itself"
        )
    return [Noted(int(entry or 0), head, str(path)) for entry, head in dict.fromkeys(lines)]


def _from_manifest(text: str, path: Path) -> list[Noted]:
    try:
        data = json.loads(text)
        return [Noted(int(data["entry"]), str(data["head"]), str(path))]
    except (ValueError, TypeError, KeyError):
        return []


def strangers(noted: Iterable[Noted], entries: Sequence[LogEntry]) -> list[str]:
    """What is wrong when noted heads are not heads that this record passed through, each as a sentence.

    Where a file's heads begin with another first entry, one sentence speaks for all of them and says what to do.
    """
    noted, first = sorted(noted), entries[0].hash if entries else ""
    begun = {one.where for one in noted if one.entry == 1 and not first.startswith(one.head)}
    faults = []
    for where in sorted(begun):
        held = {e.hash for e in entries}
        count = sum(one.where == where and one.head not in held for one in noted)
        faults.append(
            f"{where} holds {count} heads of a record that began with another first entry: this record never had "
            "that head. If the store was begun anew here on purpose, move that file away and verify again; if not, the "
            "record was written anew as a whole"
        )
    for one in (one for one in noted if one.where not in begun):
        if one.entry == 0 and not one.head.strip("0"):
            continue  # the head of an empty record comes before every other
        there = [e for e in entries if e.hash.startswith(one.head)]
        if any(one.entry in (0, e.seq) for e in there):
            continue
        name = f"head {one.head[:12]}" + (f" of entry {one.entry}" if one.entry else "")
        if one.entry > len(entries):
            what = f"this record ends at entry {len(entries)}: it was cut off, or an older one was put in its place"
        else:
            what = "this record never had that head: it was written anew, or is another one"
        faults.append(f"{name}, noted in {one.where}, is not on the record; {what}")
    return faults
