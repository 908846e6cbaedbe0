"""Acts of the audit trail in words: who, what, to which thing, and why. A person who signs in is named by nobody here:
the link to their page is a look that is itself kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from audit.named_things import NamedThing, named_things, without_test_sides
from portal.page_address import url_for
from portal.presenters.reason_text import reason_text
from portal.row_id import row_id
from portal.translation import say
from store.db.acts import CONSUMER
from store.db.event import Event
from words.act_names import ACT, PROGRAM, THING

#: Pages of things, by their table: the endpoint and its place for the row.
_PAGES: Final[dict[str, tuple[str, str]]] = {
    "account": ("account_decisions.show", "account_id"),
    "bill": ("bill_trace.show", "bill_id"),
    "campaign": ("campaigns.show", "campaign_id"),
    "consumer": ("people.show", "consumer_id"),
    "feed": ("staff_feeds.show", "feed_id"),
    "issuer": ("room_issuers.show", "issuer_id"),
    "print_batch": ("batches.show", "batch_id"),
}


class ToldAct(NamedTuple):
    """One act in words. *url* is the page of the thing, "" where it has none; *who_url* that of a consumer."""

    id: int
    at: datetime
    who: str
    who_url: str
    what: str
    thing: str
    name: str
    url: str
    why: str


def told_acts(session: Session, events: Sequence[Event]) -> list[ToldAct]:
    """Returns the events in words, in their order; those of test sides, which are nobody else's, are left out."""
    mine = without_test_sides(session, events)
    things = named_things(session, mine)
    return [_told(event, things.get((event.subject, event.subject_id))) for event in mine]


def _told(event: Event, named: NamedThing | None) -> ToldAct:
    who, who_url = _actor(event.by)
    what = ACT.get((event.subject, event.what))
    subject, thing_id = (named.subject, named.row_id) if named else (event.subject, event.subject_id)
    name, why = named.name if named else "", reason_text(event.reason) if event.reason.code else ""
    return ToldAct(
        id=event.id,
        at=event.at,
        who=who,
        who_url=who_url,
        what=event.what if what is None else say(what),
        thing=say(THING[event.subject]) if event.subject in THING else event.subject,
        name=name,
        url=_page(subject, thing_id),
        why=why if why != name else "",  # a feed's arrival has its name for a reason
    )


def _actor(by: str) -> tuple[str, str]:
    """Who acted, and the page of a consumer who did."""
    if not by.startswith(CONSUMER) or (consumer_id := row_id(by.removeprefix(CONSUMER))) is None:
        return say(PROGRAM[by]) if by in PROGRAM else by, ""
    return say("une personne inscrite"), _page("consumer", consumer_id)


def _page(subject: str, thing_id: int) -> str:
    if subject not in _PAGES:
        return ""
    endpoint, place = _PAGES[subject]
    return url_for(endpoint, **{place: thing_id})
