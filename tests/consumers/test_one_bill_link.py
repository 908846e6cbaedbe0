"""The link to one bill: short, the same each time, and nobody makes one."""

import pytest

from consumers.one_bill_link import NO_DELIVERY, delivery_of_token, one_bill_token, one_bill_url
from store.delivery import BEFORE_ROOTS, Delivery
from store.vault.key_ring import KeyRing, Root, RootMissing

OLD, NEW = b"the first secret, of thirty-two bytes", b"the second secret, of thirty-two bytes"
RING = KeyRing(NEW, [OLD])
#: The characters of a GSM-7 message that a token may have.
GSM_7 = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def mail(number: int, code_root: str | None = None) -> Delivery:
    return Delivery(id=number, channel="email", code_root=code_root)


@pytest.mark.parametrize("number", [1, 4711, 2**31, 2**40 - 1])
def test_a_link_leads_to_its_delivery(number: int) -> None:
    token = one_bill_token(RING, mail(number))
    assert delivery_of_token(RING, token) == number
    assert one_bill_url(RING, "https://factures.example", mail(number)) == f"https://factures.example/f/{token}"
    assert len(token) == 24
    assert set(token) <= GSM_7


def test_a_mail_sent_twice_carries_the_same_link_and_no_other_does() -> None:
    assert one_bill_token(RING, mail(4711)) == one_bill_token(RING, mail(4711))
    assert len({one_bill_token(RING, mail(number)) for number in range(2000)}) == 2000


def test_a_token_says_nothing_of_its_number() -> None:
    first, second = one_bill_token(RING, mail(4711)), one_bill_token(RING, mail(4712))
    assert sum(one == other for one, other in zip(first[3:], second[3:], strict=True)) < 8


def test_what_was_made_once_opens_for_ever() -> None:
    """Written down when the first link was printed: another value would open no letter's code."""
    assert one_bill_token(RING, mail(4711)) == "pUdxdNM3YRgv4XoguFmoCOYl"


def test_a_link_opens_after_its_root_was_replaced() -> None:
    token = one_bill_token(KeyRing(OLD), mail(4711))
    assert delivery_of_token(RING, token) == 4711
    assert delivery_of_token(KeyRing(NEW), token) == NO_DELIVERY


def test_a_letter_printed_again_carries_the_link_of_its_root() -> None:
    assert one_bill_token(RING, mail(4711, Root(OLD).id)) == one_bill_token(KeyRing(OLD), mail(4711))
    assert one_bill_token(RING, mail(4711, BEFORE_ROOTS)) == one_bill_token(KeyRing(NEW), mail(4711))
    with pytest.raises(RootMissing):
        one_bill_token(KeyRing(NEW), mail(4711, Root(OLD).id))


def test_any_one_wrong_character_opens_nothing() -> None:
    token = one_bill_token(RING, mail(4711))
    for place, right in enumerate(token):
        for wrong in GSM_7 - {right}:
            assert delivery_of_token(RING, token[:place] + wrong + token[place + 1 :]) == NO_DELIVERY


@pytest.mark.parametrize("number", range(1, 30))
def test_what_is_cut_lengthened_or_in_other_case_opens_nothing(number: int) -> None:
    token = one_bill_token(RING, mail(number))
    for other in (
        token[:-1], token[1:], token + "A", token + "=", token + "\n", f" {token}", token.upper(), token.lower(),
        token.swapcase(), token.translate(str.maketrans("-_", "+/")) + "A", "", "A" * 24, "é" * 24, "٣" * 24,
    ):  # fmt: skip
        assert delivery_of_token(RING, other) == NO_DELIVERY
