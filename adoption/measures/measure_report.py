"""Measures as the API tells them to an issuer's programs: with their definitions, in English."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from sqlalchemy.orm import Session

from adoption.costs.ledger import prices_of
from adoption.measures.daily_facts import counts_of_days
from adoption.measures.measure import Counts, Measure, MeasureKind, Unit
from adoption.measures.month_measures import plain_number
from adoption.measures.registry import MEASURES
from bill.json_values import Count, Day, says
from issuers.registry import profile_of
from store.issuer import Issuer
from words.catalogue import sentence


class MeasureReport(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of adoption with its definition."""

    measure: Annotated[str, says("Its code, which stays.")]
    name: str
    formula: Annotated[str, says("What is counted, over what.")]
    kind: Annotated[
        MeasureKind,
        says(
            "`level`: contracts as they stand when the last day ends. `issued`: of the bills issued on the days, "
            "whatever day things happen to them. `act`: what was done on the days."
        ),
    ]
    unit: Annotated[Unit, says("`share` is from 0 to 1, `g` grams of CO2.")]
    source: Annotated[str | None, says("Whose definition it is; null where it is a plain count.")]
    value: Annotated[float | None, says("Null where nothing can be said: a share of no bills.")]
    parts: Annotated[
        dict[str, Count] | None, says("Each reason apart, by its code, of what is counted by reason; else null.")
    ]


class AdoptionReport(msgspec.Struct, frozen=True, kw_only=True):
    """Every measure of some days. Those whose bills may still be read, paid or printed are not final."""

    first: Day = msgspec.field(name="from")
    last: Day = msgspec.field(name="to")
    measures: Annotated[list[MeasureReport], says("In the order of the documentation.")]


def adoption_report(
    session: Session, issuer: Issuer, first: date, last: date, codes: Collection[str]
) -> AdoptionReport:
    """These measures of an issuer on these days together, at its own prices."""
    counts = counts_of_days(session, [issuer.id], first, last, codes)[issuer.id]
    prices = prices_of(profile_of(issuer))
    told = [_report(each, each.value(counts, prices), counts) for each in map(MEASURES.__getitem__, codes)]
    return AdoptionReport(first=first.isoformat(), last=last.isoformat(), measures=told)


def _report(measure: Measure, value: Decimal | None, counts: Counts) -> MeasureReport:
    return MeasureReport(
        measure=measure.code, name=sentence(measure.name, "en"), formula=sentence(measure.formula, "en"),
        kind=measure.kind, unit=measure.unit, source=measure.source or None,
        value=None if value is None else plain_number(value),
        parts=measure.parts(counts) if measure.is_by_reason else None,
    )  # fmt: skip
