"""What it means that a bill was seen: defined here, once. Pure.

A bill that was seen needs no reminder and no letter, so that only looks count by which its addressee, or somebody the
addressee chose for that, certainly had it before their eyes.
"""

from typing import Final, Literal

import msgspec

#: Who looked, and how.
#: `holder`: a signed-in holder opened its page or PDF.
#: `one_bill_link`: somebody pressed the button on the page of a one-bill link. Opening the link is none: scanners of
#: mail do.
#: `looks_for_holder`: somebody to whom a holder gave a grant that says so.
#: `reads_only`: somebody with any other grant: an accountant who reads it does not pay it.
#: `staff`: an operator or a member of the issuer, whatever was opened.
#: `machine`: no person: a prefetch, HEAD, a preview of a link, data of the API.
LookKind = Literal["holder", "one_bill_link", "looks_for_holder", "reads_only", "staff", "machine"]

_COUNTS: Final[frozenset[LookKind]] = frozenset({"holder", "one_bill_link", "looks_for_holder"})


class Look(msgspec.Struct, frozen=True):
    """One look at a bill. *consumer_id*: who looked, where that is a person who has signed in or to whom the link was
    sent. *delivery_id*: what carried the link. *holder_id*: of a look by a grant, who gave the grant."""

    kind: LookKind
    consumer_id: int | None = None
    delivery_id: int | None = None
    holder_id: int | None = None

    @property
    def counts(self) -> bool:
        """Whether the bill was seen by it."""
        return self.kind in _COUNTS

    @property
    def seen_by(self) -> int | None:
        """Who has seen the bill by it: of somebody who looks for a holder, that holder."""
        return self.holder_id if self.kind == "looks_for_holder" else self.consumer_id

    @property
    def by(self) -> str:
        """Who looked, as an event says it."""
        if self.holder_id is not None:
            return f"consumer {self.consumer_id} for consumer {self.holder_id}"
        if self.delivery_id is not None:
            return f"one-bill link of delivery {self.delivery_id}"
        return "one-bill link" if self.consumer_id is None else f"consumer {self.consumer_id}"
