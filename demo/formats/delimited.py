"""Writes bills as a delimited file of an old billing system: a row for each line, decimal commas, semicolons.

`demo/issuers/mobile-plus.toml` maps the headings to terms.
"""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from bill import GROUP, Bill, Line, Period

ENCODING: Final = "cp1252"
HEADINGS: Final = (
    "Facture", "Date", "Echeance", "Type", "Client", "Ligne", "Nom", "Rue", "Complement", "Code postal", "Ville",
    "Pays", "Du", "Au", "Total HT", "TVA", "Total TTC", "A payer", "Mode", "Mandat", "ICS", "IBAN client", "IBAN",
    "Titulaire", "BIC", "Rang", "Libelle", "Detail", "Quantite", "Unite", "Prix", "Montant HT", "Categorie TVA",
    "Taux TVA", "Base TVA", "Rubrique",
)  # fmt: skip


def rows(bills: Iterable[Bill]) -> bytes:
    """Return the file: headings, then the rows of each bill."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for bill in bills:
        head = _head(bill)
        writer.writerows([*head, *_line(bill, line)] for line in bill.lines)
    return text.getvalue().encode(ENCODING)


def _head(bill: Bill) -> list[str]:
    """Return the columns that every row of a bill repeats."""
    buyer, totals, payment = bill.buyer, bill.totals, bill.payment
    address, period = buyer.address, bill.period or Period()
    transfer = payment.transfers[0] if payment.transfers else None
    return [
        bill.number, _day(bill.issue_date), _day(bill.due_date), bill.type_code, buyer.identifiers[0].value,
        bill.object_id.value if bill.object_id else "", buyer.name, address.line1, address.line2, address.postcode,
        address.city, address.country, _day(period.start), _day(period.end), _amount(totals.net),
        _amount(totals.vat), _amount(totals.gross), _amount(totals.payable), payment.means_code, payment.mandate,
        payment.creditor_id, payment.debited_iban, transfer.iban if transfer else "", transfer.name if transfer else "",
        transfer.bic if transfer else "",
    ]  # fmt: skip


def _line(bill: Bill, line: Line) -> list[str]:
    """Return the columns of one line. The VAT base is the bill's, which has a single rate."""
    return [
        line.id, line.name, line.description, _amount(line.quantity), line.unit, _amount(line.net_price),
        _amount(line.net_amount), line.vat_category, _amount(line.vat_rate), _amount(bill.vat[0].taxable),
        next((attribute.value for attribute in line.attributes if attribute.name == GROUP), ""),
    ]  # fmt: skip


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%d/%m/%Y}"


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}".replace(".", ",")
