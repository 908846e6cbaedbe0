"""The columns of a bill's row that are what the bill says."""

import hashlib
from datetime import date
from typing import Any

from bill import ZERO, Bill, amount_due, document_amount_of, pack, span_of
from store.bills.bill import pack_instalments
from store.bills.buyer_email import buyer_email, email_digest
from store.vault.attachment_staging import without_attachments


def bill_columns(bill: Bill) -> dict[str, Any]:
    """The columns by which a bill is listed and summed, as it says them."""
    span, due = span_of(bill), amount_due(document_amount_of(bill))
    return {
        "number": bill.number, "type_code": bill.type_code, "issue_date": bill.issue_date, "due_date": bill.due_date,
        "currency": bill.currency, "gross": bill.totals.gross, "payable": bill.totals.payable,
        "to_pay": due.left if due.is_asking else ZERO, "is_collected": due.is_collected,
        "instalments": pack_instalments(bill.instalments), "last_due_date": _last_due_date(bill),
        "seller_name": bill.seller.name[:300], "buyer_name": bill.buyer.name[:300], "line_count": len(bill.lines),
        "used_from": span.start, "used_to": span.end, "used": span.used, "used_unit": span.unit,
        "buyer_email_digest": email_digest(buyer_email(bill)),
    }  # fmt: skip


def packed_columns(bill: Bill) -> dict[str, Any]:
    """The packed bill, without the bytes of its attachments, and its digest."""
    content = pack(without_attachments(bill))
    return {"content": content, "content_sha256": hashlib.sha256(content).hexdigest()}


def _last_due_date(bill: Bill) -> date | None:
    return max((each.due for each in bill.instalments if each.due), default=None)
