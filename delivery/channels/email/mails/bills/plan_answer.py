"""Writes the e-mail that tells what an issuer answered to a request to pay a bill in several parts."""

from typing import Final

from bill import spell_money
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
from store.bills.bill import BillRow
from store.issuer import Issuer
from store.payments.payment_plan import PlanRequest
from words.catalogue import N_, known_language, say
from words.reason_text import reason_text
from words.written_dates import written_date

_SUBJECT: Final = N_("Payer en plusieurs fois : la réponse de {issuer}")
_GRANTED: Final = N_(
    "{issuer} accepte que vous payiez votre facture n° {number} en {n} versement :"
    "|{issuer} accepte que vous payiez votre facture n° {number} en {n} versements :"
)
_REFUSED: Final = N_("{issuer} n’accepte pas que vous payiez votre facture n° {number} en plusieurs fois.")


def plan_answer_words(
    plan: PlanRequest, bill: BillRow, reader: MailReader, issuer: Issuer, public_url: str
) -> EmailText:  # fmt: skip
    """Return the e-mail's text, in the reader's language."""
    language = known_language(reader.language)
    names = {"issuer": one_line(issuer.name), "number": one_line(bill.number)}
    return EmailText(
        subject=say(_SUBJECT, language, **names),
        before=(greeting(reader.name, language), *_told(plan, bill, names, language)),
        label=say("Voir la facture", language),
        url=f"{public_url}/factures/{bill.uid}",
        after=(say("Rien ne vous est facturé pour cela.", language),),
        language=language,
        mark=issuer_mark(issuer),
    )


def _told(plan: PlanRequest, bill: BillRow, names: dict[str, str], language: str) -> list[str]:
    if plan.state == "refused":
        words = reason_text(plan.reason.code, plan.reason.values, language)
        written = say("{issuer} écrit : « {words} »", language, words=words, **names)
        return [say(_REFUSED, language, **names), written]
    lines = [
        say(
            "{amount}, au plus tard le {day}", language, amount=spell_money(each.amount, bill.currency, language),
            day=written_date(each.due, language),
        )
        for each in plan.granted
        if each.due is not None
    ]  # fmt: skip
    return [say(_GRANTED, language, n=len(lines), **names), "\n".join(lines)]
