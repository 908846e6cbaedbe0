"""Declares an issuer's operations with consumers and their payments (CGI art. 290, 290 A): a whole file a flux and
period.

A period is declared when it has ended, and again when something of it came later. What is not declared in sums is
counted and named, never passed over.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bill import Bill
from export.e_reporting.daily_operations import DailyOperations
from export.e_reporting.daily_payments import DailyPayments
from export.e_reporting.declaration_xml import Declarant, Declaration, write_operations, write_payments
from export.e_reporting.declared_rows import NotDeclared, declared_rows
from export.e_reporting.reporting_period import ReportingPeriod, period_of
from issuers.e_reporting_terms import EReportingTable, declarant_siren
from issuers.registry import profile_of
from store import Store
from store.bills.bills_by_issue_date import bills_by_issue_date, bills_replaced_by
from store.e_report import EReport, Flux, has_bill_come_since, last_report
from store.issuer import Issuer, lock_issuer
from store.payments.payments_by_booking_date import has_payment_changed_since, parts_by_booking_date

#: So many bills that are not declared are named.
MOST_NAMED: Final = 100


class NoEReporting(Exception):  # noqa: N818 - nothing failed: there is nothing to declare
    """The issuer's profile has no table `[e_reporting]`."""


class LeftOut(NamedTuple):
    """A bill that is not declared in sums, and why (`export.e_reporting.declared_rows.Refusal`); or a day of which more
    went back than came (`gone_back`)."""

    number: str
    why: str


@dataclass
class Tally:
    """How many bills, or parts of payments, are declared and left out, and the first of the latter."""

    declared: int = 0
    left_out: int = 0
    named: list[LeftOut] = field(default_factory=list)

    def leave_out(self, number: str, why: str) -> None:
        """Count a bill that is not declared."""
        self.left_out += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(LeftOut(number, why))


class Written(NamedTuple):
    """What a declaration came to. *report* is None where it says what the last one says, and was not written again."""

    report: EReport | None
    tally: Tally


def terms_of(issuer: Issuer) -> EReportingTable:
    """The issuer's terms; raises NoEReporting."""
    terms = profile_of(issuer).e_reporting
    if terms is None:
        raise NoEReporting(issuer.slug)
    return terms


class DuePeriod(NamedTuple):
    """A period that is to be declared."""

    flux: Flux
    period: ReportingPeriod


def due_periods(store: Store, issuer: Issuer, today: date) -> Iterator[DuePeriod]:
    """The periods that have ended and were never declared, or of which something came since."""
    terms = terms_of(issuer)
    yield from _due(store, issuer, "10.3", period_of(terms.since, terms.every), today)
    if terms.are_payments_declared:
        yield from _due(store, issuer, "10.4", period_of(terms.since, "month"), today)


def _due(store: Store, issuer: Issuer, flux: Flux, first: ReportingPeriod, today: date) -> Iterator[DuePeriod]:
    has_changed = has_bill_come_since if flux == "10.3" else has_payment_changed_since
    period = first
    while period.end < today:
        with store.reading() as session:
            last = last_report(session, issuer.id, flux, period.start)
        if last is None or has_changed(store, issuer.id, period.start, period.end, last.made_at):
            yield DuePeriod(flux, period)
        period = period.following


def declare(store: Store, issuer: Issuer, due: DuePeriod, time_zone: str, now: datetime, by: str) -> Written:
    """Write the declaration of a period, whole, unless it says what was declared. What comes while this runs makes the
    period due again."""
    write = _declare_operations if due.flux == "10.3" else _declare_payments
    return write(store, issuer, due.period, time_zone, now, by)


def _declare_operations(
    store: Store, issuer: Issuer, period: ReportingPeriod, time_zone: str, now: datetime, by: str
) -> Written:
    supply = terms_of(issuer).supply
    sums, tally = DailyOperations(), Tally()
    for row in bills_by_issue_date(store, issuer.id, period.start, period.end):
        try:
            sums.add(row.issue_date, declared_rows(row.bill, supply))
        except NotDeclared as refusal:
            tally.leave_out(row.number, refusal.refusal)
            continue
        tally.declared += 1
        for replaced in bills_replaced_by(store, row):
            with suppress(NotDeclared):  # what was never declared needs not be taken back
                sums.take_back(row.issue_date, declared_rows(replaced.bill, supply))
    days = sums.days()
    return Written(
        _written(store, issuer, "10.3", period, lambda head: write_operations(head, days), tally, time_zone, now, by),
        tally,
    )  # fmt: skip


def _declare_payments(
    store: Store, issuer: Issuer, period: ReportingPeriod, time_zone: str, now: datetime, by: str
) -> Written:
    supply = terms_of(issuer).supply
    sums, tally = DailyPayments(), Tally()
    for part in parts_by_booking_date(store, issuer.id, period.start, period.end):
        bill = part.bill.bill
        try:
            rows = declared_rows(bill, supply)
        except NotDeclared as refusal:
            tally.leave_out(bill.number, refusal.refusal)
            continue
        tally.declared += 1
        sums.add(part.day, part.amount, rows, _gross(bill))
    for day in sums.gone_back():
        tally.leave_out(day.day.isoformat(), "gone_back")
    days = sums.days()
    return Written(
        _written(store, issuer, "10.4", period, lambda head: write_payments(head, days), tally, time_zone, now, by),
        tally,
    )  # fmt: skip


def _gross(bill: Bill) -> Decimal:
    """The bill's total with VAT, negative for a credit note, as its rows are."""
    billed = bill.totals.payable if bill.totals.gross is None else bill.totals.gross
    return -billed if bill.is_credit_note else billed


def _written(
    store: Store, issuer: Issuer, flux: Flux, period: ReportingPeriod, compose: Callable[[Declaration], bytes],
    tally: Tally, time_zone: str, now: datetime, by: str,
) -> EReport | None:  # fmt: skip
    """Keep the file and its row, as the next version of its period; None where it says what the last one says."""
    declarant = _declarant(issuer)
    plain = Declaration("0", datetime(2000, 1, 1, tzinfo=UTC), "IN", declarant, period)
    content_sha256 = hashlib.sha256(compose(plain)).hexdigest()
    with store.reading() as session:
        last = last_report(session, issuer.id, flux, period.start)
    if last is not None and last.content_sha256 == content_sha256:
        return None
    report = EReport(
        issuer_id=issuer.id, flux=flux, start=period.start, end=period.end,
        version=1 if last is None else last.version + 1, made_at=now, made_by=by, declared=tally.declared,
        left_out=tally.left_out, content_sha256=content_sha256,
    )  # fmt: skip
    report.transmission_id = _transmission_id(declarant.siren, issuer.slug, report, period)
    head = Declaration(
        report.transmission_id, now.astimezone(ZoneInfo(time_zone)), report.type_code, declarant, period
    )  # fmt: skip
    report.sha256 = store.blobs.put(compose(head))
    with store.writing() as session:
        lock_issuer(session, issuer.id)
        session.add(report)
    return report


def _declarant(issuer: Issuer) -> Declarant:
    profile, terms = profile_of(issuer), terms_of(issuer)
    siren = declarant_siren(terms, profile.own_ids)
    return Declarant(siren, profile.name or issuer.name, terms.platform, terms.platform_name or terms.platform)


def _transmission_id(siren: str, slug: str, report: EReport, period: ReportingPeriod) -> str:
    """Unique among all issuers, also of those with one SIREN: at most fifty characters (annexe 7, G1.104)."""
    whose = hashlib.sha256(slug.encode()).hexdigest()[:8]
    return f"{siren}-{report.flux.replace('.', '')}-{period.name}-{report.version}-{whose}"
