"""The French department of an address, by its postcode."""

from typing import Final

from bill import PostalAddress, country_code

_OVERSEAS: Final = ("97", "98")
#: Corsica: postcodes from 20200 on are of Haute-Corse.
_CORSICA: Final = "20"
_HAUTE_CORSE: Final = "202"
#: A department as people write it: `44`, `2A`, `974`.
DEPARTMENTS: Final = frozenset(
    {f"{n:02d}" for n in range(1, 96) if n != 20}
    | {"2A", "2B", "971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"}
)


def department_of(address: PostalAddress) -> str:
    """The department, `44` or `2A` or `974`; "" abroad and without a postcode. A postcode is the post's: a few villages
    are served from the department next to theirs."""
    if country_code(address.country) not in {"", "FR"}:
        return ""
    digits = "".join(address.postcode.split())
    if len(digits) != 5 or not digits.isdecimal():
        return ""
    if digits.startswith(_CORSICA):
        return "2B" if digits >= _HAUTE_CORSE else "2A"
    return digits[: 3 if digits.startswith(_OVERSEAS) else 2]
