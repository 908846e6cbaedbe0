"""How an account's bills reach its customer, as one state: on paper, followed in the portal, without paper, and what
ends or forbids that."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

Relationship = Literal["PAPER", "LINKED_DUAL", "DIGITAL", "EXEMPT", "DECEASED_HOLD", "CLOSED"]


class AccountRelationship(NamedTuple):
    """The state, the channel that bills go by, and since when, if that is known.

    `PAPER`: nobody follows the account; `LINKED_DUAL`: followed, on paper; `DIGITAL`: without paper; `EXEMPT`: paper by
    right; `DECEASED_HOLD`: the customer has died, letters wait for a person; `CLOSED`: its last day is over.
    """

    relationship: Relationship
    channel: Literal["portal", "paper"]
    since: datetime | date | None


def relationship_of(report: Mapping[str, Any], today: date) -> AccountRelationship:
    """The relationship of an account by its report (`customers.account_report`)."""
    stated, holders = report["stated"], report["holders"]
    if died_on := stated.get("died_on"):
        return AccountRelationship("DECEASED_HOLD", "paper", date.fromisoformat(died_on))
    closed_on = stated.get("closed_on")
    if closed_on and date.fromisoformat(closed_on) < today:
        return AccountRelationship("CLOSED", "paper", date.fromisoformat(closed_on))
    if stated.get("paper_by_right"):
        return AccountRelationship("EXEMPT", "paper", None)
    if report["paperless"] and holders:
        return AccountRelationship("DIGITAL", "portal", _moment(report["paperless_since"]))
    if holders:
        return AccountRelationship("LINKED_DUAL", "paper", min(_moment(each["since"]) for each in holders))
    return AccountRelationship("PAPER", "paper", None)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
