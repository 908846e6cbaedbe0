"""The web: makes the Flask app, for any WSGI server (`facteur web` runs waitress)."""

from datetime import UTC, datetime

from flask import Flask

import config
from portal.app import make_app
from store import open_store
from store.db.wake_up_signal import RedisWakeUpSignal
from store.vault.key_ring import KeyRing


def make(settings: config.Config) -> Flask:
    """The portal over the store that the configuration names."""
    store = open_store(
        settings.database_url, settings.blobs_url, KeyRing(settings.secret, settings.old_secrets),
        settings.home / "incoming", RedisWakeUpSignal(settings.redis_url),
    )  # fmt: skip
    return make_app(store, settings, lambda: datetime.now(UTC))


def __getattr__(name: str) -> Flask:
    """`wsgi:app`, made when a server asks for it: importing this file opens nothing."""
    if name != "app":
        raise AttributeError(name)
    return make(config.load())
