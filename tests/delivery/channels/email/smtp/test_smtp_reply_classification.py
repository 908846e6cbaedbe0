"""Whom a mail server's answer blames: only one about the recipient, for good, may suppress an address."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from delivery import SmtpClient
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.smtp.smtp_code_subjects import CODES, OTHERS
from delivery.channels.email.smtp.smtp_reply_classification import Stage, refuses_all_mail, subject_of

#: Where the answer comes, the answer, and what follows: dead (the address is never used again) or alive.
ANSWERS = [
    line.split("\t")
    for line in (Path(__file__).parent / "smtp_answers.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
#: What follows for the other mails, and the answer.
LIMITS = [
    line.split("\t")
    for line in (Path(__file__).parent / "smtp_limits.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
#: RFC 3463's own codes, and the two of RFC 7293, that say that the recipient is not there.
GONE = {(1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 1), (7, 17), (7, 18)}
#: Those of them that are so general that the words decide.
GENERAL = {(0, 0), (1, 0), (2, 0), (4, 1), (5, 0)}


@pytest.mark.parametrize(("stage", "answer", "follows"), ANSWERS)
def test_the_list(stage: Stage, answer: str, follows: str) -> None:
    assert (subject_of(answer, stage) == "gone") == (follows == "dead")


@pytest.mark.parametrize("subject", range(8))
def test_every_enhanced_code_speaks_of_somebody(subject: int) -> None:
    for detail in (*range(40), 121, 310, 351, 700):
        general = CODES.get((subject, detail), OTHERS[subject]) == ""
        for basic in (550, 554):
            said = subject_of(f"{basic} 5.{subject}.{detail} no words", "rcpt")
            assert (said == "gone") == ((subject, detail) in GONE), (subject, detail)
            with_words = subject_of(f"{basic} 5.{subject}.{detail} user unknown", "rcpt")
            assert (with_words == "gone") == (general or (subject, detail) in GONE), (subject, detail)
        for kind in (2, 4):
            assert subject_of(f"550 {kind}.{subject}.{detail} user unknown", "rcpt") == "server"
            assert subject_of(f"450 {kind}.{subject}.{detail} user unknown", "rcpt") is None
    assert {each for each, said in CODES.items() if said == "gone"} == GONE
    assert {each for each, said in CODES.items() if said == ""} == GENERAL


@pytest.mark.parametrize(
    "answer",
    [
        "550 5.1.1 <alice@example.org>: Recipient address rejected: User unknown in virtual mailbox table",
        "550-5.1.1 The email account that you tried to reach does not exist. Please try 5.1.1 double-checking",
        "550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient. OFR_416 [416]",
        "550 5.1.1 RESOLVER.ADR.RecNotFound; not found",
        "550 5.4.1 Recipient address rejected: Access denied. [AM6EUR05FT047.eop-eur05.prod.protection.outlook.com]",
        "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
        "550 Requested action not taken: mailbox unavailable",
        "550 sorry, no mailbox here by that name. (#5.1.1)",
        "554 delivery error: dd This user doesn't have a yahoo.com account (alice@yahoo.com) [0]  (#5.1.1)",
        "550 Unrouteable address",
        "550 unknown or illegal alias: alice@example.org",
        "550 <no-spam@example.org> No such recipient",
        "553 5.1.3 <alice>... Hostname required",
        "550 5.0.0 <alice@example.org>... User unknown",
        "550 Mailbox disabled for this recipient",
        "550 5.2.0 This mailbox has been deactivated: account is closed",
        "550 L’adresse du destinataire est inconnue",
        "550 5.7.17 Mailbox owner has changed",
        "552 1 Requested mail action aborted, mailbox not found",
        "554 30 Sorry, your message to alice@example.org cannot be delivered. This mailbox is disabled (554.30).",
        "553 Requested action not taken: mailbox name invalid",
        "501 5.1.3 Bad recipient address syntax",
        "550 5.1.2 Host unknown (Name server: example.org: host not found)",
        "550 5.7.18 Domain owner has changed",
        "550 Account has been suspended",
        "551 User not local; please try <alice@elsewhere.example>",
        "556 domain does not accept mail",
    ],
)  # fmt: skip
def test_it_speaks_of_the_recipient(answer: str) -> None:
    assert subject_of(answer, "rcpt") == "gone"


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("rcpt", "550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"),
        ("rcpt", "550 5.1.0 <facteur@example.org>: Sender address rejected: User unknown in local recipient table"),
        ("rcpt", "550 5.1.1 Sender address rejected: user unknown"),
        ("rcpt", "553 5.1.8 Domain of sender address facteur@example.org does not exist"),
        ("rcpt", "554 5.7.1 <alice@example.org>: Relay access denied"),
        ("rcpt", "554 5.7.1 <alice@example.org>: Recipient address rejected: Access denied"),
        ("rcpt", "550 relay not permitted"),
        ("rcpt", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
        ("rcpt", "550 5.7.1 Email rejected per DMARC policy for example.org"),
        ("rcpt", "550 Requested action not taken: mailbox unavailable. Reject due to policy restrictions."),
        ("data", "550 Requested action not taken: mailbox unavailable For explanation visit https://postmaster.gmx.net"),
        ("rcpt", "550 permanent failure for one or more recipients (alice@example.org:blocked)"),
        ("data", "552 5.2.3 Message size exceeds fixed maximum message size"),
        ("data", "554 5.6.0 Message contains invalid header"),
        ("data", "554 5.7.1 The message contains a virus"),
        ("rcpt", "550 5.4.6 Routing loop detected"),
        ("rcpt", "550 5.4.4 Unable to route"),
        ("rcpt", "550 5.1.90 Your message can't be sent because you've reached your daily limit for recipients"),
        ("rcpt", "550 5.2.121 Recipient's per hour message receive limit exceeded"),
        ("rcpt", "550 5.3.2 System not accepting network messages"),
        ("rcpt", "550 5.7.25 The IP address sending this message does not have a PTR record"),
        ("rcpt", "550 5.7.27 Sender address has null MX"),
        ("rcpt", "554 Too many connections"),
        ("rcpt", "530 5.7.0 Authentication required"),
        ("rcpt", "535 5.7.8 user name not found"),
        ("rcpt", "550 4.2.1 The user is receiving mail too quickly"),
        ("rcpt", "550 Mailbox full"),
        ("rcpt", "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more"),
        ("rcpt", "550 5.2.1 Mailbox temporarily disabled"),
        ("data", "550 5.1.1 Your message was rejected as spam"),
        ("rcpt", "550 Your account has been disabled"),
        ("rcpt", "550 The recipient does not accept messages larger than 10 MB"),
        ("rcpt", "550 This mailbox does not accept mail from unknown people"),
        ("rcpt", "550 Too many invalid recipients"),
        ("rcpt", "552 Requested mail action aborted: exceeded storage allocation"),
        ("rcpt", "550 5.7.515 Access denied, sending domain does not meet the required authentication level"),
        ("rcpt", "554 Denied (Mode: normal)"),
        ("rcpt", "550 Administrative prohibition"),
        ("rcpt", "550 Client host rejected: cannot find your hostname"),
        ("rcpt", "553 Bad reverse-path: user unknown"),
        ("rcpt", "550 mailbox temporarily unavailable"),
        ("rcpt", "571 Message refused"),
        ("rcpt", "550"),
        ("rcpt", "550 Address rejected"),
        ("rcpt", "554 Transaction failed"),
        ("data", "550 5.1.1 : message from 5.1.1.10 refused by the sender's policy"),
        ("mail", "550 5.1.1 user unknown"),
        ("mail", "550 no such user"),
        ("rcpt", "450 4.1.1 user unknown"),
        ("rcpt", "550 4.1.1 user unknown"),
    ],
)  # fmt: skip
def test_it_blames_nobody_who_is_written_to(stage: Stage, answer: str) -> None:
    assert subject_of(answer, stage) != "gone"


@pytest.mark.parametrize(("follows", "answer"), LIMITS)
def test_an_answer_about_the_day_is_about_every_mail(follows: str, answer: str) -> None:
    assert refuses_all_mail(answer) == (follows == "down")
    assert subject_of(answer, "rcpt") != "gone" or follows == "later"


class Server:
    """Answers one step of the transaction as it was told to. The method names are aiosmtpd's."""

    def __init__(self, stage: str, answer: str) -> None:
        self._answers = {stage: answer}
        self.to: list[str] = []

    async def handle_MAIL(self, _server, _session, envelope, address, options):  # noqa: N802
        envelope.mail_from, envelope.mail_options = address, options
        return self._answers.get("mail", "250 OK")

    async def handle_RCPT(self, _server, _session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        self.to.append(address)
        return self._answers.get("rcpt", "250 OK")

    async def handle_DATA(self, _server, _session, _envelope):  # noqa: N802
        return self._answers.get("data", "250 OK")


@contextmanager
def served(server: Server) -> Iterator[SmtpClient]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port, server_hostname="localhost")
    controller.start()
    post = SmtpClient(f"smtp://127.0.0.1:{port}", "Facteur <facteur@facteur.example>")
    try:
        yield post
    finally:
        post.hang_up()
        controller.stop()


def a_mail(to: str) -> Message:
    words = EmailText(subject="Bonjour", before=(), label="Voir", url="https://facteur.example")
    return write_mail(words, "Facteur <facteur@facteur.example>", to, "<d1@facteur.example>", datetime.now(UTC))


@pytest.mark.parametrize(("stage", "answer", "follows"), [*ANSWERS, ("mail", "550 5.1.1 user unknown", "alive")])
def test_a_real_server_says_it(stage: str, answer: str, follows: str) -> None:
    with served(Server(stage, answer)) as post, pytest.raises(DeliveryError) as refused:
        post.send(a_mail("alice@example.org"), "alice@example.org")
    assert (refused.value.kind == "refused") == (follows == "dead")
    assert (refused.value.kind == "down") == (follows != "dead" and refuses_all_mail(answer))


@pytest.mark.parametrize(
    ("kept", "wire"),
    [
        ("alice@exämple.de", "alice@xn--exmple-cua.de"),
        ("alice@straße.de", "alice@xn--strae-oqa.de"),
        ("alice@例子.广告", "alice@xn--fsqu00a.xn--4rr70v"),
        ("alice+factures@example.org", "alice+factures@example.org"),
    ],
)
def test_a_domain_in_its_own_letters_gets_its_mail(kept: str, wire: str) -> None:
    """The server offers no SMTPUTF8: the domain goes in ASCII, on the envelope and in the header."""
    server = Server("none", "")
    with served(server) as post:
        mail = a_mail(kept)
        assert post.send(mail, kept).startswith("250")
    assert (server.to, mail["To"]) == ([wire], wire)


def test_an_address_that_cannot_go_on_the_wire_asks_no_server() -> None:
    with served(Server("none", "")) as post, pytest.raises(DeliveryError) as refused:
        post.send(a_mail("alice@example.org"), "zoé@example.org")
    assert refused.value.kind == "refused"
