"""A portal behind the server of `facteur web`, and the keys of two issuers."""

from collections.abc import Iterator

import pytest
from flask import Flask

from issuers.registry import add_issuer
from portal.web_server.web_server import WebServer
from store import Store
from store.issuer_keys.issuer_key import new_key
from tests.conftest import Clock
from tests.portal.browser.served_portal import web_server


@pytest.fixture
def server(app: Flask) -> Iterator[WebServer]:
    with web_server(app) as server:
        yield server


@pytest.fixture
def keys(store: Store, clock: Clock) -> list[dict[str, str]]:
    """Keys of Lumière and of Eaux, as headers."""
    with store.writing() as session:
        issuers = [add_issuer(session, slug, slug.title(), clock()) for slug in ("lumiere", "eaux")]
        return [{"Authorization": f"Bearer {new_key(session, each, clock())}"} for each in issuers]


@pytest.fixture
def key(keys: list[dict[str, str]]) -> dict[str, str]:
    return keys[0]
