"""The QR code for paying by SEPA transfer (EPC069-12), for the amount that is due next."""

from bill import AmountDue, payment_code_of
from render.codes import qr_code
from render.codes.module_grid import ModuleGrid


def payment_qr_code(due: AmountDue) -> ModuleGrid | None:
    """Return the QR code of the amount due next, or None where no transfer in euros is asked for."""
    payload = payment_code_of(due)
    return None if payload is None else qr_code.encode(payload)
