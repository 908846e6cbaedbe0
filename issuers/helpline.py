"""The telephone number on which an issuer answers its customers, and its hours, as the profile has them."""

import re
from datetime import time
from typing import Final, Literal, NamedTuple

from issuers.profile_section import ProfileError, Section
from store.accounts.phone_number import OVERSEAS

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SEPARATORS: Final = re.compile(r"[\s.\-/()\u2010-\u2015\u202f]+")
_FRENCH: Final = re.compile(r"(?:0|(?:\+|00)330?)([1-9]\d{8})", re.ASCII)
_ABROAD: Final = re.compile(r"(?:\+|00)(?!33)([1-9]\d{6,13})", re.ASCII)
_SHORT: Final = re.compile(r"1\d{3}|3\d{3}", re.ASCII)
#: Overseas, French numbers have a calling code of their own, which their first digits tell (Arcep).
_OVERSEAS: Final = OVERSEAS | {
    "262": "262", "263": "262", "269": "262", "590": "590", "594": "594", "596": "596",
}  # fmt: skip
_FRENCH_CODES: Final = tuple(f"+{code}" for code in ("33", *_OVERSEAS.values()))
#: Free of charge, by the French numbering plan (Arcep, décision no 2022-1583).
_FREE: Final = re.compile(r"80[0-5]\d{6}|3[01]\d\d", re.ASCII)
#: Its caller pays more than for the call.
_SURCHARGED: Final = re.compile(r"(?:81|82|89)\d{7}", re.ASCII)
_HOURS: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)", re.ASCII)

#: What a call costs. `""`: not known (a short number, or one abroad).
CallCost = Literal["free", "not_surcharged", ""]


class OpeningHours(NamedTuple):
    """Hours of each day from *first* to *last* (0 is Monday), local time. They end on the same day."""

    first: int
    last: int
    opens: time
    closes: time


class HelplineTable(Section, frozen=True):
    """Where customers call: a number as people write it, and hours such as `mon-fri 9:00-18:00`; no hours, no words
    about them. On public holidays nobody answers."""

    phone: str
    hours: tuple[str, ...] = ()

    @property
    def dialled(self) -> str:
        """The number as telephones take it: `+33969321515`, or `3900`."""
        return read_helpline_number(self.phone)

    @property
    def cost(self) -> CallCost:
        """What a call to it costs, as the number tells."""
        number = self.dialled.removeprefix("+33")
        if _FREE.fullmatch(number):
            return "free"
        return "not_surcharged" if self.dialled.startswith(_FRENCH_CODES) else ""

    @property
    def opening_hours(self) -> tuple[OpeningHours, ...]:
        """The hours, in the profile's order."""
        return tuple(read_opening_hours(each) for each in self.hours)


def check_helpline(table: HelplineTable) -> None:
    """Raise ProfileError where the number or the hours cannot be used."""
    try:
        number = read_helpline_number(table.phone)
    except ValueError as error:
        raise ProfileError("helpline.phone", "give a telephone number, such as 09 69 32 15 15") from error
    if number.startswith("+33") and _SURCHARGED.fullmatch(number.removeprefix("+33")):
        raise ProfileError(
            "helpline.phone", "a call to {number} costs extra: give another (Code de la consommation L121-16)",
            number=table.phone,
        )  # fmt: skip
    for each in table.hours:
        try:
            read_opening_hours(each)
        except ValueError as error:
            raise ProfileError(
                "helpline.hours", "{hours}: write hours as mon-fri 9:00-18:00", hours=each
            ) from error  # fmt: skip


def read_helpline_number(typed: str) -> str:
    """Return the number as telephones take it; raises ValueError for what is none."""
    digits = _SEPARATORS.sub("", typed.strip())
    if found := _FRENCH.fullmatch(digits):
        return f"+{_OVERSEAS.get(found[1][:3], '33')}{found[1]}"
    if found := _ABROAD.fullmatch(digits):
        return f"+{found[1]}"
    if _SHORT.fullmatch(digits):
        return digits
    raise ValueError(typed)


def read_opening_hours(text: str) -> OpeningHours:
    """Read `mon-fri 9:00-18:00`, or `sat 9:00-12:30`; raises ValueError for what is none."""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError(text)
    first, last = WEEKDAYS.index(found[1]), WEEKDAYS.index(found[2] or found[1])
    opens, closes = time(int(found[3]), int(found[4])), time(int(found[5]), int(found[6]))
    if first > last or opens >= closes:
        raise ValueError(text)
    return OpeningHours(first, last, opens, closes)
