"""Writes the e-mail that confirms a return to paper, with the day by which it comes again."""

from datetime import date

from bill import account_label
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
from delivery.law.sector_law import law_of
from issuers.registry import profile_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from words.catalogue import known_language, say
from words.written_dates import written_date


def paper_again_words(
    reader: MailReader, account: CustomerAccount, issuer: Issuer, by: date, public_url: str
) -> EmailText:  # fmt: skip
    """Return the e-mail's text, in the reader's language; *by* is the day that was promised."""
    language, profile = known_language(reader.language), profile_of(issuer)
    label = account_label(account.term, language, profile.account_label)
    named = f"{issuer.name} ({label[:1].lower()}{label[1:]} {account.number})" if account.number else issuer.name
    values = {
        "issuer": one_line(issuer.name), "contract": one_line(named), "day": written_date(by, language),
        "article": law_of(profile.trade).paper_again_working_days.article,
    }  # fmt: skip
    promise = say(
        "Les factures de votre contrat {contract} viennent de nouveau par la poste, gratuitement : dès la prochaine, "
        "et au plus tard le {day} ({article}).", language, **values,
    )  # fmt: skip
    unread = say("Celles que personne n’a encore vues partent aussi par la poste.", language)
    return EmailText(
        subject=say("Votre contrat {issuer} revient au papier", language, **values),
        before=(greeting(reader.name, language), promise, unread),
        label=say("Voir vos contrats", language),
        url=f"{public_url}/contrats",
        after=(say("Vous les voyez toujours dans votre espace.", language),),
        language=language,
        mark=issuer_mark(issuer),
    )
