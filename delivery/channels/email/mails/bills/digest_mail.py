"""Writes the digest: one e-mail that announces several bills, each with its issuer, amount, due date and link.

So each bill is announced as Code de la consommation L224-12 asks. The subject names no issuer: there may be many.
"""

from datetime import date
from typing import Final

import msgspec

from bill import AmountDue
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailItem, EmailText
from delivery.channels.email.mails.bills.amount_due_text import amount_figure
from delivery.channels.email.mails.bills.bill_notice import amount_text, letter_text
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.issuer_mark import IssuerMark
from words.catalogue import N_, known_language, say
from words.written_dates import written_date

#: The title of a bill, and the words of its link.
_BILL: Final = (N_("{issuer} : facture n° {number} du {day}"), N_("Voir la facture {number}"))
_CREDIT_NOTE: Final = (N_("{issuer} : avoir n° {number} du {day}"), N_("Voir l’avoir {number}"))


class DigestMail(msgspec.Struct, frozen=True, kw_only=True):
    """What the digest is written from. *url*: all bills; *choice_url*: where the digest is chosen; *paper_url*: where
    paper is."""

    language: str
    name: str
    notices: tuple[BillNotice, ...]
    url: str
    choice_url: str
    paper_url: str


def digest_words(digest: DigestMail) -> EmailText:
    """Return the e-mail's text in the reader's language: by issuer, and of each the bill first that is due first."""
    language = known_language(digest.language)
    ordered = sorted(digest.notices, key=lambda each: (each.issuer, _day(each.due), each.number))
    paper = say("Le papier reste gratuit, à tout moment :", language)
    promise = say("Ce que personne n’a vu à temps part par la poste.", language)
    choice = say("Vous avez choisi un seul courriel par semaine. Changer ce choix :", language)
    return EmailText(
        subject=say("Vos factures de la semaine", language),
        before=(
            greeting(digest.name, language),
            say("{n} facture est arrivée.|{n} factures sont arrivées.", language, n=len(ordered)),
        ),
        items=tuple(_item(each, language) for each in ordered),
        label=say("Voir toutes vos factures", language),
        url=digest.url,
        after=(f"{promise} {paper}\n{digest.paper_url}", f"{choice}\n{digest.choice_url}"),
        language=language,
        mark=_mark(digest),
    )


def _item(notice: BillNotice, language: str) -> EmailItem:
    number = one_line(notice.number)
    title, label = _CREDIT_NOTE if notice.is_credit_note else _BILL
    values = {"issuer": one_line(notice.issuer), "number": number, "day": written_date(notice.issued, language)}
    return EmailItem(
        title=say(title, language, **values), text=f"{amount_text(notice, language)}{_letter(notice, language)}",
        label=say(label, language, number=number), url=notice.url, figure=amount_figure(notice.due, language),
    )  # fmt: skip


def _letter(notice: BillNotice, language: str) -> str:
    return f"\n{letter_text(notice, language)}" if notice.letter_on else ""


def _mark(digest: DigestMail) -> IssuerMark | None:
    """The issuer's, where all bills are of one."""
    marks = {each.mark for each in digest.notices}
    return marks.pop() if len(marks) == 1 else None


def _day(due: AmountDue) -> date:
    return due.due or date.max
