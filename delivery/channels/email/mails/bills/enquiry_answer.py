"""Writes the e-mail that tells who asked about a bill that the issuer has answered. It does not bear the answer, which
may say more than an e-mail should: it leads there."""

from typing import Final

from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
from store.bills.bill import BillRow
from store.bills.bill_enquiry import EnquiryEntry
from store.issuer import Issuer
from words.catalogue import N_, known_language, say

_SUBJECT: Final = N_("{issuer} a répondu à votre question")
_TOLD: Final = N_("{name}, de {issuer}, a répondu à votre question sur la facture n° {number}.")
_AFTER: Final = N_(
    "La réponse se lit dans votre espace, et vous pouvez y écrire de nouveau. Une réponse à ce courriel n’y arrive pas."
)


def enquiry_answer_words(
    entry: EnquiryEntry, bill: BillRow, reader: MailReader, issuer: Issuer, url: str
) -> EmailText:  # fmt: skip
    """Return the e-mail's text, in the reader's language; *url* is the page of the question."""
    language = known_language(reader.language)
    names = {"issuer": one_line(issuer.name), "number": one_line(bill.number), "name": one_line(entry.name)}
    return EmailText(
        subject=say(_SUBJECT, language, **names),
        before=(greeting(reader.name, language), say(_TOLD, language, **names)),
        label=say("Lire la réponse", language),
        url=url,
        after=(say(_AFTER, language),),
        language=language,
        mark=issuer_mark(issuer),
    )
