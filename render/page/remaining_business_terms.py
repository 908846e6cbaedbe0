"""The terms of a bill that have no place of their own on its pages: the rest of its parties, references, attachments.

Nothing of a bill is left out: what nobody looks for first stands here, below the notes, each group under its label.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bill import AmountDue, Attachment, Bill, Party, PayeeAccount, account_number_of, payee_accounts, payments_of
from bill.labelled_identifier import spell_identifier, spell_object, spell_registration
from bill.spelled_address import postal_lines
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMNS, LEFT, RIGHT, mm
from render.page.key_facts import KeyFact, shown_preceding
from render.page.payment_slip import LONGEST_ON_SLIP, spell_iban
from render.page.seller_identity import not_in_the_foot
from render.style.brand_text_styles import DETAIL_ROW
from render.style.number_format import NBSP
from render.style.page_style import PageStyle
from render.type.line_breaking import paragraphs, wrap
from words.identifier_labels import identifier_label

_LABEL_WIDTH = COLUMNS[1] - LEFT - mm(3)
_WIDTH = RIGHT - COLUMNS[1]
_BASELINE = mm(2.7)
#: A term of so many lines is not parted by the end of a page.
_KEPT = 6
_BETWEEN = " · "
#: CEF EAS: an e-mail address.
_EMAIL = "EM"


class FurtherTerm(NamedTuple):
    """A label and the text beside it."""

    label: str
    text: str


def further_terms_of(bill: Bill, due: AmountDue, left: Sequence[KeyFact], page_style: PageStyle) -> list[FurtherTerm]:
    """Return the terms of *bill* that stand nowhere else. *left* are the key facts that were too long for their
    place."""
    terms = page_style.terms
    found = [FurtherTerm(label, _BETWEEN.join(values)) for label, values, _ in left]
    found += [FurtherTerm(terms.in_full, text) for text in _too_long_for_the_slip(due)]
    for label, parts in _groups(bill, due, page_style):
        if said := _BETWEEN.join(filter(None, parts)):
            found.append(FurtherTerm(label, said))
    return found + [FurtherTerm(terms.attachments, _attached(each)) for each in bill.attachments]


def _groups(bill: Bill, due: AmountDue, page_style: PageStyle) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the label and the texts of each group that a bill may have; cheap for the usual bill, which has none."""
    yield from _parties(bill, page_style)
    terms, payment = page_style.terms, bill.payment
    bic = payment.transfers[0].bic if payment.transfers else ""
    if _refers(bill):
        yield terms.references, _references(bill, page_style)
    if not due.is_asking or payment.means_text or payment.mandate or payment.creditor_id or bic or bill.payments:
        yield page_style.words.means, dict.fromkeys(_payment(bill, due, page_style))
    if bill.preceding:
        yield terms.preceding, _preceding(bill, page_style)
    if len(payment.transfers) > 1 or bill.payments:
        yield terms.other_account, _other_accounts(bill, due, page_style)
    for each in payments_of(bill):
        if each.card_number or each.card_holder:
            yield terms.card, (each.card_number, each.card_holder)


def _parties(bill: Bill, page_style: PageStyle) -> Iterator[tuple[str, Iterable[str]]]:
    terms, seller, buyer = page_style.terms, bill.seller, bill.buyer
    if _says_more(seller) or not_in_the_foot(bill, page_style):
        yield terms.seller, _seller(bill, page_style)
    if _says_more(buyer) or buyer.legal_id or buyer.contact:
        yield terms.buyer, _buyer(buyer, page_style)
    if bill.delivered:
        yield terms.delivery, _delivery(bill, page_style)
    if bill.payee:
        yield terms.payee, _elsewhere(bill.payee, bill, page_style)
    if bill.tax_representative:
        yield terms.tax_representative, _elsewhere(bill.tax_representative, bill, page_style)


def _says_more(party: Party) -> bool:
    return bool(party.identifiers or party.electronic_address or party.trading_name or party.tax_id)


def _refers(bill: Bill) -> bool:
    return bool(
        bill.project or bill.sales_order or bill.receiving or bill.despatch or bill.tender or bill.object_id
        or bill.buyer_accounting or bill.tax_point
    )  # fmt: skip


def draw_further_terms(found: list[FurtherTerm], flow: PageFlow) -> None:
    """Draw the terms over as many pages as they need: the label on the left, its text beside it."""
    for term in found:
        _draw_term(term, flow)


def _draw_term(term: FurtherTerm, flow: PageFlow) -> None:
    detail = flow.page_style.styles.detail
    labels, lines = wrap(term.label, detail, _LABEL_WIDTH), paragraphs(term.text, detail, _WIDTH)
    tagged, rows = None, max(len(labels), len(lines))
    flow.make_room(min(rows, _KEPT) * DETAIL_ROW)
    for row in range(rows):
        flow.make_room(DETAIL_ROW)
        if tagged is not flow.canvas:
            tagged = flow.canvas
            tagged.tag("P")
        for x, texts in ((LEFT, labels), (COLUMNS[1], lines)):
            if row < len(texts):
                flow.canvas.text(detail, x, flow.y + _BASELINE, texts[row])
        flow.y += DETAIL_ROW


def _labelled(label: str, value: str) -> str:
    return f"{label}{NBSP}{value}" if value else ""


def _seller(bill: Bill, page_style: PageStyle) -> Iterator[str]:
    seller = bill.seller
    yield from not_in_the_foot(bill, page_style)
    yield from _known_as(seller, page_style)
    yield from (spell_identifier(each, page_style.language) for each in seller.identifiers)
    yield from _electronic_address(seller, page_style)


def _buyer(buyer: Party, page_style: PageStyle) -> Iterator[str]:
    """Yield what the key facts do not say of the customer. The first identifier is the account number there."""
    yield from _known_as(buyer, page_style)
    yield spell_registration(buyer, page_style.language)
    yield from (spell_identifier(each, page_style.language) for each in buyer.identifiers[1:])
    yield from _reached(buyer, page_style)


def _elsewhere(party: Party | None, bill: Bill, page_style: PageStyle) -> Iterator[str]:
    """Yield all of a party that stands nowhere else: payee, tax representative."""
    if party is None:
        return
    yield party.name
    yield ", ".join(postal_lines(party.address, bill.seller.address.country, page_style.language))
    yield _labelled(page_style.terms.vat_id, party.vat_id)
    yield from _known_as(party, page_style)
    yield spell_registration(party, page_style.language)
    yield from (spell_identifier(each, page_style.language) for each in party.identifiers)
    yield from _reached(party, page_style)


def _delivery(bill: Bill, page_style: PageStyle) -> Iterator[str]:
    """Yield what the key facts do not say of the place of delivery."""
    delivered = bill.delivered
    if delivered is None or delivered.party is None:
        return
    party, place = delivered.party, delivered.location
    yield party.name if party.name != delivered.name else ""
    yield from _known_as(party, page_style)
    yield from (
        spell_identifier(each, page_style.language)
        for each in party.identifiers
        if place is None or each.value != place.value
    )
    yield from _reached(party, page_style)


def _known_as(party: Party, page_style: PageStyle) -> Iterator[str]:
    if party.trading_name != party.name:
        yield _labelled(page_style.terms.trading_name, party.trading_name)
    yield _labelled(page_style.terms.tax_id, party.tax_id)


def _reached(party: Party, page_style: PageStyle) -> Iterator[str]:
    """Yield contact and electronic address."""
    if party.contact:
        yield from (party.contact.name, party.contact.phone, party.contact.email)
    yield from _electronic_address(party, page_style)


def _electronic_address(party: Party, page_style: PageStyle) -> Iterator[str]:
    address = party.electronic_address
    if address and (party.contact is None or address.value != party.contact.email):
        label = page_style.terms.electronic_address
        if address.scheme not in ("", _EMAIL):
            label = f"{label}{NBSP}({identifier_label(address.scheme, page_style.language)})"
        yield _labelled(label, address.value)


def _references(bill: Bill, page_style: PageStyle) -> Iterator[str]:
    terms, words = page_style.terms, page_style.words
    number = account_number_of(bill, page_style.brand.account_term or None)
    yield _labelled(terms.project, bill.project)
    yield _labelled(terms.sales_order, bill.sales_order)
    yield _labelled(terms.receiving, bill.receiving)
    yield _labelled(terms.despatch, bill.despatch)
    yield _labelled(terms.tender, bill.tender)
    if bill.object_id and (number is None or number.term != "BT-18"):
        yield spell_object(bill.object_id, page_style.language)
    yield _labelled(terms.accounting, bill.buyer_accounting)
    if bill.tax_point:
        yield _labelled(terms.tax_point, words.figure_day(bill.tax_point))


def _payment(bill: Bill, due: AmountDue, page_style: PageStyle) -> Iterator[str]:
    """Yield what the slip does not say of the means of payment. The account to pay to is not among it where nobody is
    asked to pay: it would be paid twice."""
    words, how = page_style.words, due.how
    account = how.account if how else None
    text = how.text if how and due.is_asking and not account else ""
    remittance = how.remittance if how and due.is_asking else bill.number
    mandate, creditor_id = (how.mandate, how.creditor_id) if how and due.is_collected else ("", "")
    for payment in payments_of(bill):
        if payment.means_text != text:
            yield payment.means_text
        if payment.remittance not in (remittance, bill.number):
            yield _labelled(words.reference, payment.remittance)
        if payment.mandate != mandate:
            yield _labelled(words.mandate, payment.mandate)
        if payment.creditor_id != creditor_id:
            yield _labelled(words.creditor, payment.creditor_id)
    if due.is_asking and account and not (account.bic or account.bank or account.scheme):
        yield from (_labelled("BIC", each.bic) for each in bill.payment.transfers[:1])


def _preceding(bill: Bill, page_style: PageStyle) -> Iterator[str]:
    """Yield the preceding invoices with their days, if they are too many for the key facts."""
    if not shown_preceding(bill, page_style):
        for reference in bill.preceding:
            day = page_style.words.figure_day(reference.issue_date) if reference.issue_date else ""
            yield f"{reference.number} {day}".rstrip()


def _other_accounts(bill: Bill, due: AmountDue, page_style: PageStyle) -> Iterator[str]:
    """Yield the accounts that one may pay to beside the one on the slip."""
    if not due.is_asking:
        return
    shown = due.how.account if due.how else None
    for _, account, name in payee_accounts(bill):
        if shown is None or (account.iban, _bare(account.number)) != (shown.iban, _bare(shown.number)):
            yield _account(account, name, page_style)


def _bare(number: str) -> str:
    return "".join(number.split())


def _account(account: PayeeAccount, name: str, page_style: PageStyle) -> str:
    looks_like_iban = account.iban or account.is_wrong
    number = spell_iban(account.iban or account.number) if looks_like_iban else f"{account.scheme} {account.number}"
    bank = (_labelled("BIC", account.bic), _labelled(page_style.words.bank, account.bank))
    return " ".join(filter(None, (number.strip(), *bank, name)))


def _attached(attachment: Attachment) -> str:
    parts = (attachment.id, attachment.description, attachment.filename, attachment.link)
    return _BETWEEN.join(dict.fromkeys(filter(None, parts)))


def _too_long_for_the_slip(due: AmountDue) -> Iterator[str]:
    how = due.how
    if how is None:
        return
    account = how.account.number if how.account else ""
    for text in (how.payee, how.remittance, how.text, how.mandate, how.creditor_id, account):
        if len(text) > LONGEST_ON_SLIP:
            yield text
