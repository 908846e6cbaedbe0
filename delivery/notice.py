"""The words that tell somebody of a bill: it is there, so much is due by then, and where to read it.

Amount, date and an easy way to the detail stand in the message itself, and that paper is free at any time (C. conso.
L224-12). The subject names the issuer and nothing else.
"""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from bill import spell_money
from bill.bill import CREDIT_NOTE_TYPES
from delivery.mail import Words, one_line
from delivery.words import spell_day

NOTIFY: Final = "notify"


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice is about; *purpose* is `notify` or `remind-n`."""

    purpose: str
    language: str
    name: str
    issuer: str
    number: str
    type_code: str
    issued: date
    due: date | None
    payable: Decimal
    to_pay: Decimal
    currency: str
    url: str
    paper_url: str

    @property
    def is_credit_note(self) -> bool:
        return self.type_code in CREDIT_NOTE_TYPES


def notice_words(notice: Notice) -> Words:
    """The mail's words, in the reader's language: English where it was asked for, else French."""
    return _english(notice) if notice.language == "en" else _french(notice)


def _french(notice: Notice) -> Words:
    issuer, number = one_line(notice.issuer), one_line(notice.number)
    what = "avoir" if notice.is_credit_note else "facture"
    arrived = "est arrivé" if notice.is_credit_note else "est arrivée"
    is_first = notice.purpose == NOTIFY
    subject = f"Votre {what} {issuer} {arrived}" if is_first else f"Rappel : votre {what} {issuer} vous attend"
    opening = f"Votre {what} {issuer} n° {number} du {spell_day(notice.issued)} {arrived}."
    if not is_first:
        opening = f"Votre {what} {issuer} n° {number} du {spell_day(notice.issued)} vous attend toujours."
    promise = "Si personne ne l’a vue à temps, elle part par la poste. Le papier reste gratuit, à tout moment :"
    return Words(
        subject=subject,
        before=(f"Bonjour {one_line(notice.name)},".replace(" ,", ","), opening, _amount_fr(notice)),
        label=f"Voir {'l’avoir' if notice.is_credit_note else 'la facture'}",
        url=notice.url,
        after=(f"{promise}\n{notice.paper_url}",),
        language="fr",
    )


def _amount_fr(notice: Notice) -> str:
    amount = spell_money(notice.payable, notice.currency, "fr")
    if notice.is_credit_note:
        return f"Montant en votre faveur : {amount}."
    if notice.to_pay > 0:
        by = f", au plus tard le {spell_day(notice.due)}" if notice.due else ""
        return f"Montant à payer : {spell_money(notice.to_pay, notice.currency, 'fr')}{by}."
    if notice.payable > 0:
        on = f" le {spell_day(notice.due)}" if notice.due else ""
        return f"Montant : {amount}, prélevé{on}. Vous n’avez rien à faire."
    return f"Montant : {amount}. Vous n’avez rien à payer."


def _english(notice: Notice) -> Words:
    issuer, number = one_line(notice.issuer), one_line(notice.number)
    what = "credit note" if notice.is_credit_note else "bill"
    is_first = notice.purpose == NOTIFY
    day = spell_day(notice.issued, "en")
    subject = f"Your {what} from {issuer} has arrived"
    if not is_first:
        subject = f"Reminder: your {what} from {issuer} is waiting"
    opening = f"Your {what} from {issuer}, no. {number} of {day}, {'has arrived' if is_first else 'is still waiting'}."
    promise = "If nobody has looked at it in time, it comes by post. Paper stays free of charge, at any time:"
    return Words(
        subject=subject,
        before=(f"Hello {one_line(notice.name)},".replace(" ,", ","), opening, _amount_en(notice)),
        label=f"See the {what}",
        url=notice.url,
        after=(f"{promise}\n{notice.paper_url}",),
        language="en",
    )


def _amount_en(notice: Notice) -> str:
    amount = spell_money(notice.payable, notice.currency, "en")
    if notice.is_credit_note:
        return f"Amount in your favour: {amount}."
    if notice.to_pay > 0:
        by = f", by {spell_day(notice.due, 'en')}" if notice.due else ""
        return f"Amount to pay: {spell_money(notice.to_pay, notice.currency, 'en')}{by}."
    if notice.payable > 0:
        on = f" on {spell_day(notice.due, 'en')}" if notice.due else ""
        return f"Amount: {amount}, collected by direct debit{on}. There is nothing to do."
    return f"Amount: {amount}. There is nothing to pay."
