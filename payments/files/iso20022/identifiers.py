"""Identifiers of payments: what stands for "none" is none."""

import re
from typing import Final

_is_none: Final = re.compile(r"not[ _-]?provided|no(?:n|t)?[ _-]?ref|none|n/?a|[-.0 ]*", re.IGNORECASE).fullmatch


def told(identifier: str) -> str:
    """The identifier; "" for what banks write where there is none (`NOTPROVIDED`, `NONREF`)."""
    return "" if _is_none(identifier) else identifier
