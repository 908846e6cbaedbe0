"""Identifiers of payments: tells real ones from what banks write where there is none (`NOTPROVIDED`)."""

import re
from typing import Final

_is_none: Final = re.compile(r"not[ _-]?provided|no(?:n|t)?[ _-]?ref|none|n/?a|[-.0 ]*", re.IGNORECASE).fullmatch


def real_identifier(identifier: str) -> str:
    """The identifier; "" for a placeholder such as `NOTPROVIDED`, `NONREF`, `0`."""
    return "" if _is_none(identifier) else identifier
