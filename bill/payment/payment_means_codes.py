"""Means of payment by UNTDID 4461 code (BT-81): transfer, direct debit, card …, and their names for people."""

from typing import Final, Literal

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

_WORDS: Final[dict[str, dict[PaymentMeans, str]]] = {
    "fr": {
        "transfer": "par virement", "debit": "par prélèvement", "card": "par carte", "cash": "en espèces",
        "cheque": "par chèque", "draft": "par chèque de banque", "bill_of_exchange": "par lettre de change",
        "promissory_note": "par billet à ordre", "online": "en ligne", "standing": "selon votre accord permanent",
        "other": "comme convenu avec l’émetteur",
        "clearing": "par compensation",
    },
    "en": {
        "transfer": "by bank transfer", "debit": "by direct debit", "card": "by card", "cash": "in cash",
        "cheque": "by cheque", "draft": "by banker’s draft", "bill_of_exchange": "by bill of exchange",
        "promissory_note": "by promissory note", "online": "online", "standing": "under your standing agreement",
        "other": "as agreed with the issuer",
        "clearing": "by offsetting",
    },
    "de": {
        "transfer": "per Überweisung", "debit": "per Lastschrift", "card": "per Karte", "cash": "in bar",
        "cheque": "per Scheck", "draft": "per Bankscheck", "bill_of_exchange": "per Wechsel",
        "promissory_note": "per Solawechsel", "online": "online", "standing": "laut Dauervereinbarung",
        "other": "wie mit dem Aussteller vereinbart",
        "clearing": "per Verrechnung",
    },
    "nl": {
        "transfer": "per overschrijving", "debit": "per domiciliëring", "card": "per kaart", "cash": "contant",
        "cheque": "per cheque", "draft": "per bankcheque", "bill_of_exchange": "per wissel",
        "promissory_note": "per orderbriefje", "online": "online", "standing": "volgens uw doorlopende afspraak",
        "other": "zoals afgesproken met de afzender",
        "clearing": "door verrekening",
    },
    "es": {
        "transfer": "por transferencia", "debit": "por domiciliación", "card": "con tarjeta", "cash": "en efectivo",
        "cheque": "con cheque", "draft": "con cheque bancario", "bill_of_exchange": "por letra de cambio",
        "promissory_note": "por pagaré", "online": "en línea", "standing": "según su acuerdo permanente",
        "other": "según lo acordado con el emisor",
        "clearing": "por compensación",
    },
}  # fmt: skip


def payment_means_of(code: str) -> PaymentMeans:
    """The means of payment of a UNTDID 4461 code. `1` (not defined) and `ZZZ` (mutually defined) give ""."""
    if code in {"", "1", "ZZZ"}:
        return ""
    return _MEANS.get(code, "other")


def spell_payment_means(means: PaymentMeans, language: str = "fr") -> str:
    """`par virement`, `by cheque`: words to follow an amount; "" if there are none."""
    return _WORDS.get(language, _WORDS["fr"]).get(means, "")
