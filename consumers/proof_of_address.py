"""Chooses the bill that proves where a person lives (*justificatif de domicile*). Pure.

Source: service-public.fr, F14807 (identity card and passport): a bill of telephone (mobile too), electricity, gas,
water or home insurance, with first and family name, less than a year old (certainty: read). Banks and others ask for
less than three months (certainty: custom; no text says so): we ask for that, so that one bill does for all.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, NamedTuple

from bill import PostalAddress
from bill.matching.address_matching import compare_addresses
from bill.matching.named_person import names_person
from bill.matching.word_similarity import MatchResult

#: The trades whose bills are taken, the surest first: some refuse a telephone, which need not be at a dwelling.
_TRADES: Final = ("electricity", "gas", "water", "insurance", "telecom")
#: A bill proves it for so many months.
MONTHS: Final = 3
_NO_DWELLING: Final = re.compile(
    r"\b(?:B\.?P\.?|C\.?S\.?|TSA|postbus|postfach) ?(?:n° ?)?\d|\bP\.? ?O\.? Box\b"
    r"|\b(?:bo[iî]te postale|case postale|poste restante|cedex)\b",
    re.IGNORECASE,
)

#: Why a bill proves nothing: `trade` is not taken, it is a `credit` note, its account is `provisional`, it is `old`, in
#: another `name`, at no complete `address`, or at a `box` where nobody lives.
Refusal = Literal["trade", "credit", "provisional", "old", "name", "address", "box"]


class AddressBill(NamedTuple):
    """What is looked at of a bill, whose *uid* names it."""

    uid: str
    trade: str
    issued: date
    is_credit: bool
    is_provisional: bool
    buyer: str
    address: PostalAddress


class ProofOfAddress(NamedTuple):
    """The *uid* of the bill that proves it, or None; why others do not, by uid; and, for whoever has several homes or
    has just moved, those that prove another address, each of an address of its own."""

    uid: str | None
    refused: dict[str, Refusal]
    elsewhere: tuple[str, ...] = ()


def proof_of_address(bills: Iterable[AddressBill], reader: str, since: date) -> ProofOfAddress:
    """Returns the best bill for this reader, issued on this day or later: at the address of the newest that suits, of
    the surest trade, then the newest."""
    refused: dict[str, Refusal] = {}
    homes: list[list[AddressBill]] = []
    for each in sorted(bills, key=lambda each: each.issued, reverse=True):
        if (why := _refusal(each, reader, since)) is not None:
            refused[each.uid] = why
        elif home := next((home for home in homes if _is_at(each, home)), None):
            home.append(each)
        else:
            homes.append([each])
    best = [min(home, key=lambda each: _TRADES.index(each.trade)).uid for home in homes]  # of equals the first: newest
    return ProofOfAddress(best[0] if best else None, refused, tuple(best[1:]))


def _is_at(bill: AddressBill, home: list[AddressBill]) -> bool:
    return compare_addresses(bill.address, home[0].address) is MatchResult.SAME


def _refusal(bill: AddressBill, reader: str, since: date) -> Refusal | None:
    address = bill.address
    refusals: tuple[tuple[Refusal, bool], ...] = (
        ("trade", bill.trade not in _TRADES),
        ("credit", bill.is_credit),
        ("provisional", bill.is_provisional),
        ("old", bill.issued < since),
        ("name", not bill.buyer or not names_person(bill.buyer, reader)),
        ("address", not address.is_postable),
        ("box", any(_NO_DWELLING.search(each) for each in (address.line1, address.line2, address.line3, address.city))),
    )
    return next((why for why, holds in refusals if holds), None)
