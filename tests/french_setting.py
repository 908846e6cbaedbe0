"""What is wrong in how a French text is set, so that tests of catalogues, mails and pages ask the same."""

import re
from typing import Final

#: A sign without a space before it, or with one that breaks, or inside « » without one; marks of a typewriter.
_BADLY_SET: Final = re.compile(
    r"[^\s\u00a0\u202f\"{/(:][;:?!»%](?=[\s\u00a0|.]|$)| [:;?!»%]|« |\w'\w|\.\.\.|[“”]",
)
#: A no-break space of the wrong width: narrow before ; ? !, wide before : and % and inside « » (Lexique de l'Imprimerie
#: nationale, CLDR).
_WRONG_WIDTH: Final = re.compile(r"\u00a0[;?!]|\u202f[:%»]|«\u202f")
#: Addresses, blanks of a place before a colon, terms of EN 16931.
_CODE: Final = re.compile(r"https?:|\{[^}]*\}(?=:)|\b(?:BT|BG)-\d+:")


def badly_set(text: str) -> list[str]:
    """Return each place that a compositor would mark, with what stands around it."""
    text = _CODE.sub("", text)
    return [
        text[max(0, found.start() - 12) : found.end() + 6]
        for wrong in (_BADLY_SET, _WRONG_WIDTH)
        for found in wrong.finditer(text)
    ]
