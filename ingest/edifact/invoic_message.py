"""Maps an EDIFACT INVOIC message to a bill, segment by segment in the order of the message's groups.

Qualifiers are those of CEN/TS 16931-3-4 (D.16B), beside those of older directories where these differ. Segments without
a step are ignored.
"""

from datetime import date
from typing import Final

from bill import Bill, Identifier, Note, Period, Reference, fatal
from ingest.bill_builder import build_bill, build_payment_means
from ingest.edifact import line_items, message_amounts
from ingest.edifact.message_state import MessageState, Step, due
from ingest.edifact.parties import make_delivered, make_parties, read_party
from ingest.edifact.segment_tokenizer import Segment
from ingest.instalments import InstalmentPart
from ingest.value_parsing import account_number
from ingest.xml.mapper import DocumentNotes, Found

#: RFF 1153 of the whole message -> the term it is.
_REFERENCES: Final = {
    "ON": "order", "VN": "sales_order", "CT": "contract", "AAK": "despatch", "DQ": "despatch", "ALO": "receiving",
    "AEP": "project", "GC": "tender", "CR": "buyer_reference",
}  # fmt: skip


#: PAT 4279: terms of a discount or a penalty, which say nothing of when the bill itself is to be paid.
_NO_PAYMENT: Final = frozenset({"8", "20", "22"})


def read_invoic(unh: Segment, body: list[Segment], sheet: DocumentNotes) -> Bill | None:
    """Return the bill of a message, from *unh* to the segment before UNT; None when *sheet* says why there is none."""
    release = unh.get(2, 2)[:2]
    form = MessageState(sheet, modern=release.isdecimal() and 10 <= int(release) < 90)
    for segment in body:
        step = _STEPS.get(segment.tag)
        if step is not None:
            step(segment, form)
        elif not segment.tag:
            form.refuse("EDI-TAG", "this begins with no segment's name: the message is damaged", segment)
    if not form.summary:
        place = body[-1].place if body else unh.place
        sheet.findings.append(fatal("EDI-UNS-MISSING", "nothing parts the lines from the totals (UNS+S)", place))
    return _bill(form)


def _bill(form: MessageState) -> Bill | None:
    found = form.found
    if "issue_date" not in found and "invoiced" in found:
        found["issue_date"] = found["invoiced"]
    found.pop("invoiced", None)
    days, all_terms = found.pop("days", ""), found.pop("all_terms", [])
    if "issue_date" in found:
        if days and "due_date" not in found:
            found["due_date"] = due(found["issue_date"], days)
        found["instalments"] = [_part(terms, found["issue_date"]) for terms in all_terms]
    found["totals"] = message_amounts.make_totals(form)
    make_parties(form)
    delivered = make_delivered(form)
    if delivered is not None:
        found["delivered"] = delivered
    further = [build_payment_means(means_code=code) for code in found.pop("further_means", [])]
    if form.payment:
        accounts = form.payment.pop("accounts", None) or [{}]
        found["means"] = [build_payment_means(**account, **form.payment) for account in accounts] + further
    if days := found.pop("period_days", None):
        found["period"] = Period(**days)
    found["lines"] = [line_items.make_line(line) for line in form.lines]
    message_amounts.make_vat_and_charges(found)
    return build_bill(found, form.sheet)


def _part(terms: Found, issued: date) -> InstalmentPart:
    """Return the instalment of a set of payment terms."""
    day = terms.get("due") or due(issued, terms.get("days", ""))
    return InstalmentPart(terms.get("amount"), terms.get("percent"), day)


def _bgm(segment: Segment, form: MessageState) -> None:
    form.keep(form.found, "type_code", form.words(segment, 1), segment)
    form.keep(form.found, "number", form.words(segment, 2), segment)
    form.sheet.number = form.found.get("number")


def _dtm(segment: Segment, form: MessageState) -> None:
    match segment.get(1):
        case "137":
            form.keep(form.found, "issue_date", form.day(segment, decides=True), segment)
        case "3":
            form.keep(form.found, "invoiced", form.day(segment), segment)
        case "13":
            _due_day(segment, form)
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


def _due_day(segment: Segment, form: MessageState) -> None:
    """Step for a due date (BT-9): the earliest of several; inside an instalment, the instalment's own."""
    if (when := form.day(segment)) is not None:
        form.found["due_date"] = min(when, form.found.get("due_date", when))
        if form.terms is not None:
            form.terms["due"] = when


def _period(segment: Segment, form: MessageState, edge: str) -> None:
    days = (form.line if form.line is not None else form.found).setdefault("period_days", {})
    if (when := form.day(segment)) is not None:
        days.setdefault(edge, when)
    both = segment.get(1, 1).split("-")
    if segment.get(1, 2) == "718" and len(both) == 2:
        last = segment._replace(elements=[segment.elements[0], [segment.get(1), both[1], "102"]])
        if (when := form.day(last)) is not None:
            days.setdefault("end", when)


def _ftx(segment: Segment, form: MessageState) -> None:
    subject, text = segment.get(1), form.prose(segment, 4)
    if form.line is not None:
        line_items.line_text(segment, form.line, subject, text)
    elif subject == "DOC":
        form.found["profile"], form.found["process"] = text, form.words(segment, 3)
    elif subject in ("AGM", "TXD"):
        form.found["exemption_reason"], form.found["exemption_code"] = text, form.words(segment, 3)
    elif text and subject in ("AAB", "PMT"):
        before = form.found.get("terms")
        form.found["terms"] = f"{before}\n{text}" if before else text
    elif text:
        form.found.setdefault("notes", []).append(Note(text=text, subject=subject))


def _rff(segment: Segment, form: MessageState) -> None:
    kind, number = segment.get(1), form.words(segment, 1, 1)
    if form.line is not None:
        line_items.line_reference(segment, form, form.line, kind, number)
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


def _gir(segment: Segment, form: MessageState) -> None:
    number = form.words(segment, 2)
    if form.line is None and form.reference == "ATS" and number:
        form.found["object_id"] = Identifier(value=number)


def _nad(segment: Segment, form: MessageState) -> None:
    role = segment.get(1)
    if not 1 < len(role) <= 3:
        form.refuse("EDI-QUALIFIER", "'{role}' is no party's role (UNTDID 3035)", segment, role=role[:10])
    form.charge = None
    if form.line is None and not form.summary:
        form.party = form.parties.setdefault(role, {})
        form.party.update(read_party(segment, form))


def _contact(segment: Segment, form: MessageState) -> None:
    if form.party is not None:
        name = form.words(segment, 2, 1) or form.words(segment, 2)
        form.party.setdefault("contact", {}).setdefault("name", name)


def _com(segment: Segment, form: MessageState) -> None:
    key = {"TE": "phone", "AL": "phone", "EM": "email"}.get(segment.get(1, 1))
    if form.party is not None and key:
        form.party.setdefault("contact", {}).setdefault(key, form.words(segment, 1))


def _fii(segment: Segment, form: MessageState) -> None:
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


def _cux(segment: Segment, form: MessageState) -> None:
    form.party = None
    for element in range(1, min(len(segment.elements), 3)):
        currency = form.words(segment, element, 1)
        if segment.get(element) == "6":
            form.found.setdefault("vat_currency", currency)
        elif currency:
            form.found.setdefault("currency", currency)


def _terms(segment: Segment, form: MessageState) -> None:
    form.party = form.charge = None
    form.terms = {}
    days = segment.get(3, 3) if segment.get(3) in ("5", "66") and segment.get(3, 2) in ("D", "") else ""
    if segment.get(1) in _NO_PAYMENT:
        return
    if days:
        form.found.setdefault("days", days)
        form.terms["days"] = days
    form.found.setdefault("all_terms", []).append(form.terms)


def _pai(segment: Segment, form: MessageState) -> None:
    code = form.words(segment, 1, 2)
    if code and form.payment.setdefault("means_code", code) != code:
        further = form.found.setdefault("further_means", [])
        if code not in further:
            further.append(code)


_STEPS: Final[dict[str, Step]] = {
    "BGM": _bgm, "DTM": _dtm, "FTX": _ftx, "RFF": _rff, "GIR": _gir, "NAD": _nad, "CTA": _contact, "COM": _com,
    "FII": _fii, "CUX": _cux, "PAT": _terms, "PYT": _terms, "PAI": _pai, **line_items.STEPS, **message_amounts.STEPS,
}  # fmt: skip
