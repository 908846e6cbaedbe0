"""The names of the data quality rules, which an issuer's profile may switch off."""

from typing import Final, Literal, get_args

QualityRule = Literal[
    "DQ-MAIL-PHONE",
    "DQ-MAIL",
    "DQ-NAME-CASE",
    "DQ-NAME-ORDER",
    "DQ-NAME-CIVILITY",
    "DQ-LETTERS-GARBLED",
    "DQ-ADDRESS-STREET",
    "DQ-ADDRESS-TOWN",
    "DQ-ADDRESS-POSTCODE",
    "DQ-ADDRESS-LENGTH",
    "DQ-ADDRESS-CUT",
    "DQ-ADDRESS-CAPITALS",
    "DQ-ADDRESS-PUNCTUATION",
    "DQ-IBAN",
    "DQ-VAT",
    "DQ-SIREN",
    "DQ-CREDIT-NEGATIVE",
    "DQ-LINES-DIFFER",
    "DQ-BUYER-COMPANY",
    "DQ-PERSON-TWICE",
]
QUALITY_RULES: Final[tuple[QualityRule, ...]] = get_args(QualityRule)

#: Rules that our envelopes satisfy whatever was sent: capitals without punctuation (NF Z10-011). Reported only to
#: issuers who also print elsewhere (`mended = true`).
MENDED_HERE: Final[tuple[QualityRule, ...]] = ("DQ-ADDRESS-CAPITALS", "DQ-ADDRESS-PUNCTUATION")
