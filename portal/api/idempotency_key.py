"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): by which a program may send a request again."""

from typing import Annotated, Final

import msgspec

from bill.json_values import matching, says
from store.payments.payment_request import KEPT, LONGEST_KEY

_PLAIN: Final = rf"[!#-\[\]-~]{{1,{LONGEST_KEY}}}"
_QUOTED: Final = rf'"[ !#-\[\]-~]{{1,{LONGEST_KEY}}}"'

#: The header's value: a string of RFC 9651 in its quotes, or, as many programs write it, without them.
IdempotencyKey = Annotated[
    str,
    matching(
        f"^(?:{_QUOTED}|{_PLAIN})$",
        f'1 to {LONGEST_KEY} characters of ASCII without " and \\, in double quotes or, without blanks, as they are',
    ),
    says(
        f"A name of your own for this request, such as a UUID. The same request under it again is answered again, for "
        f"{KEPT.days} days; another one is refused."
    ),
]


class IdempotencyHeader(msgspec.Struct, frozen=True, kw_only=True):
    """By which a program may send a request again."""

    idempotency_key: IdempotencyKey = msgspec.field(name="Idempotency-Key", default="")

    @property
    def key(self) -> str:
        """The key without its quotes; "" where none was sent."""
        return unquoted(self.idempotency_key)


def unquoted(key: str) -> str:
    """Returns an idempotency key without its quotes."""
    return key.strip('"')
