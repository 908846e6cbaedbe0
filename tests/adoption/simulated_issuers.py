"""Five issuers simulated account by account: how their share without paper grew, month by month."""

from datetime import date
from random import Random
from typing import NamedTuple

from sqlalchemy.orm import Session

from adoption.calendar_months import earlier
from adoption.forecast.share_history import MonthShare
from store.facts.monthly_fact import FactStep

BEGIN = date(2023, 1, 1)


class Simulated(NamedTuple):
    """An issuer whose accounts change by themselves (*alone*, a month) and because others did (*others*); some change
    back. *begins* is its share at the beginning."""

    seed: int
    accounts: int
    months: int
    alone: float
    others: float
    most: float
    begins: float = 0.0
    back: float = 0.0

    def history(self) -> list[MonthShare]:
        chance = Random(self.seed)
        can, paperless = round(self.accounts * self.most), round(self.accounts * self.begins)
        months = []
        for n in range(self.months):
            months.append(MonthShare(earlier(BEGIN, -n), paperless / self.accounts, self.accounts))
            part = self.alone + self.others * paperless / can
            paperless += _some(chance, can - paperless, part) - _some(chance, paperless, self.back)
        return months


def _some(chance: Random, of: int, part: float) -> int:
    """How many of these do it, each with the same probability: by the normal approximation, which many allow."""
    return min(max(round(chance.gauss(of * part, (of * part * (1 - part)) ** 0.5)), 0), of)


FIVE = {
    "telephone, quick": Simulated(1, 200_000, 36, 0.004, 0.12, 0.55, begins=0.02),
    "water, a bill a quarter": Simulated(2, 20_000, 48, 0.006, 0.09, 0.4, back=0.001),
    "insurance, a bill a year": Simulated(3, 8_000, 36, 0.01, 0.03, 0.5, begins=0.1, back=0.002),
    "a town, few accounts": Simulated(4, 900, 40, 0.005, 0.15, 0.6, back=0.001),
    "slow": Simulated(5, 60_000, 60, 0.001, 0.07, 0.35, begins=0.05, back=0.001),
}


def keep_months(session: Session, issuer_id: int, history: list[MonthShare], bills_every: int = 1) -> None:
    """Keep these months as counted facts, with bills in the last month and each *bills_every* months before it: to
    half of those without paper, who read six of ten of them in time; the others were posted."""
    before: dict[str, int] = {}
    for n, (month, share, accounts) in enumerate(history):
        paperless = round(share * accounts)
        now = {"accounts": accounts, "enrolled": min(accounts, paperless * 5 // 4), "paperless": paperless}
        added = {name: value - before.get(name, 0) for name, value in now.items()}
        if (len(history) - 1 - n) % bills_every == 0:
            presented = paperless // 2
            added |= {
                "bills": accounts,
                "presented": presented,
                "read7": presented * 3 // 5,
                "letters_saved": presented,
            }
        for name, value in added.items():
            if value:
                session.add(FactStep(issuer_id=issuer_id, month=month, measure=name, value=value))
        before = now
