"""Differences to the kept facts, by month and by day, gathered and then added in one go."""

from collections import Counter
from typing import NamedTuple

from sqlalchemy.orm import Session

from adoption.account_day_changes import unpack_changes
from adoption.bill_contribution import daily_measures_of, monthly_measures_of
from store.facts.counted_contribution import AddedByBill
from store.facts.daily_fact import DailyCell, add_daily_steps
from store.facts.monthly_fact import LASTING, Cell, add_steps


class FactSteps(NamedTuple):
    """Differences to the kept facts."""

    monthly: Counter[Cell]
    daily: Counter[DailyCell]

    def keep(self, session: Session) -> None:
        """Add these differences to the kept facts."""
        add_steps(session, self.monthly)
        add_daily_steps(session, self.daily)

    def add_bills(self, bill: AddedByBill, times: int) -> None:
        """Add what a bill adds, so many times: bills of one day mostly add the same."""
        month = bill.day.replace(day=1)
        for measure in monthly_measures_of(bill.figures):
            self.monthly[bill.issuer_id, month, measure] += times
        for measure, value in daily_measures_of(bill):
            self.daily[DailyCell(bill.issuer_id, bill.day, bill.state, bill.arm, measure)] += times * value

    def add_accounts(self, issuer_id: int, arm: str, changes: bytes, times: int) -> None:
        """Add the changes of an issuer's account in this arm, packed, so many times."""
        for change in unpack_changes(changes):
            day, value = change.date, times * change.value
            self.daily[DailyCell(issuer_id, day, change.state, arm, change.measure)] += value
            if change.measure in LASTING:
                self.monthly[issuer_id, day.replace(day=1), change.measure] += value


def no_steps() -> FactSteps:
    """Nothing gathered yet."""
    return FactSteps(Counter(), Counter())
