"""Writes the e-mail that tells a holder that a payment of a bill was refused or came back: the bill asks again."""

from typing import Final

from bill import AmountDue
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.bills.amount_due_text import amount_due_text, amount_figure
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
from store.bills.bill import BillRow
from store.issuer import Issuer
from words.catalogue import N_, known_language, say

_SUBJECT: Final = N_("Votre paiement à {issuer} n’a pas abouti")
_TOLD: Final = N_("Votre facture n° {number} de {issuer} est de nouveau à payer.")
_AFTER: Final = N_("Nous ne vous facturons rien pour cela. Si vous l’avez payée depuis, ne faites rien.")


def failed_payment_words(
    due: AmountDue, bill: BillRow, reader: MailReader, issuer: Issuer, public_url: str
) -> EmailText:
    """Return the e-mail's text, in the reader's language."""
    language = known_language(reader.language)
    names = {"issuer": one_line(issuer.name), "number": one_line(bill.number)}
    return EmailText(
        subject=say(_SUBJECT, language, **names),
        before=(greeting(reader.name, language), say(_TOLD, language, **names), amount_due_text(due, language)),
        label=say("Voir la facture", language),
        url=f"{public_url}/factures/{bill.uid}",
        after=(say(_AFTER, language),),
        language=language,
        mark=issuer_mark(issuer),
        figure=amount_figure(due, language),
    )
