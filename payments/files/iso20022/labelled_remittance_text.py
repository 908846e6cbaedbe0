"""Reads free text in which a bank has labelled the parts: `EREF+… SVWZ+…` (Germany, Austria), `/EREF/…/REMI/…`
(the Netherlands)."""

import re
from typing import Final

_PLUS: Final = re.compile(r"(?<![A-Z])(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
_SLASHES: Final = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|ISDT|ORDP|BENM|CNTP|RTRN|ULTD|ULTC|PURP|PREF|SVCL)/"
)
#: The labels of both kinds -> one name.
_NAMES: Final = {"MARF": "MREF", "REMI": "SVWZ"}
#: `/REMI/` says before its text whether that is structured.
_inner: Final = re.compile(r"(?:USTD/*|STRD/(?:CUR|ISO|SCOR)?/?)").match


def labelled_parts(text: str) -> dict[str, str]:
    """The parts by label (`EREF`, `MREF`, `SVWZ`, `IBAN`, `RTRN`, `NAME`); empty when the text has no labels."""
    if _PLUS.match(text) or "SVWZ+" in text:
        return _parts(text, _PLUS)
    if _SLASHES.match(text):
        return _parts(text, _SLASHES)
    return {}


def _parts(text: str, labels: re.Pattern[str]) -> dict[str, str]:
    pieces = labels.split(text)
    found = {_NAMES.get(label, label): part for label, part in zip(pieces[1::2], pieces[2::2], strict=True)}
    if labels is _SLASHES and (inner := _inner(found.get("SVWZ", ""))):
        found["SVWZ"] = found["SVWZ"][inner.end() :]
    return {label: stripped for label, part in found.items() if (stripped := part.strip(" /"))}
