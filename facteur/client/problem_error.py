"""What the client raises: the service's own problems (RFC 9457), and a service that does not answer."""

from collections.abc import Mapping
from typing import Any


class ProblemError(Exception):
    """The service refuses a request. *type* is the address of a page that says what it means and what to do; *title*
    is the same for every problem of the type, *detail* says what went wrong this time, in English; *members* are what
    some types add."""

    def __init__(self, told: Mapping[str, Any], status: int) -> None:
        self.type: str = str(told.get("type", "about:blank"))
        self.title: str = str(told.get("title", f"Status {status}"))
        self.detail: str = str(told.get("detail", ""))
        self.status = status
        self.members = {
            name: value for name, value in told.items() if name not in {"type", "title", "detail", "status"}
        }
        super().__init__(f"{status} {self.title}: {self.detail}" if self.detail else f"{status} {self.title}")

    @property
    def name(self) -> str:
        """The last part of the type, such as `already-reached`: what a program decides by."""
        return self.type.rpartition("/")[2]


class NoAnswerError(Exception):
    """Nothing was answered, however often it was asked. What changes something may have been done or not: the same
    call with the same key of its own (`idempotency_key`) finds out."""
