"""A mail relay that takes every e-mail, and may bring it back later to where it came from."""

from datetime import datetime
from email.message import Message
from typing import NamedTuple

from delivery import run_mail_job
from delivery.channels.email.return_path import return_path
from delivery.channels.email.smtp.sending_domain import SendingDomain
from delivery.feedback.bounces.record_mail_feedback import hear_message
from store.heard_mail import HeardStanding
from store.job import claim_job
from store.vault.key_ring import KeyRing
from tests.conftest import SECRET
from tests.delivery.feedback.bounces.sample_bounces import dsn
from tests.delivery.sample_bills import PUBLIC_URL, World

KEYS = KeyRing(SECRET)
GONE = dsn("5.1.1", "smtp; 550 5.1.1 User unknown", returned="")
FULL = dsn("5.2.2", "smtp; 552 5.2.2 Mailbox full", returned="")


class TakenMail(NamedTuple):
    """An e-mail as the relay took it."""

    to: str
    envelope_sender: str
    message_id: str


class RelayThatTakesAll:
    """Takes e-mails as they leave from our domain; *taken* are all of them, oldest first."""

    sender, host = "facteur@facteur.example", "facteur.example"

    def __init__(self) -> None:
        self.taken: list[TakenMail] = []
        self._domain = SendingDomain(return_path=lambda origin: return_path(KEYS, origin, "bounces@facteur.example"))

    def send(self, mail: Message, to: str) -> str:
        self.taken.append(TakenMail(to, self._domain.envelope_sender(mail), str(mail["Message-ID"])))
        return "250 Ok 0102018f3c2b0000-taken"

    def hang_up(self) -> None:
        """There is nothing to end."""

    def carry(self, world: World, now: datetime) -> None:
        """Send the e-mails that wait as jobs."""
        while True:
            with world.store.writing() as session:
                job = claim_job(session, now)
            if job is None:
                return
            run_mail_job(world.store, job, self, PUBLIC_URL, now)

    def bring_back(self, world: World, name: str, raw: bytes, now: datetime) -> HeardStanding:
        """The last e-mail to somebody comes back, to the envelope sender that it left with."""
        mail = next(each for each in reversed(self.taken) if each.to.startswith(name.lower()))
        return self.arrive(world, mail.envelope_sender, raw, now)

    def arrive(self, world: World, path: str, raw: bytes, now: datetime) -> HeardStanding:
        """A message arrives at an address of the mailbox of bounces."""
        with world.store.writing() as session:
            return hear_message(session, KEYS, f"Delivered-To: {path}\n".encode() + raw, "mailbox", now)
