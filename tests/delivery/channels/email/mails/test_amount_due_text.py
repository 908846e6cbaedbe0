"""What a mail says of instalments: those whose day has passed without a word are in it, as they are on the page."""

from datetime import date
from decimal import Decimal

import pytest

from bill import Bill, Instalment, Totals, amount_due
from delivery.channels.email.mails.bills.amount_due_text import amount_due_text

DAYS = (date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31))
BILL = Bill(
    number="I-1", issue_date=date(2026, 11, 2), currency="EUR", totals=Totals(payable=Decimal(120)),
    instalments=tuple(Instalment(amount=Decimal(40), due=day) for day in DAYS),
)  # fmt: skip


@pytest.mark.parametrize(
    ("today", "french", "english"),
    [
        (date(2026, 11, 5), "", ""),
        (
            date(2026, 12, 5),
            "Échéance passée, sauf si vous l’avez payée : 40,00 € (30 novembre 2026).",
            "Past its due date, unless you have paid it: €40.00 (30 November 2026).",
        ),
        (
            date(2027, 2, 5),
            "Échéance passée, sauf si vous l’avez payée : 80,00 € (30 novembre 2026 et 31 décembre 2026).",
            "Past its due date, unless you have paid it: €80.00 (30 November 2026 and 31 December 2026).",
        ),
    ],
)
def test_past_instalments_are_said(today: date, french: str, english: str) -> None:
    due = amount_due(BILL, today=today)
    for language, said in (("fr", french), ("en", english)):
        words = amount_due_text(due, language).replace("\xa0", " ").replace("\u202f", " ")
        assert said in words
        assert ("chéance passée, sauf" in words or "unless" in words) is bool(said)
