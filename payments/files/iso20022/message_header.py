"""Reads a message's header (`GrpHdr`): its id and its moment."""

from payments.files.iso20022.elements import Element, text
from payments.files.iso20022.moments import read_moment
from payments.files.payment_file import PaymentFile


def read_message_header(element: Element, file: PaymentFile) -> None:
    """Set the file's message id and moment."""
    file.message_id = text(element, "MsgId")
    file.created_at = read_moment(element, "CreDtTm")
