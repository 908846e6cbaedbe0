"""One mail of every kind about payment plans and direct debit mandates."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from bill import DocumentAmount, Instalment, Paid, Reason, amount_due
from delivery.channels.email.email_text import EmailText
from delivery.channels.email.mails.bills.failed_payment import failed_payment_words
from delivery.channels.email.mails.bills.mandate_copy import _WHY, mandate_copy_words
from delivery.channels.email.mails.bills.plan_answer import plan_answer_words
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow, pack_instalments
from store.issuer import Issuer
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_plan import PlanRequest

_DAY = date(2026, 3, 3)
PARTS = tuple(Instalment(amount=Decimal(1284), due=date(2026, month, 3)) for month in (3, 4))


def payment_mails(language: str, url: str, issuer: str = "Zoé") -> Iterator[tuple[str, EmailText]]:
    """Each mail to Zoé with its name."""
    zoe, sender = Consumer(name="Zoé", language=language), Issuer(name=issuer, profile="")
    bill = BillRow(number="1", currency="EUR", uid="2026")
    for n in (1, 2):
        granted = PlanRequest(state="granted", instalments=pack_instalments(PARTS[:n]), reason=Reason())
        yield f"granted in {n}", plan_answer_words(granted, bill, zoe, sender, url)
    refused = PlanRequest(state="refused", reason=Reason.said("Zoé"))
    yield "refused", plan_answer_words(refused, bill, zoe, sender, url)
    asked = DocumentAmount(number="1", type_code="380", issue_date=_DAY, currency="EUR", payable=Decimal(84), due=_DAY)
    for kind in ("refused", "returned"):
        told = Paid(_DAY, Decimal(84), "bank", kind, "AM04")
        yield kind, failed_payment_words(amount_due(asked, paid=[told]), bill, zoe, sender, url)
    for state, code in (("signed", ""), ("revoked", ""), *(("ended", code) for code in _WHY)):
        mandate = DebitMandate(
            state=state, umr="4711", creditor_id="4711", creditor="Zoé", holder_name="Zoé", last_four="0189",
            signed_name="Zoé", signed_at=datetime(2026, 3, 3, tzinfo=UTC), reason=Reason(code),
            wording="sepa-core-1 5 days",
        )  # fmt: skip
        yield f"{state} {code}", mandate_copy_words(mandate, state, zoe, sender, _DAY, url)
