"""Counts bills again: what each adds now in place of what it added before (decision 0032)."""

from collections import Counter
from collections.abc import Collection
from datetime import tzinfo

from sqlalchemy.orm import Session

from adoption.bill_contribution import bill_figures
from adoption.fact_steps import no_steps
from store.facts.counted_contribution import AddedByBill, CountedAnew, counted_bills, keep_bills


def count_bills(session: Session, bill_ids: Collection[int], zone: tzinfo) -> Collection[CountedAnew]:
    """Count these bills again. Returns those that changed: their accounts may have changed by it."""
    before, now = counted_bills(session, bill_ids), bill_figures(session, bill_ids, zone)
    changed: dict[int, CountedAnew] = {}
    added: Counter[AddedByBill] = Counter()
    for bill_id in sorted(bill_ids):
        old, new = before.get(bill_id), now.get(bill_id)
        if old == new:
            continue
        changed[bill_id] = CountedAnew(old, new)
        if old is not None:
            added[old.what_it_adds()] -= 1
        if new is not None:
            added[new.what_it_adds()] += 1
    keep_bills(session, changed)
    steps = no_steps()
    for bill, times in added.items():
        steps.add_bills(bill, times)
    steps.keep(session)
    return changed.values()
