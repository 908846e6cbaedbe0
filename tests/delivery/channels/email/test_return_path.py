"""The signed return path: short, the same in capitals, read for as long as its root is configured, and not forged."""

import re

import pytest

from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import origin_of, return_path
from store.vault.key_ring import KeyRing

OLD, NEW = b"the first secret, of thirty-two bytes", b"the second secret, of thirty-two bytes"
KEYS = KeyRing(NEW)
LONGEST_ID = 2**63 - 1
DELIVERY = MailOrigin("delivery", 4711)
LONGEST_JOB = MailOrigin("job", 10**18 - 1)


@pytest.mark.parametrize("mailbox", ["bounces@example.org", "bounces.example.org", "eighteen-letters-x@example.org"])
@pytest.mark.parametrize(
    "origin",
    [*(MailOrigin("delivery", each) for each in (1, 4711, LONGEST_ID)), MailOrigin("job", 1), LONGEST_JOB],
)
def test_it_names_what_the_mail_was_sent_for_in_64_letters(mailbox: str, origin: MailOrigin) -> None:
    path = return_path(KEYS, origin, mailbox)
    local, _, domain = path.rpartition("@")
    assert domain == mailbox.rpartition("@")[2]
    assert len(local) <= 64
    assert re.fullmatch(r"[a-z0-9.+-]+", local)
    assert {origin_of(KEYS, each) for each in (path, path.upper(), f"<{path}>")} == {origin}


def test_a_replaced_secret_reads_what_it_signed() -> None:
    path = return_path(KeyRing(OLD), DELIVERY, "bounces@example.org")
    assert origin_of(KeyRing(NEW, [OLD]), path) == DELIVERY
    assert origin_of(KeyRing(NEW), path) is None


def test_what_was_signed_once_is_signed_for_ever() -> None:
    """Written down at first use: a mail may come back after weeks, from the version before."""
    assert (
        return_path(KeyRing(OLD), DELIVERY, "bounces@example.org")
        == "bounces+4711.de29998a.ply4awgjgx6jrgo6@example.org"
    )


def test_a_job_is_no_delivery() -> None:
    path = return_path(KEYS, MailOrigin("job", 4711), "bounces@example.org")
    assert origin_of(KEYS, path) == MailOrigin("job", 4711)
    assert origin_of(KEYS, path.replace("+e", "+")) is None
    assert origin_of(KEYS, return_path(KEYS, DELIVERY, "bounces@example.org").replace("+", "+e")) is None


def test_none_is_forged() -> None:
    path = return_path(KEYS, DELIVERY, "bounces@example.org")
    local, _, domain = path.partition("@")
    changed = [local[:-1] + ("a" if local[-1] != "a" else "b"), local.replace("4711", "4712"), local[:-1], local + "a"]
    others = ["", "bounces", "+4711..", local.replace("4711", "04711"), local.replace("4711", "٤٧١١"), "x" * 100_000]
    assert [origin_of(KEYS, f"{each}@{domain}") for each in changed + others] == [None] * 10
    assert origin_of(KEYS, local) is None
