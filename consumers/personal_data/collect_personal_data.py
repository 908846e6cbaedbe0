"""Everything that is kept about a person, by category; the texts they consented to, word by word; their questions with
the answers; and the events that name them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from consumers.personal_data.personal_categories import CATEGORIES
from consumers.personal_data.personal_category import PersonalCategory
from consumers.personal_data.personal_rows import Record, personal_rows, value, who
from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.shown_wording import wordings_of
from store.bills.bill import BillRow
from store.bills.bill_enquiry import Enquiry, EnquiryEntry
from store.db.event import Event
from store.job import Job
from words.catalogue import N_, say

VERSION = 1

#: What lies in tables that name their person in another way than by a column.
_ALSO = (
    PersonalCategory(
        key="events",
        title=N_("Ce qui s’est passé dans votre espace"),
        why=N_("pour retrouver qui a fait quoi, et quand"),
        until=N_("aussi longtemps que ce dont ils parlent"),
        law=N_("preuve de ce qui a été fait (RGPD, art. 5.2 et 6.1.f)"),
        tables=(),
    ),
    PersonalCategory(
        key="mails",
        title=N_("Les autres courriels que vous avez demandés"),
        why=N_("pour vous confirmer ce que vous faites"),
        until=N_("aussi longtemps que ce dont ils parlent"),
        law=N_("exécution du service que vous avez demandé (RGPD, art. 6.1.b)"),
        tables=(),
    ),
    PersonalCategory(
        key="said_paid",
        title=N_("Les factures que vous avez dites payées"),
        why=N_("pour ne plus vous les demander"),
        until=N_("aussi longtemps que la facture"),
        law=N_("exécution du service que vous avez demandé (RGPD, art. 6.1.b)"),
        tables=(),
    ),
)
ALL_CATEGORIES = (*CATEGORIES, *_ALSO)


class CollectedCategory(NamedTuple):
    """A category with its records, each a name and value by name."""

    category: PersonalCategory
    records: list[Record]


def collect_personal_data(session: Session, consumer_id: int, language: str) -> Iterator[CollectedCategory]:
    """Everything that is kept about this person, one category after the other."""
    for category in CATEGORIES:
        rows = [row for table in category.tables for row in personal_rows(session, table, consumer_id)]
        if category.key == "consents":
            rows = _with_wordings(session, rows, language)
        if category.key == "writings":
            rows += _written(session, consumer_id)
        yield CollectedCategory(category, rows)
    also = {"events": _events, "mails": _mails, "said_paid": _said_paid}
    for category in _ALSO:
        yield CollectedCategory(category, also[category.key](session, consumer_id))


def personal_data(session: Session, consumer_id: int, language: str, now: datetime) -> dict[str, Any]:
    """Everything as one object (docs/data-export.md)."""
    found = collect_personal_data(session, consumer_id, language)
    return {
        "format": "facteur.personal-data", "version": VERSION, "made_at": value(now),
        "categories": [
            {
                "key": each.category.key, "why": say(each.category.why, language),
                "kept_until": say(each.category.until, language), "law": say(each.category.law, language),
                "records": each.records,
            }
            for each in found
        ],
    }  # fmt: skip


def _with_wordings(session: Session, rows: list[Record], language: str) -> list[Record]:
    """Each consent with the text that was read."""
    texts = wordings_of(session, {row["wording"] for row in rows if row.get("wording")}, language)
    return [{**row, "text": texts[row["wording"]]} if row.get("wording") in texts else row for row in rows]


def _written(session: Session, consumer_id: int) -> list[Record]:
    query = (
        select(EnquiryEntry.at, EnquiryEntry.words, EnquiryEntry.staff_id)
        .join(Enquiry, Enquiry.id == EnquiryEntry.enquiry_id)
        .where(Enquiry.consumer_id == consumer_id)
        .order_by(EnquiryEntry.enquiry_id, EnquiryEntry.n)
    )
    return [
        {"table": "enquiry_entry", "by": "you" if staff is None else "us", "at": value(at), "words": words}
        for at, words, staff in session.execute(query)
    ]


def _events(session: Session, consumer_id: int) -> list[Record]:
    mine = Event.by == f"consumer {consumer_id}"
    about = and_(Event.subject == "consumer", Event.subject_id == consumer_id)
    query = select(Event.at, Event.subject, Event.what, Event.by, Event.reason_code, Event.why)
    return [
        {
            "at": value(at), "subject": subject, "what": what, "by": who(by, consumer_id), "reason": code or None,
            **({"why": why} if why and by == f"consumer {consumer_id}" else {}),
        }
        for at, subject, what, by, code, why in session.execute(query.where(or_(mine, about)).order_by(Event.id))
    ]  # fmt: skip


def _mails(session: Session, consumer_id: int) -> list[Record]:
    mine = Job.particulars["consumer_id"].as_integer() == consumer_id
    query = select(Job.kind, Job.state, Job.asked_at, Job.sent_at).where(mine).order_by(Job.id)
    return [
        {"kind": kind, "state": state, "asked_at": value(asked), "sent_at": value(sent)}
        for kind, state, asked, sent in session.execute(query)
    ]


def _said_paid(session: Session, consumer_id: int) -> list[Record]:
    query = (
        select(BillRow.number, BillRow.issue_date, BillRow.said_paid_at, BillRow.said_paid, BillRow.currency)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force(), BillRow.said_paid_at.is_not(None))
        .order_by(BillRow.said_paid_at, BillRow.id)
    )
    return [
        {
            "bill": number, "bill_issued": value(issued), "at": value(at), "amount": value(amount),
            "currency": currency,
        }
        for number, issued, at, amount, currency in session.execute(query)
    ]  # fmt: skip
