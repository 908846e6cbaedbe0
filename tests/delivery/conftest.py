"""A world for delivery: one issuer, a few people, bills whose PDFs are archived, an inbox and a press."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from delivery import SmtpClient
from delivery.channels.email.smtp.dev_inbox import open_inbox
from store import Store
from tests.delivery.sample_bills import World


@pytest.fixture
def world(store: Store, tmp_path: Path) -> World:
    return World(store, tmp_path / "outbox")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


@pytest.fixture
def post(inbox: Path) -> Iterator[SmtpClient]:
    """The dev inbox, and whoever carries mail there."""
    with open_inbox(inbox) as url:
        yield SmtpClient(url, "Facteur <facteur@facteur.example>")
