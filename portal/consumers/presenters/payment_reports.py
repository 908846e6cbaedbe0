"""Who of an account's holders said that a bill is paid, or not: for its page and its history. Pure."""

from collections.abc import Iterable, Mapping

from portal.consumers.presenters.bill_page.bill_timeline import TimelineEntry
from portal.translation import say
from store.bills.bill import BillRow
from store.bills.reported_payment import PaymentReport


def said_by(row: BillRow, reports: Iterable[PaymentReport], me: int, holders: Mapping[int, str]) -> str | None:
    """Returns who said what stands: "" for the reader, another holder's name; None where nobody knows any more."""
    if row.said_paid_at is None:
        return ""
    for each in reports:
        if each.is_paid and each.at == row.said_paid_at:
            return "" if each.consumer_id == me else holders.get(each.consumer_id or 0) or None
    return None


def report_entries(reports: Iterable[PaymentReport], me: int, holders: Mapping[int, str]) -> list[TimelineEntry]:
    """Returns an entry for each word of each holder: all of them see who said what, and who took it back."""
    return [TimelineEntry(each.at, _words(each, me, holders)) for each in reports]


def _words(report: PaymentReport, me: int, holders: Mapping[int, str]) -> str:
    if report.consumer_id == me:
        return say("Payée, avez-vous indiqué") if report.is_paid else say("Pas encore payée, avez-vous indiqué")
    name = holders.get(report.consumer_id or 0) or say("un autre titulaire")
    return say("Payée, selon {name}", name=name) if report.is_paid else say("Pas encore payée, selon {name}", name=name)
