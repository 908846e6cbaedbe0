"""The lines of a bill as CSV, with what is added to them, so that one column adds up to what the bill asks."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from bill import ZERO, AllowanceCharge, Bill, Placed, outline, settled_amounts
from export.saved_files.csv_table import Cell
from portal.consumers.presenters.bill_page.quantity_units import unit_name
from portal.presenters.csv_export import csv_response
from portal.translation import language, say
from words.printed_bill_labels import bill_labels


def bill_lines_csv(bill: Bill, units: Mapping[str, str]) -> bytes:
    """Returns the table in UTF-8: a row a line, then allowances, charges, VAT, what was paid before, the amount to pay.
    *units* are the issuer's own names of units.

    Rows of a kind in brackets repeat what others say (a detail inside a line, the amount to pay): without them the
    column of amounts adds up to the amount to pay. A row `autre` bears what the bill itself does not explain.
    """
    head = [
        say("Nature"), say("Ligne"), say("Désignation"), say("Du"), say("Au"), say("Quantité"), say("Unité"),
        say("Prix unitaire"), say("Prix pour"), say("Montant"), say("Devise"), say("Taux de TVA"),
        say("Compteur ou ligne"),
    ]  # fmt: skip
    return "".join(csv_response(head, _rows(bill, units))).encode()


def _rows(bill: Bill, units: Mapping[str, str]) -> Iterator[list[Cell]]:
    left = bill.totals.payable
    for placed in outline(bill.lines):
        left -= (placed.line.net_amount or ZERO) if placed.counts else ZERO
        yield _line(placed, bill, units)
    for kind, what, amount, rate in _added(bill):
        left -= amount
        yield _sum(kind, what, amount, bill.currency, rate)
    if left:
        yield _sum(say("autre"), say("Ce que la facture ne détaille pas"), left, bill.currency)
    yield _sum(say("(total)"), say("À payer"), bill.totals.payable, bill.currency)


def _line(placed: Placed, bill: Bill, units: Mapping[str, str]) -> list[Cell]:
    line = placed.line
    period = line.period
    return [
        say("ligne") if placed.counts else say("(dont)"),
        line.id,
        line.name or line.description or line.note,
        period.start.isoformat() if period and period.start else None,
        period.end.isoformat() if period and period.end else None,
        line.quantity,
        unit_name(line.unit, ZERO if line.quantity is None else line.quantity, units),
        line.net_price,
        line.price_base,
        line.net_amount,
        bill.currency,
        line.vat_rate,
        line.object_id.value if line.object_id else None,
    ]


def _added(bill: Bill) -> Iterator[tuple[str, str, Decimal, Decimal | None]]:
    """Yields what is added to the lines: kind, words, signed amount, rate."""
    totals = bill.totals
    for each in bill.allowances_charges:
        yield _change(each)
    for part in bill.vat:
        if part.vat:
            yield say("TVA"), "", part.vat, part.rate
    labels = bill_labels(language())
    for kind, amount in settled_amounts(bill):
        yield say("solde"), getattr(labels, kind), amount, None
    for label, others in ((labels.third_party, totals.third_party), (labels.rounding, totals.rounding)):
        if others:
            yield say("solde"), label, others, None


def _change(change: AllowanceCharge) -> tuple[str, str, Decimal, Decimal | None]:
    kind, sign = (say("frais"), 1) if change.is_charge else (say("remise"), -1)
    return kind, change.reason, sign * change.amount, change.vat_rate


def _sum(kind: str, what: str, amount: Decimal, currency: str, rate: Decimal | None = None) -> list[Cell]:
    return [kind, None, what, None, None, None, None, None, None, amount, currency, rate, None]
