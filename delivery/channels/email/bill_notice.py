"""Writes the e-mails that announce a bill or remind of it: what has come, what is due by when, and the link.

The message itself gives the amount, the date and an easy way to the details, and says that paper is free at any time
(Code de la consommation L224-12). The subject names only the issuer.
"""

from datetime import date
from typing import Final

import msgspec

from bill import CREDIT_NOTE_TYPES, AmountDue
from delivery.channels.email.amount_due_text import amount_due_text
from delivery.channels.email.email_message import EmailText, one_line
from words.written_dates import written_date

NOTIFY: Final = "notify"


class BillNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What the e-mail is about. *purpose*: `notify`, `remind-n`, or `due-n` for the n-th instalment. *due*: as of now.
    *url*: the bill's page; *paper_url*: where paper is chosen."""

    purpose: str
    language: str
    name: str
    issuer: str
    number: str
    type_code: str
    issued: date
    due: AmountDue
    url: str
    paper_url: str

    @property
    def kind(self) -> str:
        """The purpose without its number: `notify`, `remind` or `due`."""
        return self.purpose.partition("-")[0]

    @property
    def is_credit_note(self) -> bool:
        """Whether the document is a credit note, by its UNTDID 1001 type code."""
        return self.type_code in CREDIT_NOTE_TYPES


def notice_words(notice: BillNotice) -> EmailText:
    """Return the e-mail's text in the reader's language: English for `en`, else French."""
    return _english(notice) if notice.language == "en" else _french(notice)


def _french(notice: BillNotice) -> EmailText:
    issuer = one_line(notice.issuer)
    is_credit = notice.is_credit_note
    what, arrived, seen, it = ("avoir", "arrivé", "vu", "il") if is_credit else ("facture", "arrivée", "vue", "elle")
    bill = f"{what} {issuer} n° {one_line(notice.number)} du {written_date(notice.issued)}"
    promise = f"Si personne ne l’a {seen} à temps, {it} part par la poste. "
    match notice.kind:
        case "notify":
            subject, opening = f"Votre {what} {issuer} est {arrived}", f"Votre {bill} est {arrived}."
        case "due":
            subject = f"Rappel : votre prochain versement à {issuer}"
            opening = f"Votre {bill} se paie en plusieurs fois. Voici le prochain versement."
            promise = "Vous l’avez déjà fait ? Ce message est alors sans objet. "
        case _:
            subject = f"Rappel : votre {what} {issuer} vous attend"
            opening = f"Votre {bill} vous attend toujours."
    return EmailText(
        subject=subject,
        before=(f"Bonjour {one_line(notice.name)},".replace(" ,", ","), opening, amount_due_text(notice.due, "fr")),
        label=f"Voir {'l’avoir' if is_credit else 'la facture'}",
        url=notice.url,
        after=(f"{promise}Le papier reste gratuit, à tout moment :\n{notice.paper_url}",),
        language="fr",
    )


def _english(notice: BillNotice) -> EmailText:
    issuer = one_line(notice.issuer)
    what = "credit note" if notice.is_credit_note else "bill"
    bill = f"{what} from {issuer}, no. {one_line(notice.number)} of {written_date(notice.issued, 'en')},"
    promise = "If nobody has looked at it in time, it comes by post. "
    match notice.kind:
        case "notify":
            subject, opening = f"Your {what} from {issuer} has arrived", f"Your {bill} has arrived."
        case "due":
            subject = f"Reminder: your next instalment to {issuer}"
            opening = f"Your {bill} is paid in instalments. This is the next one."
            promise = "If you have paid it already, there is nothing to do. "
        case _:
            subject = f"Reminder: your {what} from {issuer} is waiting"
            opening = f"Your {bill} is still waiting."
    return EmailText(
        subject=subject,
        before=(f"Hello {one_line(notice.name)},".replace(" ,", ","), opening, amount_due_text(notice.due, "en")),
        label=f"See the {what}",
        url=notice.url,
        after=(f"{promise}Paper stays free of charge, at any time:\n{notice.paper_url}",),
        language="en",
    )
