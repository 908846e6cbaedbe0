"""The one store: tables and their queries (one file a noun), blobs, claims, the bell, migrations."""

from store.store import Store, open_store

__all__ = ["Store", "open_store"]
