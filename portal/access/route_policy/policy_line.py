"""One line of the access policy: who may call a route, how often, how fresh their proof of identity must be, and how
large a body may come with it."""

from typing import Final, Literal, NamedTuple

from store.issuer_keys.key_scope import Scope
from store.staff_member import StaffRole

#: operator: runs the service; member: works for one issuer; staff: either; key: an issuer's program;
#: dev: anybody on this very machine, while mails go to the dev inbox; monitor: what watches the service.
Who = Literal["public", "consumer", "operator", "member", "staff", "key", "dev", "monitor"]

#: Our largest form of text alone, in bytes.
LARGEST_FORM: Final = 64 * 1024
#: What multipart/form-data may add around files, in bytes.
WRAPPING: Final = 64 * 1024


class RoutePolicy(NamedTuple):
    """Who may call a route, and how often."""

    who: Who
    limit: str = ""  # so often, by visitor or client, and by the e-mail that is typed
    guesses: str = ""  # whose passwords are tried there, at the typed address: wrong ones are slowed down
    proofs: str = ""  # the same for passwords and codes of who is here, with a session or half-way to one
    fresh: str = ""  # how old the last proof of identity may be: `10 minutes`
    form: str = ""  # of a fresh POST: the endpoint of its form's page, unless that has the POST's own address
    scope: Scope | None = None  # of a key's route: `scopes_for` says what comes of it
    role: StaffRole | None = None  # of staff's: the least; without it reader for GET, editor for what changes something
    body: int = LARGEST_FORM  # the most bytes of its body; a page's forms with files have room to say what is too large

    def scopes_for(self, method: str) -> frozenset[Scope]:
        """Returns the scopes of which a key needs one. GET takes `read` and the line's scope: who may write may read
        what they wrote. What changes something without naming a scope is open to no key."""
        of_line = frozenset[Scope]() if self.scope is None else frozenset({self.scope})
        return of_line | {"read"} if method in {"GET", "HEAD"} else of_line

    def role_for(self, method: str) -> StaffRole:
        """Returns the least role of a member of staff."""
        return self.role or ("reader" if method in {"GET", "HEAD"} else "editor")


#: What is sensitive needs a password, a passkey or a code of the last ten minutes.
FRESH: Final = "10 minutes"
