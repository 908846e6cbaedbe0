"""The INVOIC message to the bill: a step a segment, in the order of the message's groups.

Qualifiers are those of CEN/TS 16931-3-4 (D.16B), and where older directories say the same in another way, theirs
beside them. A segment that is not in the tables says nothing that a bill needs.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from bill import AllowanceCharge, Attribute, Bill, Identifier, Line, Note, Period, Reference, VatBreakdown, fatal
from ingest.bill_maker import make_bill, make_means
from ingest.edifact.form import Form, due
from ingest.edifact.parties import make_delivered, make_parties, read_party
from ingest.edifact.segments import Segment
from ingest.values import account_number
from ingest.walk import Found, Sheet

Step = Callable[[Segment, Form], None]
#: MOA 5025 -> the total it is, the best first.
_TOTALS: Final = {
    "lines": ("79",), "allowances": ("260",), "charges": ("259",), "net": ("389", "125"), "vat": ("176", "124"),
    "gross": ("388", "77", "39", "86", "128"), "paid": ("113",), "rounding": ("366",), "vat_in_vat_currency": ("2",),
}  # fmt: skip
_DUE: Final = ("9", "86", "77", "39", "388", "128")
_EXEMPT: Final = frozenset({"AE", "E", "O", "K", "G"})
_REFERENCES: Final = {
    "ON": "order", "VN": "sales_order", "CT": "contract", "AAK": "despatch", "DQ": "despatch", "ALO": "receiving",
    "AEP": "project", "GC": "tender", "CR": "buyer_reference",
}  # fmt: skip
_SCHEMES: Final = {"EN": "0160", "SRV": "0160", "UP": "0160"}


def read_invoic(unh: Segment, body: list[Segment], sheet: Sheet) -> Bill | None:
    """The bill of a message, *unh* to the segment before UNT; None when *sheet* says why there is none."""
    release = unh.get(2, 2)[:2]
    form = Form(sheet, modern=release.isdigit() and 10 <= int(release) < 90)
    for segment in body:
        step = _STEPS.get(segment.tag)
        if step is not None:
            step(segment, form)
    if not form.summary:
        place = body[-1].place if body else unh.place
        sheet.findings.append(fatal("EDI-UNS-MISSING", "nothing parts the lines from the totals (UNS+S)", place))
    return _bill(form)


def _bill(form: Form) -> Bill | None:
    found = form.found
    if "issue_date" not in found and "invoiced" in found:
        found["issue_date"] = found["invoiced"]
    found.pop("invoiced", None)
    days = found.pop("days", "")
    if "issue_date" in found and days and "due_date" not in found:
        found["due_date"] = due(found["issue_date"], days)
    found["totals"] = _totals(form)
    make_parties(form)
    delivered = make_delivered(form)
    if delivered is not None:
        found["delivered"] = delivered
    if form.payment:
        accounts = form.payment.pop("accounts", None) or [{}]
        found["means"] = [make_means(**account, **form.payment) for account in accounts]
    if days := found.pop("period_days", None):
        found["period"] = Period(**days)
    found["lines"] = [_make_line(line) for line in form.lines]
    _exempt(found)
    return make_bill(found, form.sheet)


def _totals(form: Form) -> Found:
    amounts = form.amounts
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
    if "amount_currency" in form.found:
        totals["amount_currency"] = form.found.pop("amount_currency")
    return totals


def _exempt(found: Found) -> None:
    """The reason for exemption is said once a message (FTX AGM), and belongs to what is exempt."""
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


def _make_line(line: Found) -> Line:
    days, charges = line.pop("period_days", None), line.pop("charges", [])
    if "net_amount" not in line and "goods" in line:
        line["net_amount"] = line["goods"]
    line.pop("goods", None)
    return Line(
        period=Period(**days) if days else None,
        allowances_charges=tuple(AllowanceCharge(**charge) for charge in charges if "amount" in charge),
        attributes=tuple(line.pop("attributes", ())),
        classifications=tuple(line.pop("classifications", ())),
        **line,
    )


def _bgm(segment: Segment, form: Form) -> None:
    form.keep(form.found, "type_code", form.words(segment, 1), segment)
    form.keep(form.found, "number", form.words(segment, 2), segment)
    form.sheet.number = form.found.get("number")


def _dtm(segment: Segment, form: Form) -> None:
    match segment.get(1):
        case "137":
            form.keep(form.found, "issue_date", form.day(segment, decides=True), segment)
        case "3":
            form.keep(form.found, "invoiced", form.day(segment), segment)
        case "13":
            if (when := form.day(segment)) is not None:
                form.found["due_date"] = min(when, form.found.get("due_date", when))
        case "35" if form.line is None and (when := form.day(segment)) is not None:
            form.parties.setdefault("DP", {})["on"] = when
        case "131" if (when := form.day(segment)) is not None:
            form.found["tax_point"] = when
        case "167" | "194" | "263":
            _period(segment, form, "start")
        case "168" | "206":
            _period(segment, form, "end")
        case "171" | "384" if form.reference in ("OI", "IV") and form.found.get("preceding"):
            number = form.found["preceding"].pop().number
            form.found["preceding"].append(Reference(number=number, issue_date=form.day(segment)))


def _period(segment: Segment, form: Form, edge: str) -> None:
    days = (form.line if form.line is not None else form.found).setdefault("period_days", {})
    if (when := form.day(segment)) is not None:
        days.setdefault(edge, when)
    both = segment.get(1, 1).split("-")
    if segment.get(1, 2) == "718" and len(both) == 2:
        last = segment._replace(elements=[segment.elements[0], [segment.get(1), both[1], "102"]])
        if (when := form.day(last)) is not None:
            days.setdefault("end", when)


def _ftx(segment: Segment, form: Form) -> None:
    subject, text = segment.get(1), form.prose(segment, 4)
    if form.line is not None:
        _line_text(segment, form.line, subject, text)
    elif subject == "DOC":
        form.found["profile"], form.found["process"] = text, form.words(segment, 3)
    elif subject in ("AGM", "TXD"):
        form.found["exemption_reason"], form.found["exemption_code"] = text, form.words(segment, 3)
    elif text and subject in ("AAB", "PMT"):
        before = form.found.get("terms")
        form.found["terms"] = f"{before}\n{text}" if before else text
    elif text:
        form.found.setdefault("notes", []).append(Note(text=text, subject=subject))


def _line_text(segment: Segment, line: Found, subject: str, text: str) -> None:
    name, *value = segment.rest(4)[:2] or [""]
    if subject == "ACF" and value:
        line.setdefault("attributes", []).append(Attribute(name=name[:200], value=value[0][:200]))
    elif text:
        line["note"] = f"{line['note']}\n{text}" if "note" in line else text


def _rff(segment: Segment, form: Form) -> None:
    kind, number = segment.get(1), form.words(segment, 1, 1)
    if form.line is not None:
        _line_reference(segment, form, form.line, kind, number)
    elif form.party is not None:
        form.keep(form.party, f"RFF {kind}", number, segment)
    elif kind in _REFERENCES:
        form.found.setdefault(_REFERENCES[kind], number)
    elif kind == "PQ" and number:
        form.found["remittance"] = number
    elif kind in ("OI", "IV") and number:
        form.found.setdefault("preceding", []).append(Reference(number=number))
    elif kind == "ATS" and number:
        form.found["object_id"] = Identifier(value=number)
    form.reference = kind


def _line_reference(segment: Segment, form: Form, line: Found, kind: str, number: str) -> None:
    if kind == "ON":
        line["order_line"] = form.words(segment, 1, 2)
    elif kind == "AWQ":
        line["cost_account"] = number
    elif kind in ("AVE", "MG", "SE") and number:
        line["object_id"] = Identifier(value=number)


def _gir(segment: Segment, form: Form) -> None:
    number = form.words(segment, 2)
    if form.line is None and form.reference == "ATS" and number:
        form.found["object_id"] = Identifier(value=number)


def _nad(segment: Segment, form: Form) -> None:
    role = segment.get(1)
    if not 1 < len(role) <= 3:
        form.refuse("EDI-QUALIFIER", f"{role[:10]!r} is no party's role (UNTDID 3035)", segment)
    form.charge = None
    if form.line is None and not form.summary:
        form.party = form.parties.setdefault(role, {})
        form.party.update(read_party(segment, form))


def _contact(segment: Segment, form: Form) -> None:
    if form.party is not None:
        name = form.words(segment, 2, 1) or form.words(segment, 2)
        form.party.setdefault("contact", {}).setdefault("name", name)


def _com(segment: Segment, form: Form) -> None:
    key = {"TE": "phone", "AL": "phone", "EM": "email"}.get(segment.get(1, 1))
    if form.party is not None and key:
        form.party.setdefault("contact", {}).setdefault(key, form.words(segment, 1))


def _fii(segment: Segment, form: Form) -> None:
    account = account_number(segment.get(2)) or ""
    if segment.get(1) == "BI":
        form.payment["debited_iban"] = account
    elif account:
        accounts = form.payment.setdefault("accounts", [])
        known = next((a for a in accounts if a["iban"] == account), None)
        if known is None:
            known = {"iban": account}
            accounts.append(known)
        for key, text in (("name", form.words(segment, 2, 1)), ("bic", form.words(segment, 3))):
            if text:
                known[key] = text


def _cux(segment: Segment, form: Form) -> None:
    form.party = None
    for element in range(1, min(len(segment.elements), 3)):
        currency = form.words(segment, element, 1)
        if segment.get(element) == "6":
            form.found.setdefault("vat_currency", currency)
        elif currency:
            form.found.setdefault("currency", currency)


def _terms(segment: Segment, form: Form) -> None:
    form.party = form.charge = None
    if segment.get(3) in ("5", "66") and segment.get(3, 2) in ("D", ""):
        form.found["days"] = segment.get(3, 3)


def _pai(segment: Segment, form: Form) -> None:
    if code := form.words(segment, 1, 2):
        form.payment["means_code"] = code


def _alc(segment: Segment, form: Form) -> None:
    form.party = None
    form.charge = {"is_charge": segment.get(1) == "C"}
    if form.summary:
        return
    texts = (form.words(segment, 2), form.words(segment, 5, 3), form.words(segment, 5, 4))
    form.charge["reason"] = next((text for text in texts if text), "")
    form.charge["reason_code"] = form.words(segment, 5) or form.words(segment, 2, 1)
    (form.line if form.line is not None else form.found).setdefault("charges", []).append(form.charge)


def _pcd(segment: Segment, form: Form) -> None:
    if form.charge is not None and (percent := form.amount(segment, segment.get(1, 1))) is not None:
        form.charge["percent"] = percent


def _lin(segment: Segment, form: Form) -> None:
    form.party = form.charge = None
    form.line = {"id": form.words(segment, 1)}
    form.lines.append(form.line)
    _item(segment, form, 3)


def _pia(segment: Segment, form: Form) -> None:
    for element in range(2, len(segment.elements)):
        _item(segment, form, element)


def _item(segment: Segment, form: Form, element: int) -> None:
    """An item's number (C212) by the one who gave it."""
    number, kind = form.words(segment, element), segment.get(element, 1)
    if not number or form.line is None:
        return
    if kind in _SCHEMES:
        form.line.setdefault("standard_item_id", Identifier(value=number, scheme=_SCHEMES[kind]))
    elif kind == "SA":
        form.line.setdefault("seller_item_id", number)
    elif kind in ("IN", "BP"):
        form.line.setdefault("buyer_item_id", number)
    elif kind:
        form.line.setdefault("classifications", []).append(Identifier(value=number, scheme=kind))


def _imd(segment: Segment, form: Form) -> None:
    if form.line is None:
        return
    text = form.value(segment, " ".join(segment.rest(3, 3)), str) or form.words(segment, 3)
    key = "description" if segment.get(1) == "A" or "name" in form.line else "name"
    form.line[key] = f"{form.line[key]} {text}" if key in form.line else " ".join(text.split())


def _qty(segment: Segment, form: Form) -> None:
    if form.line is None or segment.get(1) not in ("47", "46", "12"):
        return
    quantity = form.amount(segment, segment.get(1, 1))
    if quantity is not None and (segment.get(1) == "47" or "quantity" not in form.line):
        form.line["quantity"], form.line["unit"] = quantity, form.words(segment, 1, 2)


def _pri(segment: Segment, form: Form) -> None:
    price = form.amount(segment, segment.get(1, 1))
    if form.line is None or price is None:
        return
    if segment.get(1) in ("AAA", "INV", "NTP"):
        form.line["net_price"] = price
        if (base := form.amount(segment, segment.get(1, 4))) is not None:
            form.line["price_base"], form.line["price_base_unit"] = base, form.words(segment, 1, 5)
    elif segment.get(1) in ("AAB", "GRP"):
        form.line["gross_price"] = price


def _ali(segment: Segment, form: Form) -> None:
    if form.line is not None:
        form.line["origin_country"] = form.words(segment, 1)


def _tax(segment: Segment, form: Form) -> None:
    form.party = None
    if segment.get(2) not in ("VAT", ""):
        return
    said = {"rate": form.amount(segment, segment.get(5, 3)), "category": form.words(segment, 6)}
    if form.summary:
        form.charge, form.tax = None, said
        form.found.setdefault("vat", []).append(form.tax)
        return
    owner = form.charge if form.charge is not None else form.line
    if owner is not None:
        if said["category"] or said["rate"] is not None:
            owner["vat_category"] = said["category"] or ("S" if said["rate"] else "Z")
        owner["vat_rate"] = said["rate"]


def _uns(segment: Segment, form: Form) -> None:
    if form.summary:
        form.refuse("EDI-UNS-REPEATED", "the totals begin a second time (UNS+S)", segment)
    form.summary, form.line, form.party, form.charge = True, None, None, None


def _cnt(segment: Segment, form: Form) -> None:
    """A control total of the message: 2 counts its lines (UNTDID 6069)."""
    declared = form.amount(segment, segment.get(1, 1))
    if segment.get(1) == "2" and declared is not None and declared != len(form.lines):
        form.refuse("EDI-CNT-LINES", f"CNT counts {declared} lines, and there are {len(form.lines)}", segment)


def _moa(segment: Segment, form: Form) -> None:
    kind = segment.get(1)
    amount = form.amount(segment, segment.get(1, 1))
    if amount is None:
        return
    if form.charge is not None and form.line is not None and kind == "509":
        form.line["price_discount"] = amount
    elif form.charge is not None:
        key = {"8": "amount", "23": "amount", "204": "amount", "25": "base"}.get(kind)
        if key:
            form.charge[key] = amount
    elif form.tax is not None:
        key = {"124": "vat", "125": "taxable"}.get(kind)
        if key:
            form.tax[key] = amount
    elif form.summary:
        form.keep(form.amounts, kind, amount, segment)
        if kind in _DUE and (currency := form.words(segment, 1, 2)):
            form.found.setdefault("amount_currency", currency)
    elif form.line is not None and kind in ("203", "66"):
        form.line.setdefault("net_amount" if kind == "203" else "goods", amount)


_STEPS: Final[dict[str, Step]] = {
    "BGM": _bgm, "DTM": _dtm, "FTX": _ftx, "RFF": _rff, "GIR": _gir, "NAD": _nad, "CTA": _contact, "COM": _com,
    "FII": _fii, "CUX": _cux, "PAT": _terms, "PYT": _terms, "PAI": _pai, "ALC": _alc, "PCD": _pcd, "LIN": _lin,
    "PIA": _pia, "IMD": _imd, "QTY": _qty, "PRI": _pri, "ALI": _ali, "TAX": _tax, "UNS": _uns, "CNT": _cnt,
    "MOA": _moa,
}  # fmt: skip
