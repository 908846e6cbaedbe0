"""Maps the amounts of an INVOIC message: totals (MOA), VAT (TAX), allowances and charges (ALC), and the message's
control total (CNT)."""

from decimal import Decimal
from typing import Final

from bill import AllowanceCharge, VatBreakdown, warning
from ingest.document_findings import Found
from ingest.edifact.message_state import MessageState, Step
from ingest.edifact.segment_tokenizer import Segment

#: Each document total and its MOA 5025 qualifiers, preferred one first.
_TOTALS: Final = {
    "lines": ("79",), "allowances": ("260",), "charges": ("259",), "net": ("389", "125"), "vat": ("176", "124"),
    "gross": ("388", "77", "39", "86", "128"), "paid": ("113",), "rounding": ("366",), "vat_in_vat_currency": ("2",),
}  # fmt: skip
_DUE: Final = ("9", "86", "77", "39", "388", "128")
#: MOA 5025 and PCD 5245 qualifiers of a discount or a penalty in payment terms.
_DISCOUNTS: Final = frozenset({"8", "21", "52", "53", "204"})
_DISCOUNT_PERCENTS: Final = frozenset({"1", "7", "12", "15"})
#: VAT categories (UNTDID 5305) that need an exemption reason.
_EXEMPT: Final = frozenset({"AE", "E", "O", "K", "G"})


def make_totals(message: MessageState) -> Found:
    """Return the document totals. Without an amount due (MOA 9), it is the total plus the rounding minus the amount
    paid."""
    amounts = message.amounts
    totals = {}
    for key, qualifiers in _TOTALS.items():
        said = next((q for q in qualifiers if q in amounts), None)
        if said is not None:
            totals[key] = amounts[said]
    payable = next((q for q in _DUE if q in amounts), None)
    if payable is not None:
        totals["payable"] = amounts[payable]
        if payable != "9":
            zero = Decimal(0)
            totals["payable"] += totals.get("rounding", zero) - totals.get("paid", zero)
    if "amount_currency" in message.found:
        totals["amount_currency"] = message.found.pop("amount_currency")
    return totals


def make_vat_and_charges(found: Found) -> None:
    """Add the VAT breakdown and the allowances and charges of the whole bill to *found*. The exemption reason is given
    once per message (FTX AGM) and applies to the exempt rows."""
    reason, code = found.pop("exemption_reason", ""), found.pop("exemption_code", "")
    rows = []
    for row in found.get("vat", []):
        rate, category = row.get("rate"), row.pop("category", "")
        category = category or ("S" if rate else "Z")
        said = {"exemption_reason": reason, "exemption_code": code} if category in _EXEMPT else {}
        rows.append(VatBreakdown(category=category, **row, **said))
    found["vat"] = rows
    charges = found.pop("charges", [])
    found["allowances_charges"] = [AllowanceCharge(**charge) for charge in charges if "amount" in charge]


def _alc(segment: Segment, message: MessageState) -> None:
    message.party = message.terms = None
    message.charge = {"is_charge": segment.get(1) == "C"}
    if message.summary:
        return
    texts = (message.words(segment, 2), message.words(segment, 5, 3), message.words(segment, 5, 4))
    message.charge["reason"] = next((text for text in texts if text), "")
    message.charge["reason_code"] = message.words(segment, 5) or message.words(segment, 2, 1)
    (message.line if message.line is not None else message.found).setdefault("charges", []).append(message.charge)


def _pcd(segment: Segment, message: MessageState) -> None:
    owner = message.charge
    if owner is None and segment.get(1) not in _DISCOUNT_PERCENTS:
        owner = message.terms
    if owner is not None and (percent := message.amount(segment, segment.get(1, 1))) is not None:
        owner["percent"] = percent


def _tax(segment: Segment, message: MessageState) -> None:
    message.party = None
    if segment.get(2) not in ("VAT", ""):
        return
    said = {"rate": message.amount(segment, segment.get(5, 3)), "category": message.words(segment, 6)}
    if message.summary:
        message.charge, message.tax = None, said
        message.found.setdefault("vat", []).append(message.tax)
        return
    owner = message.charge if message.charge is not None else message.line
    if owner is not None:
        if said["category"] or said["rate"] is not None:
            owner["vat_category"] = said["category"] or ("S" if said["rate"] else "Z")
        owner["vat_rate"] = said["rate"]


def _uns(segment: Segment, message: MessageState) -> None:
    if message.summary:
        message.refuse("EDI-UNS-REPEATED", "the totals begin a second time (UNS+S)", segment)
    message.summary, message.line, message.party, message.charge, message.terms = True, None, None, None, None


def _cnt(segment: Segment, message: MessageState) -> None:
    """Step for a control total of the message (CNT): 2 counts its lines, 1 adds their quantities up (UNTDID 6069)."""
    declared = message.amount(segment, segment.get(1, 1))
    if segment.get(1) == "2" and declared is not None and declared != len(message.lines):
        sentence = "CNT counts {said} lines, and there are {count}"
        message.refuse("EDI-CNT-LINES", sentence, segment, said=declared, count=len(message.lines))
    elif segment.get(1) == "1" and declared is not None:
        quantity = sum((line.get("quantity", Decimal(0)) for line in message.lines), Decimal(0))
        if quantity != declared:
            sentence = "CNT says that the quantities are {said} together, and they are {count}"
            message.notes.findings.append(
                warning("EDI-CNT-QUANTITY", sentence, segment.place, said=declared, count=quantity)
            )


def _moa(segment: Segment, message: MessageState) -> None:
    kind = segment.get(1)
    amount = message.amount(segment, segment.get(1, 1))
    if amount is None:
        return
    if message.charge is not None and message.line is not None and kind == "509":
        message.line["price_discount"] = amount
    elif message.charge is not None:
        key = {"8": "amount", "23": "amount", "204": "amount", "25": "base"}.get(kind)
        if key:
            message.charge[key] = amount
    elif message.tax is not None:
        key = {"124": "vat", "125": "taxable"}.get(kind)
        if key:
            message.tax[key] = amount
    elif message.summary:
        message.keep(message.amounts, kind, amount, segment)
        if kind in _DUE and (currency := message.words(segment, 1, 2)):
            message.found.setdefault("amount_currency", currency)
    else:
        _of_line_or_terms(message, kind, amount)


def _of_line_or_terms(message: MessageState, kind: str, amount: Decimal) -> None:
    if message.line is None and message.terms is not None and kind not in _DISCOUNTS:
        message.terms.setdefault("amount", amount)
    elif message.line is not None and kind in ("203", "66"):
        message.line.setdefault("net_amount" if kind == "203" else "goods", amount)


#: The steps of segments with amounts, in every part of a message.
STEPS: Final[dict[str, Step]] = {
    "ALC": _alc, "PCD": _pcd, "TAX": _tax, "UNS": _uns, "CNT": _cnt, "MOA": _moa,
}  # fmt: skip
