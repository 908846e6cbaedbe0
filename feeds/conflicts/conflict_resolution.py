"""Resolve conflicts for portal, API and command line: one, all of a feed, or those that are overdue."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from feeds.conflicts.conflict_decision import (
    ConflictChoice,
    Decision,
    DecisionResult,
    keep_first_bill,
    replace_first_bill,
)
from feeds.release_terms import release_terms
from store import Store
from store.bills.bill import BillRow
from store.feeds.conflict import Conflict, overdue_conflicts, waiting_conflicts
from store.issuer import Issuer

#: Conflicts that end in one transaction.
GROUP: Final = 100


def decide_conflict(
    store: Store, conflict_id: int, first_id: int, ruling: ConflictChoice, word: Decision
) -> DecisionResult:
    """Keep the bill *first_id*, which the person has seen, or put the conflict's bill in its place. The wake-up signal
    is rung where there is something to render."""
    with store.writing() as session:
        conflict = session.get(Conflict, conflict_id)
        if conflict is None or conflict.first_id != first_id:
            return "late"
        if ruling == "keep":
            return keep_first_bill(session, conflict_id, word)
        terms = release_terms(session.get_one(Issuer, conflict.issuer_id))
        answer = replace_first_bill(session, store.sealer, conflict_id, first_id, terms, word)
    store.wake_up.send()
    return answer


def decide_conflicts_of_feed(
    store: Store, feed_id: int, ruling: ConflictChoice, word: Decision, most: int | None = None
) -> Counter[str]:
    """Rule on what waits of one feed (at most so many, where *most* is given); how many ended in each answer.

    A bill that came in this very feed is not replaced by another of it: which of the two is meant, only a person who
    looks at them can say. It is counted as `twins`, and waits.
    """
    answers: Counter[str] = Counter()
    after = 0
    while most is None or answers.total() < most:
        limit = GROUP if most is None else min(GROUP, most - answers.total())
        with store.reading() as session:
            group = waiting_conflicts(session, feed_id=feed_id, after=after, limit=limit)
        if not group:
            break
        answers.update(_rule_on(store, group, ruling, word))
        after = group[-1].id
    store.wake_up.send()
    return answers


def _rule_on(store: Store, group: list[Conflict], ruling: ConflictChoice, word: Decision) -> Counter[str]:
    answers: Counter[str] = Counter()
    with store.writing() as session:
        terms = release_terms(session.get_one(Issuer, group[0].issuer_id))
        for conflict in group:
            if ruling == "keep":
                answers[keep_first_bill(session, conflict.id, word)] += 1
            elif session.get_one(BillRow, conflict.first_id).feed_id == conflict.feed_id:
                answers["twins"] += 1
            else:
                first_id = conflict.first_id
                answers[replace_first_bill(session, store.sealer, conflict.id, first_id, terms, word)] += 1
    return answers


def reject_overdue_conflicts(store: Store, days: int, now: datetime) -> int:
    """Conflicts that nobody has ruled on in so many days: the first bill is kept, and what they held does not stay for
    ever. Returns how many there were."""
    word = Decision("road", f"personne n’a décidé en {days} jours", now)
    lapsed = 0
    while True:
        with store.reading() as session:
            overdue = overdue_conflicts(session, now - timedelta(days=days), GROUP)
        if not overdue:
            return lapsed
        with store.writing() as session:
            lapsed += sum(keep_first_bill(session, conflict.id, word) == "done" for conflict in overdue)
