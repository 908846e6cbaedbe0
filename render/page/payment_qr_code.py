"""The payment code on the page: for what is due next, to the account that it is paid to."""

from bill import AmountDue, payment_code_of
from render.codes import qr_code
from render.codes.module_grid import ModuleGrid


def payment_qr_code(due: AmountDue) -> ModuleGrid | None:
    """The symbol for what is due next, or None where nobody should pay by transfer in euros."""
    payload = payment_code_of(due)
    return None if payload is None else qr_code.encode(payload)
