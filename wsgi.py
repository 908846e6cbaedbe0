"""The web: makes the Flask app, for any WSGI server, and serves it by ours (`facteur web`)."""

from datetime import UTC, datetime

from flask import Flask

import config
from portal.app import make_app
from portal.web_server import web_server
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


def serve(app: Flask, settings: config.Config) -> None:
    """Serve the portal until the process ends, by our own web server (`facteur web`)."""
    web_server.serve(app, settings.web_host, settings.web_port, settings.home / "incoming", settings.trusted_proxies)


def __getattr__(name: str) -> Flask:
    """`wsgi:app`, made when a server asks for it: importing this file opens nothing."""
    if name != "app":
        raise AttributeError(name)
    return make(config.load())
