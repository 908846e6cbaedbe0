"""Set credit notes and corrective invoices off against the bills they refer to (BG-3). Pure.

The result does not depend on the order in which documents arrive. Only bills of one customer in one currency are set
off against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from bill.money import ZERO
from bill.payment.document_amount import CORRECTIVE_TYPES, DocumentAmount


class RemainingAmount(NamedTuple):
    """What is left of one document's amount. *by* are the credits that reduced it, or the correctives that replaced it,
    by date; *ignored* refer to it but are of another customer or in another currency."""

    amount: Decimal
    by: tuple[DocumentAmount, ...] = ()
    is_replaced: bool = False
    ignored: tuple[DocumentAmount, ...] = ()


def remaining_amount(demand: DocumentAmount, related: Iterable[DocumentAmount]) -> RemainingAmount:
    """What is left of this document's amount, given the documents *related* to it: those that refer to it, those that
    refer to what it refers to, and so on.

    A corrective replaces each bill it refers to; of several correctives of one bill the latest stands. A credit is
    deducted from the bills it refers to, in its order, each down to 0; one that refers to a credit note is deducted
    from what that one was for. A credit note that was corrected deducts nothing.
    """
    documents = {each.number: each for each in (*related, demand)}
    if len(documents) == 1:
        return RemainingAmount(demand.asks)
    ordered = sorted(documents.values(), key=lambda each: (each.issue_date, each.number))
    replaced = _replaced(ordered, documents)
    ignored = tuple(each for each in ordered if demand.number in each.names and not _meet(each, demand))
    if by := replaced.get(demand.number):
        return RemainingAmount(ZERO, tuple(by), is_replaced=True, ignored=ignored)
    left = {each.number: each.asks for each in ordered}
    taking: list[DocumentAmount] = []
    for credit in ordered:
        rest = credit.gives
        if not rest or credit.number in replaced:
            continue
        for number in _targets(credit, documents):
            if number in replaced:
                continue
            taken = min(rest, left[number])
            left[number], rest = left[number] - taken, rest - taken
            if number == demand.number:
                taking.append(credit)
    return RemainingAmount(left[demand.number], tuple(taking), ignored=ignored)


def _replaced(
    ordered: Sequence[DocumentAmount], documents: Mapping[str, DocumentAmount]
) -> dict[str, list[DocumentAmount]]:
    """The numbers of replaced documents, each with what replaced it: the latest corrective that refers to it, which
    replaces earlier ones too."""
    correctives: dict[str, list[DocumentAmount]] = {}
    for later in ordered:
        for name in later.names:
            if name in documents and takes_place_of(later, documents[name]):
                correctives.setdefault(name, []).append(later)
    replaced: dict[str, list[DocumentAmount]] = {}
    for name, found in correctives.items():
        *earlier, latest = found
        for number in (name, *(each.number for each in earlier)):
            if not comes_later(documents[number], latest) or not takes_place_of(documents[number], latest):
                replaced.setdefault(number, []).append(latest)
    return replaced


def comes_later(one: DocumentAmount, other: DocumentAmount) -> bool:
    """Whether the one document was issued after the other."""
    return (one.issue_date, one.number) > (other.issue_date, other.number)


def takes_place_of(corrective: DocumentAmount, named: DocumentAmount) -> bool:
    """Whether the one is a corrective of the other document."""
    if corrective.type_code not in CORRECTIVE_TYPES or named.number not in corrective.names:
        return False
    return _meet(corrective, named) and (corrective.replaces or named.gives > 0)


def _targets(credit: DocumentAmount, documents: Mapping[str, DocumentAmount]) -> list[str]:
    """The numbers of the bills that a credit is deducted from: those it refers to, and those its credit notes refer
    to."""
    found: list[str] = []
    ways, seen = list(credit.names), {credit.number}
    while ways:
        number = ways.pop(0)
        named = documents.get(number)
        if number in seen or named is None or not _meet(credit, named):
            continue
        seen.add(number)
        if named.gives:
            ways[:0] = named.names
        else:
            found.append(number)
    return found


def _meet(one: DocumentAmount, other: DocumentAmount) -> bool:
    """Whether two different documents are of one customer and in one currency."""
    return one.number != other.number and (one.currency, one.account) == (other.currency, other.account)
