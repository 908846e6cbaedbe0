"""Store: the database tables with their queries, blobs, leases, the wake-up signal and migrations."""

from store.open_store import Store, open_store

__all__ = ["Store", "open_store"]
