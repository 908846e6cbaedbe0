"""Open the store from its URLs: database engine, blob store, key ring and wake-up signal together."""

from pathlib import Path

from sqlalchemy import Engine, literal, select

from store.blobs.blob_store_by_url import open_blobs
from store.db.database_engine import make_engine
from store.db.wake_up_signal import NoWakeUpSignal, WakeUpSignal
from store.feeds.feed import Feed
from store.store import Store
from store.vault.key_ring import KeyRing


def open_store(
    database_url: str, blobs_url: str, keys: KeyRing, incoming: Path, wake_up: WakeUpSignal | None = None
) -> Store:
    """Open the store that these URLs name, and migrate its tables (`store.db.migrations`)."""
    from store.db.migrations import bring_up_to_date

    engine = make_engine(database_url)
    bring_up_to_date(engine)
    blobs = open_blobs(blobs_url, is_new=_is_new(engine))
    return Store(engine, blobs, keys, wake_up or NoWakeUpSignal(), incoming)


def _is_new(engine: Engine) -> bool:
    """Whether no feed was ever dropped here."""
    with engine.connect() as connection:
        return connection.execute(select(literal(1)).select_from(Feed).limit(1)).first() is None
