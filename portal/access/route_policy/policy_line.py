"""One line of the access policy: who may call a route, how often, and how fresh their proof of identity must be."""

from typing import Final, Literal, NamedTuple

#: operator: runs the service; member: works for one issuer; staff: either; key: an issuer's program;
#: dev: anybody on this very machine, while mails go to the dev inbox.
Who = Literal["public", "consumer", "operator", "member", "staff", "key", "dev"]


class RoutePolicy(NamedTuple):
    """Who may call a route, and how often."""

    who: Who
    limit: str = ""  # so often, by visitor or client, and by the e-mail that is typed
    guesses: str = ""  # whose passwords are tried there, at the typed address: wrong ones are slowed down
    proofs: str = ""  # the same for passwords and codes of who is here, with a session or half-way to one
    fresh: str = ""  # how old the last proof of identity may be: `10 minutes`
    form: str = ""  # of a fresh POST: the endpoint of its form's page, unless that has the POST's own address


#: What is sensitive needs a password, a passkey or a code of the last ten minutes.
FRESH: Final = "10 minutes"
