"""Routes of a consumer's years: what all contracts, or one of them, cost and used by month and year, and the figures
as CSV."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill import ZERO, round_money
from bill.metered_period import MeteredPeriod, used_by_month
from export.saved_files.csv_table import Cell
from payments.billed_by_month import MonthlySum, billed_by_month, replaced_bills, summed
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters import year_charts
from portal.consumers.presenters.two_years import TwoYears, a_year_before, consumption, spending
from portal.presenters.csv_export import csv_response
from portal.presenters.file_download import download
from portal.public_id_converter import row_of
from portal.translation import language, say
from store.accounts.consumer import accounts_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill_filter import BillFilter
from store.bills.metered_periods import Meter, metered_periods
from store.issuer import Issuer, issuers_by_id
from words.units_of_measure import unit_word

pages = Blueprint("years", __name__)

#: So many calendar years are shown, this one among them.
YEARS: Final = 6
#: So many contracts are listed, those that cost most this year.
MOST_CONTRACTS: Final = 24


class ContractOfYear(NamedTuple):
    """A contract in the list: what it cost in the year, and what was used."""

    account: CustomerAccount
    issuer: Issuer
    currency: str
    amount: Decimal
    used: Sequence[TwoYears]


@pages.get("/factures/annees")
def show() -> ResponseReturnValue:
    held, account = _held(), _asked_account()
    today, window = app_context.today(), _window()
    sums = _billed(window, account)
    years = sorted({each.month.year for each in sums})
    year = _asked_year(years)
    is_over = year < today.year
    so_far = date(year - 1, 12, 31) if is_over else a_year_before(today)
    before = _billed((date(year - 1, 1, 1), so_far), account)
    contracts = [] if account else _contracts(held, sums, year)
    alone = account or (contracts[0].account if len(contracts) == 1 else None)
    return render_template(
        "consumers/bills/years.html",
        account=account,
        issuer=issuers_by_id(app_context.reading(), {account.issuer_id})[account.issuer_id] if account else None,
        year=year,
        tabs=[(url_for(".show", contrat=account and account.id, annee=n), str(n), n == year) for n in reversed(years)],
        spendings=[spending(sums, before, currency, year, today) for currency in summed(sums)],
        consumptions=_consumptions(alone, year, window[0].year) if alone else [],
        contracts=contracts[:MOST_CONTRACTS] if len(contracts) > 1 else [],
        others=max(len(contracts) - MOST_CONTRACTS, 0),
        charts=year_charts,
    )


@pages.get("/factures/annees.csv")
def sheet() -> ResponseReturnValue:
    """The figures of all years shown: a line for each month, contract and currency or unit."""
    account = _asked_account()
    head = [
        say("Mois"), say("Émetteur"), say("Contrat"), say("Factures"), say("Montant"), say("Devise"),
        say("Consommation"), say("Unité"),
    ]  # fmt: skip
    table = "".join(csv_response(head, _rows(account)))
    return download(table.encode(), f"{say('Dépenses et consommation')}.csv", "text/csv")


def _held() -> dict[int, CustomerAccount]:
    return {each.id: each for each in accounts_of(app_context.reading(), current_user.consumer().id, imported=True)}


def _asked_account() -> CustomerAccount | None:
    """The contract that the address names; None if it names none. One that the consumer does not hold is not there."""
    if not (named := request.args.get("contrat", "")):
        return None
    return _held().get(row_of(named, "account") or 0) or abort(404)


def _asked_year(years: Sequence[int]) -> int:
    """The year that the address names, if there are bills of it; else the last with bills."""
    named = request.args.get("annee", "")
    return next((each for each in years if str(each) == named), max(years, default=app_context.today().year))


def _window() -> tuple[date, date]:
    year = app_context.today().year
    return date(year - YEARS + 1, 1, 1), date(year, 12, 31)


def _billed(days: tuple[date, date], account: CustomerAccount | None) -> list[MonthlySum]:
    only = BillFilter(account_id=account.id if account else None)
    return billed_by_month(app_context.reading(), current_user.consumer().id, days, only)


def _metered(account_ids: Sequence[int], days: tuple[date, date]) -> dict[Meter, list[MeteredPeriod]]:
    session, me = app_context.reading(), current_user.consumer().id
    return metered_periods(session, me, account_ids, days, replaced_bills(session, me, days[0]))


def _consumptions(account: CustomerAccount, year: int, first_year: int) -> list[TwoYears]:
    metered = _metered([account.id], (date(first_year, 1, 1), date(year, 12, 31)))
    return [consumption(periods, unit, year, first_year) for (_, unit), periods in metered.items()]


def _contracts(held: dict[int, CustomerAccount], sums: Sequence[MonthlySum], year: int) -> list[ContractOfYear]:
    """The contracts with bills in these two years, those that cost most this year first."""
    costs: dict[tuple[int, str], dict[int, Decimal]] = {}
    for each in sums:
        if each.month.year in (year - 1, year):
            of_contract = costs.setdefault((each.account_id, each.currency), {})
            of_contract[each.month.year] = of_contract.get(each.month.year, ZERO) + each.amount
    dearest = sorted(costs, key=lambda key: (-costs[key].get(year, ZERO), key))
    listed = [account_id for account_id, _ in dearest[:MOST_CONTRACTS]]
    used: dict[int, list[TwoYears]] = {}
    for (account_id, unit), periods in _metered(listed, (date(year - 1, 1, 1), date(year, 12, 31))).items():
        used.setdefault(account_id, []).append(consumption(periods, unit, year, year - 1))
    issuers = issuers_by_id(app_context.reading(), {each.issuer_id for each in held.values()})
    return [
        ContractOfYear(
            held[account_id], issuers[held[account_id].issuer_id], currency,
            costs[account_id, currency].get(year, ZERO), used.get(account_id, []),
        )
        for account_id, currency in dearest
    ]  # fmt: skip


def _rows(account: CustomerAccount | None) -> Iterator[list[Cell]]:
    held, (first, last) = _held(), _window()
    accounts = [account] if account else list(held.values())
    issuers = issuers_by_id(app_context.reading(), {each.issuer_id for each in accounts})
    billed: dict[tuple[date, int], list[MonthlySum]] = {}
    for each in _billed((first, last), account):
        billed.setdefault((each.month, each.account_id), []).append(each)
    used: dict[tuple[date, int], list[tuple[Decimal, str]]] = {}
    for (account_id, unit), periods in _metered([each.id for each in accounts], (first, last)).items():
        for year in range(first.year, last.year + 1):
            for n, value in enumerate(used_by_month(periods, year), 1):
                if value is not None:
                    quantity = value.normalize(), unit_word(unit, language())
                    used.setdefault((date(year, n, 1), account_id), []).append(quantity)
    for month, account_id in sorted(billed.keys() | used.keys()):
        sums, meters = billed.get((month, account_id), []), used.get((month, account_id), [])
        whose = [f"{month:%Y-%m}", issuers[held[account_id].issuer_id].name, held[account_id].number]
        for n in range(max(len(sums), len(meters))):
            cost: list[Cell] = [sums[n].bills, _cents(sums[n]), sums[n].currency] if n < len(sums) else [None] * 3
            meter: list[Cell] = list(meters[n]) if n < len(meters) else [None] * 2
            yield [*whose, *cost, *meter]


def _cents(each: MonthlySum) -> Decimal:
    return round_money(each.amount, each.currency)
