"""What reading a feed again would change, as the road has answered (`rehearsal.py` works it out)."""

import json
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import fatal
from portal.staff.findings import message
from portal.words import say
from store.errand import Errand
from store.feed import Feed

#: Errands that are looked through for a feed's.
_SEARCHED = 200


class Row(NamedTuple):
    """An outcome, a currency or a rule: what the last reading said, and what the next would."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def has_changed(self) -> bool:
        return self.before != self.after


class Told(NamedTuple):
    """The answer; *errand* is still to do, or its answer cannot be read, where there is nothing else."""

    errand: Errand
    said: dict[str, Any] | None

    @property
    def why(self) -> list[str]:
        """What would hold or reject the feed, a sentence each, in the visitor's language."""
        assert self.said is not None
        told = [message(fatal(each["rule"], each["sentence"], **each["values"])) for each in self.said["reasons"]]
        return told or [say(line) for line in self.said["why"]]

    def rows(self, kind: str) -> list[Row]:
        """Of one kind: outcomes, totals or rules."""
        assert self.said is not None
        before, after = self.said["before"][kind], self.said["after"][kind]
        return [
            Row(name, Decimal(str(before.get(name, 0))), Decimal(str(after.get(name, 0))))
            for name in sorted({*before, *after})
        ]


def rehearsal_of(session: Session, feed: Feed) -> Told | None:
    """The latest rehearsal of a feed's present reading, asked for or answered."""
    if feed.state not in {"rejected", "held"}:
        return None
    query = select(Errand).where(Errand.kind == "rehearse", Errand.asked_at >= feed.received_at)
    for errand in session.scalars(query.order_by(Errand.id.desc()).limit(_SEARCHED)):
        if errand.particulars == {"feed_id": feed.id, "reading": feed.reading}:
            return Told(errand, _said(errand))
    return None


def _said(errand: Errand) -> dict[str, Any] | None:
    try:
        return json.loads(errand.answer, parse_float=Decimal) if errand.state == "done" else None
    except ValueError:
        return None
