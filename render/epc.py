"""The payment code on the page: for what is due next, to the account that it is paid to."""

from bill import AmountDue, payment_code_of
from codes import qr
from codes.symbol import Symbol


def epc_qr(due: AmountDue) -> Symbol | None:
    """The symbol for what is due next, or None where nobody should pay by transfer in euros."""
    payload = payment_code_of(due)
    return None if payload is None else qr.encode(payload)
