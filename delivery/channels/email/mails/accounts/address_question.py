"""Writes the e-mail that asks a holder for their postal address, because the post brought a letter back."""

from bill import account_label
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.greeting import greeting
from delivery.channels.email.mails.mail_reader import MailReader
from delivery.channels.issuer_mark import issuer_mark
from issuers.registry import profile_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from words.catalogue import known_language, say


def address_question_words(reader: MailReader, account: CustomerAccount, issuer: Issuer, public_url: str) -> EmailText:
    """Return the e-mail's text, in the reader's language. It names no address: who reads it may not live there."""
    language = known_language(reader.language)
    label = account_label(account.term, language, profile_of(issuer).account_label)
    named = f"{issuer.name} ({label[:1].lower()}{label[1:]} {account.number})" if account.number else issuer.name
    values = {"issuer": one_line(issuer.name), "contract": one_line(named)}
    what = say(
        "Une lettre de votre contrat {contract} nous est revenue : l’adresse ne convient plus, ou il y manque quelque "
        "chose. Tant que nous n’en avons pas d’autre, ses factures ne peuvent partir par la poste.", language, **values,
    )  # fmt: skip
    return EmailText(
        subject=say("{issuer} : une lettre est revenue, donnez votre adresse", language, **values),
        before=(
            greeting(reader.name, language), what,
            say("Vous avez déménagé ? Donnez votre nouvelle adresse dans votre espace.", language),
        ),
        label=say("Donner mon adresse", language),
        url=f"{public_url}/contrats",
        after=(say("Toutes vos factures restent dans votre espace.", language),),
        language=language,
        mark=issuer_mark(issuer),
    )  # fmt: skip
