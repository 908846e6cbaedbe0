"""Recognises a payment file by its first bytes, never by its name."""

import re
from typing import Final

#: The element that holds each message -> the message's name (ISO 20022).
_MESSAGES: Final = {
    "BkToCstmrAcctRpt": "camt.052",
    "BkToCstmrStmt": "camt.053",
    "BkToCstmrDbtCdtNtfctn": "camt.054",
    "CstmrPmtStsRpt": "pain.002",
    "CstmrDrctDbtInitn": "pain.008",
}


def detect_payment_format(head: bytes) -> str | None:
    """The message's name, with its version where the file tells it (`camt.054.001.08`, else `camt.054`); None when this
    is no payment file. *head* is the beginning of the file, some kilobytes."""
    text = head.decode("utf-8", "ignore")
    element = next((name for name in _MESSAGES if re.search(rf"<(?:[\w.-]+:)?{name}[\s>]", text)), None)
    if element is None:
        return None
    version = re.search(rf"{re.escape(_MESSAGES[element])}\.\d{{3}}\.\d{{2}}", text)
    return version[0] if version else _MESSAGES[element]
