"""A town with four issuers, where also letters come back, people move, die and pay, and channels are chosen."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bill import Reason
from store.accounts.account_notice import AccountNotice, AccountNoticeKind, NewNotice, append_notice
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.channel_choice import ChannelChoice
from store.campaigns.campaign import Campaign
from store.campaigns.campaign_invitation import CampaignInvitation
from store.campaigns.household_arm import AccountArm
from store.customers.customer_reference import CustomerReference
from store.delivery import Delivery, record_receipt
from store.payments.payment import PaymentRow
from store.payments.payment_allocation import PaymentAllocation
from tests.adoption.random_town import Town

#: How the keys of claims that are begun start (`consumers.claim_start`).
_BEGUN: Final = ("delivery", "stale", "consumer")
_TOLD: Final[tuple[AccountNoticeKind, ...]] = (
    "invited", "claim_started", "objected", "moved", "address_known", "passed_on", "exempt",
)  # fmt: skip


class BusyTown(Town):
    """The town, with more that figures by day follow from."""

    def __init__(self, session: Session, seed: int) -> None:
        super().__init__(session, seed)
        more = [self.world.issuer(slug) for slug in ("banque", "commune")]
        self.issuers += more
        self.accounts += [self.world.account(issuer, "1") for issuer in more]
        self.feeds += [self.world.feed(issuer, self.now, state="reading") for issuer in more]
        self.campaign = self.world.add(
            Campaign(
                issuer_id=self.issuers[0].id, name="Rentrée", lever="email", occasion="any_day", wordings=["plain"],
                segment_content="{}", starts_on=self.now.date(), most_invitations=9, budget=Decimal(9),
                unit_cost=Decimal("0.002"), cap_days=60, cap_year=3, author="claire@eaux.example", written_at=self.now,
            )
        )  # fmt: skip
        session.commit()

    def acts(self) -> list[Callable[[], object]]:
        return [
            *super().acts(),
            self.decide, self.decide, self.code_letter, self.code_letter, self.remind, self.text, self.come_back,
            self.owe, self.owe, self.pay, self.pay, self.take_back, self.tell, self.tell, self.tell, self.state,
            self.pass_on, self.enrol, self.enrol, self.forget_notice, self.draw, self.invite, self.invite,
            self.open_page,
        ]  # fmt: skip

    def open_page(self) -> None:
        """Somebody opens the page of an invitation."""
        if invitation := self._any(CampaignInvitation):
            invitation.opened_at = self.now

    def decide(self) -> None:
        """A channel is chosen, by how the account stands."""
        if bill := self._a_bill():
            channel, state = self.chance.choice(["portal", "paper"]), self.chance.choice(["PAPER", "AT_RISK"])
            self.world.add(
                ChannelChoice(bill_id=bill.id, at=self.now, channel=channel, relationship=state, version=2, inputs=b"-")
            )
            self.session.execute(update(BillRow).where(BillRow.id == bill.id).values(channel=channel))
            # Whatever is chosen is chosen with its bill, which is marked.
            self.session.execute(update(BillRow).where(BillRow.id == bill.id).values(viewed_at=None))
            self.session.execute(update(BillRow).where(BillRow.id == bill.id).values(viewed_at=self.now))

    def code_letter(self) -> None:
        letter = self._any(Delivery, Delivery.channel == "paper", Delivery.claim_digest.is_(None))
        if letter:
            self.session.execute(
                update(Delivery).where(Delivery.id == letter.id).values(claim_digest=f"{letter.id}", sent_at=None)
            )
            self.session.execute(update(Delivery).where(Delivery.id == letter.id).values(sent_at=self.now))

    def remind(self) -> None:
        self._delivery("email", self.chance.choice(["remind-1", "remind-2"]), "sent")

    def text(self) -> None:
        self._delivery("sms", self.chance.choice(["notify", "remind-1"]), "sent")

    def come_back(self) -> None:
        if letter := self._any(Delivery, Delivery.channel == "paper"):
            record_receipt(self.session, letter.id, "returned", self.now)

    def owe(self) -> None:
        """A bill has a due date, is collected, or asks for something else."""
        if bill := self._a_bill():
            days = timedelta(days=self.chance.choice([0, 14, 30]))
            bill.due_date = self.chance.choice([None, bill.issue_date + days, bill.issue_date + days])
            bill.is_collected = self.chance.random() < 0.2
            bill.to_pay = Decimal(self.chance.choice(["84.20", "84.20", "40", "-3"]))

    def pay(self) -> None:
        if bill := self._a_bill():
            amount = Decimal(self.chance.choice(["84.20", "40", "44.20"]))
            booked_on = bill.issue_date + timedelta(days=self.chance.choice([3, 14, 20]))
            payment = self.world.add(
                PaymentRow(
                    issuer_id=bill.issuer_id, identity=f"{self.chance.random()}", told_by="bank", told_at=self.now,
                    kind="credit", amount=amount, currency="EUR", booked_on=booked_on, content=b"-", outcome="matched",
                    reason=Reason(),
                )
            )  # fmt: skip
            self.world.add(
                PaymentAllocation(
                    payment_id=payment.id, bill_id=bill.id, amount=amount, since=self.now, until=None, by="bank"
                )
            )

    def take_back(self) -> None:
        if part := self._any(PaymentAllocation):
            part.until = self.chance.choice([None, self.now])

    def tell(self) -> None:
        """A notice about an account."""
        account, kind = self.chance.choice(self.accounts), self.chance.choice(_TOLD)
        key = f"{self.chance.choice(_BEGUN)} {self.now}" if kind == "claim_started" else ""
        append_notice(self.session, NewNotice(account_id=account.id, kind=kind, at=self.now, key=key))

    def forget_notice(self) -> None:
        if notice := self._any(AccountNotice, AccountNotice.kind == "invited"):
            self.session.execute(delete(AccountNotice).where(AccountNotice.id == notice.id))

    def state(self) -> None:
        """The issuer states something of its customer."""
        account, day = self.chance.choice(self.accounts), self.now.date()
        row = self.session.get(CustomerReference, account.id) or CustomerReference(
            account_id=account.id, issuer_id=account.issuer_id, content=b"-", as_of=self.now
        )
        row.died_on = self.chance.choice([None, None, day - timedelta(days=20)])
        row.closed_on = self.chance.choice([None, None, day + timedelta(days=20)])
        row.paper_by_right = self.chance.choice(["", "", "vulnerable"])
        self.session.add(row)

    def pass_on(self) -> None:
        account = self.session.get_one(CustomerAccount, self.chance.choice(self.accounts).id)
        account.standing = self.chance.choice(["own", "own", "former", "provisional"])
        account.bereavement_verdict = self.chance.choice(["", "alive"])

    def draw(self) -> None:
        """The arm of a household is drawn, once for ever."""
        account = self.chance.choice(self.accounts)
        if self.session.get(AccountArm, account.id) is None:
            arm = self.chance.choice(["holdout", "open"])
            self.world.add(AccountArm(account_id=account.id, drawn_for=account.id, arm=arm, at=self.now))

    def invite(self) -> None:
        """A campaign chooses an account, or sends what it chose before."""
        account = self.chance.choice(self.accounts)
        if row := self._any(CampaignInvitation, CampaignInvitation.account_id == account.id):
            row.state, row.sent_at = "sent", self.now
        else:
            self.world.add(
                CampaignInvitation(
                    campaign_id=self.campaign.id, account_id=account.id, household_id=account.id, arm="plain",
                    state="planned", reason=Reason(), chosen_at=self.now,
                )
            )  # fmt: skip
