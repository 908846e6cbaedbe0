"""Mobile numbers as people type them, and as they are kept: ITU-T E.164, `+33612345678`.

Only numbers of mobile phones in France with its overseas territories, and any of its neighbours in Europe: an SMS to
elsewhere costs many times as much, which is what those live on who ask for codes to numbers of their own.
"""

import re
from typing import Final

#: Calling codes of the European Economic Area, the United Kingdom, Switzerland and Monaco.
EUROPE: Final = (
    "30", "31", "32", "33", "34", "350", "351", "352", "353", "354", "356", "357", "358", "359", "36", "370", "371",
    "372", "377", "385", "386", "39", "40", "41", "420", "421", "423", "43", "44", "45", "46", "47", "48", "49",
)  # fmt: skip
#: Overseas, French mobile numbers have a calling code of their own, which their first digits tell (Arcep).
OVERSEAS: Final = {
    "690": "590", "691": "590", "694": "594", "696": "596", "697": "596", "692": "262", "693": "262", "639": "262",
}  # fmt: skip

_SEPARATORS: Final = re.compile(r"[\s.\-/()\u2010-\u2015]+")
_NATIONAL: Final = re.compile(r"0?([67]\d{8})", re.ASCII)
_FRENCH: Final = re.compile(r"(33|590|594|596|262)0?(\d+)", re.ASCII)
_ELSEWHERE: Final = re.compile(rf"(?!33|590|594|596|262)(?:{'|'.join(EUROPE)})[1-9]\d{{5,11}}", re.ASCII)
_LONGEST: Final = 15
NBSP: Final = "\u00a0"


class NoPhoneNumber(ValueError):  # noqa: N818
    """This cannot be the number of a mobile phone that we send SMS to."""


def read_phone_number(typed: str) -> str:
    """Return a number in E.164. French numbers may be typed as in France (`06 12 34 56 78`), others with `+` or `00`.
    Raises NoPhoneNumber."""
    digits = _SEPARATORS.sub("", typed.strip())
    if digits.startswith(("+", "00")):
        number = _international(digits.removeprefix("+") if digits[0] == "+" else digits[2:])
    else:
        found = _NATIONAL.fullmatch(digits)
        number = _french(found[1]) if found else None
    if number is None or len(number) > _LONGEST:
        raise NoPhoneNumber(typed)
    return f"+{number}"


def _international(digits: str) -> str | None:
    if found := _FRENCH.fullmatch(digits):
        national = _NATIONAL.fullmatch(found[2])
        return _french(national[1]) if national else None
    return digits if _ELSEWHERE.fullmatch(digits) else None


def _french(national: str) -> str:
    return OVERSEAS.get(national[:3], "33") + national


def shown_number(number: str) -> str:
    """Return a number as people write it, on one line: `06 12 34 56 78` for a French one, else `+32 471234567`."""
    for code in ("33", *dict.fromkeys(OVERSEAS.values())):
        if number.startswith(f"+{code}") and len(number) == 10 + len(code):
            national = "0" + number[len(code) + 1 :]
            return NBSP.join(national[at : at + 2] for at in range(0, len(national), 2))
    code = next(each for each in EUROPE if number.startswith(f"+{each}"))
    return f"+{code}{NBSP}{number[len(code) + 1 :]}"
