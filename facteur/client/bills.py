"""Bills of an issuer: found, followed from the feed to the letter box, taken back, sent again."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TypedDict, Unpack
from urllib.parse import quote

from facteur.client.api_types import BillChannel, BillLine, BillReport, BillsPage, BillState, XmlSyntax
from facteur.client.connection import VERSION, Connection


class BillFilter(TypedDict, total=False):
    """Which bills: they fit all that is said."""

    number: str
    account: str  # its number, in any spelling
    state: BillState
    channel: BillChannel
    issued_from: dt.date
    issued_to: dt.date
    due_from: dt.date
    due_to: dt.date
    feed: str
    amount: Decimal  # that ask this amount (BT-115)
    changed_since: dt.datetime


class Bills:
    """`/bills`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, **only: Unpack[BillFilter]) -> Iterator[BillLine]:
        """Yields the bills that fit, from page to page."""
        for page in self.pages(**only):
            yield from page.bills

    def pages(self, **only: Unpack[BillFilter]) -> Iterator[BillsPage]:
        """Yields the pages: whoever follows changes keeps the `cursor` of the last one for the next `changed_since`."""
        yield from self._connection.pages(BillsPage, f"{VERSION}/bills", {**only, "limit": 200})

    def fate(self, number: str) -> BillReport:
        """Returns a bill, what is due of it, and each step from its feed to the letter box with the next expected."""
        return self._connection.ask(BillReport, "GET", _path(number))

    def pdf(self, number: str) -> bytes:
        """Returns the bill's PDF, as its customer has it."""
        return self._connection.send("GET", f"{_path(number)}/pdf").content

    def xml(self, number: str, syntax: XmlSyntax = "cii") -> bytes:
        """Returns the bill as EN 16931 XML."""
        return self._connection.send("GET", f"{_path(number)}/xml", {"syntax": syntax}).content

    def recall(self, number: str, *, by: str, reason: str) -> BillReport:
        """Take a bill back before it has reached anybody. Else the problem `already-reached`: send a credit note."""
        return self._connection.ask(BillReport, "POST", f"{_path(number)}/recall", body={"by": by, "reason": reason})

    def send_again(self, number: str, *, by: str, reason: str, is_letter: bool = False) -> BillReport:
        """Send a bill again: by e-mail to its holders, or as a duplicate by post. Twice within a day is once. Else the
        problem `cannot-go-again`, whose detail says why."""
        body = {"by": by, "reason": reason, "way": "letter" if is_letter else "email"}
        return self._connection.ask(BillReport, "POST", f"{_path(number)}/send-again", body=body)


def _path(number: str) -> str:
    return f"{VERSION}/bills/{quote(number, safe='')}"
