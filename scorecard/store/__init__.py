"""The only code that touches DuckDB: open, append, read as of a moment, and prove that nothing was altered."""

from scorecard.store.errors import (
    ClockInDoubt,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreMissing,
    StoreOutdated,
)
from scorecard.store.store import Acting, Receipt, Store, default_address, local_user
from scorecard.store.verify import Verification, verify
from scorecard.store.view import View

__all__ = [
    "Acting",
    "ClockInDoubt",
    "Receipt",
    "Store",
    "StoreBusy",
    "StoreCorrupt",
    "StoreError",
    "StoreMissing",
    "StoreOutdated",
    "Verification",
    "View",
    "default_address",
    "local_user",
    "verify",
]
