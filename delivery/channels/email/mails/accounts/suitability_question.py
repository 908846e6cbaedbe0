"""Writes the e-mail that asks whether bills without paper still suit, with the link to where it is answered."""

from datetime import date
from typing import Final

from bill import account_label
from consumers.suitability_wording import SUITABILITY
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
from delivery.law.sector_law import law_of
from issuers.registry import profile_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from words.catalogue import N_, known_language, say
from words.written_dates import written_date

_STOP: Final = N_(
    "Ne plus recevoir cette question par courriel. Elle reste dans votre espace, et vos factures arrivent comme avant :"
)


def suitability_words(
    reader: MailReader, account: CustomerAccount, issuer: Issuer, due_on: date, url: str, stop_url: str = ""
) -> EmailText:
    """Return the e-mail's text, in the reader's language; *url* is the page of the question, *stop_url* where its
    reader stops this e-mail."""
    language, profile = known_language(reader.language), profile_of(issuer)
    law = law_of(profile.trade)
    label = account_label(account.term, language, profile.account_label)
    named = f"{issuer.name} ({label[:1].lower()}{label[1:]} {account.number})" if account.number else issuer.name
    values = {
        "issuer": one_line(issuer.name), "contract": one_line(named), "day": written_date(due_on, language),
        "article": law.yearly_check.article,
    }  # fmt: skip
    until = say("Merci de répondre au plus tard le {day}.", language, **values)
    silence = {
        "digital": say("Sans réponse de votre part, rien ne change.", language),
        "paper": say("Sans réponse de votre part, le papier revient.", language),
        "paper_unless_seen": say(
            "Sans réponse de votre part, le papier revient si personne n’a ouvert de facture depuis un an.", language
        ),
    }[law.unanswered_check.value]
    return EmailText(
        subject=say("Vos factures {issuer} sans papier vous conviennent-elles toujours ?", language, **values),
        before=(
            greeting(reader.name, language),
            say(
                "Chaque année, nous vous posons cette question pour votre contrat {contract} ({article}).",
                language,
                **values,
            ),
            SUITABILITY.words(language),
            f"{until} {silence}",
        ),
        label=say("Répondre", language),
        url=url,
        after=(f"{say(_STOP, language)}\n{stop_url}",) if stop_url else (),
        stop_url=stop_url,
        language=language,
        mark=issuer_mark(issuer),
    )
