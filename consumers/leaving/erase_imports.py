"""Erases the documents that a person brought in, and the bills that they are: nobody else's, and kept by no law."""

from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bill import Bill, PostalAddress, Totals, pack
from consumers.leaving.leaving_step import rows_of
from store.accounts.consumer import end_holding
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.references_between_bills import BillReference
from store.db.state_change import change_state
from store.due_date_calendar.due_date_entry import DueDateEntry
from store.feeds.feed import Feed
from store.feeds.item import FindingRow, Item
from store.imports.imported_document import ImportedDocument
from store.imports.private_issuer import PrivateIssuer
from store.issuer import Issuer
from store.payments.bill_key import BillKey
from store.search.search_entry import forget_account
from store.vault.attachment_staging import StoredAttachment

#: No account's key: whatever was encrypted with the one before can be decrypted by nobody.
_NO_KEY: Final = b""


def erase_imports(session: Session, consumer_id: int, now: datetime) -> int:
    """Erase this consumer's documents and private issuers: the account's key, and with it PDFs, attachments and
    pictures; bills, issuers and feeds keep their ids alone. Returns how many documents there were."""
    private = select(PrivateIssuer.account_id, PrivateIssuer.issuer_id).where(PrivateIssuer.consumer_id == consumer_id)
    for account_id, issuer_id in session.execute(private).all():
        end_holding(session, consumer_id, account_id, now)
        _erase_bills(session, issuer_id, now)
        forget_account(session, account_id)
        _erase_account(session, account_id)
        session.execute(update(Issuer).where(Issuer.id == issuer_id).values(name="", profile=""))
    erased = rows_of(session.execute(delete(ImportedDocument).where(ImportedDocument.consumer_id == consumer_id)))
    session.execute(delete(PrivateIssuer).where(PrivateIssuer.consumer_id == consumer_id))
    return erased


def _erase_bills(session: Session, issuer_id: int, now: datetime) -> None:
    mine = select(BillRow).where(BillRow.issuer_id == issuer_id, BillRow.state != "erased").order_by(BillRow.id)
    for row in session.scalars(mine).all():
        zero, number = row.payable * 0, f"erased {row.id}"
        nothing = Bill(number=number, issue_date=row.issue_date, currency=row.currency, totals=Totals(payable=zero))
        blank: dict[str, Any] = {
            "number": number, "seller_name": "", "buyer_name": "", "content": pack(nothing), "history": None,
            "instalments": None, "payable": zero, "to_pay": zero, "gross": None,
        }  # fmt: skip
        change_state(session, BillRow, row.id, row.state, "erased", now, why="GDPR art. 17", **blank)
    bills = select(BillRow.id).where(BillRow.issuer_id == issuer_id)
    feeds = select(Feed.id).where(Feed.issuer_id == issuer_id)
    for table, column, of in (
        (BillReference, BillReference.bill_id, bills), (BillKey, BillKey.bill_id, bills),
        (FindingRow, FindingRow.feed_id, feeds), (DueDateEntry, DueDateEntry.bill_id, bills),
    ):  # fmt: skip
        session.execute(delete(table).where(column.in_(of)), execution_options={"synchronize_session": False})
    for said in (
        update(Item).where(Item.feed_id.in_(feeds)).values(number=None, place="", content=None),
        update(StoredAttachment).where(StoredAttachment.feed_id.in_(feeds)).values(text=""),
        update(Feed).where(Feed.id.in_(feeds)).values(name=""),
    ):
        session.execute(said, execution_options={"synchronize_session": False})


def _erase_account(session: Session, account_id: int) -> None:
    blank = {
        "value": "", "holder": "", "person_key": "", "encrypted_key": _NO_KEY,
        "address": msgspec.msgpack.encode(PostalAddress()), "mended_address": None, "baseline_holder": None,
        "baseline_address": None, "number_key": "",
    }  # fmt: skip
    session.execute(update(CustomerAccount).where(CustomerAccount.id == account_id).values(**blank))
