"""Lumière, its people, and time that goes on as for a worker that is always awake. What reached whom is read outside:
the mails in the inbox, the manifests in the outbox."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import func, select

from bill import PostalAddress
from config import Config
from consumers.account_claim import Claimed, claim_account
from consumers.claim_code import letter_code
from consumers.confirm_phone import ask_code, confirm_phone
from consumers.one_bill_access import linked_bill
from consumers.paperless_consent import go_paperless
from delivery.channels.email.smtp.dev_inbox import InboxMail, list_mails, open_inbox
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.mend_address import mend_address
from delivery.channels.paper.print_batch import print_again
from delivery.channels.sms.sms_folder import list_sms
from delivery.feedback.returned_mail import letter_returned
from delivery.feedback.views_bounces_returns import bill_viewed
from delivery.notices.choose_notices import choose_notices
from delivery.notices.notice_preference import NoticePreference
from delivery.return_to_paper import return_to_paper
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from portal.app import make_app
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.phone import withdraw_phone
from store.accounts.return_reason import ReturnReason
from store.bills.bill import BillRow
from store.bills.bill_lookup import bill_by_number
from store.delivery import Delivery
from store.last_worked_as_of import note_work
from store.print_batch import PrintBatch
from tests.customers.conftest import PROFILE, customer_file
from tests.sample_feeds import batch

MINA: Final = "mina@lumiere.example"
#: A feed of one bill among feeds of nine is a drift that a story of people need not tell.
ELECTRICITY: Final = f'trade = "electricity"\n{PROFILE}\n[breaker]\non = false\n'


class Lumiere:
    """The issuer, its doors, its customers' acts, and the days that go by."""

    def __init__(self, store: Store, config: Config, post: SmtpClient, now: datetime) -> None:
        self.store, self.config, self.now = store, config, now
        self.pipeline = Pipeline(store, config, post)
        with store.writing() as session:
            note_work(session, now, now)
            self.issuer = add_issuer(session, "lumiere", "Lumière de l'Ouest", now, ELECTRICITY)

    @classmethod
    @contextmanager
    def opened(cls, store: Store, config: Config, now: datetime) -> Iterator[Self]:
        """Lumière beside an inbox that keeps its mails."""
        with open_inbox(config.inbox) as url:
            post = SmtpClient(url, config.sender)
            yield cls(store, config, post, now)
            post.hang_up()

    # -- time ------------------------------------------------------------------------------------------------------

    def until(self, moment: datetime) -> None:
        """Let time go on; whatever is due on the way is done at its moment."""
        while (due := self._next_moment()) is not None and due < moment:
            self.work(due)
        self.work(moment)
        with self.store.writing() as session:  # as `facteur work --as-of` does
            note_work(session, moment, moment)

    def work(self, moment: datetime) -> None:
        """Do what is due at this moment; then the print house answers."""
        self.now = moment
        self.pipeline.work_until_idle(moment)
        for path in self.config.outbox.glob("lot-*.json"):
            answer = path.with_suffix(".ack.json")
            if path.suffixes == [".json"] and not answer.exists():
                lot = json.loads(path.read_text())
                answer.write_text(json.dumps({"letters": lot["letters"], "sheets": lot["sheets"], "missing": []}))

    def _next_moment(self) -> datetime | None:
        """When a sleeping worker must wake: only when is asked here, never what."""
        waking = select(func.min(Delivery.due_at)).where(Delivery.state == "waiting", Delivery.due_at > self.now)
        closing = select(func.min(PrintBatch.cut_off_at)).where(
            PrintBatch.state == "open", PrintBatch.cut_off_at > self.now
        )
        with self.store.reading() as session:
            moments = [session.scalar(waking), session.scalar(closing)]
        return min((each for each in moments if each is not None), default=None)

    # -- what Lumière says -----------------------------------------------------------------------------------------

    def drop(self, content: bytes, name: str) -> None:
        """Drop a file by a door, and do what is due at once."""
        drop_feed(self.store, self.issuer, io.BytesIO(content), name, "cli", self.now)
        self.work(self.now)

    def bills(self, name: str, invoices: list[str]) -> None:
        self.drop(batch(invoices), f"{name}.xml")

    def customers(self, *rows: list[str]) -> None:
        """Drop a customer file of these rows."""
        self.drop(customer_file(rows), f"customers-{self.now:%Y%m%d}.csv")

    def post_brings_back(self, number: str, reason: ReturnReason) -> None:
        """The post brings back the letter of this bill."""
        with self.store.writing() as session:
            letter = session.scalars(
                select(Delivery).where(Delivery.bill_id == self._bill(session, number).id, Delivery.channel == "paper")
            ).one()
            assert letter_returned(session, letter.id, reason, self.now, "print house") == "recorded"

    def print_house_brings_back(self, number: str) -> None:
        """The print house writes beside the lot that the post brought the last letter of this bill back."""
        lot, n = [
            (path, each["n"])
            for path in self._manifests()
            for each in json.loads(path.read_text())["pieces"]
            if each["bill"] == number
        ][-1]
        told = lot.with_suffix(".returned.json")
        before = json.loads(told.read_text())["returned"] if told.exists() else []
        told.write_text(json.dumps({"returned": [*before, {"n": n, "reason": "NPAI"}]}))
        self.work(self.now)

    def staff_sends_again(self, number: str, words: str, address: PostalAddress | None = None) -> None:
        """Mina sends the held letter of this bill out again, and with another address all letters that wait for one."""
        with self.store.writing() as session:
            bill_id = self._bill(session, number).id
            held = [each.delivery.id for each in held_letters(session) if each.bill.id == bill_id]
            if address is None:
                assert print_again(session, *held, MINA, words, self.now)
            else:
                assert mend_address(session, *held, address, MINA, words, self.now)
        self.work(self.now)

    # -- what its customers do -------------------------------------------------------------------------------------

    def signs_up(self, email: str, name: str, account: str, bill: str) -> int:
        """Claim the account by the code on this bill's letter. Returns the consumer's id."""
        with self.store.writing() as session:
            person = Consumer(
                email=email, name=name, password_hash="-", signed_up_at=self.now, confirmed_at=self.now, language="fr"
            )
            session.add(person)
            session.flush()
            letter = session.scalars(
                select(Delivery).where(Delivery.bill_id == self._bill(session, bill).id, Delivery.channel == "paper")
            ).one()
            code = letter_code(self.store.keys, letter)
            assert isinstance(claim_account(session, person, self.issuer.id, account, code, self.now), Claimed)
            return person.id

    def goes_paperless(self, person_id: int, account: str) -> None:
        with self.store.writing() as session:
            assert go_paperless(
                session, self._account(session, account), session.get_one(Consumer, person_id), self.now
            )

    def withdraws(self, person_id: int, account: str) -> date | None:
        """Ask for paper again. Returns the day that is promised."""
        with self.store.writing() as session:
            person = session.get_one(Consumer, person_id)
            promised = return_to_paper(session, self._account(session, account), person, self.now)
        self.work(self.now)
        return promised

    def views(self, person_id: int, bill: str) -> None:
        """Sign in and open the bill."""
        with self.store.writing() as session:
            bill_viewed(session, self._bill(session, bill), person_id, self.now)

    def hears_by_sms(self, person_id: int, number: str) -> None:
        """Confirm a phone by the code that came there, and hear of bills by SMS alone."""
        with self.store.writing() as session:
            ask_code(session, person_id, number, self.now)
        self.work(self.now)
        [code] = re.findall(r"\b\d{6}\b", self.texts(number)[-1])
        with self.store.writing() as session:
            assert confirm_phone(session, self.store.keys, person_id, code, self.now) == "confirmed"
            choose_notices(session, person_id, None, NoticePreference(channels=("sms",)), self.now)

    def loses_phone(self, person_id: int) -> None:
        with self.store.writing() as session:
            assert withdraw_phone(session, person_id, self.now)

    def follows_link(self, token: str, *, presses: bool) -> str:
        """Open a one-bill link, and press its button or not. Returns the number of the bill; "" where it is closed."""
        with self.store.reading() as session:
            linked = linked_bill(session, self.store.keys, token, self.now)
        visitor = make_app(self.store, self.config, lambda: self.now).test_client()
        is_open = visitor.get(f"/f/{token}").status_code == 200
        assert is_open is (linked is not None)
        if presses:
            visitor.post(f"/f/{token}")
        return linked.bill.number if linked else ""

    # -- what reached whom -----------------------------------------------------------------------------------------

    def pieces(self) -> list[tuple[str, str]]:
        """The letters that were handed over: the day and the bill of each, in their order."""
        lots = [json.loads(path.read_text()) for path in self._manifests()]
        return [(lot["closed_at"][:10], piece["bill"]) for lot in lots for piece in lot["pieces"]]

    def _manifests(self) -> list[Path]:
        return [path for path in sorted(self.config.outbox.glob("lot-*.json")) if path.suffixes == [".json"]]

    def mails(self, email: str) -> list[InboxMail]:
        """What was sent to this address, the oldest first."""
        return sorted(list_mails(self.config.inbox, email), key=lambda mail: mail.at or self.now)

    def texts(self, number: str) -> list[str]:
        """The SMS that were sent to this number, the oldest first."""
        assert self.config.sms_folder is not None
        return [each.text for each in reversed(list_sms(self.config.sms_folder)) if each.to == number]

    def _bill(self, session: Any, number: str) -> BillRow:
        row = bill_by_number(session, self.issuer.id, number)
        assert row is not None, number
        return row

    def _account(self, session: Any, number: str) -> CustomerAccount:
        query = select(CustomerAccount).where(CustomerAccount.value == number, CustomerAccount.standing == "own")
        return session.scalars(query).one()
