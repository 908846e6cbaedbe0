"""Writes a declaration as the XML of flux 10 (DGFiP external specifications, annexe 7 v1.8).

A file has one report: operations (10.3) or payments (10.4). It is whole for its period: a rectifying one (`RE`) takes
the place of the one before.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from export.e_reporting.daily_operations import DayOfOperations
from export.e_reporting.daily_payments import DayOfPayments
from export.e_reporting.reporting_period import ReportingPeriod
from export.xml_text import escaped, figures, figures_of, sent

#: `IN`: the first of its period. `RE`: in the place of those before.
DeclarationType = Literal["IN", "RE"]

_usable_id = re.compile(r"(?! )(?!.*  )[A-Za-z0-9 +_/-]{1,50}(?<! )").fullmatch
_LONGEST_NAME: Final = 99


class Declarant(NamedTuple):
    """The issuer, by its SIREN, and the approved platform that sends for it, by its number (four characters)."""

    siren: str
    name: str
    platform: str
    platform_name: str


class Declaration(NamedTuple):
    """The head of a file. *transmission_id* is unique among all that the platform sends; *made_at* is local time."""

    transmission_id: str
    made_at: datetime
    type_code: DeclarationType
    declarant: Declarant
    period: ReportingPeriod


def write_operations(declaration: Declaration, days: Iterable[DayOfOperations]) -> bytes:
    """Flux 10.3 as UTF-8 XML."""
    return _report(declaration, "TransactionsReport", map(_operations, days), declaration.period)


def write_payments(declaration: Declaration, days: Iterable[DayOfPayments]) -> bytes:
    """Flux 10.4 as UTF-8 XML."""
    return _report(declaration, "PaymentsReport", map(_payments, days), declaration.period)


def _report(declaration: Declaration, report: str, days: Iterable[str], period: ReportingPeriod) -> bytes:
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<Report>', _head(declaration), f"<{report}>",
        _branch("ReportPeriod", _day("StartDate", period.start), _day("EndDate", period.end)),
        *days, f"</{report}></Report>\n",
    ]  # fmt: skip
    return sent(parts)


def _head(declaration: Declaration) -> str:
    if _usable_id(declaration.transmission_id) is None:
        raise ValueError(f"annexe 7, G1.104: {declaration.transmission_id!r} is no id of a transmission")
    who = declaration.declarant
    return _branch(
        "ReportDocument",
        _leaf("Id", declaration.transmission_id),
        _branch("IssueDateTime", _leaf("DateTimeString", f"{declaration.made_at:%Y%m%d%H%M%S}")),
        _leaf("TypeCode", declaration.type_code),
        _party("Sender", "0238", who.platform, who.platform_name, "WK"),
        _party("Issuer", "0002", who.siren, who.name, "SE"),
    )


def _party(tag: str, scheme: str, identifier: str, name: str, role: str) -> str:
    known = f'<Id schemeId="{scheme}">{escaped(identifier)}</Id>'
    return _branch(tag, known, _leaf("Name", name[:_LONGEST_NAME]), _leaf("RoleCode", role))


def _operations(day: DayOfOperations) -> str:
    return _branch(
        "Transactions",
        _day("Date", day.day),
        _leaf("TransactionsCurrency", "EUR"),
        _leaf("CategoryCode", day.category),
        _amount("TaxExclusiveAmount", day.taxable),
        _amount("TaxTotal", day.vat),
        _leaf("TransactionsCount", str(day.bills)),
        *(
            _branch(
                "TaxSubtotal", _leaf("TaxPercent", figures(each.rate)), _amount("TaxableAmount", each.taxable),
                _amount("TaxTotal", each.vat),
            )
            for each in day.rates
        ),
    )  # fmt: skip


def _payments(day: DayOfPayments) -> str:
    sums = (
        _branch("SubTotals", _leaf("TaxPercent", figures(each.rate)), _leaf("CurrencyCode", "EUR"),
                _amount("Amount", each.amount))
        for each in day.rates
    )  # fmt: skip
    return _branch("Transactions", _branch("Payment", _day("Date", day.day), *sums))


def _amount(tag: str, amount: Decimal) -> str:
    return _leaf(tag, f"{amount:.2f}")


def _day(tag: str, day: date) -> str:
    return _leaf(tag, figures_of(day))


def _leaf(tag: str, text: str) -> str:
    return f"<{tag}>{escaped(text)}</{tag}>"


def _branch(tag: str, *children: str) -> str:
    return f"<{tag}>{''.join(children)}</{tag}>"
