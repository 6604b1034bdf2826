"""The sources that machines can read, as data/refresh.yaml lists them: where, of what kind, and within which bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from scorecard.evidence.tables import Fault, Row, Unreadable, read_rows
from scorecard.store import StoreError

Kind = Literal["results", "feed", "page"]
FILE = "refresh.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One address that is fetched.

    `results` go to an importer (`format`, or auto), a `feed` fills the inbox with its entries, a `page` fills it when
    its bytes change. `hosts` are the only ones that an answer may come from, redirects included, each with its port
    if that is not the usual one. An answer larger than `megabytes` or slower than `seconds` as a whole is refused.
    """

    id: str
    address: str
    kind: Kind
    hosts: tuple[str, ...]
    format: str = "auto"
    megabytes: float = 5.0
    seconds: float = 60.0

    @property
    def name(self) -> str:
        """The file name that the address ends in."""
        return Path(urlsplit(self.address).path).name or self.id

    def allows(self, address: str) -> str:
        """Why this address may not be asked, or an empty text: another host, or no encryption on the way."""
        parts = urlsplit(address)
        if parts.netloc.rpartition("@")[2] not in self.hosts:
            return f"{parts.netloc or address!r} is not among the declared hosts ({', '.join(self.hosts)})"
        if parts.scheme == "https" or (parts.scheme == "http" and _loopback(parts.hostname or "")):
            return ""
        return f"{parts.scheme or 'no scheme'} is not https"


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def machines(folder: Path) -> dict[str, Machine]:
    """The machine-readable sources of a folder of facts by id; StoreError names every fault of the list."""
    path = folder / FILE
    if not path.exists():
        raise StoreError(
            f"{path} is not there: it lists the sources that can be fetched, see docs/refresh.md"
        )
    try:
        rows = list(read_rows(path, f"{folder.name}/{FILE}"))
    except Unreadable as unreadable:
        raise StoreError(str(unreadable)) from None
    found: dict[str, Machine] = {}
    faults = [str(row) for row in rows if isinstance(row, Fault)]
    for row in (row for row in rows if isinstance(row, Row)):
        faults += [str(fault) for fault in _faults(row)]
        if not faults:
            machine = _machine(row.cells)
            if machine.id in found:
                faults.append(str(row.fault("id", machine.id, "an id of its own")))
            elif refused := machine.allows(machine.address):
                faults.append(str(row.fault("address", machine.address, f"an allowed one: {refused}")))
            found[machine.id] = machine
    if faults:
        raise StoreError("\n".join(faults))
    return found


def _faults(row: Row) -> list[Fault]:
    known = {field.name for field in fields(Machine)}
    wrong = [
        row.fault(name, "a field of that name", f"one of {', '.join(sorted(known))}")
        for name in row.cells
        if name not in known
    ]
    wrong += [
        row.fault(name, None, "a text")
        for name in ("id", "address", "kind", "hosts")
        if not row.cells.get(name)
    ]
    if row.cells.get("kind") not in (None, *get_args(Kind)):
        wrong.append(row.fault("kind", row.cells["kind"], f"one of {', '.join(get_args(Kind))}"))
    for name in ("megabytes", "seconds"):
        given = row.cells.get(name, 1)
        if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= 1000:
            wrong.append(row.fault(name, given, "a number above 0 and up to 1000"))
    if row.cells.get("hosts") is not None and not isinstance(row.cells["hosts"], list):
        wrong.append(row.fault("hosts", row.cells["hosts"], "a list"))
    return wrong


def _machine(cells: Mapping[str, Any]) -> Machine:
    return Machine(**{**cells, "hosts": tuple(str(host) for host in cells["hosts"])})
