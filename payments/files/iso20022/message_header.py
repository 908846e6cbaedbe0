"""Reads a message's header (`GrpHdr`): its id and its moment."""

from datetime import datetime

from payments.files.iso20022.dates import read_moment
from payments.files.iso20022.elements import Element, text
from payments.files.payment_file import PaymentFile


def read_message_header(element: Element, file: PaymentFile) -> datetime | None:
    """Return the message's moment. The file gets it and the message's id; a ZIP has those of its first message."""
    created_at = read_moment(element, "CreDtTm")
    file.message_id = file.message_id or text(element, "MsgId")
    file.created_at = file.created_at or created_at
    return created_at
