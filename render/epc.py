"""The payment code on the page: for what is due next, to the account that it is paid to."""

from typing import Final

from bill import AmountDue, payment_code_of
from codes import qr
from codes.symbol import Symbol

_AMOUNT: Final = b"\nEUR"


def epc_qr(due: AmountDue) -> Symbol | None:
    """The symbol for what is due next, or None where nobody should pay by transfer in euros."""
    payload = payment_code_of(due)
    # Whoever pays to an account has the same lines before the amount.
    return None if payload is None else qr.encode(payload, payload.index(_AMOUNT) + len(_AMOUNT))
