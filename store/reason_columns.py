"""The two columns in which a row keeps a reason: its code, which is counted and searched, and its values."""

from typing import Final

from bill import Reason

#: Longest code of a reason.
CODE_LENGTH: Final = 40


def reason_columns(reason: Reason) -> dict[str, object]:
    """The reason as column values, for rows that are inserted in bulk."""
    return {"reason_code": reason.code, "reason_values": reason.values}
