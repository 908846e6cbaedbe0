"""Keys and passwords of the SFTP door."""

from pathlib import Path

import asyncssh
import pytest
from sqlalchemy import select

from doors.sftp.sftp_credentials import (
    add_sftp_key,
    key_that_enters,
    password_that_enters,
    revoke_sftp,
    set_sftp_password,
)
from issuers.registry import IssuerError, add_issuer
from store import Store
from store.issuer import Issuer
from store.issuer_keys.sftp_credential import SFTPKey
from tests.conftest import Clock

ALICE = asyncssh.generate_private_key("ssh-ed25519", comment="alice@eaux")
LINE = ALICE.export_public_key("openssh").decode()


def test_alice_s_key_opens_her_tray_alone(store: Store, eaux: Issuer, clock: Clock) -> None:
    with store.writing() as session:
        add_issuer(session, "gaz", "Gaz de la Plaine", clock())
        add_sftp_key(session, eaux, LINE, clock())
    with store.reading() as session:
        assert key_that_enters(session, "eaux", ALICE)
        assert not key_that_enters(session, "gaz", ALICE)
        assert not key_that_enters(session, "eaux\x00", ALICE)
        assert not key_that_enters(session, "eaux", asyncssh.generate_private_key("ssh-ed25519"))


def test_the_same_key_under_another_comment_is_the_same(store: Store, eaux: Issuer, clock: Clock) -> None:
    with store.writing() as session:
        first = add_sftp_key(session, eaux, LINE, clock())
        again = add_sftp_key(session, eaux, LINE.replace("alice@eaux", "bob@eaux") + "\n", clock())
        assert first.id == again.id
        assert "alice" not in first.value


@pytest.mark.parametrize(
    "line",
    ["", "ssh-ed25519", "ssh-ed25519 AAAA", "hello world", ALICE.export_private_key().decode(), 'command="sh" nothing'],
)
def test_what_is_no_public_key(store: Store, eaux: Issuer, clock: Clock, line: str) -> None:
    with pytest.raises(IssuerError, match="no public key"), store.writing() as session:
        add_sftp_key(session, eaux, line, clock())
    with store.reading() as session:
        assert session.scalars(select(SFTPKey)).all() == []


def test_a_new_password_closes_the_old_one_and_no_key(store: Store, eaux: Issuer, clock: Clock, tmp_path: Path) -> None:
    with store.writing() as session:
        add_sftp_key(session, eaux, LINE, clock())
        old = set_sftp_password(session, eaux, clock())
        new = set_sftp_password(session, eaux, clock())
    with store.reading() as session:
        assert [password_that_enters(session, "eaux", each) is not None for each in (old, new, "")] == [
            False,
            True,
            False,
        ]
        assert key_that_enters(session, "eaux", ALICE)
        kept = session.scalars(select(SFTPKey.value)).all()
        assert not any(old in value or new in value for value in kept), "only digests are kept"


def test_all_is_closed_at_once(store: Store, eaux: Issuer, clock: Clock) -> None:
    with store.writing() as session:
        add_sftp_key(session, eaux, LINE, clock())
        password = set_sftp_password(session, eaux, clock())
        assert revoke_sftp(session, eaux, clock()) == 2
        assert revoke_sftp(session, eaux, clock()) == 0
    with store.reading() as session:
        assert not key_that_enters(session, "eaux", ALICE)
        assert not password_that_enters(session, "eaux", password)
