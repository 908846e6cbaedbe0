"""Store: the database tables with their queries, blobs, leases, the wake-up signal and migrations."""

from store.open_store import open_store
from store.store import Store

__all__ = ["Store", "open_store"]
