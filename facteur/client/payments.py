"""Payments as an issuer tells them, and the mandates that its customers signed."""

from collections.abc import Iterator, Sequence
from uuid import uuid4

from facteur.client.api_types import (
    MandateReport,
    MandatesPage,
    MatchedPayment,
    PaymentOutcome,
    PaymentsPage,
    TakenPayments,
    ToldPayment,
)
from facteur.client.connection import VERSION, Connection


class Payments:
    """`/payments` and `/mandates`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tell(self, payments: Sequence[ToldPayment], *, idempotency_key: str = "") -> list[MatchedPayment]:
        """Tell at most 500 payments. Returns each with the bills that it is of; told again it changes nothing."""
        headers = {"Idempotency-Key": f'"{idempotency_key or uuid4()}"'}
        path = f"{VERSION}/payments"
        return self._connection.ask(TakenPayments, "POST", path, body=list(payments), headers=headers).payments

    def list(self, outcome: PaymentOutcome | None = None, *, too_much: bool = False) -> Iterator[MatchedPayment]:
        """Yields payments, the newest first; *too_much*: only those of which something was paid too much."""
        query = {"outcome": outcome, "too_much": too_much or None, "limit": 200}
        for page in self._connection.pages(PaymentsPage, f"{VERSION}/payments", query):
            yield from page.payments

    def mandates(self) -> Iterator[MandateReport]:
        """Yields the SEPA mandates of your customers, with their IBAN."""
        for page in self._connection.pages(MandatesPage, f"{VERSION}/mandates"):
            yield from page.mandates
