"""A bill's timeline for its consumer: received, shown, announced, seen, posted, credited. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from bill import AmountDue
from portal.translation import say
from store.bills.bill import BillRow
from store.delivery import THE_ADDRESSEE, Delivery
from words.catalogue import N_


class TimelineEntry(NamedTuple):
    """What happened with a bill at a moment, or will happen."""

    at: datetime
    words: str
    to_come: bool = False


def bill_timeline(
    row: BillRow, issuer: str, deliveries: Iterable[Delivery], consumer_id: int, due: AmountDue,
    shown: Mapping[str, BillRow], holders: Mapping[int, str], reports: Iterable[TimelineEntry] = (),
) -> list[TimelineEntry]:  # fmt: skip
    """Returns the entries that concern this consumer, oldest first; messages to other holders are left out. *shown* are
    the bills, by number, that credit or replace this one according to *due*; *holders* the names of those who hold the
    account today, the only ones that are told; *reports* what holders said of its payment."""
    deliveries = list(deliveries)
    mine = [each for each in deliveries if each.person_id in {consumer_id, THE_ADDRESSEE}]
    came = say("Ajoutée par vous") if row.is_imported else say("Reçue de {issuer}", issuer=issuer)
    moments = [TimelineEntry(row.received_at, came)]
    moments += [moment for delivery in mine for moment in _moments(delivery)]
    moments += _looks(row, looks_of(deliveries), consumer_id, holders)
    moments += reports
    moments += _settled(due, shown)
    return sorted(moments, key=lambda moment: (moment.to_come, moment.at))


def looks_of(deliveries: Iterable[Delivery]) -> dict[int, datetime]:
    """Returns when each person first saw the bill in their space, by consumer."""
    return {
        each.person_id: each.delivered_at
        for each in deliveries
        if each.channel == "portal" and each.person_id is not None and each.delivered_at is not None
    }


def _looks(
    row: BillRow, looks: Mapping[int, datetime], consumer_id: int, holders: Mapping[int, str]
) -> Iterator[TimelineEntry]:
    """Yields each person's first look: the other holders' too, since with the first of all the letter and the
    reminders stop. One that nobody's space knows of was through the link of a letter."""
    for person_id, at in looks.items():
        if person_id == consumer_id:
            yield TimelineEntry(at, say("Vue dans votre espace"))
        elif name := holders.get(person_id):
            yield TimelineEntry(at, say("Vue par {name}", name=name))
        else:
            yield TimelineEntry(at, say("Vue par un autre titulaire"))
    first = min(looks.values(), default=None)
    if row.viewed_at and not row.is_imported and (first is None or row.viewed_at < first):
        yield TimelineEntry(row.viewed_at, say("Vue"))


def _settled(due: AmountDue, shown: Mapping[str, BillRow]) -> Iterator[TimelineEntry]:
    """Yields an entry for each credit taken off, or for the bill that replaces this one."""
    for each in due.by:
        if each.number in shown:
            at, number = shown[each.number].received_at, each.number
            replaced = due.kind == "replaced"
            yield TimelineEntry(
                at,
                say("Remplacée par {number}", number=number)
                if replaced
                else say("Avoir {number} déduit", number=number),
            )


def _moments(delivery: Delivery) -> Iterator[TimelineEntry]:
    if delivery.sent_at:
        yield TimelineEntry(delivery.sent_at, _sent(delivery))
    if delivery.state == "failed" and delivery.channel in _FAILED:
        yield TimelineEntry(
            delivery.delivered_at or delivery.sent_at or delivery.due_at, say(_FAILED[delivery.channel])
        )
    if delivery.state in {"waiting", "ready"} and delivery.channel == "paper":
        yield TimelineEntry(delivery.due_at, say("Partira par la poste"), to_come=True)


_FAILED: Final = {
    "email": N_("Le courriel n’est pas arrivé"),
    "sms": N_("Le SMS n’est pas arrivé"),
    "push": N_("La notification n’est pas arrivée"),
}


#: What is said of a delivery that was sent, by channel and kind of purpose, and of any other purpose of the channel.
_SENT: Final = {
    "portal": {}, "paper": {"again": N_("Duplicata remis à la poste")},
    "email": {"notify": N_("Annoncée par courriel"), "again": N_("Envoyée à nouveau par courriel")},
    "sms": {"notify": N_("Annoncée par SMS")}, "push": {"notify": N_("Annoncée par notification")},
}  # fmt: skip
_SENT_OTHERWISE: Final = {
    "portal": N_("Mise dans votre espace"), "paper": N_("Remise à la poste"), "email": N_("Rappelée par courriel"),
    "sms": N_("Rappelée par SMS"), "push": N_("Rappelée par notification"),
}  # fmt: skip


def _sent(delivery: Delivery) -> str:
    kind, channel = delivery.purpose.partition("-")[0], delivery.channel
    return say(_SENT[channel].get(kind, _SENT_OTHERWISE[channel]))
