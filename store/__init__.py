"""The one store: tables and their queries (one file a noun), blobs, claims, the wake-up signal, migrations."""

from store.open_store import Store, open_store

__all__ = ["Store", "open_store"]
