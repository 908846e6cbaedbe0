"""Sends no mail to customers of a test side: keeps it in the side's outbox instead, and hands all other mail on.

It stands where mail leaves, so that whatever wrote the mail, no address of a test side reaches a mail server: a test
side's mail goes to its own customers alone, whose addresses say whose they are (`store.test_sides.side_customer`).
"""

from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Final

from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.smtp.smtp_client import MailTransport
from store import Store
from store.issuer import Issuer
from store.test_sides.side_customer import side_of_address
from store.test_sides.side_message import LONGEST_SUBJECT, SideMessage

#: Whoever's name begins with this has no mailbox: their mail comes back, as from a server that does not know them.
BOUNCES: Final = "bounce"
_KEPT: Final = "250 kept in the test side's outbox"
_REFUSED: Final = "550 5.1.1 no such mailbox (test side)"


class SideTransport:
    """A mail transport that hands mail on to *post*, but for that of test sides."""

    def __init__(self, store: Store, post: MailTransport) -> None:
        self.sender, self.host = post.sender, post.host
        self._store, self._post = store, post

    def send(self, mail: Message, to: str) -> str:
        """Send or keep one e-mail. Returns the answer; raises DeliveryError."""
        side = side_of_address(to)
        if side is None:
            return self._post.send(mail, to)
        is_refused = to.startswith(BOUNCES)
        self._keep(side, mail, to, _REFUSED if is_refused else _KEPT)
        if is_refused:
            raise DeliveryError("refused", _REFUSED)
        return _KEPT

    def hang_up(self) -> None:
        """Close the connection, if one is open."""
        self._post.hang_up()

    def _keep(self, side: int, mail: Message, to: str, answer: str) -> None:
        """Keep a mail; one to a side that is gone by now is kept nowhere."""
        with self._store.writing() as session:
            issuer = session.get(Issuer, side)
            if issuer is None or not issuer.is_test_side:
                return
            session.add(
                SideMessage(
                    issuer_id=side, channel="email", recipient=to[:254],
                    subject=str(make_header(decode_header(str(mail.get("Subject", "")))))[:LONGEST_SUBJECT],
                    reference=str(mail.get("Message-ID", ""))[:200], content=mail.as_bytes(), answer=answer,
                    at=parsedate_to_datetime(str(mail["Date"])),
                )
            )  # fmt: skip
