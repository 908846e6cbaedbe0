"""Chooses the bill that proves where a person lives (*justificatif de domicile*). Pure.

Source: service-public.fr, F14807 (identity card and passport): a bill of telephone (mobile too), electricity, gas,
water or home insurance, with first and family name, less than a year old (certainty: read). Banks and others ask for
less than three months (certainty: custom; no text says so): we ask for that, so that one bill does for all.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from bill import PostalAddress
from bill.matching.name_matching import compare_names
from bill.matching.word_similarity import MatchResult

#: The trades whose bills are taken, the surest first: some refuse a telephone, which need not be at a dwelling.
_TRADES: Final = ("electricity", "gas", "water", "insurance", "telecom")
_FRESH: Final = timedelta(days=90)
_NO_DWELLING: Final = re.compile(r"\b(?:B\.?P\.?|C\.?S\.?|TSA|bo[iî]te postale|poste restante|cedex)\b", re.IGNORECASE)

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
    """The *uid* of the bill that proves it, or None; and why the others do not, by uid."""

    uid: str | None
    refused: dict[str, Refusal]


def proof_of_address(bills: Iterable[AddressBill], reader: str, today: date) -> ProofOfAddress:
    """Returns the best bill for this reader: of the surest trade, then the newest."""
    refused: dict[str, Refusal] = {}
    fitting: list[AddressBill] = []
    for each in bills:
        if (why := _refusal(each, reader, today)) is None:
            fitting.append(each)
        else:
            refused[each.uid] = why
    best = min(fitting, key=lambda each: (_TRADES.index(each.trade), today - each.issued), default=None)
    return ProofOfAddress(best and best.uid, refused)


def _refusal(bill: AddressBill, reader: str, today: date) -> Refusal | None:
    address = bill.address
    refusals: tuple[tuple[Refusal, bool], ...] = (
        ("trade", bill.trade not in _TRADES),
        ("credit", bill.is_credit),
        ("provisional", bill.is_provisional),
        ("old", today - bill.issued > _FRESH),
        ("name", not bill.buyer or compare_names(reader, bill.buyer) is not MatchResult.SAME),
        ("address", not address.is_postable),
        ("box", any(_NO_DWELLING.search(each) for each in (address.line1, address.line2, address.line3, address.city))),
    )
    return next((why for why, holds in refusals if holds), None)
