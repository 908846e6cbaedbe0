"""The field names that a profile maps to bill terms (`number`, `payable`, `buyer.city`, `line.net_amount`), and the
`bill` objects made of them.

The names are the fields of the classes in `bill`, behind the part they belong to; there is no second list.
"""

from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from bill import (
    GROUP,
    ZERO,
    Attribute,
    Bill,
    Contact,
    CreditTransfer,
    Delivered,
    Identifier,
    Instalment,
    Line,
    Note,
    Party,
    Payment,
    Period,
    PostalAddress,
    Reference,
    Totals,
    VatBreakdown,
)
from ingest.document_findings import Found
from ingest.items import ItemPosition
from untrusted.value_parsing import account_number

Kind = type[str] | type[Decimal] | type[date]
_KINDS: Final[dict[Any, Kind]] = {
    str: str, Decimal: Decimal, Decimal | None: Decimal, date: date, date | None: date, Identifier | None: str,
}  # fmt: skip


#: The largest page number or count.
MOST_PAGES: Final = 10**9


def _fields(struct: type[msgspec.Struct], prefix: str = "") -> dict[str, Kind]:
    """Return the simple fields of a class of `bill` with their kinds: text, amount, day or identifier."""
    return {prefix + f.name: _KINDS[f.type] for f in msgspec.structs.fields(struct) if f.type in _KINDS}


_BILL: Final = tuple(_fields(Bill).keys() - {"object_id"})
_TOTALS: Final = tuple(_fields(Totals))
_ADDRESS: Final = tuple(_fields(PostalAddress))


def _party(prefix: str) -> dict[str, Kind]:
    return {
        **_fields(Party, prefix), **_fields(PostalAddress, prefix), prefix + "id": str,
        prefix + "contact": str, prefix + "phone": str, prefix + "email": str,
    }  # fmt: skip


#: Terms of the whole bill, and terms that a row may add: a line, a VAT row, an instalment, a preceding bill.
ONCE: Final[dict[str, Kind]] = {
    **_fields(Bill), **_fields(Totals), **_party("seller."), **_party("buyer."), **_party("payee."),
    **_fields(Payment, "payment."), "payment.scheme": str,
    "payment.iban": str, "payment.bic": str, "payment.account_name": str, "period.start": date, "period.end": date,
    "note": str, "preceding": str, "delivered.on": date, "pages.file": str, "pages.first": Decimal,
    "pages.count": Decimal,
}  # fmt: skip
EACH: Final[dict[str, Kind]] = {
    **_fields(Line, "line."), "line.start": date, "line.end": date, "line.meter": str,
    "line.group": str,
    **_fields(VatBreakdown, "vat."), "vat.amount": Decimal, **_fields(Instalment, "instalment."),
    **_fields(Reference, "preceding."),
}  # fmt: skip
TERMS: Final[dict[str, Kind]] = {**ONCE, **EACH}
#: Terms that identify a bill or an account.
ACCOUNTS: Final = frozenset(
    {"number", "preceding", "preceding.number", "buyer.id", "contract", "buyer_reference", "object_id"}
)
#: Terms that are identifiers, where scientific notation (`1,23E+06`) is an error.
NUMBERS: Final = frozenset(
    {
        "number", "contract", "buyer_reference", "order", "sales_order", "project", "despatch", "receiving", "tender",
        "object_id", "buyer_accounting", "preceding", "preceding.number", "line.id", "line.meter", "line.object_id",
        "line.order_line",
        "line.cost_account", "line.seller_item_id", "line.buyer_item_id", "line.standard_item_id",
        *(f"payment.{name}" for name in (
            "remittance", "iban", "mandate", "creditor_id", "debited_iban", "card_number",
        )),
        *(f"{side}.{name}" for side in ("seller", "buyer", "payee") for name in (
            "id", "legal_id", "vat_id", "tax_id", "postcode", "phone", "electronic_address",
        )),
    } & TERMS.keys()
)  # fmt: skip


def parts(found: Found) -> dict[str, Found]:
    """Group the found terms by the part they belong to: `buyer.city` becomes the buyer's `city`."""
    by_part: dict[str, Found] = {}
    for term, value in found.items():
        part, dot, name = term.partition(".")
        if dot:
            by_part.setdefault(part, {})[name] = value
    return by_part


def whereabouts(found: Found) -> ItemPosition:
    """Return where the PDF pages of an index's entry are: `pages.file`, or `pages.first` and `pages.count` of a print
    stream."""
    first, count = (_whole(found.get(term, ZERO)) for term in ("pages.first", "pages.count"))
    return ItemPosition(found.get("pages.file", ""), first, count)


def _whole(value: Decimal) -> int:
    """Return a page number or count; -1, which no print stream has, when it is no whole number."""
    return int(value) if 0 <= value < MOST_PAGES and value == int(value) else -1


def header(found: Found) -> Found:
    """Return the terms of the whole bill in the form that `build_bill` takes."""
    bill = {term: found[term] for term in _BILL if term in found}
    bill["totals"] = _totals({term: found[term] for term in _TOTALS if term in found})
    by_part = parts(found)
    for side in ("seller", "buyer", "payee"):
        if side in by_part:
            bill[side] = make_party(by_part[side])
    if "payment" in by_part:
        bill["payment"] = _payment(by_part["payment"])
    if "period" in by_part:
        bill["period"] = Period(**by_part["period"])
    if "object_id" in found:
        bill["object_id"] = Identifier(value=found["object_id"])
    if "note" in found:
        bill["notes"] = [Note(text=found["note"])]
    if "preceding" in found:
        bill["preceding"] = [Reference(number=found["preceding"])]
    if "delivered" in by_part:
        bill["delivered"] = Delivered(**by_part["delivered"])
    return bill


def _totals(said: Found) -> Found:
    """Return the totals. Where the amount paid (BT-113) is absent, it is the payments received minus the previous
    balance."""
    if "paid" not in said and ("previous_balance" in said or "payments" in said):
        said["paid"] = said.get("payments", ZERO) - said.get("previous_balance", ZERO)
    return said


def make_party(said: Found) -> Party:
    """Return a party from flat terms; its `id` is the customer's number at the issuer (BT-46) or the like."""
    contact = {field: said[term] for field, term in _CONTACT.items() if term in said}
    plain = {term: said[term] for term in ("name", "trading_name", "vat_id", "tax_id", "legal_form") if term in said}
    return Party(
        identifiers=(Identifier(value=said["id"]),) if "id" in said else (),
        legal_id=_identifier(said, "legal_id"),
        electronic_address=_identifier(said, "electronic_address"),
        address=PostalAddress(**{term: said[term] for term in _ADDRESS if term in said}),
        contact=Contact(**contact) if contact else None,
        **plain,
    )


_CONTACT: Final = {"name": "contact", "phone": "phone", "email": "email"}


def _identifier(said: Found, term: str) -> Identifier | None:
    return Identifier(value=said[term]) if term in said else None


def _payment(said: Found) -> Payment:
    iban, bic, name = said.pop("iban", ""), said.pop("bic", ""), said.pop("account_name", "")
    account = CreditTransfer(iban=account_number(iban) or "", bic=bic, name=name, scheme=said.pop("scheme", ""))
    transfers = (account,) if iban else ()
    return Payment(transfers=transfers, **said)


def make_line(said: Found) -> Line:
    """Return a bill line from the terms of one row."""
    days = {key: said.pop(key) for key in ("start", "end") if key in said}
    meter = said.pop("meter", None) or said.pop("object_id", None)
    standard = said.pop("standard_item_id", None)
    group = said.pop("group", "")
    return Line(
        period=Period(**days) if days else None,
        object_id=Identifier(value=meter) if meter else None,
        standard_item_id=Identifier(value=standard) if standard else None,
        attributes=(Attribute(name=GROUP, value=group),) if group else (),
        **said,
    )


def make_vat(said: Found) -> VatBreakdown:
    """Return a row of the VAT breakdown from the terms of one row."""
    amount = said.pop("amount", None)
    said.setdefault("vat", amount)
    return VatBreakdown(category=said.pop("category", "S"), **said)
