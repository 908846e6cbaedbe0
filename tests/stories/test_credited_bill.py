"""The credited bill, as a story: Lumière credits Alice's bill the day after; nobody asks her for it again.

Told through mail, letter and command line. The archived PDF stays as issued.
"""

import io
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit.run_all_checks import check
from cli import main
from config import Config
from consumers.account_claim import Claimed, claim_account
from consumers.claim_code import letter_code
from consumers.paperless_consent import go_paperless
from delivery.channels.email.smtp.dev_inbox import InboxMail, list_mails, open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.delivery import Delivery, deliveries_of
from tests.spelled_reasons import french

SAMPLES = Path(__file__).parent.parent / "amounts"
OCTOBER = datetime(2026, 10, 1, 8, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def pipeline(store: Store, config: Config) -> Iterator[Pipeline]:
    with open_inbox(config.inbox) as url:
        post = SmtpClient(url, config.sender)
        yield Pipeline(store, config, post)
        post.hang_up()


def send(pipeline: Pipeline, now: datetime, *names: str) -> None:
    """Lumière drops these files, one feed each, and everything that is due is done."""
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", now)
    for name in names:
        drop_feed(pipeline.store, issuer, io.BytesIO((SAMPLES / name).read_bytes()), name, "cli", now)
    pipeline.work_until_idle(now)


def alice_goes_paperless(pipeline: Pipeline, language: str = "fr") -> None:
    """She had October's bill by post, and claims her account with the code on that letter."""
    send(pipeline, OCTOBER, "a0.xml")
    pipeline.close_batch(OCTOBER)
    soon = OCTOBER + timedelta(days=7)
    with pipeline.store.writing() as session:
        alice = Consumer(
            email="alice@example.org", name="Alice", password_hash="-", signed_up_at=soon, confirmed_at=soon,
            language=language,
        )  # fmt: skip
        session.add(alice)
        session.flush()
        letter = session.scalars(select(Delivery).where(Delivery.channel == "paper")).one()
        code = letter_code(pipeline.store.keys, letter)
        assert isinstance(claim_account(session, alice, 1, "CL-1", code, soon), Claimed)
        assert go_paperless(session, session.scalars(select(CustomerAccount)).one(), alice, soon)


def live(pipeline: Pipeline, since: datetime, days: int) -> None:
    """The days go by; each evening the cut-off passes."""
    for n in range(1, days + 1):
        pipeline.work_until_idle(since + timedelta(days=n))


def mails(pipeline: Pipeline) -> list[InboxMail]:
    """What Alice was sent, the oldest first."""
    return list_mails(pipeline.config.inbox, "alice@example.org")[::-1]


def said(mail: InboxMail) -> str:
    return mail.text.replace("\xa0", " ").replace("\u202f", " ")


def states(session: Session, number: str) -> dict[str, str]:
    row = bill_by_number(session, 1, number)
    assert row is not None
    return {each.purpose: each.state for each in deliveries_of(session, row.id)}


def letters(pipeline: Pipeline) -> str:
    """All that was printed, as text."""
    return " ".join(word for path in sorted(pipeline.config.outbox.glob("*.pdf")) for word in _text(path).split())


def codes(pipeline: Pipeline) -> list[str]:
    """What a telephone reads on all that was printed."""
    found: list[str] = []
    for path in sorted(pipeline.config.outbox.glob("*.pdf")):
        pages = pipeline.config.home / path.stem
        subprocess.run(["pdftoppm", "-r", "150", "-gray", path, pages], check=True)
        for page in sorted(pages.parent.glob(f"{path.stem}-*.pgm")):
            with Image.open(page) as picture:
                found += [code.text for code in zxingcpp.read_barcodes(picture)]
    return found


def _text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def facteur(config: Config, *arguments: str) -> Result:
    environment = {
        "FACTEUR_HOME": str(config.home), "FACTEUR_DATABASE_URL": config.database_url,
        "FACTEUR_SECRET_FILE": str(config.home.parent / "secret"),
    }  # fmt: skip
    return CliRunner(env=environment).invoke(main, list(arguments), catch_exceptions=False)


def test_nobody_asks_for_the_credited_bill(pipeline: Pipeline, store: Store, config: Config) -> None:
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "b1-to-be-credited.xml")
    [notice] = mails(pipeline)
    assert "Montant à payer : 120,00 €, au plus tard le 15 décembre 2026." in said(notice)
    with store.reading() as session:
        assert states(session, "B-1")["remind-1"] == "waiting"
        archived = store.archive(session).pdf(row_of(session, "B-1"))

    send(pipeline, NOVEMBER + timedelta(days=1), "b2-credits-b1.xml")
    with store.reading() as session:  # its reminders are cancelled at once, with the reason
        assert states(session, "B-1")["remind-1"] == "cancelled"
        [why] = {
            french(each.reason)
            for each in deliveries_of(session, row_of(session, "B-1").id)
            if each.purpose == "remind-1"
        }
        assert why == "annulée par l’avoir B-2"

    live(pipeline, NOVEMBER + timedelta(days=1), 60)
    about = [said(mail) for mail in mails(pipeline)]
    assert len([text for text in about if "n° B-1" in text]) == 1  # the first notice, before the credit
    assert all("Montant à payer" not in text for text in about[1:])
    assert any("Montant en votre faveur : 120,00 €." in text for text in about)

    printed = letters(pipeline)  # nobody looked: both are posted, and the bill's letter says what became of it
    assert "Facture annulée par l’avoir B-2 : rien à payer." in printed
    with store.reading() as session:
        assert (states(session, "B-1")["print"], states(session, "B-2")["print"]) == ("sent", "sent")
        assert store.archive(session).pdf(row_of(session, "B-1")) == archived

    shown = json.loads(facteur(config, "bill", "show", "lumiere", "B-1", "--json").stdout)
    assert (shown["payable"], shown["due_now"]["kind"], shown["due_now"]["amount"]) == ("120.00", "credited", "0.00")
    assert shown["due_now"]["by"] == [{"number": "B-2", "type_code": "381"}]
    assert not any(check(store).invariants.values())


def row_of(session: Session, number: str) -> BillRow:
    row = bill_by_number(session, 1, number)
    assert row is not None
    return row


def test_the_credit_that_came_first_is_linked_when_its_bill_comes(pipeline: Pipeline, store: Store) -> None:
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "b2-credits-b1.xml")
    send(pipeline, NOVEMBER + timedelta(days=1), "b1-to-be-credited.xml")
    with store.reading() as session:
        assert "remind-1" not in states(session, "B-1")
        assert states(session, "B-1")["notify"] == "sent"
    [notice] = [said(mail) for mail in mails(pipeline) if "n° B-1" in said(mail)]
    assert "Annulée par l’avoir B-2. Vous n’avez rien à payer pour celle-ci." in notice


def test_a_reminder_that_is_due_as_the_credit_comes_asks_nothing(pipeline: Pipeline, store: Store) -> None:
    """Both are worked in one round: the mail looks again at what is due before it goes out."""
    alice_goes_paperless(pipeline)
    send(pipeline, NOVEMBER, "b1-to-be-credited.xml")
    with store.writing() as session:
        for each in deliveries_of(session, row_of(session, "B-1").id):
            if each.purpose == "remind-1":
                each.due_at = NOVEMBER + timedelta(days=1)
        issuer = add_issuer(session, "lumiere", "Lumière", NOVEMBER)
    credit = SAMPLES / "b2-credits-b1.xml"
    drop_feed(store, issuer, io.BytesIO(credit.read_bytes()), credit.name, "cli", NOVEMBER + timedelta(days=1))
    pipeline.read(NOVEMBER + timedelta(days=1))  # released, and not chosen yet
    pipeline.send(NOVEMBER + timedelta(days=1))
    with store.reading() as session:
        assert states(session, "B-1")["remind-1"] == "cancelled"
    assert len(mails(pipeline)) == 1


def test_the_corrective_is_asked_for_and_the_wrong_bill_is_not(
    pipeline: Pipeline, store: Store, config: Config
) -> None:
    alice_goes_paperless(pipeline, language="en")
    send(pipeline, NOVEMBER - timedelta(days=3), "a1.xml")
    send(pipeline, NOVEMBER, "corrective-384.xml")
    last = said(mails(pipeline)[-1])
    assert "Amount to pay: €96.00, by 30 November 2026." in last
    live(pipeline, NOVEMBER, 40)
    asked = [said(mail) for mail in mails(pipeline)[2:]]
    assert asked
    assert all("€96.00" in text for text in asked)
    assert "Facture remplacée par la facture A-3 : ne payez pas celle-ci." in letters(pipeline)
    due = {
        number: json.loads(facteur(config, "bill", "show", "lumiere", number, "--json").stdout)["due_now"]["amount"]
        for number in ("A-0", "A-1", "A-3")
    }
    assert due == {"A-0": "120.00", "A-1": "0.00", "A-3": "96.00"}


def test_bobs_letter_goes_at_once_and_says_what_is_left(pipeline: Pipeline, store: Store) -> None:
    """Nobody has claimed the account: both documents are in one lot, and the bill's letter knows of its credit."""
    with store.writing() as session:
        issuer = add_issuer(session, "lumiere", "Lumière", NOVEMBER)
    content = _of_24_euros((SAMPLES / "b2-credits-b1.xml").read_text())
    send(pipeline, NOVEMBER, "b1-to-be-credited.xml")
    drop_feed(store, issuer, io.BytesIO(content.encode()), "credit.xml", "cli", NOVEMBER)
    pipeline.work_until_idle(NOVEMBER)
    pipeline.close_batch(NOVEMBER)
    assert "Avoir B-2 déduit : il reste 96,00 € à payer." in letters(pipeline).replace("\u202f", " ")
    assert not any(code.startswith("BCD") for code in codes(pipeline))  # the bill's code would pay 120 €
    with store.reading() as session:
        assert row_of(session, "B-1").to_pay == Decimal(120)  # as issued


def _of_24_euros(credit: str) -> str:
    amounts = {"120.00": "24.00", "100.00": "20.00", "20.00": "4.00", "0.20": "0.04"}
    for old, new in amounts.items():
        credit = credit.replace(f">{old}<", f">#{new}<")
    return credit.replace(">#", ">")
