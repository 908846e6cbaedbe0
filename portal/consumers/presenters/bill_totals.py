"""The totals of a bill's page, under the labels that its PDF has, and what is said of its VAT."""

from decimal import Decimal
from typing import NamedTuple

from bill import Bill, VatBreakdown, settled_amounts
from portal.presenters.amounts_and_dates import money, number
from portal.translation import language, say
from words.printed_bill_labels import bill_labels
from words.vat_reasons import exemption_reason, vat_category_word


class TotalRow(NamedTuple):
    """A row of the totals, in the bill's currency."""

    label: str
    amount: Decimal


def totals_above(bill: Bill) -> list[TotalRow]:
    """Returns the rows above the amount due: they add up to it."""
    totals, labels = bill.totals, bill_labels(language())
    rows = [TotalRow(labels.net, totals.net)] if totals.net is not None else []
    rows += [TotalRow(_vat_label(part, bill.currency), part.vat) for part in bill.vat if part.vat is not None]
    if totals.gross is not None and totals.gross != totals.payable:
        rows.append(TotalRow(labels.gross, totals.gross))
    rows += [TotalRow(getattr(labels, kind), amount) for kind, amount in settled_amounts(bill)]
    others = ((labels.third_party, totals.third_party), (labels.rounding, totals.rounding))
    return rows + [TotalRow(label, amount) for label, amount in others if amount]


def vat_notes(bill: Bill) -> list[str]:
    """Returns why no VAT is due, and the VAT in its own currency, which is part of no sum (BT-111)."""
    reasons = (
        exemption_reason(part.exemption_reason, part.exemption_code, part.category, language()) for part in bill.vat
    )
    notes = [reason for reason in dict.fromkeys(reasons) if reason]
    if bill.totals.vat_in_vat_currency is not None and bill.vat_currency not in ("", bill.currency):
        labels, amount = bill_labels(language()), money(bill.totals.vat_in_vat_currency, bill.vat_currency)
        notes.append(labels.vat_in.format(currency=bill.vat_currency) + labels.colon + amount)
    return notes


def _vat_label(part: VatBreakdown, currency: str) -> str:
    """Returns `TVA 20 % sur 100,00 €`, `TVA, exonéré`."""
    word = vat_category_word(part.category, language())
    if word and not part.rate:
        return f"{bill_labels(language()).vat}, {word}"
    if part.rate is None or part.taxable is None:
        return bill_labels(language()).vat
    return say("TVA {rate} % sur {base}", rate=number(part.rate), base=money(part.taxable, currency))
