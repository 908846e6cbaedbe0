"""The mails about a return to paper, and about the yearly question, in each sector."""

from collections.abc import Iterator
from datetime import date

from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.accounts.paper_again_confirmation import paper_again_words
from delivery.channels.email.mails.accounts.suitability_question import suitability_words
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer

MARCH = date(2026, 3, 3)


def paper_mails(language: str, url: str, issuer: str = "Zoé") -> Iterator[tuple[str, EmailText]]:
    """Each mail to Zoé with its name. Articles of law are cited as they are; there they are numbers."""
    zoe, account = Consumer(name="Zoé", language=language), CustomerAccount(term="BT-46", value="4711")
    for trade in ("gas", "telecom", "water", "bank"):
        sender = Issuer(name=issuer, profile=f'trade = "{trade}"')
        yield f"paper again, {trade}", paper_again_words(zoe, account, sender, MARCH, url)
        yield f"question, {trade}", suitability_words(zoe, account, sender, MARCH, url, url)
