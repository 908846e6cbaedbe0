"""The payment code on the page: to which of a bill's accounts, in whose name, for what is left to pay."""

from typing import Final

from bill import Bill, CreditTransfer, is_iban, payment_code
from codes import qr
from codes.symbol import Symbol

_AMOUNT: Final = b"\nEUR"


def epc_qr(bill: Bill) -> Symbol | None:
    """The symbol for what is left to pay, or None where nobody should pay by transfer in euros."""
    payload = epc_payload(bill)
    # Whoever pays to an account has the same lines before the amount.
    return None if payload is None else qr.encode(payload, payload.index(_AMOUNT) + len(_AMOUNT))


def epc_payload(bill: Bill) -> bytes | None:
    """The code's payload (`bill.payment_code`): the remaining amount (BT-115), never more, to the first account that
    is a sound IBAN, quoting the bill's number where nothing else is said."""
    transfer = payable_account(bill)
    if transfer is None:
        return None
    reference = bill.payment.remittance or bill.number
    return payment_code(transfer, payee_name(bill, transfer), bill.to_pay, bill.currency, reference)


def payable_account(bill: Bill) -> CreditTransfer | None:
    """The first account of the bill whose IBAN is sound."""
    for transfer in bill.payment.transfers:
        if is_iban(transfer.iban):
            return transfer
    return None


def payee_name(bill: Bill, transfer: CreditTransfer) -> str:
    """In whose name the account is held: as said beside it, else the payee, else the seller."""
    name = transfer.name or (bill.payee.name if bill.payee else "") or bill.seller.name
    return " ".join((name if name.isprintable() else "".join(c if c.isprintable() else " " for c in name)).split())
