"""The columns of a sheet of contracts or bills that a figure of adoption counts."""

from bill.decimal_text import amount_text
from export.saved_files.csv_table import Cell
from portal.translation import say
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow


def head_of(*, is_of_bills: bool) -> list[str]:
    """The heads of the columns, in the visitor's language."""
    if is_of_bills:
        return [say("Émetteur"), say("Facture"), say("Nom"), say("Date"), say("Montant"), say("Devise")]
    return [say("Émetteur"), say("Contrat"), say("Titulaire")]


def cells_of(issuer: str, row: CustomerAccount | BillRow) -> list[Cell]:
    """A row under `head_of`, with the name of its issuer."""
    if isinstance(row, CustomerAccount):
        return [issuer, row.number, row.holder]
    amount = amount_text(row.payable, row.currency)
    return [issuer, row.number, row.buyer_name, row.issue_date.isoformat(), amount, row.currency]
