"""Resolve conflicts for portal, API and command line: one, all of a feed, or those that are overdue."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from bill import Reason
from feeds.conflicts.decide_conflict import (
    ConflictChoice,
    Decision,
    DecisionResult,
    keep_first_bill,
    replace_first_bill,
)
from feeds.profile_release_terms import release_terms
from store import Store
from store.bills.bill import BillRow
from store.feeds.conflict import Conflict, overdue_conflicts, waiting_conflicts
from store.issuer import Issuer

#: The number of conflicts decided in one transaction.
GROUP: Final = 100


def decide_conflict(
    store: Store, conflict_id: int, first_id: int, choice: ConflictChoice, decision: Decision
) -> DecisionResult:
    """Keep the bill *first_id*, which the person has seen, or replace it by the conflict's bill. Sends the wake-up
    signal after a replacement."""
    with store.writing() as session:
        conflict = session.get(Conflict, conflict_id)
        if conflict is None or conflict.first_id != first_id:
            return "late"
        if choice == "keep":
            return keep_first_bill(session, conflict_id, decision)
        terms = release_terms(session.get_one(Issuer, conflict.issuer_id))
        answer = replace_first_bill(session, store.encryptor, conflict_id, first_id, terms, decision)
    store.wake_up.send()
    return answer


def decide_conflicts_of_feed(
    store: Store, feed_id: int, choice: ConflictChoice, decision: Decision, most: int | None = None
) -> Counter[str]:
    """Decide the open conflicts of one feed, *most* at most; returns how many ended in each result.

    A bill of this very feed is not replaced by another of it, since only a person who looks at both can tell which is
    meant. Such conflicts stay open and are counted as `both_in_feed`.
    """
    answers: Counter[str] = Counter()
    after = 0
    while most is None or answers.total() < most:
        limit = GROUP if most is None else min(GROUP, most - answers.total())
        with store.reading() as session:
            group = waiting_conflicts(session, feed_id=feed_id, after=after, limit=limit)
        if not group:
            break
        answers.update(_decide_group(store, group, choice, decision))
        after = group[-1].id
    store.wake_up.send()
    return answers


def _decide_group(store: Store, group: list[Conflict], choice: ConflictChoice, decision: Decision) -> Counter[str]:
    answers: Counter[str] = Counter()
    with store.writing() as session:
        terms = release_terms(session.get_one(Issuer, group[0].issuer_id))
        for conflict in group:
            if choice == "keep":
                answers[keep_first_bill(session, conflict.id, decision)] += 1
            elif session.get_one(BillRow, conflict.first_id).feed_id == conflict.feed_id:
                answers["both_in_feed"] += 1
            else:
                first_id = conflict.first_id
                answers[replace_first_bill(session, store.encryptor, conflict.id, first_id, terms, decision)] += 1
    return answers


def reject_overdue_conflicts(store: Store, days: int, now: datetime) -> int:
    """Keep the first bill in conflicts that nobody has decided within *days*, and delete their content. Returns how
    many."""
    decision = Decision("road", Reason.of("nobody_decided", days=days), now)
    lapsed = 0
    while True:
        with store.reading() as session:
            overdue = overdue_conflicts(session, now - timedelta(days=days), GROUP)
        if not overdue:
            return lapsed
        with store.writing() as session:
            lapsed += sum(keep_first_bill(session, conflict.id, decision) == "done" for conflict in overdue)
