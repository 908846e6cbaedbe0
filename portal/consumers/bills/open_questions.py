"""What waits for a reader on the home page: notices that ask, returned letters, yearly questions, bills without paper
that were announced, and answers to their own questions."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from delivery.relationship.default_objection import OpenDefault
from portal.consumers import notices
from portal.consumers.accounts import new_address, objection, suitability
from portal.consumers.enquiries import enquiries_on_bill
from portal.consumers.enquiries.enquiries_on_bill import UnreadAnswer
from portal.translation import say
from store.accounts.customer_account import CustomerAccount
from store.accounts.held_account import HeldAccount
from store.accounts.signed_in_consumer import SignedInConsumer
from store.issuer import Issuer


class OpenNotices(NamedTuple):
    """What the page shows in full, read once: see the functions of the same names."""

    unseen: Sequence[notices.NoticeOnPage]
    asked: Sequence[tuple[CustomerAccount, Issuer]]
    unanswered: Sequence[suitability.OpenQuestion]
    running: Sequence[OpenDefault]
    answers: Sequence[UnreadAnswer]

    @property
    def for_templates(self) -> dict[str, Any]:
        """In the place of the globals by which templates read them. As a rule there are none."""
        return {
            "has_notices": any(self),
            "holder_notices": lambda: self.unseen, "address_questions": lambda: self.asked,
            "suitability_questions": lambda: self.unanswered, "default_notices": lambda: self.running,
            "unread_answers": lambda: self.answers,
        }  # fmt: skip


def open_notices() -> OpenNotices:
    """Returns the visitor's notices."""
    return OpenNotices(
        notices.unseen(), new_address.asked(), suitability.unanswered(), objection.running(), enquiries_on_bill.unread()
    )


def asking_of(
    session: Session,  # noqa: ARG001 -- what is read beside the notices is read with it
    consumer: SignedInConsumer,  # noqa: ARG001
    accounts: Sequence[HeldAccount],
    shown: OpenNotices,
) -> dict[int, list[str]]:
    """Returns what waits for the consumer's answer in a few words each, by issuer id, of these accounts. Issuers that
    ask nothing are absent."""
    issuer_of = {each.id: each.issuer_id for each in accounts}
    waiting = [
        *((each.account_id, say("un accès à vérifier")) for each in shown.unseen if each.asks),
        *((account.id, say("votre adresse ?")) for account, _ in shown.asked),
        *((each.account.id, say("une question pour vous")) for each in shown.unanswered),
        *((each.account.id, say("papier ou sans papier ?")) for each in shown.running),
    ]
    found: dict[int, list[str]] = {}
    for account_id, words in waiting:
        if account_id in issuer_of:
            found.setdefault(issuer_of[account_id], []).append(words)
    for each in shown.answers:
        found.setdefault(each.issuer.id, []).append(say("une réponse pour vous"))
    return {issuer_id: list(dict.fromkeys(words)) for issuer_id, words in found.items()}
