"""Bounces of each class through a real relay: Exim sends our mails on, and its own reports come back through the signed
return path."""

import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from delivery import SmtpClient
from delivery.channels.email.return_path import return_path
from delivery.channels.email.smtp.sending_domain import SendingDomain
from delivery.feedback.bounces.hear_mailbox import MailboxHearing
from delivery.feedback.bounces.maildir import Maildir
from store.accounts.consumer import Consumer
from store.delivery import receipts_by_delivery
from tests.delivery.feedback.bounces.exim_relay import Relay, exim_relay, why_no_exim
from tests.delivery.feedback.bounces.told_by_email import DUE, ISSUED, KEYS, PAPER, TUESDAY
from tests.delivery.sample_bills import World

pytestmark = [
    pytest.mark.skipif(bool(why_no_exim()), reason=why_no_exim()), pytest.mark.beside_any_database,
]  # fmt: skip

#: What the recipients' server answers at RCPT.
REFUSED = {"gone": "550 5.1.1 User unknown", "full": "552 5.2.2 Mailbox full", "later": "451 4.7.1 Greylisted"}
#: Who, the receipt of the notice, its state, the letter's.
HEARD = {
    "alice": ([], "sent", "waiting"),
    "gone": (["bounced"], "failed", "ready"),
    "full": (["undelivered"], "sent", "waiting"),
    "later": (["delayed"], "sent", "waiting"),
    "policy": (["undelivered"], "sent", "waiting"),
}


class Recipients:
    """The recipients' server, which has a mailbox for Alice alone."""

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]) -> str:  # noqa: N802
        if refusal := REFUSED.get(to.partition("@")[0]):
            return refusal
        envelope.rcpt_tos.append(to)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "550 5.7.1 Rejected by policy" if envelope.rcpt_tos[0].startswith("policy") else "250 2.0.0 taken"


@pytest.fixture
def relay() -> Iterator[Relay]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    recipients = Controller(Recipients(), hostname="127.0.0.1", port=port)
    recipients.start()
    try:
        with exim_relay(port) as running:
            yield running
    finally:
        recipients.stop()


def test_each_class_of_bounce(world: World, relay: Relay) -> None:
    people = {name: world.consumer(name, f"{name}@example.net") for name in HEARD}
    bills = {name: world.bill(world.account(each, paperless=True), ISSUED, DUE) for name, each in people.items()}
    world.choose(TUESDAY)
    domain = SendingDomain(return_path=lambda each: return_path(KEYS, each, "bounces@facteur.example"))
    post = SmtpClient(f"smtp://127.0.0.1:{relay.port}", "Facteur <facteur@facteur.example>", domain=domain)
    world.send(post, TUESDAY)
    relay.wait_for_bounces(4)
    assert MailboxHearing(Maildir(relay.bounces)).turn(world.store, TUESDAY + timedelta(hours=1)) == 4
    heard = {}
    with world.store.reading() as session:
        for name, bill in bills.items():
            owed = world.owed(bill)
            notice = owed["notify", people[name]]
            kinds = [each.kind for each in receipts_by_delivery(session, [notice.id])[notice.id]]
            heard[name] = (kinds, notice.state, owed[PAPER].state)
        failed = {name for name, each in people.items() if session.get_one(Consumer, each).mail_failed_at}
    assert heard == HEARD
    assert failed == {"gone"}
