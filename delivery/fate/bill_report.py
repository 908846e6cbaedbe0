"""A bill as its issuer's programs read it: a line of a list, and the whole with what is due of it and its fate."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bill.decimal_text import amount_text
from bill.json_values import Amount, Count, Day, Moment, Sha256, one_of, one_of_or_none, says
from delivery.fate.bill_fate import fate_of
from delivery.fate.fate_step import FateStep, moment
from feeds.bill_due_now_json import DueNow, due_report
from feeds.conflicts.bill_reached_customer import Issuance, IssuanceKind, issuances_of
from payments.amounts_due import amount_due_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.issuer_bills import ASKED_STATES
from store.row_ids import AccountId, BillId, FeedId

#: How a bill goes to its customer.
CHANNELS = ("portal", "paper")


class BillLine(msgspec.Struct, frozen=True, kw_only=True):
    """A bill in a list of bills."""

    bill: Annotated[BillId, says("The bill's id here; it is called by its number.")]
    number: Annotated[str, says("BT-1.")]
    type_code: Annotated[str, says("BT-3, such as `380` for an invoice or `381` for a credit note.")]
    feed: Annotated[FeedId, says("The feed that it came in.")]
    account: Annotated[AccountId, says("The customer's account.")]
    account_number: Annotated[str | None, says("As you wrote it; null where you gave none.")]
    buyer_name: Annotated[str, says("BT-44, at most 300 characters.")]
    issue_date: Day
    due_date: Annotated[Day | None, says("The first, where it is paid in several parts.")]
    currency: str
    gross: Annotated[Amount | None, says("BT-112.")]
    payable: Annotated[Amount, says("BT-115; of a credit note below zero.")]
    state: Annotated[
        str,
        one_of(
            ASKED_STATES,
            "`released` from its feed, `rendered` as a PDF, `chosen`: its channel is. `failed`: set apart for a "
            "person. `recalled` by you. `superseded`: another bill has its number.",
        ),
    ]
    channel: Annotated[str | None, one_of_or_none(CHANNELS, "null until it is chosen.")]
    viewed_at: Annotated[Moment | None, says("When a customer first looked at it.")]
    posted_at: Annotated[Moment | None, says("When a letter of it was first handed over to the print house.")]
    changed_at: Annotated[Moment | None, says("When state, channel, views, posting or payment last changed.")]


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """How a bill has reached its customer: from then on it is not recalled, but corrected by a credit note."""

    how: Annotated[
        IssuanceKind,
        says(
            "`seen`; `presented`: in the space of whoever holds the account; `mailed`: a message about it was tried; "
            "`printing`: its letter is in a closed batch; `posted`."
        ),
    ]
    at: Moment | None


class BillReport(BillLine, frozen=True, kw_only=True):
    """A bill, what is due of it now, and its fate from the feed to the letter box."""

    line_count: Count
    pdf_sha256: Annotated[Sha256 | None, says("Of the archived PDF; null before there is one.")]
    pdf_size: Annotated[Count | None, says("In bytes.")]
    reached: Annotated[Reached | None, says("null: it has reached nobody, and may be recalled.")]
    due_now: DueNow
    steps: Annotated[list[FateStep], says("What happened to it, oldest first.")]
    expected: Annotated[
        FateStep | None, says("What is expected next, unless something else happens before; null: nothing.")
    ]


def bill_lines(session: Session, rows: Sequence[BillRow]) -> list[BillLine]:
    """The lines of these bills, in their order."""
    numbers = _account_numbers(session, rows)
    return [_line(row, numbers[row.account_id]) for row in rows]


def bill_report(session: Session, row: BillRow, today: date) -> BillReport:
    """The whole report of one bill, as of this day."""
    line = _line(row, _account_numbers(session, [row])[row.account_id])
    fate, issuance = fate_of(session, row), issuances_of(session, [row]).get(row.id)
    return BillReport(
        **msgspec.structs.asdict(line), line_count=row.line_count, pdf_sha256=row.pdf_sha256, pdf_size=row.pdf_size,
        reached=None if issuance is None else _reached(issuance),
        due_now=due_report(amount_due_of(session, row, today)), steps=fate.steps, expected=fate.expected,
    )  # fmt: skip


def _line(row: BillRow, account_number: str | None) -> BillLine:
    return BillLine(
        bill=BillId(row.id), number=row.number, type_code=row.type_code, feed=FeedId(row.feed_id),
        account=AccountId(row.account_id), account_number=account_number, buyer_name=row.buyer_name,
        issue_date=row.issue_date.isoformat(), due_date=row.due_date.isoformat() if row.due_date else None,
        currency=row.currency, gross=None if row.gross is None else amount_text(row.gross, row.currency),
        payable=amount_text(row.payable, row.currency), state=row.state, channel=row.channel,
        viewed_at=moment(row.viewed_at), posted_at=moment(row.posted_at), changed_at=moment(row.changed_at),
    )  # fmt: skip


def _reached(issuance: Issuance) -> Reached:
    return Reached(how=issuance.how, at=moment(issuance.at))


def _account_numbers(session: Session, rows: Sequence[BillRow]) -> dict[int, str | None]:
    """The number of each bill's account, by account id; None where the account was found by its address."""
    query = select(CustomerAccount).where(CustomerAccount.id.in_({row.account_id for row in rows}))
    return {account.id: account.number or None for account in session.scalars(query)} if rows else {}
