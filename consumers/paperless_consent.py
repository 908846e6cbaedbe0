"""Paperless consent: go paperless or back to paper, and the versioned wording that is accepted."""

from datetime import datetime
from typing import Final

from msgspec import Struct
from sqlalchemy.orm import Session

from store.accounts.consent import ConsentChoice, give
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import notify_other_holders
from store.accounts.shown_wording import keep_wording
from store.heirs.heir import open_heir
from words.catalogue import LANGUAGES, N_, sentence


class Wording(Struct, frozen=True):
    """A text that a consumer accepts. Another text is another version: a consent records which version was shown."""

    version: str
    text: str

    def words(self, language: str) -> str:
        """The text in this language."""
        return sentence(self.text, language)


def show_wording(session: Session, wording: Wording, at: datetime) -> None:
    """Keep the text of a version that somebody was shown, in the languages in which pages and mails are."""
    keep_wording(session, wording.version, {each: wording.words(each) for each in LANGUAGES}, at)


#: The wording names the right to object and to get paper at any time, free of charge (C. conso. L224-12).
PAPERLESS: Final = Wording(
    version="paperless-1",
    text=N_(
        "Je reçois les prochaines factures de ce contrat dans mon espace, sans papier. Un e-mail m’annonce chaque "
        "facture, avec son montant et sa date. Je peux revenir au papier à tout moment, gratuitement. Si une facture "
        "n’est pas consultée à temps, elle m’est envoyée par la poste."
    ),
)
BACK_TO_PAPER: Final = Wording(
    version="paper-1",
    text=N_("Je reçois de nouveau les factures de ce contrat par la poste, gratuitement, dès la prochaine facture."),
)


class NotAHolder(Exception):  # noqa: N818
    """The consumer does not hold the account: the page should not have offered consent."""


def go_paperless(session: Session, account: CustomerAccount, consumer: Consumer, now: datetime) -> bool:
    """Stop paper from the account's next bill on; bills whose channel is chosen stay as they are. Other holders are
    notified (send the wake-up signal after the commit). Returns False if it was paperless already, if an account
    question about its number is open, or if the consumer is an heir. Raises NotAHolder."""
    if account.standing == "provisional" or open_heir(session, account.id, consumer.id):
        return False
    return _give(session, account, consumer, "paperless", now, PAPERLESS)


def back_to_paper(session: Session, account: CustomerAccount, consumer: Consumer, now: datetime) -> bool:
    """Send paper again, at once: every bill chosen from now on is posted. Other holders are notified (send the wake-up
    signal after the commit). Returns False if it got paper already. Raises NotAHolder."""
    return _give(session, account, consumer, "paper", now, BACK_TO_PAPER)


def _give(
    session: Session, account: CustomerAccount, consumer: Consumer, act: ConsentChoice, now: datetime, wording: Wording
) -> bool:
    if consumer.id not in [holder.id for holder in holders_of(session, [account.id]).get(account.id, [])]:
        raise NotAHolder(f"consumer {consumer.id} does not hold account {account.id}")
    if not give(session, account, consumer.id, act, now, wording.version):
        return False
    show_wording(session, wording, now)
    notify_other_holders(session, account, consumer, act, now)
    return True
