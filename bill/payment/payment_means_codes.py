"""Means of payment by UNTDID 4461 code (BT-81): transfer, direct debit, card …, and their names for people."""

from functools import lru_cache
from typing import Final, Literal

from words.printed_label import L_, printed_label

PaymentMeans = Literal[
    "transfer", "debit", "card", "cash", "cheque", "draft", "bill_of_exchange", "promissory_note", "online",
    "standing", "clearing", "other", "",
]  # fmt: skip

#: UNTDID 4461 codes by what the payer has to do; unlisted codes are `other`, no code is "".
_CODES: Final[dict[PaymentMeans, str]] = {
    # The issuer collects. 3 to 43 are the debits of an automated clearing house.
    "debit": "3 7 14 18 27 29 33 36 38 40 43 49 59",
    # 31 is a debit of the payer's account on the payer's order (OIOUBL pays abroad by it); 50, 56 and 93 to 95 are
    # giro payments, 51 the French télérèglement, which is ordered each time.
    "transfer": "2 6 9 13 15 17 19 28 30 31 32 34 35 37 39 41 42 45 46 47 50 51 52 53 56 58 69 93 94 95",
    "card": "48 54 55",
    "cash": "10",
    "cheque": "20 23 25 26 92",
    "draft": "21 22 91",
    "bill_of_exchange": "24 44 70 74 75 76 77 78 98",
    "promissory_note": "60 61 62 63 64 65 66 67",
    "online": "68",
    "standing": "57",
    "clearing": "97",
}
_MEANS: Final[dict[str, PaymentMeans]] = {code: means for means, codes in _CODES.items() for code in codes.split()}

#: The names in French, to follow an amount; the other languages are in the catalogue `printed`.
_NAMES: Final[dict[PaymentMeans, str]] = {
    "transfer": L_("par virement"),
    "debit": L_("par prélèvement"),
    "card": L_("par carte"),
    "cash": L_("en espèces"),
    "cheque": L_("par chèque"),
    "draft": L_("par chèque de banque"),
    "bill_of_exchange": L_("par lettre de change"),
    "promissory_note": L_("par billet à ordre"),
    "online": L_("en ligne"),
    "standing": L_("selon votre accord permanent"),
    "other": L_("comme convenu avec l’émetteur"),
    "clearing": L_("par compensation"),
}


def payment_means_of(code: str) -> PaymentMeans:
    """The means of payment of a UNTDID 4461 code. `1` (not defined) and `ZZZ` (mutually defined) give ""."""
    if code in {"", "1", "ZZZ"}:
        return ""
    return _MEANS.get(code, "other")


@lru_cache(maxsize=256)
def spell_payment_means(means: PaymentMeans, language: str = "fr") -> str:
    """`par virement`, `by cheque`: words to follow an amount; "" if there are none."""
    name = _NAMES.get(means)
    return "" if name is None else printed_label(name, language)
