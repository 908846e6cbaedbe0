"""The totals of a bill's page, under the labels that its PDF has, its VAT by category, and what is said of it."""

from decimal import Decimal
from typing import NamedTuple

from bill import Bill, VatBreakdown, settled_amounts
from portal.consumers.presenters.bill_page.line_details import spell_change
from portal.presenters.amounts_and_dates import money, number
from portal.translation import language, say
from words.bill_term_labels import term_labels
from words.number_form import number_form
from words.printed_bill_labels import bill_labels
from words.vat_reasons import exemption_reason, vat_category_word


class TotalRow(NamedTuple):
    """A row of the totals, in the bill's currency."""

    label: str
    amount: Decimal


class VatRow(NamedTuple):
    """A VAT category and rate (BG-23): what it is called, and its amounts as sent."""

    label: str
    taxable: Decimal | None
    vat: Decimal | None


def totals_above(bill: Bill) -> list[TotalRow]:
    """Returns the rows above the amount due: they add up to it, from the net total on. Before it stand the lines'
    total and what the whole bill's allowances and charges make of it."""
    totals, labels = bill.totals, bill_labels(language())
    rows = _before_net(bill)
    rows += [TotalRow(labels.net, totals.net)] if totals.net is not None else []
    rows += _vat_totals(bill)
    if totals.gross is not None and totals.gross != totals.payable:
        rows.append(TotalRow(labels.gross, totals.gross))
    rows += [TotalRow(getattr(labels, kind), amount) for kind, amount in settled_amounts(bill)]
    others = ((labels.third_party, totals.third_party), (labels.rounding, totals.rounding))
    return rows + [TotalRow(label, amount) for label, amount in others if amount]


def rate(percent: Decimal) -> str:
    """Returns a rate: `5,5 %`."""
    return number(percent) + number_form(language()).percent


def vat_table(bill: Bill) -> list[VatRow]:
    """Returns the VAT by category and rate where there are several; one alone is said in the totals."""
    if len(bill.vat) < 2:
        return []
    return [VatRow(_vat_category(part), part.taxable, part.vat) for part in bill.vat]


def _before_net(bill: Bill) -> list[TotalRow]:
    totals, terms = bill.totals, term_labels(language())
    if not (bill.allowances_charges or totals.allowances or totals.charges):
        return []
    rows = [TotalRow(terms.lines_total, totals.lines)] if totals.lines is not None else []
    if bill.allowances_charges:
        changes = bill.allowances_charges
        return rows + [
            TotalRow(spell_change(each, bill.currency), each.amount if each.is_charge else -each.amount)
            for each in changes
        ]
    rows += [TotalRow(terms.allowances_total, -totals.allowances)] if totals.allowances else []
    return rows + ([TotalRow(terms.charges_total, totals.charges)] if totals.charges else [])


def _vat_totals(bill: Bill) -> list[TotalRow]:
    """Returns the row of the only VAT category, else that of the whole VAT."""
    if len(bill.vat) == 1:
        return [TotalRow(_vat_label(part, bill.currency), part.vat) for part in bill.vat if part.vat is not None]
    stated = [part.vat for part in bill.vat if part.vat is not None]
    vat = bill.totals.vat if bill.totals.vat is not None or not stated else sum(stated, Decimal(0))
    return [] if vat is None else [TotalRow(bill_labels(language()).vat, vat)]


def _vat_category(part: VatBreakdown) -> str:
    """Returns `20 %`, `exonéré`, `7 % IGIC`."""
    word = vat_category_word(part.category, language())
    if word and not part.rate:
        return word
    return f"{rate(part.rate or Decimal(0))} {word}".strip()


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
