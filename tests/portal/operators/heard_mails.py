"""A message that came back of an e-mail, in an office's store."""

import hashlib

from sqlalchemy import select

from store.delivery import Delivery
from store.heard_mail import keep_heard_mail
from tests.portal.staff_office import Office


def hears_a_mail(office: Office, words: str = "Question", kind: str = "unclear", standing: str = "for_person") -> None:
    """Of the first delivery, where there is one."""
    with office.store.writing() as session:
        row: dict[str, object] = {
            "digest": hashlib.sha256(words.encode()).hexdigest(), "heard_at": office.clock(), "source": "mailbox",
            "kind": kind, "standing": standing, "words": words, "seen_by": "",
            "delivery_id": session.scalar(select(Delivery.id).order_by(Delivery.id).limit(1)),
        }  # fmt: skip
        assert keep_heard_mail(session, row)
