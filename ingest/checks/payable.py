"""What is owed must add up: BR-CO-15 and BR-CO-16 are fatal in either acceptance."""

from bill import ZERO, Bill
from ingest.checks.broken import Broken


def payable(bill: Bill, strict: bool, broken: list[Broken]) -> None:
    """BR-CO-15: with VAT = without VAT + VAT. BR-CO-16: due = with VAT - paid + rounding.

    A total that is absent is not tested. Unless *strict*, the rounding may have been left out of either side, as
    plain UBL does.
    """
    totals = bill.totals
    rounding = ZERO if totals.rounding is None else totals.rounding
    gross = totals.gross
    if gross is None:
        return
    if totals.net is not None and totals.vat is not None:
        due = round(totals.net + totals.vat, 2)
        if gross != due and (strict or gross != due + rounding):
            message = f"the total with VAT is {gross}, but {totals.net} and VAT of {totals.vat} make {due}"
            broken.append(Broken("BR-CO-15", message, "BT-112"))
    due = gross if totals.paid is None else gross - totals.paid
    if totals.payable != due + rounding and (strict or totals.payable != due):
        message = f"the amount due is {totals.payable}, but {gross}, less what is paid, rounded, is {due + rounding}"
        broken.append(Broken("BR-CO-16", message, "BT-115"))
