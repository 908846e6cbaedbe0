"""Maps an EDIFACT INVOIC message to a bill, segment by segment in the order of the message's groups.

Qualifiers are those of CEN/TS 16931-3-4 (D.16B), beside those of older directories where these differ. Segments without
a step are ignored.
"""

from datetime import date
from typing import Final

from bill import Bill, Identifier, Note, Period, Reference, fatal
from ingest.bill_builder import build_bill, build_payment_means
from ingest.document_findings import DocumentNotes, Found
from ingest.edifact import line_items, message_amounts
from ingest.edifact.message_state import MessageState, Step, due
from ingest.edifact.parties import make_delivered, make_parties, read_party
from ingest.edifact.segment_tokenizer import Segment
from ingest.instalments import InstalmentPart
from untrusted.value_parsing import account_number

#: RFF 1153 of the whole message -> the term of the bill.
_REFERENCES: Final = {
    "ON": "order", "VN": "sales_order", "CT": "contract", "AAK": "despatch", "DQ": "despatch", "ALO": "receiving",
    "AEP": "project", "GC": "tender", "CR": "buyer_reference",
}  # fmt: skip


#: DTM 2005 of a due date, the preferred one first: payment due date, terms net due date, due date, deferred payment of
#: an instalment. CEN/TS 16931-3-4 (D.16B) takes the first; EANCOM (D.93A to D.01B) the second.
_DUE_KINDS: Final = ("140", "13", "265", "14")
_OLD_DUE_KINDS: Final = ("13", "140", "265", "14")
#: References that may be several, and are kept together; of others the first counts.
_JOINED: Final = frozenset({"order", "sales_order", "despatch", "receiving", "project", "tender"})


#: PAT 4279: terms of a discount or a penalty, which do not affect the due date of the bill.
_NO_PAYMENT: Final = frozenset({"8", "20", "22"})


def read_invoic(unh: Segment, body: list[Segment], notes: DocumentNotes) -> Bill | None:
    """Return the bill of a message, from *unh* to the segment before UNT; None when *notes* says why there is none."""
    release = unh.get(2, 2)[:2]
    message = MessageState(notes, modern=release.isdecimal() and 10 <= int(release) < 90)
    for segment in body:
        step = _STEPS.get(segment.tag)
        if step is not None:
            step(segment, message)
        elif not segment.tag:
            message.refuse("EDI-TAG", "this begins with no segment's name: the message is damaged", segment)
    if not message.summary:
        place = body[-1].place if body else unh.place
        notes.findings.append(fatal("EDI-UNS-MISSING", "nothing parts the lines from the totals (UNS+S)", place))
    return _bill(message)


def _bill(message: MessageState) -> Bill | None:
    found = message.found
    if "issue_date" not in found and "invoiced" in found:
        found["issue_date"] = found["invoiced"]
    found.pop("invoiced", None)
    days, all_terms = found.pop("days", ""), found.pop("all_terms", [])
    if (due_date := _due_date(found, message)) is not None:
        found["due_date"] = due_date
    if "issue_date" in found:
        if days and "due_date" not in found:
            found["due_date"] = due(found["issue_date"], days)
        found["instalments"] = [_part(terms, found["issue_date"], message) for terms in all_terms]
    found["totals"] = message_amounts.make_totals(message)
    make_parties(message)
    delivered = make_delivered(message)
    if delivered is not None:
        found["delivered"] = delivered
    further = [build_payment_means(means_code=code) for code in found.pop("further_means", [])]
    if message.payment:
        accounts = message.payment.pop("accounts", None) or [{}]
        found["means"] = [build_payment_means(**account, **message.payment) for account in accounts] + further
    if days := found.pop("period_days", None):
        found["period"] = Period(**days)
    found["lines"] = [line_items.make_line(line) for line in message.lines]
    message_amounts.make_vat_and_charges(found)
    return build_bill(found, message.notes)


def _part(terms: Found, issued: date, message: MessageState) -> InstalmentPart:
    """Return the instalment of a set of payment terms."""
    day = _due_date(terms, message) or due(issued, terms.get("days", ""))
    return InstalmentPart(terms.get("amount"), terms.get("percent"), day)


def _bgm(segment: Segment, message: MessageState) -> None:
    message.keep(message.found, "type_code", message.words(segment, 1), segment)
    message.keep(message.found, "number", message.words(segment, 2), segment)
    message.notes.number = message.found.get("number")


def _dtm(segment: Segment, message: MessageState) -> None:
    match segment.get(1):
        case "137":
            message.keep(message.found, "issue_date", message.day(segment, decides=True), segment)
        case "3":
            message.keep(message.found, "invoiced", message.day(segment), segment)
        case "13" | "14" | "140" | "265" as kind:
            _due_day(segment, message, kind)
        case "35" if message.line is None and (when := message.day(segment)) is not None:
            message.parties.setdefault("DP", {})["on"] = when
        case "131" if (when := message.day(segment)) is not None:
            message.found["tax_point"] = when
        case "167" | "194" | "263":
            _period(segment, message, "start")
        case "168" | "206":
            _period(segment, message, "end")
        case "171" | "384" if message.reference in ("OI", "IV") and message.found.get("preceding"):
            number = message.found["preceding"].pop().number
            message.found["preceding"].append(Reference(number=number, issue_date=message.day(segment)))


def _due_day(segment: Segment, message: MessageState, kind: str) -> None:
    """Step for a due date (BT-9), of the whole bill or of the instalment whose terms are open. The day by which a
    discount is granted is none."""
    when = message.day(segment)
    if when is None or (message.terms is not None and "discount" in message.terms and kind != "13"):
        return
    for found in (message.found, message.terms):
        if found is not None:
            days = found.setdefault("due_days", {})
            days[kind] = min(when, days.get(kind, when))


def _due_date(found: Found, message: MessageState) -> date | None:
    """Return the due date of the bill or of an instalment: by the qualifier that the message's directory prefers, the
    earliest of several."""
    days = found.pop("due_days", {})
    kinds = _DUE_KINDS if message.modern else _OLD_DUE_KINDS
    return next((days[kind] for kind in kinds if kind in days), None)


def _period(segment: Segment, message: MessageState, edge: str) -> None:
    days = (message.line if message.line is not None else message.found).setdefault("period_days", {})
    if (when := message.day(segment)) is not None:
        days.setdefault(edge, when)
    both = segment.get(1, 1).split("-")
    if segment.get(1, 2) == "718" and len(both) == 2:
        last = segment._replace(elements=[segment.elements[0], [segment.get(1), both[1], "102"]])
        if (when := message.day(last)) is not None:
            days.setdefault("end", when)


def _ftx(segment: Segment, message: MessageState) -> None:
    subject, text = segment.get(1), message.prose(segment, 4)
    if message.line is not None:
        line_items.line_text(segment, message.line, subject, text)
    elif subject == "DOC":
        message.found["profile"], message.found["process"] = text, message.words(segment, 3)
    elif subject in ("AGM", "TXD"):
        message.found["exemption_reason"], message.found["exemption_code"] = text, message.words(segment, 3)
    elif text and subject in ("AAB", "PMT"):
        before = message.found.get("terms")
        message.found["terms"] = f"{before}\n{text}" if before else text
    elif text:
        message.found.setdefault("notes", []).append(Note(text=text, subject=subject))


def _rff(segment: Segment, message: MessageState) -> None:
    kind, number = segment.get(1), message.words(segment, 1, 1)
    if message.line is not None:
        line_items.line_reference(segment, message, message.line, kind, number)
    elif message.party is not None:
        message.keep_first(message.party, f"RFF {kind}", number, segment)
    elif kind in _REFERENCES:
        _reference(_REFERENCES[kind], number, segment, message)
    elif kind == "PQ" and number:
        message.keep_first(message.found, "remittance", number, segment)
    elif kind in ("OI", "IV") and number:
        message.found.setdefault("preceding", []).append(Reference(number=number))
    elif kind == "ATS" and number:
        message.keep_first(message.found, "object_id", Identifier(value=number), segment)
    message.reference = kind


def _reference(term: str, number: str, segment: Segment, message: MessageState) -> None:
    """Keep a reference of the whole bill: several orders or despatches together. A second contract or buyer's reference
    would be another account: the first counts, and the other is a note."""
    before = message.found.get(term, "")
    if term in _JOINED and before and number and number not in before.split(", "):
        message.found[term] = f"{before}, {number}"
    elif term not in _JOINED and before and number and number != before:
        message.keep_first(message.found, term, number, segment)
        message.found.setdefault("notes", []).append(Note(text=f"{segment.get(1)} {number}", subject="ACB"))
    elif number:
        message.found.setdefault(term, number)


def _gir(segment: Segment, message: MessageState) -> None:
    number = message.words(segment, 2)
    if message.line is None and message.reference == "ATS" and number:
        message.found["object_id"] = Identifier(value=number)


def _nad(segment: Segment, message: MessageState) -> None:
    role = segment.get(1)
    if not 1 < len(role) <= 3:
        message.refuse("EDI-QUALIFIER", "'{role}' is no party's role (UNTDID 3035)", segment, role=role[:10])
    message.charge = None
    if message.line is None and not message.summary:
        message.party = message.parties.setdefault(role, {})
        message.party.update(read_party(segment, message))


def _contact(segment: Segment, message: MessageState) -> None:
    if message.party is not None:
        name = message.words(segment, 2, 1) or message.words(segment, 2)
        message.party.setdefault("contact", {}).setdefault("name", name)


def _com(segment: Segment, message: MessageState) -> None:
    key = {"TE": "phone", "AL": "phone", "EM": "email"}.get(segment.get(1, 1))
    if message.party is not None and key:
        message.party.setdefault("contact", {}).setdefault(key, message.words(segment, 1))


def _fii(segment: Segment, message: MessageState) -> None:
    account = account_number(segment.get(2)) or ""
    if segment.get(1) == "BI":
        message.payment["debited_iban"] = account
    elif account:
        accounts = message.payment.setdefault("accounts", [])
        known = next((a for a in accounts if a["iban"] == account), None)
        if known is None:
            known = {"iban": account}
            accounts.append(known)
        for key, text in (("name", message.words(segment, 2, 1)), ("bic", message.words(segment, 3))):
            if text:
                known[key] = text


def _cux(segment: Segment, message: MessageState) -> None:
    message.party = None
    for element in range(1, min(len(segment.elements), 3)):
        currency = message.words(segment, element, 1)
        if segment.get(element) == "6":
            message.found.setdefault("vat_currency", currency)
        elif currency:
            message.found.setdefault("currency", currency)


def _terms(segment: Segment, message: MessageState) -> None:
    message.party = message.charge = None
    message.terms = {}
    days = segment.get(3, 3) + segment.get(3, 2) if segment.get(3) in ("5", "66") else ""
    if segment.get(1) in _NO_PAYMENT:
        message.terms["discount"] = True
        return
    if days:
        message.found.setdefault("days", days)
        message.terms["days"] = days
    message.found.setdefault("all_terms", []).append(message.terms)


def _pai(segment: Segment, message: MessageState) -> None:
    code = message.words(segment, 1, 2)
    if code and message.payment.setdefault("means_code", code) != code:
        further = message.found.setdefault("further_means", [])
        if code not in further:
            further.append(code)


_STEPS: Final[dict[str, Step]] = {
    "BGM": _bgm, "DTM": _dtm, "FTX": _ftx, "RFF": _rff, "GIR": _gir, "NAD": _nad, "CTA": _contact, "COM": _com,
    "FII": _fii, "CUX": _cux, "PAT": _terms, "PYT": _terms, "PAI": _pai, **line_items.STEPS, **message_amounts.STEPS,
}  # fmt: skip
