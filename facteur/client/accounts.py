"""Customers' accounts: how each gets its bills, what an issuer says of its customer, and whose a number is."""

from collections.abc import Iterator
from typing import Literal
from urllib.parse import quote

from facteur.client.api_types import (
    AccountQuestionReport,
    AccountQuestionsPage,
    AccountsPage,
    AccountWithRelationship,
    CustomerOutcome,
    CustomerStatement,
    ListedAccount,
)
from facteur.client.connection import VERSION, Connection


class Accounts:
    """`/accounts` and `/account-questions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> Iterator[ListedAccount]:
        """Yields all accounts that have a number."""
        for page in self.pages():
            yield from page.accounts

    def pages(self, changed_since: int | None = None) -> Iterator[AccountsPage]:
        """Yields the pages of all accounts, or of those that changed after this change. Whoever follows them keeps
        `cursor` for the next time: of all accounts the first page's, of changes the last one's."""
        query = {"changed_since": changed_since, "limit": 500}
        yield from self._connection.pages(AccountsPage, f"{VERSION}/accounts", query)

    def get(self, number: str) -> AccountWithRelationship:
        """Returns the account with this number, in any spelling."""
        return self._connection.ask(AccountWithRelationship, "GET", _path(number))

    def get_with_etag(self, number: str) -> tuple[AccountWithRelationship, str]:
        """Returns the account, and the ETag by which `put` changes only what was seen."""
        account, etag = self._connection.changed(AccountWithRelationship, _path(number))
        assert account is not None
        return account, etag

    def put(self, number: str, customer: CustomerStatement, *, if_match: str = "") -> CustomerOutcome:
        """Say what you know of a customer. Raises the problem `precondition-failed` where the account is not as
        *if_match* saw it."""
        headers = {"If-Match": if_match} if if_match else {}
        return self._connection.ask(CustomerOutcome, "PUT", _path(number), body=customer, headers=headers)

    def questions(self) -> Iterator[AccountQuestionReport]:
        """Yields the open questions whose an account number is."""
        for page in self._connection.pages(AccountQuestionsPage, f"{VERSION}/account-questions"):
            yield from page.questions

    def decide(
        self, question: str, decision: Literal["same", "other", "new_holder"], *, reason: str, by: str = ""
    ) -> AccountQuestionReport:
        """Say whose the number is; the question is answered as it is then."""
        path = f"{VERSION}/account-questions/{quote(question, safe='')}/decision"
        body = {"decision": decision, "reason": reason, "by": by}
        return self._connection.ask(AccountQuestionReport, "POST", path, body=body)


def _path(number: str) -> str:
    return f"{VERSION}/accounts/{quote(number, safe='')}"
