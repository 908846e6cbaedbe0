"""A type of problem: what went wrong, in which status it is answered, and what to do about it."""

from typing import Final

import msgspec

#: Where the page of a problem type is, the same for all versions of the API: a problem's `type` is its identity, and
#: stays as long as it means the same. Relative, with its full path (RFC 9457, 3.1.1), so that it is the same on a test
#: machine as on the real one.
PROBLEM_PAGES: Final = "/v1/problems/"


class ProblemType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of problem. *members* has a field for each further member of the problem's JSON object."""

    name: str  # the last part of its URI
    status: int
    title: str  # the same words every time
    means: str  # what has happened, and what has not: a sentence or two
    to_do: str  # what the program, or whoever writes it, does now
    members: type[msgspec.Struct] | None = None
    again: bool = False  # whether the same request may succeed later, unchanged

    @property
    def uri(self) -> str:
        """The `type` of problems of this type, where its page is."""
        return PROBLEM_PAGES + self.name if self.name else "about:blank"
