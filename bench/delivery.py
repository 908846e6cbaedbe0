"""Measures how fast notices leave: four workers that send through `send_due` to a sink, beside the sink alone, fed by a
bare smtplib loop with mails of the same bytes.

    python -m bench.delivery [MAILS] [URL]      10,000 mails and a new SQLite by default

Each mail is written, signed (DKIM, RSA of 2048 bits) and sent by SMTP; its attempt is committed before, its outcome
after. The rounds of both are interleaved; each has MAILS over the number of rounds. Prints mails a second, the ratio of
the medians, and what a mail costs of CPU in its parts.
"""

import multiprocessing
import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import func, select

from bill import Bill, DocumentAmount, PostalAddress, Totals, amount_due, pack
from delivery import SmtpClient, send_due
from delivery.channels.bill_notice import BillNotice
from delivery.channels.email.email_message import write_mail
from delivery.channels.email.mails.bills.bill_notice import notice_words
from delivery.channels.email.smtp.dkim_signer import DkimSigner
from delivery.channels.email.smtp.sending_domain import SendingDomain
from delivery.channels.issuer_mark import IssuerMark
from delivery.channels.provider_health import ProviderHealth
from store import Store, open_store
from store.accounts.consumer import Consumer, Enrolment
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.bulk_insert import insert_rows
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.vault.key_ring import KeyRing

WORKERS: Final = 4
ROUNDS: Final = 3
NOW: Final = datetime(2026, 3, 3, 9, tzinfo=UTC)
SENDER: Final = "Facteur <mail@facteur.example>"
PUBLIC: Final = "https://facteur.example"
DUE: Final = date(2026, 4, 3)
_KEY: Final = generate_private_key(65537, 2048)
_PEM: Final = _KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
_FORK: Final = multiprocessing.get_context("fork")


class Place(NamedTuple):
    """Where the store of the bench is."""

    url: str
    folder: Path

    def open(self) -> Store:
        """Open the store, in whichever process."""
        keys = KeyRing(b"a secret for a bench, long enough to be one")
        return open_store(self.url, self.folder.as_uri(), keys, self.folder / "incoming")


def main(mails: int, url: str | None) -> None:
    """Print what both do, round by round, and the ratio."""
    with tempfile.TemporaryDirectory() as folder, _sink() as port:
        place = Place(url or f"sqlite:///{folder}/bench.db", Path(folder))
        each = mails // ROUNDS
        _fill(place, each * ROUNDS)
        content = _sample()
        print(f"{each * ROUNDS:,} mails of {len(content):,} bytes, {WORKERS} workers, {place.url.partition(':')[0]}")
        ours, alone = [], []
        for n in range(ROUNDS):
            ours.append(each / _timed([_worker(place, port, n)] * WORKERS))
            alone.append(each / _timed([_bare_loop(port, content, each // WORKERS)] * WORKERS))
            print(f"round {n + 1}: send_due {ours[-1]:8.0f} mails/s   sink alone {alone[-1]:8.0f} mails/s")
        _check_all_left(place, each * ROUNDS)
    ratio = statistics.median(ours) / statistics.median(alone)
    print(f"send_due reaches {ratio:.0%} of the sink alone")
    for part, seconds in _parts().items():
        print(f"  {part:<12} {seconds * 1e6:7.0f} µs of CPU a mail")


def _timed(jobs: Sequence[Callable[[Barrier], None]]) -> float:
    """Run each job in a process of its own, all at once. Returns the seconds from the start of the first to the end of
    the last; what they prepare before the start does not count."""
    start = _FORK.Barrier(len(jobs) + 1)
    processes = [_FORK.Process(target=job, args=(start,)) for job in jobs]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    for process in processes:
        process.join()
    assert all(process.exitcode == 0 for process in processes)
    return time.perf_counter() - began


def _worker(place: Place, port: int, n: int) -> Callable[[Barrier], None]:
    """What one worker does of round *n*: send until nothing is due."""

    def work(start: Barrier) -> None:
        store = place.open()
        domain = SendingDomain(signers=(DkimSigner("facteur.example", "bench", _PEM),))
        post, health = SmtpClient(f"smtp://127.0.0.1:{port}", SENDER, domain=domain), ProviderHealth()
        start.wait()
        now = NOW + timedelta(days=n)
        while send_due(store, post, PUBLIC, now, None, health) or _left(store, n):
            pass
        store.close()

    return work


def _left(store: Store, n: int) -> int:
    """How many of round *n* another worker has leased and not sent yet."""
    with store.reading() as session:
        return session.scalar(select(func.count()).where(*_of_round(n), Delivery.state != "sent")) or 0


def _of_round(n: int) -> tuple[Any, ...]:
    return (Delivery.channel == "email", Delivery.due_at == NOW + timedelta(days=n))


def _bare_loop(port: int, content: bytes, mails: int) -> Callable[[Barrier], None]:
    def work(start: Barrier) -> None:
        start.wait()
        with smtplib.SMTP("127.0.0.1", port) as connection:
            for n in range(mails):
                connection.sendmail("mail@facteur.example", f"c{n}@example.org", content)

    return work


@contextmanager
def _sink() -> Iterator[int]:
    """A server that takes every mail, in a process of its own; its port."""
    ports: Any = _FORK.SimpleQueue()
    process = _FORK.Process(target=_serve, args=(ports,), daemon=True)
    process.start()
    try:
        yield ports.get()
    finally:
        process.terminate()
        process.join()


class _Taker:
    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return "250 OK"


def _serve(ports: Any) -> None:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    Controller(_Taker(), hostname="127.0.0.1", port=port).start()
    ports.put(port)
    time.sleep(1e6)


def _sample() -> bytes:
    """A signed notice as it leaves."""
    domain = SendingDomain(signers=(DkimSigner("facteur.example", "bench", _PEM),))
    return domain.content(write_mail(notice_words(_notice()), SENDER, "c1@example.org", "<d1@facteur.example>", NOW))


def _notice() -> BillNotice:
    amount = DocumentAmount(
        number="F-1", type_code="380", issue_date=NOW.date(), currency="EUR", payable=Decimal(50), due=DUE
    )
    return BillNotice(
        purpose="notify", language="fr", name="", issuer="Lumière", number="F-1", type_code="380", issued=NOW.date(),
        due=amount_due(amount, today=NOW.date()), url=f"{PUBLIC}/f/{'x' * 24}", paper_url=f"{PUBLIC}/contrats",
        choice_url=f"{PUBLIC}/courriels", mark=IssuerMark(name="Lumière"),
    )  # fmt: skip


def _parts(times: int = 300) -> dict[str, float]:
    """The seconds of CPU that writing, serialising and signing a mail take."""
    words, signer = notice_words(_notice()), DkimSigner("facteur.example", "bench", _PEM)
    mail = write_mail(words, SENDER, "c1@example.org", "<d1@facteur.example>", NOW)
    content = SendingDomain().content(mail)

    def cost(act: Callable[[], object]) -> float:
        began = time.process_time()
        for _ in range(times):
            act()
        return (time.process_time() - began) / times

    return {
        "its words": cost(lambda: notice_words(_notice())),
        "its message": cost(lambda: write_mail(words, SENDER, "c1@example.org", "<d1@facteur.example>", NOW)),
        "its bytes": cost(lambda: SendingDomain().content(mail)),
        "DKIM": cost(lambda: signer.signature(content)),
    }


def _fill(place: Place, mails: int) -> None:
    """Write one bill, account, holder and ready notice a mail; those of a round are due on a day of its own."""
    store = place.open()
    key = store.encryptor.encrypt_key(b"k" * 32)
    content = pack(Bill(number="1", issue_date=NOW.date(), currency="EUR", totals=Totals(payable=Decimal(50))))
    with store.writing() as session:
        session.add(Issuer(id=1, slug="lumiere", name="Lumière", profile="", added_at=NOW, changed_at=NOW))
        session.flush()
        session.add(
            Feed(id=1, issuer_id=1, sha256="0" * 64, name="f", size=1, door="cli", state="released", received_at=NOW)
        )
    home = msgspec.msgpack.encode(PostalAddress(line1="1 rue du Port", postcode="44000", city="Nantes", country="FR"))
    for first in range(1, mails + 1, 5000):
        ids = range(first, min(first + 5000, mails + 1))
        with store.writing() as session:
            insert_rows(session, CustomerAccount, [
                {"id": n, "issuer_id": 1, "term": "BT-46", "value": f"C-{n}", "number_key": f"C-{n}", "address": home,
                 "as_of": NOW.date(), "paperless": True, "encrypted_key": key, "paperless_since": NOW}
                for n in ids
            ])  # fmt: skip
            insert_rows(session, Consumer, [
                {"id": n, "email": f"c{n}@example.org", "password_hash": "-", "signed_up_at": NOW, "confirmed_at": NOW}
                for n in ids
            ])  # fmt: skip
            insert_rows(session, Enrolment, [{"consumer_id": n, "account_id": n, "enrolled_at": NOW} for n in ids])
            insert_rows(session, BillRow, [_bill(n, content) for n in ids])
            insert_rows(session, Delivery, [
                {"bill_id": n, "issuer_id": 1, "person_id": n, "channel": "email", "purpose": "notify",
                 "state": "ready", "due_at": NOW + timedelta(days=n % ROUNDS), "made_at": NOW, "attempts": 0}
                for n in ids
            ])  # fmt: skip
    store.close()


def _bill(n: int, content: bytes) -> dict[str, Any]:
    return {
        "id": n, "uid": f"u{n}", "issuer_id": 1, "number": f"F-{n}", "feed_id": 1, "item_seq": n, "account_id": n,
        "state": "chosen", "type_code": "380", "issue_date": NOW.date(), "due_date": DUE, "currency": "EUR",
        "payable": Decimal(50), "to_pay": Decimal(50), "seller_name": "L", "buyer_name": "C", "line_count": 0,
        "content": content, "content_sha256": "-", "body_sha256": "-", "received_at": NOW, "pdf_sha256": "-",
        "channel": "portal",
    }  # fmt: skip


def _check_all_left(place: Place, mails: int) -> None:
    store = place.open()
    with store.reading() as session:
        query = select(Delivery.state, func.count()).group_by(Delivery.state)
        states = {row[0]: row[1] for row in session.execute(query)}
    store.close()
    assert states == {"sent": mails}, states


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, sys.argv[2] if len(sys.argv) > 2 else None)
