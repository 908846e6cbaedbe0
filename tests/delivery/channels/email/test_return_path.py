"""The signed return path: short, the same in capitals, read for as long as its root is configured, and not forged."""

import re

import pytest

from delivery.channels.email.return_path import delivery_of, return_path
from store.vault.key_ring import KeyRing

OLD, NEW = b"the first secret, of thirty-two bytes", b"the second secret, of thirty-two bytes"
KEYS = KeyRing(NEW)
LONGEST_ID = 2**63 - 1


@pytest.mark.parametrize("mailbox", ["bounces@example.org", "bounces.example.org", "eighteen-letters-x@example.org"])
@pytest.mark.parametrize("delivery_id", [1, 4711, LONGEST_ID])
def test_it_names_its_delivery_in_64_letters(mailbox: str, delivery_id: int) -> None:
    path = return_path(KEYS, delivery_id, mailbox)
    local, _, domain = path.rpartition("@")
    assert domain == mailbox.rpartition("@")[2]
    assert len(local) <= 64
    assert re.fullmatch(r"[a-z0-9.+-]+", local)
    assert delivery_of(KEYS, path) == delivery_of(KEYS, path.upper()) == delivery_of(KEYS, f"<{path}>") == delivery_id


def test_a_replaced_secret_reads_what_it_signed() -> None:
    path = return_path(KeyRing(OLD), 4711, "bounces@example.org")
    assert delivery_of(KeyRing(NEW, [OLD]), path) == 4711
    assert delivery_of(KeyRing(NEW), path) is None


def test_what_was_signed_once_is_signed_for_ever() -> None:
    """Written down at first use: a mail may come back after weeks, from the version before."""
    assert (
        return_path(KeyRing(OLD), 4711, "bounces@example.org") == "bounces+4711.de29998a.ply4awgjgx6jrgo6@example.org"
    )


def test_none_is_forged() -> None:
    path = return_path(KEYS, 4711, "bounces@example.org")
    local, _, domain = path.partition("@")
    changed = [local[:-1] + ("a" if local[-1] != "a" else "b"), local.replace("4711", "4712"), local[:-1], local + "a"]
    others = ["", "bounces", "+4711..", local.replace("4711", "04711"), local.replace("4711", "٤٧١١"), "x" * 100_000]
    assert [delivery_of(KEYS, f"{each}@{domain}") for each in changed + others] == [None] * 10
    assert delivery_of(KEYS, local) is None
