"""Builds a `Bill` from the terms that a reader found: checks that mandatory terms are there, and evens out differences
between syntaxes."""

from decimal import Decimal
from typing import Any

import msgspec

from bill import Bill, CreditTransfer, Payment, Totals, payment_means_of
from ingest.document_findings import DocumentNotes, Found
from ingest.instalments import instalments_of

#: In BT-24 of an XRechnung that uses the extension.
_EXTENSION = "kosit:extension:xrechnung"
_LISTS = ("lines", "vat", "notes", "allowances_charges", "preceding", "attachments")


def build_bill(found: Found, notes: DocumentNotes) -> Bill | None:
    """Return the bill from *found*: a dict with the fields of Bill, `totals` as a dict, lists as lists.

    *found* may also hold `vat_totals` (pairs of currency and amount), `means` and `creditor_id`. Returns None when the
    bill cannot be identified; *notes* then says why (EN 16931 BR-02, BR-03, BR-05, BR-15).
    """
    notes.number = found.get("number")
    totals: Found = found.pop("totals", {})
    amount_currency = totals.pop("amount_currency", "")
    if "currency" not in found and amount_currency:
        notes.official("BR-05", "the bill names no currency; its payable amount does (BT-5)")
        found["currency"] = amount_currency
    _vat_totals(totals, found.pop("vat_totals", []), found.get("currency", ""), found.get("vat_currency", ""))
    _payments(found)
    days, discount_due = found.pop("means_due", {}), found.pop("discount_due", None)
    if discount_due is not None:
        found.setdefault("due_date", discount_due)
    parts = [part._replace(due=part.due or days.get(part.means)) for part in found.pop("instalments", [])]
    _third_parties(found, totals)
    for key in _LISTS:
        if key in found:
            found[key] = tuple(found[key])
    if not _identified(found, totals, notes):
        return None
    if parts and (instalments := instalments_of(parts, Totals(**totals), found["currency"], notes)):
        found["instalments"] = instalments
        if instalments[0].due is not None:
            found["due_date"] = min(instalments[0].due, found.get("due_date", instalments[0].due))
    return Bill(totals=Totals(**totals), **found)


def _third_parties(found: Found, totals: Found) -> None:
    """Keep amounts collected for third parties (XRechnung BG-DEX-09) as part of the amount due (BR-DEX-09). Without
    that extension the same element repeats payments that are already in BT-113, and is dropped."""
    amounts = [each["amount"] for each in found.pop("third_party", []) if "amount" in each]
    if amounts and _EXTENSION in found.get("profile", ""):
        totals["third_party"] = sum(amounts, Decimal(0))


def _identified(found: Found, totals: Found, notes: DocumentNotes) -> bool:
    known = True
    for rule, wrong, there in (
        ("BR-02", "a bill must have an invoice number (BT-1)", "number" in found or notes.says("NUMBER-")),
        ("BR-03", "a bill must have an issue date (BT-2)", "issue_date" in found or notes.says("DATE-INVALID")),
        ("BR-05", "a bill must have a currency (BT-5)", "currency" in found),
        ("BR-15", "a bill must have an amount due for payment (BT-115)", "payable" in totals or notes.says("AMOUNT-")),
    ):
        if not there:
            notes.refuse(rule, wrong)
            known = False
    return known and "number" in found and "issue_date" in found and "payable" in totals


def _vat_totals(totals: Found, said: list[tuple[str, Decimal]], currency: str, vat_currency: str) -> None:
    """Sort VAT totals by currency: BT-110 is in the bill's currency, BT-111 in the VAT accounting currency. A total
    without a currency is in the bill's."""
    for written, amount in said:
        if written in ("", currency):
            totals.setdefault("vat", amount)
        elif written == vat_currency:
            totals.setdefault("vat_in_vat_currency", amount)


def build_payment_means(
    *, iban: str = "", proprietary: str = "", name: str = "", bic: str = "", scheme: str = "", card_number: str = "",
    **found: Any,
) -> Payment:  # fmt: skip
    """Return one means of payment (BG-16). The account is an IBAN, or another number (*proprietary*) of the payment
    system *scheme*. Of a card only the last digits are kept."""
    account = iban or proprietary
    scheme = "" if scheme == "IBAN" else scheme
    transfers = (CreditTransfer(iban=account, name=name, bic=bic, scheme=scheme),) if account or bic else ()
    return Payment(transfers=transfers, card_number=card_number[-6:], **found)


def _payments(found: Found) -> None:
    """Merge repeated means of payment: the syntaxes repeat a means for each account, the bill has one means with
    several accounts."""
    means: list[Payment] = found.pop("means", [])
    common = {key: found.pop(key) for key in ("creditor_id", "remittance", "mandate") if key in found}
    if not means:
        if common:
            found["payment"] = Payment(**common)
        return
    first, *others = means
    transfers, further = list(first.transfers), []
    for other in others:
        if other.means_code == first.means_code and other.transfers and not other.card_number:
            transfers.extend(t for t in other.transfers if t not in transfers)
        else:
            further.append(other)
    payments = [msgspec.structs.replace(first, transfers=tuple(transfers)), *further]
    for key, value in common.items():
        at = _place_of(key, payments)
        if not any(getattr(each, key) for each in payments):
            payments[at] = msgspec.structs.replace(payments[at], **{key: value})
    found["payment"] = payments[0]
    if payments[1:]:
        found["payments"] = tuple(payments[1:])


def _place_of(key: str, payments: list[Payment]) -> int:
    """Return the index of the payment that a term belongs to: the first for the remittance text (BT-83), else the
    direct debit where there is one, else the first."""
    if key == "remittance":
        return 0
    return next((at for at, each in enumerate(payments) if payment_means_of(each.means_code) == "debit"), 0)
