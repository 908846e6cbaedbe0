"""A program of Lumière's with its client, in the office where the pipeline works when it is told to."""

import pytest
from flask import Flask

from config import Config
from portal.app import make_app
from store import Store
from tests.conftest import Clock
from tests.lived_beginnings import Living
from tests.portal.staff_office import Office


@pytest.fixture
def office(store: Store, config: Config, clock: Clock, lived: Living) -> Office:
    return lived(Office.begin, Office(store, config, clock))


@pytest.fixture
def app(store: Store, config: Config, clock: Clock) -> Flask:
    return make_app(store, config, clock)
