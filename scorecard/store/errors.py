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
