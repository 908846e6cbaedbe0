"""Facteur's own limits on a bill: number of lines, range and precision of amounts, known currency, and a seller that
the issuer declared."""

from decimal import Decimal

import msgspec

from bill import ZERO, Bill, Finding, Totals, warning
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import places
from untrusted.value_parsing import LARGEST_AMOUNT

#: The most lines that a bill may have, and the most that it should have.
MOST_LINES = 100_000
_MANY_LINES = 5_000
_MOST_DECIMALS = 4
_CURRENCY_LETTERS = 3
_SMALL = Decimal(10_000_000)  # nearly every amount is less, so that few are looked at twice


def check_limits(bill: Bill, legal_ids: list[str], broken: list[BrokenRule]) -> None:
    """Check LINES-TOO-MANY, CURRENCY-INVALID, AMOUNT-RANGE, AMOUNT-PRECISION and SELLER-OTHER."""
    if len(bill.lines) > MOST_LINES:
        wrong = "the bill has {count} lines, at most {most} are taken"
        broken.append(BrokenRule("LINES-TOO-MANY", wrong, "BG-25", {"count": len(bill.lines), "most": MOST_LINES}))
    if len(bill.currency) > _CURRENCY_LETTERS:
        wrong = "'{text}' is no currency such as EUR"
        broken.append(BrokenRule("CURRENCY-INVALID", wrong, "BT-5", {"text": bill.currency[:40]}))
    amounts = [amount for amount in msgspec.structs.astuple(bill.totals) if amount]
    if amounts and (max(amounts) > _SMALL or min(amounts) < -_SMALL or places(sum(amounts, ZERO)) > _MOST_DECIMALS):
        for name in Totals.__struct_fields__:
            _amount(getattr(bill.totals, name) or ZERO, f"totals.{name}", broken)
    if legal_ids and not _is_seller(bill, legal_ids):
        said = ", ".join(sorted(_identifiers(bill)))[:200]
        wrong, sends_for = "the seller is {seller}, and this issuer sends for {issuer}", ", ".join(legal_ids)
        broken.append(BrokenRule("SELLER-OTHER", wrong, "BT-29, BT-30, BT-31", {"seller": said, "issuer": sends_for}))


def said_of_length(bill: Bill) -> list[Finding]:
    """Return the warning that a bill has more lines than anybody reads (LINES-TOO-MANY)."""
    if len(bill.lines) <= _MANY_LINES:
        return []
    sentence = "the bill has {count} lines: with more than {most} it is long to open and to print"
    return [warning("LINES-TOO-MANY", sentence, "BG-25", count=len(bill.lines), most=_MANY_LINES)]


def _amount(amount: Decimal, place: str, broken: list[BrokenRule]) -> None:
    if not -LARGEST_AMOUNT <= amount <= LARGEST_AMOUNT:
        wrong = "{amount} is more than any bill: at most {most}"
        broken.append(BrokenRule("AMOUNT-RANGE", wrong, place, {"amount": amount, "most": LARGEST_AMOUNT}))
    if amount != round(amount, _MOST_DECIMALS):
        wrong = "{amount} has more than {most} decimals"
        broken.append(BrokenRule("AMOUNT-PRECISION", wrong, place, {"amount": amount, "most": _MOST_DECIMALS}))


def _is_seller(bill: Bill, legal_ids: list[str]) -> bool:
    """Return whether the issuer declared this seller. A SIRET begins with its SIREN; a seller without an identifier is
    taken for the issuer, which has signed in."""
    declared = {_plain(legal_id) for legal_id in legal_ids}
    said = _identifiers(bill)
    return not said or any(i in declared or (len(i) == 14 and i[:9] in declared) for i in said)


def _identifiers(bill: Bill) -> set[str]:
    seller = bill.seller
    said = {seller.vat_id, seller.tax_id, *(identifier.value for identifier in seller.identifiers)}
    if seller.legal_id:
        said.add(seller.legal_id.value)
    return {_plain(identifier) for identifier in said if identifier}


def _plain(identifier: str) -> str:
    return "".join(c for c in identifier if c.isalnum()).upper()
