"""The mailbox of bounces: a Maildir or a folder of an IMAP server, read in turns, by workers that may die."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import ClassVar
from urllib.parse import quote

import pytest

import delivery
from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import return_path
from delivery.feedback.bounces import hear_mailbox, imap_folder
from delivery.feedback.bounces.bounce_mailbox import MailboxDown, ReceivedMail, open_mailbox
from delivery.feedback.bounces.hear_mailbox import MailboxHearing
from delivery.feedback.bounces.maildir import Maildir
from store.delivery import receipts_by_delivery
from store.heard_mail import count_mails_to_read
from tests.delivery.feedback.bounces.sample_bounces import dsn, plain
from tests.delivery.feedback.bounces.told_by_email import KEYS, WEDNESDAY, Told
from tests.delivery.sample_bills import World

pytestmark = pytest.mark.beside_any_database

QUESTION = b"From: alice@example.org\nSubject: Question\n\nBonjour\n"
FULL = dsn("5.2.2", "smtp; 552 5.2.2 Mailbox full", returned="")


@pytest.fixture
def told(world: World, post: delivery.MailTransport) -> Told:
    return Told(world, post)


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for name in ("new", "cur", "tmp"):
        (tmp_path / "bounces" / name).mkdir(parents=True)
    return tmp_path / "bounces"


def arrived(told: Told, raw: bytes = FULL) -> bytes:
    """The message as the server writes it: at its head whom it was sent to."""
    return (
        f"Envelope-To: {return_path(KEYS, MailOrigin('delivery', told.notice), 'bounces@example.org')}\n".encode() + raw
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_maildir_is_read_and_what_is_for_a_person_is_flagged(told: Told, maildir: Path) -> None:
    (maildir / "new" / "1.a.mx").write_bytes(arrived(told))
    (maildir / "new" / "2.b.mx:2,").write_bytes(QUESTION)
    hearing = MailboxHearing(open_mailbox(maildir.as_uri().replace("file:", "maildir:")))
    assert (hearing.turn(told.world.store, WEDNESDAY), hearing.turn(told.world.store, WEDNESDAY)) == (2, 0)
    assert list(told.receipts) == ["undelivered"]
    assert (names(maildir / "new"), names(maildir / "cur")) == ([], ["1.a.mx:2,S", "2.b.mx:2,F"])


def test_a_worker_that_dies_before_it_marks_the_message_records_it_once(
    told: Told, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits for a person is flagged, by whichever worker marks it."""
    (maildir / "new" / "1.a.mx").write_bytes(arrived(told))
    (maildir / "new" / "2.b.mx").write_bytes(QUESTION)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Maildir, "settle", dies)
        with pytest.raises(KeyboardInterrupt):
            MailboxHearing(Maildir(maildir)).turn(told.world.store, WEDNESDAY)
    assert hear_mailbox._record(told.world.store, ReceivedMail("2.b.mx", QUESTION), WEDNESDAY)
    assert names(maildir / "new") == ["1.a.mx", "2.b.mx"]
    assert MailboxHearing(Maildir(maildir)).turn(told.world.store, WEDNESDAY + timedelta(hours=1)) == 2
    assert names(maildir / "cur") == ["1.a.mx:2,S", "2.b.mx:2,F"]
    with told.world.store.reading() as session:
        [receipt] = receipts_by_delivery(session, [told.notice])[told.notice]
    assert receipt.at == WEDNESDAY


def test_two_workers_read_the_same_message(told: Told, maildir: Path) -> None:
    """The slower one finds the file gone, and the message known."""
    (maildir / "new" / "1.a.mx").write_bytes(arrived(told))
    slow, store = Maildir(maildir), told.world.store
    [mail] = slow.unread(10)
    assert MailboxHearing(Maildir(maildir)).turn(store, WEDNESDAY) == 1
    assert not hear_mailbox._record(store, mail, WEDNESDAY)
    slow.settle(mail.name, for_person=False)
    assert names(maildir / "cur") == ["1.a.mx:2,S"]


def test_what_is_no_message_is_left_alone(told: Told, maildir: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(arrived(told))
    (maildir / "new" / "1.link").symlink_to(tmp_path / "secret")
    (maildir / "new" / "2.folder").mkdir()
    os.mkfifo(maildir / "new" / "3.fifo")
    (maildir / "new" / ("4" * 255)).write_bytes(arrived(told))
    assert MailboxHearing(Maildir(maildir)).turn(told.world.store, WEDNESDAY) == 0


def test_one_turn_is_bounded(told: Told, maildir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hear_mailbox, "MOST_MESSAGES", 2)
    for n in range(3):
        (maildir / "new" / f"{n}.mx").write_bytes(plain(f"{n}", subject="?", sender="a@b.c"))
    hearing = MailboxHearing(Maildir(maildir))
    assert [hearing.turn(told.world.store, WEDNESDAY) for _ in range(3)] == [2, 1, 0]


def test_a_message_that_we_stumble_over_keeps_no_other_waiting(
    told: Told, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbles(_session: object, _keys: object, raw: bytes, *_: object) -> str:
        raise RuntimeError("our fault")

    (maildir / "new" / "1.a.mx").write_bytes(arrived(told))
    monkeypatch.setattr(hear_mailbox, "hear_message", stumbles)
    assert MailboxHearing(Maildir(maildir)).turn(told.world.store, WEDNESDAY) == 1
    assert names(maildir / "cur") == ["1.a.mx:2,F"]
    with told.world.store.reading() as session:
        assert count_mails_to_read(session) == 1


def test_a_mailbox_that_is_down_blames_nobody_and_is_left_alone(told: Told, tmp_path: Path) -> None:
    hearing = MailboxHearing(Maildir(tmp_path / "nowhere"))
    with pytest.raises(MailboxDown, match="nowhere"):
        hearing.turn(told.world.store, WEDNESDAY)
    assert hearing.turn(told.world.store, WEDNESDAY) == 0
    (tmp_path / "halved" / "new").mkdir(parents=True)
    (tmp_path / "halved" / "new" / "1.a.mx").write_bytes(arrived(told))
    with pytest.raises(MailboxDown, match="cur"):
        MailboxHearing(Maildir(tmp_path / "halved")).turn(told.world.store, WEDNESDAY)
    down = MailboxHearing(open_mailbox("imap://bounces:pw@127.0.0.1:1/INBOX"))
    with pytest.raises(MailboxDown, match=r"127\.0\.0\.1"):
        down.turn(told.world.store, WEDNESDAY)


class _ImapSession(StreamRequestHandler):
    """As much of an IMAP server (RFC 3501) as one client needs."""

    messages: ClassVar[dict[int, bytes]] = {}
    flags: ClassVar[dict[int, str]] = {}
    said: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            self.said.append(command)
            self.wfile.write(self.answer(command))
            self.wfile.write(f"{tag} {'NO' if 'wrong' in command else 'OK'} done\r\n".encode())

    def answer(self, command: str) -> bytes:
        words = command.split()
        if words[:2] == ["UID", "SEARCH"]:
            unseen = [str(n) for n in self.messages if n not in self.flags]
            return f"* SEARCH {' '.join(unseen)}\r\n".encode()
        if words[:2] == ["UID", "FETCH"]:
            raw = self.messages[int(words[2])]
            return f"* 1 FETCH (UID {words[2]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        if words[:2] == ["UID", "STORE"]:
            self.flags[int(words[2])] = command.partition("(")[2].rstrip(")")
        return b"* CAPABILITY IMAP4rev1\r\n* 1 EXISTS\r\n"


@contextmanager
def imap_server(*messages: bytes) -> Iterator[int]:
    _ImapSession.messages = dict(enumerate(messages, 1))
    _ImapSession.flags, _ImapSession.said = {}, []
    with ThreadingTCPServer(("127.0.0.1", 0), _ImapSession) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def test_an_imap_folder_is_read_and_flagged(told: Told) -> None:
    with imap_server(arrived(told), b"Subject: Question\r\n\r\nBonjour\r\n") as port:
        hearing = MailboxHearing(open_mailbox(f"imap://bounces%40example.org:p%20w@127.0.0.1:{port}/Retours"))
        assert hearing.turn(told.world.store, WEDNESDAY) == 2
    assert list(told.receipts) == ["undelivered"]
    assert _ImapSession.flags == {1: r"\Seen", 2: r"\Seen \Flagged"}
    assert 'LOGIN bounces@example.org "p w"' in _ImapSession.said
    assert 'SELECT "Retours"' in _ImapSession.said


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Réponses & co", "R&AOk-ponses &- co"), ("R&AOk-ponses", "R&AOk-ponses"), ("台北", "&U,BTFw-"),
        ("[Gmail]/Retours", "[Gmail]/Retours"), ('a"b\\c\r\n', 'a\\"b\\\\c'),
    ],
)  # fmt: skip
def test_the_name_of_a_folder_is_spelled_as_servers_do(name: str, spelled: str) -> None:
    with imap_server() as port:
        assert list(open_mailbox(f"imap://bounces:p@127.0.0.1:{port}/{quote(name)}").unread(1)) == []
    assert f'SELECT "{spelled}"' in _ImapSession.said


def test_a_server_that_refuses_us_blames_nobody(told: Told) -> None:
    with imap_server() as port:
        hearing = MailboxHearing(open_mailbox(f"imap://bounces:wrong@127.0.0.1:{port}/"))
        with pytest.raises(MailboxDown, match="done"):
            hearing.turn(told.world.store, WEDNESDAY)


def test_a_password_does_not_go_in_clear(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """This server offers no STARTTLS, and is not on this machine, as far as anybody knows."""
    monkeypatch.setattr(imap_folder, "_LOOPBACK", frozenset())
    with imap_server() as port:
        hearing = MailboxHearing(open_mailbox(f"imap://bounces:hushed@127.0.0.1:{port}/"))
        with pytest.raises(MailboxDown, match="in clear"):
            hearing.turn(told.world.store, WEDNESDAY)
        assert not any("hushed" in each for each in _ImapSession.said)
