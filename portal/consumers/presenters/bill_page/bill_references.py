"""What a bill refers to: its period, contract, order, project, meter and the bills before it (EN 16931 BT-7 to BT-19,
BG-3, BG-14)."""

from collections.abc import Iterator

from bill import Bill, Period, account_label
from portal.consumers.presenters.bill_page.bill_facts import FactGroup, group_of
from portal.presenters.amounts_and_dates import exact_day
from portal.translation import language, say
from words.bill_term_labels import term_labels
from words.identifier_labels import object_label
from words.printed_bill_labels import bill_labels


def bill_references(bill: Bill) -> list[FactGroup]:
    """Returns one group of references; none for a bill without any."""
    return group_of(term_labels(language()).references, (), _references(bill))


def spell_period(period: Period) -> str:
    """Returns `du 1er octobre 2026 au 31 octobre 2026`, `à partir du 1er octobre 2026`; "" for one without days."""
    labels = bill_labels(language())
    if period.start and period.end:
        return say("du {start} au {end}", start=exact_day(period.start), end=exact_day(period.end))
    if period.start:
        return say_in(labels.begun, exact_day(period.start))
    return say_in(labels.ended, exact_day(period.end)) if period.end else ""


def say_in(label: str, day: str) -> str:
    """Returns a printed label with a day's markup in it."""
    before, _, after = label.partition("{day}")
    return type(day)(before) + day + after


def _references(bill: Bill) -> Iterator[tuple[str, str]]:
    labels, terms = bill_labels(language()), term_labels(language())
    yield labels.period, spell_period(bill.period) if bill.period else ""
    yield account_label("BT-12", language()), bill.contract
    yield account_label("BT-10", language()), bill.buyer_reference
    yield labels.order, bill.order
    yield terms.sales_order, bill.sales_order
    yield terms.project, bill.project
    yield terms.despatch, bill.despatch
    yield terms.receiving, bill.receiving
    yield terms.tender, bill.tender
    if bill.object_id:
        yield object_label(bill.object_id.scheme, language()), bill.object_id.value
    yield terms.accounting, bill.buyer_accounting
    yield terms.tax_point, exact_day(bill.tax_point) if bill.tax_point else ""
    for each in bill.preceding:
        day = exact_day(each.issue_date) if each.issue_date else ""
        yield terms.preceding, say("{number} du {day}", number=each.number, day=day) if day else each.number
