"""All issuers of a reader at one glance: what is due to each, what is new, and what it asks. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from portal.consumers.presenters.bill_list.total_to_pay import Asking, TotalToPay, totals_to_pay
from portal.presenters.issuer_badge import IssuerBadge, issuer_badge
from portal.translation import say
from store.listed_issuer import ListedIssuer


class IssuerAtAGlance(NamedTuple):
    """An issuer with what waits for the reader. *new* bills were not looked at yet; *questions* are what the issuer, or
    we for it, asks, in a few words each."""

    badge: IssuerBadge
    url: str  # its bills
    to_pay: Sequence[TotalToPay]  # by currency, the largest first
    new: int
    questions: Sequence[str]

    @property
    def soonest(self) -> date | None:
        """The first day on which something is to be paid; None if nothing is, or without a day."""
        return min((each.soonest.due.due for each in self.to_pay if each.soonest.due.due), default=None)

    @property
    def is_past(self) -> bool:
        """Whether the due date of something to pay has passed."""
        return any(each.past for each in self.to_pay)

    @property
    def is_calm(self) -> bool:
        """Whether nothing waits for the reader."""
        return not (self.to_pay or self.new or self.questions)


def issuers_at_a_glance(
    issuers: Iterable[ListedIssuer], asking: Sequence[Asking], new: Mapping[int, int],
    questions: Mapping[int, Sequence[str]], url_of: Callable[[ListedIssuer], str],
) -> list[IssuerAtAGlance]:  # fmt: skip
    """Returns the issuers, those first to which something is due soonest, then those that ask or have sent something.
    *new* is how many bills of each are new, and *questions* what each asks, by issuer id."""
    due: dict[int, list[Asking]] = {}
    for each in asking:
        due.setdefault(each.row.issuer_id, []).append(each)
    found = [
        IssuerAtAGlance(
            badge=issuer_badge(each),
            url=url_of(each),
            to_pay=totals_to_pay(due.get(each.id, ())),
            new=new.get(each.id, 0),
            questions=questions.get(each.id, ()),
        )
        for each in issuers
    ]
    return sorted(found, key=_place)


def failed_payments(asking: Iterable[Asking]) -> dict[int, list[str]]:
    """Returns the issuers to which a payment failed that is asked for again, by id, in words."""
    return {each.row.issuer_id: [say("paiement rejeté")] for each in asking if each.due.setback is not None}


def _place(each: IssuerAtAGlance) -> tuple[bool, date, bool, bool, str]:
    return not each.to_pay, each.soonest or date.max, not each.questions, not each.new, each.badge.name.casefold()
