"""Reads the pipeline's answer to a replay rehearsal: what reading a feed again would change."""

import json
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from bill import fatal
from portal.operators.presenters.finding_text import message
from portal.translation import say
from store.feeds.feed import Feed
from store.job import Job, latest_jobs

#: Jobs that are looked through for a feed's.
_SEARCHED = 200


class ReplayRow(NamedTuple):
    """An outcome, a currency or a rule, with its value in the last reading and in the next."""

    name: str
    before: Decimal
    after: Decimal

    @property
    def has_changed(self) -> bool:
        return self.before != self.after


class ReplayResult(NamedTuple):
    """A rehearsal's job and its decoded answer; None while the job is to do, or if its answer cannot be read."""

    job: Job
    said: dict[str, Any] | None

    @property
    def why(self) -> list[str]:
        """Returns why the feed would be held or rejected, a sentence each, in the visitor's language."""
        assert self.said is not None
        told = [message(fatal(each["rule"], each["sentence"], **each["values"])) for each in self.said["reasons"]]
        return told or (
            [say("Toutes les factures de ce flux sont refusées")] if self.said["state"] == "rejected" else []
        )

    def rows(self, kind: str) -> list[ReplayRow]:
        """Returns the rows of one kind: `outcomes`, `totals` or `rules`."""
        assert self.said is not None
        before, after = self.said["before"][kind], self.said["after"][kind]
        return [
            ReplayRow(name, Decimal(str(before.get(name, 0))), Decimal(str(after.get(name, 0))))
            for name in sorted({*before, *after})
        ]


def rehearsal_of(session: Session, feed: Feed) -> ReplayResult | None:
    """Returns the latest rehearsal of the feed's current reading; None if nobody asked for one."""
    if feed.state not in {"rejected", "held"}:
        return None
    for job in latest_jobs(session, "rehearse", feed.received_at, _SEARCHED):
        if job.particulars == {"feed_id": feed.id, "reading": feed.reading}:
            return ReplayResult(job, _said(job))
    return None


def _said(job: Job) -> dict[str, Any] | None:
    try:
        return json.loads(job.answer, parse_float=Decimal) if job.state == "done" else None
    except ValueError:
        return None
