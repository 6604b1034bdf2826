"""The only code that touches DuckDB: open, append, read as of a moment, and prove that nothing was altered."""

from scorecard.store.errors import StoreBusy, StoreCorrupt, StoreError, StoreMissing, StoreOutdated
from scorecard.store.store import Receipt, Store, View, default_path, local_user
from scorecard.store.verify import Verification, verify

__all__ = [
    "Receipt", "Store", "StoreBusy", "StoreCorrupt", "StoreError", "StoreMissing", "StoreOutdated",
    "Verification", "View", "default_path", "local_user", "verify",
]  # fmt: skip
