"""Zénobie Quéffelec, who leaves; her husband Bruno stays on one of their contracts."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from bill import Reason
from store.access_grants.access_grant import AccessGrant
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.consumer import Consumer
from store.accounts.holder_dispute import Dispute
from store.accounts.joint_holder_notice import notify_other_holders
from store.accounts.notice_preference import NoticePreferenceRow
from store.accounts.phone import Phone
from store.accounts.sign_up import SignUp
from store.accounts.stated_move import StatedMove
from store.accounts.stopped_mail import YEARLY_QUESTION, stop_mails
from store.bill_forwarding.forward_address import ForwardAddress
from store.bills.bill_enquiry import Enquiry, EnquiryEntry
from store.bills.bill_note import write_note
from store.bills.bill_tag import tag_bill
from store.db.event import record
from store.delivery import Attempt, Delivery, Receipt
from store.job import request_job
from store.leaving.email_change import EmailChange
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest
from store.received_mail.received_mail import AllowedSender, MailWithBills
from store.sign_in.passkey import Passkey
from store.sign_in.provider_identity import ProviderIdentity
from tests.adoption.sample_accounts import World

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
NAME, EMAIL, PHONE = "Zénobie Quéffelec", "zenobie.queffelec@exemple.fr", "+33612345678"
#: What must be found nowhere once she is erased.
WORDS = ("Quéffelec", "queffelec", "Zénobie", EMAIL, PHONE, "12\xa034\xa056\xa078")


class Zenobie:
    """Writes what the portal and the pipeline would have left of her. She holds `alone` by herself, `shared` with
    Bruno; both are paperless."""

    def __init__(self, session: Session) -> None:
        self.session, self.world = session, World(session)
        self.lumiere = self.world.issuer("lumiere")
        self.her, self.bruno = self.world.consumer("Zenobie"), self.world.consumer("Bruno")
        self.her.email, self.her.name, self.her.password_hash = EMAIL, NAME, "a hash"
        self.alone = self.world.account(self.lumiere, "C-1")
        self.shared = self.world.account(self.lumiere, "C-2")
        for account in (self.alone, self.shared):
            account.paperless, account.paperless_since = True, NOW
            self.world.holds(self.her, account, date(2025, 1, 2))
        self.world.holds(self.bruno, self.shared, date(2025, 2, 2))
        self.bill = self.world.bill(self.alone, date(2026, 2, 2), channel="portal", number="F-1")
        self.shared_bill = self.world.bill(self.shared, date(2026, 2, 2), channel="portal", number="F-2")
        session.flush()

    def is_known_everywhere(self) -> None:
        """Fill every table in which she may leave her name, addresses or number."""
        session, her, bill = self.session, self.her.id, self.bill
        mine = {"issuer_id": self.lumiere.id, "consumer_id": her}
        rows = [
            Phone(consumer_id=her, number=PHONE, nonce="", code_until=NOW, confirmed_at=NOW, failure=f"no {PHONE}"),
            SignUp(consumer_id=her, epoch=0, name=NAME, language="fr", password_hash="-", at=NOW),
            NoticePreferenceRow(consumer_id=her, channels="email", digest="each", digest_day=0, chosen_at=NOW),
            StatedMove(**mine, account_id=self.shared.id, address=b"chez Queffelec", at=NOW, state="overtaken"),
            PlanRequest(**mine, bill_id=bill.id, asked_at=NOW, parts=3, first_on=NOW.date(), words=f"Merci, {NAME}"),
            Dispute(
                issuer_id=self.lumiere.id, account_id=self.shared.id, earlier_id=self.bruno.id, later_id=her,
                opened_at=NOW, words=f"Je suis {NAME}", state="restored", decided_by="Mina",
                reason=Reason.said("Madame Quéffelec a raison"),
            ),
            DebitMandate(
                **mine, account_id=self.alone.id, umr="FCT1", creditor_id="FR72ZZZ123456", creditor="Lumière",
                holder_name=NAME, encrypted_iban=b"an IBAN", last_four="0189", signed_name=NAME,
                wording="sepa-core-1", language="fr", session_sha256="-", signed_at=NOW,
            ),
        ]  # fmt: skip
        session.add_all(rows)
        self._asks(mine)
        self._uses_what_is_outside()
        self._is_mailed()
        tag_bill(session, her, bill.id, f"maison {NAME}", NOW)
        write_note(session, her, bill.id, f"à {NAME}", NOW)
        stop_mails(session, her, YEARLY_QUESTION, NOW)
        notify_other_holders(session, self.shared, self.her, "paperless", NOW)
        told = NewNotice(account_id=self.shared.id, kind="claim_started", at=NOW, words=f"par {EMAIL}")
        append_notice(session, told)
        request_job(session, "already_signed_up", {"email": EMAIL}, NOW)
        record(
            session, "account", self.shared.id, "moved", NOW, by="Mina", why=f"Zénobie QUÉFFELEC a appelé du {PHONE}"
        )
        session.flush()

    def _asks(self, mine: dict[str, int]) -> None:
        asked = Enquiry(
            **mine, bill_id=self.bill.id, subject="other", once="a", asked_at=NOW, waiting_since=NOW, entries=2
        )
        self.world.add(asked)
        for n, words in enumerate((f"Bonjour, {NAME}, {EMAIL}", f"Bonjour Madame Quéffelec, {PHONE}"), 1):
            self.world.add(EnquiryEntry(enquiry_id=asked.id, n=n, name="", words=words, at=NOW, once=str(n)))

    def _uses_what_is_outside(self) -> None:
        """Mails with bills, forwarding, a reader's grant, passkeys, other addresses."""
        her, other = self.her.id, "zoe.queffelec@exemple.fr"
        self.session.add_all([
            EmailChange(consumer_id=her, old_email=f"old.{EMAIL}", new_email=EMAIL, asked_at=NOW, state="replaced"),
            ForwardAddress(consumer_id=her, email=other, asked_at=NOW),
            MailWithBills(
                consumer_id=her, message_digest="-", received_at=NOW, sender=other, files=[f"facture {NAME}.pdf"]
            ),
            AllowedSender(consumer_id=her, sender=other),
            AccessGrant(owner_id=self.bruno.id, reader_id=her, email=EMAIL, relation="spouse", invited_at=NOW),
            AccessGrant(owner_id=her, email=other, relation="carer", invited_at=NOW),
            ProviderIdentity(provider="fc", subject=EMAIL, consumer_id=her, linked_at=NOW),
            Passkey(
                credential_id=b"-", public_key=b"-", sign_count=0, user_handle=b"-", name=f"Téléphone de {NAME}",
                is_synced=False, added_at=NOW, consumer_id=her,
            ),
        ])  # fmt: skip

    def _is_mailed(self) -> None:
        notice: Delivery = self.world.delivery(self.bill, "email", "notify", NOW, person=self.her)
        answer = f"250 {EMAIL} accepted"
        self.world.add(Attempt(delivery_id=notice.id, n=1, started_at=NOW, outcome="sent", answer=answer))
        self.world.add(Receipt(delivery_id=notice.id, kind="bounced", at=NOW, words=f"<{EMAIL}> unknown"))
        why = Reason.of("address_suspended", answer=f"550 <{EMAIL}>")
        record(self.session, "delivery", notice.id, "failed", NOW, why=why)

    def consumer(self) -> Consumer:
        return self.session.get_one(Consumer, self.her.id, populate_existing=True)
