"""Questions that people ask about their bills, read and answered by an issuer's program."""

from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

from facteur.client.api_types import EnquiriesPage, EnquiryLine, EnquiryReport, EnquiryState, EnquirySubject
from facteur.client.connection import VERSION, Connection


class Enquiries:
    """`/enquiries`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, state: EnquiryState = "open", subject: EnquirySubject | None = None) -> Iterator[EnquiryLine]:
        """Yields questions: those that wait for you, the longest first."""
        query = {"state": state, "subject": subject, "limit": 200}
        for page in self._connection.pages(EnquiriesPage, f"{VERSION}/enquiries", query):
            yield from page.enquiries

    def get(self, enquiry: str) -> EnquiryReport:
        """Returns a question with all that was written."""
        return self._connection.ask(EnquiryReport, "GET", _path(enquiry))

    def answer(
        self, seen: EnquiryReport, words: str, *, by: str, name: str | None = None, idempotency_key: str = ""
    ) -> EnquiryReport:
        """Answer a question as it was *seen*; where somebody wrote meanwhile nothing is sent (the problem
        `conflict`). *by* is the e-mail address of the member who answers, *name* what the person reads."""
        body = {"words": words, "by": by, "name": name, "entries": seen.entries}
        return self._connection.ask(
            EnquiryReport, "POST", f"{_path(seen.enquiry)}/answers", body=body,
            headers={"Idempotency-Key": idempotency_key or str(uuid4())},
        )  # fmt: skip

    def close(self, enquiry: str, *, by: str) -> EnquiryReport:
        """Close a question; a further word of the person opens it again."""
        return self._connection.ask(EnquiryReport, "POST", f"{_path(enquiry)}/close", body={"by": by})


def _path(enquiry: str) -> str:
    return f"{VERSION}/enquiries/{quote(enquiry, safe='')}"
