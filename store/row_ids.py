"""Row numbers that know what kind of row they name, so that whoever tells them can tell public ids instead.

They are whole numbers like any other; a report's type says `FeedId`, and version 2 of the API writes it as the feed's
public id (`store.public_id`), without a second report.
"""

from typing import ClassVar

from store.public_id import Kind


class RowId(int):
    """The number of a row. Each kind is a class of its own."""

    kind: ClassVar[Kind]


class AccountId(RowId):
    """The number of a customer account's row: not the account number, which is the issuer's."""

    kind = "account"


class BillId(RowId):
    """The number of a bill's row: not the bill number (BT-1), which is the issuer's."""

    kind = "bill"


class Cursor(RowId):
    """The row after which a list goes on."""

    kind = "cursor"


class EndpointId(RowId):
    """The number of a webhook endpoint's row."""

    kind = "webhook_endpoint"


class EnquiryId(RowId):
    """The number of the row of a question that a person asks about a bill."""

    kind = "enquiry"


class FeedId(RowId):
    """The number of a feed's row."""

    kind = "feed"


class MandateId(RowId):
    """The number of a direct debit mandate's row."""

    kind = "mandate"


class PaymentId(RowId):
    """The number of a payment's row."""

    kind = "payment"


class QuestionId(RowId):
    """The number of an account question's row."""

    kind = "question"
