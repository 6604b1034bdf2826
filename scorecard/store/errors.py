"""What can go wrong with the store; every message says what to do next."""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot do what was asked."""


class StoreMissing(StoreError):
    """There is no store file yet."""


class StoreBusy(StoreError):
    """Another process held the store for longer than we were willing to wait."""


class StoreCorrupt(StoreError):
    """The file is not a store, or part of it cannot be read."""


class StoreOutdated(StoreError):
    """The file was made by another version of the program."""


class LogUnmatched(StoreCorrupt):
    """The log is not of the same time as the file it lies beside."""


class StoreMended(StoreError):
    """The file was damaged and has been made anew from its last good copy and log: ask once more."""


class ClockInDoubt(StoreError):
    """The machine's clock says what cannot well be, and a person has to say that it is right."""
