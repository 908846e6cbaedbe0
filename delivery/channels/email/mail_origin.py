"""What an e-mail was sent for: a delivery, or a background job that tells something else than a bill."""

import re
from typing import Final, Literal, NamedTuple

#: The Message-ID of a notice (d) or a digest (g) names its delivery, or the first of them; that of another e-mail (e),
#: its job.
_MESSAGE_ID: Final = re.compile(r"<([dge])([1-9][0-9]*)@", re.ASCII)


class MailOrigin(NamedTuple):
    """The row that an e-mail was sent for, by its id."""

    kind: Literal["delivery", "job"]
    id: int


def origin_of_message(message_id: str) -> MailOrigin | None:
    """Return what the e-mail with this Message-ID was sent for; None when it is none of ours."""
    found = _MESSAGE_ID.match(message_id)
    return MailOrigin("job" if found[1] == "e" else "delivery", int(found[2])) if found else None
