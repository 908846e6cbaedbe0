"""What the pages of one bill show of the bill itself, whoever reads it: its amount, how to pay it, its lines."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bill import (
    AmountDue,
    Bill,
    Instalment,
    PaymentInstructions,
    grouped,
    hide_iban,
    label_language,
    outline,
    payment_code_of,
    payment_link,
    spell_payment_means,
)
from issuers.helpline import HelplineTable
from issuers.profile import Profile
from issuers.registry import profile_of
from portal import app_context
from portal.consumers.presenters.bill_page.bill_parties import bill_parties
from portal.consumers.presenters.bill_page.bill_payment_means import bill_payment_means
from portal.consumers.presenters.bill_page.bill_references import bill_references
from portal.consumers.presenters.bill_page.bill_totals import rate, totals_above, vat_notes, vat_table
from portal.consumers.presenters.bill_page.line_details import line_details
from portal.consumers.presenters.bill_page.line_page import line_page
from portal.consumers.presenters.bill_page.quantity_units import unit_name
from portal.consumers.presenters.payment_lines import payment_lines
from portal.consumers.presenters.qr_code_svg import Drawing, draw
from portal.presenters.amount_due_text import amount_due_text, figure_of
from portal.presenters.helpline_text import helpline_of
from portal.presenters.payment_terms_text import payment_terms_text
from portal.translation import language
from render.codes import qr_code
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.payments.payment_order import movements_by_provider
from store.payments.payment_provider import provider_of
from words.document_types import document_title


def bill_content(
    session: Session, row: BillRow, issuer: Issuer, due: AmountDue, today: date, asked_lines: str = ""
) -> dict[str, Any]:
    """Returns the values of a bill's template, by name. *due* is what is due of it today, *asked_lines* the page of its
    lines that is wanted, as a visitor wrote it."""
    bill, profile = row.bill, profile_of(issuer)
    return {
        "row": row,
        "bill": bill,
        "issuer": issuer,
        "due": due,
        "is_credit_note": due.kind == "credit" or bill.is_credit_note,
        "figure": figure_of(due, row.payable),
        "words": amount_due_text(due, is_current=due.is_current(today, row.issue_date)),
        "parts_left": parts_left(due),
        "payment_lines": payment_lines(due, issuer.name, _by_provider(session, row, due)),
        "pays_online": due.is_asking and provider_of(session, issuer.id) is not None,
        "pay_url": payment_link(profile.pay_url, bill, due, profile.account_term),
        "qr": _qr(due),
        "other_ways": _other_ways(due.how),
        "whom_to_ask": _whom_to_ask(bill, profile),
        "help_lines": _help_lines(profile),
        "helpline": helpline_of(profile, app_context.now(), app_context.config().time_zone),
        "grouped": grouped,
        "hide_iban": hide_iban,
        "unit": lambda code, quantity: unit_name(code, quantity, profile.brand.units),
        "title": document_title(bill.type_code, language(), is_credit_note=bill.is_credit_note),
        "totals_above": totals_above(bill),
        "vat_notes": vat_notes(bill),
        "vat_table": vat_table(bill),
        "line_page": line_page(outline(bill.lines), asked_lines),
        "shows_rates": len({(line.vat_category, line.vat_rate) for line in bill.lines}) > 1,
        "details": lambda line: line_details(line, bill, profile.brand.units),
        "rate": rate,
        "issuer_texts": _issuer_texts(bill, profile),
        "written_in": profile.brand.own_language or label_language(bill),
        "terms": payment_terms_text(bill),
    }


def parts_left(due: AmountDue) -> tuple[Instalment, ...]:
    """Returns the instalments still asked, soonest first; empty for a bill that is paid at once."""
    return due.past + due.instalments


def whole_content(bill: Bill, due: AmountDue, profile: Profile) -> dict[str, Any]:
    """Returns what else a bill says, for who may read all of it: its parties, references, means of payment."""
    number = profile.account_label if profile.account_term in ("", "BT-46") else ""
    return {
        "parties": bill_parties(bill, number),
        "references": bill_references(bill) + bill_payment_means(bill, due),
    }


def _by_provider(session: Session, row: BillRow, due: AmountDue) -> set[tuple[str, date]]:
    """What the issuer's payment provider told of the bill's payments."""
    is_told = any(each.by == "issuer" for each in due.payments)
    return movements_by_provider(session, row.issuer_id, row.id) if is_told else set()


def _issuer_texts(bill: Bill, profile: Profile) -> list[str]:
    """Returns what the issuer has printed on every bill that we draw."""
    texts = () if bill.pages_sha256 else (profile.brand.message, profile.brand.legal_text)
    return [each for each in texts if each]


def _qr(due: AmountDue) -> Drawing | None:
    """Returns the EPC payment QR code of the transfer, where there is one."""
    payload = payment_code_of(due)
    return None if payload is None else draw(qr_code.encode(payload))


def _other_ways(how: PaymentInstructions | None) -> str:
    """Returns the means of payment besides a transfer, in words: `par carte, en espèces`."""
    if how is None:
        return ""
    spelled = [spell_payment_means(way, language()) for way in how.ways if how.account is None or way != "transfer"]
    return ", ".join(each for each in spelled if each)


def _whom_to_ask(bill: Bill, profile: Profile) -> list[str]:
    """Returns the seller's contact of the bill (EN 16931 BG-6), else that of the issuer's profile."""
    contact = bill.seller.contact
    said = [contact.name, contact.phone, contact.email] if contact else []
    lines = [each for each in said if each]
    return _beside_helpline(lines, profile) if lines else _help_lines(profile)


def _help_lines(profile: Profile) -> list[str]:
    """Returns where the issuer helps, as its bills print it: a number for leaks and faults, a site."""
    return _beside_helpline(profile.brand.help_lines, profile)


def _beside_helpline(lines: Iterable[str], profile: Profile) -> list[str]:
    return [each for each in lines if not profile.helpline or not _names(each, profile.helpline)]


def _names(line: str, helpline: HelplineTable) -> bool:
    """Whether a line says the number that stands below it already."""
    return "".join(filter(str.isdigit, helpline.phone)) in "".join(filter(str.isdigit, line))
