"""The question that the web server asks the app about a body before it reads it, and the app's answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.web_server.bodies_under_way import BodiesUnderWay

#: Key of the WSGI environment: a `BodyAdmission`, in the request that has its headers and no body yet.
ADMISSION: Final = "facteur.body_admission"
#: Key of the WSGI environment: True in the request whose body was let in, which the app has seen once already.
ADMITTED: Final = "facteur.body_admitted"
#: Key of the WSGI environment: the status (int) to refuse a request with whose body did not come as it should.
BODY_FAILURE: Final = "facteur.body_failure"


@dataclass
class BodyAdmission:
    """Whether a body may come. The app calls `admit`, or else its answer is sent in place of reading the body."""

    under_way: BodiesUnderWay
    is_admitted: bool = False
    most: int = 0  # bytes
    names: tuple[str, ...] = ()

    def admit(self, most: int, counted: Mapping[str, int]) -> bool:
        """Let a body of at most *most* bytes come. *counted* names whom it comes from, with how many bodies may be
        under way for each. Returns False if those are reached."""
        self.is_admitted = self.under_way.begin(counted)
        if self.is_admitted:
            self.most, self.names = most, tuple(counted)
        return self.is_admitted

    def end(self) -> None:
        """The body is done with, or will never come. Does nothing the second time."""
        names, self.names = self.names, ()
        self.under_way.end(names)
