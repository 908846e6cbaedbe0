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
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from export.e_reporting.daily_operations import DailyOperations
from export.e_reporting.declaration_xml import Declarant, Declaration, write_operations
from export.e_reporting.declared_rows import NotDeclared, declared_rows
from export.e_reporting.reporting_period import ReportingPeriod, period_of
from issuers.e_reporting_terms import EReportingTable, declarant_siren
from issuers.registry import profile_of
from store import Store
from store.bills.bills_by_issue_date import bills_by_issue_date, bills_replaced_by
from store.e_report import EReport, is_bill_released_since, last_report
from store.issuer import Issuer, lock_issuer

#: So many bills that are not declared are named.
MOST_NAMED: Final = 100


class NoEReporting(Exception):  # noqa: N818 - nothing failed: there is nothing to declare
    """The issuer's profile has no table `[e_reporting]`."""


class LeftOut(NamedTuple):
    """A bill that is not declared in sums, and why (`export.e_reporting.declared_rows.Refusal`)."""

    number: str
    why: str


@dataclass
class Tally:
    """How many bills are declared and left out, and the first of the latter."""

    declared: int = 0
    left_out: int = 0
    named: list[LeftOut] = field(default_factory=list)

    def leave_out(self, number: str, why: str) -> None:
        """Count a bill that is not declared."""
        self.left_out += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(LeftOut(number, why))


class Written(NamedTuple):
    """What a declaration came to. *report* is None where it equals the last one and was not written again."""

    report: EReport | None
    tally: Tally


def terms_of(issuer: Issuer) -> EReportingTable:
    """The issuer's terms; raises NoEReporting."""
    terms = profile_of(issuer).e_reporting
    if terms is None:
        raise NoEReporting(issuer.slug)
    return terms


def due_periods(store: Store, issuer: Issuer, today: date) -> Iterator[ReportingPeriod]:
    """The periods of operations that have ended and were never declared, or of which bills came since."""
    terms = terms_of(issuer)
    period = period_of(terms.since, terms.every)
    while period.end < today:
        with store.reading() as session:
            last = last_report(session, issuer.id, "10.3", period.start)
            is_due = last is None or is_bill_released_since(session, issuer.id, period.start, period.end, last.made_at)
        if is_due:
            yield period
        period = period.following


def declare_operations(
    store: Store, issuer: Issuer, period: ReportingPeriod, time_zone: str, now: datetime, by: str
) -> Written:
    """Write flux 10.3 of a period, whole, unless it equals what was declared. A bill released while this runs makes the
    period due again."""
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


def _written(
    store: Store, issuer: Issuer, flux: str, period: ReportingPeriod, compose: Callable[[Declaration], bytes],
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
