"""A bill as the JSON file that its reader takes away (docs/bill-json.md)."""

import json
from datetime import date
from typing import Final

from bill import AmountDue
from bill.bill_json import bill_terms
from feeds.bill_due_now_json import due_report
from store.bills.bill import BillRow
from store.issuer import Issuer

#: Raised when a key goes or means something else; new keys may come without.
_VERSION: Final = 1


def bill_json(row: BillRow, issuer: Issuer, account_number: str, due: AmountDue, today: date) -> bytes:
    """Returns the file in UTF-8: the bill's terms, the PDF's digest, and what is due of it on the day it is taken."""
    said = {
        "format": "facteur.bill",
        "version": _VERSION,
        "issuer": {"slug": issuer.slug, "name": issuer.name},
        "account": account_number or None,
        "pdf_sha256": row.pdf_sha256,
        "bill": bill_terms(row.bill),
        "as_of": today.isoformat(),
        "due_now": due_report(due),
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()
