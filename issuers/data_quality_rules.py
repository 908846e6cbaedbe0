"""The names of the data quality rules, which an issuer's profile may switch off."""

from typing import Final, Literal, get_args

QualityRule = Literal[
    "DQ-MAIL-PHONE",
    "DQ-MAIL",
    "DQ-NAME-CASE",
    "DQ-NAME-ORDER",
    "DQ-NAME-CIVILITY",
    "DQ-ADDRESS-STREET",
    "DQ-ADDRESS-TOWN",
    "DQ-ADDRESS-POSTCODE",
    "DQ-ADDRESS-LENGTH",
    "DQ-ADDRESS-CAPITALS",
    "DQ-ADDRESS-PUNCTUATION",
    "DQ-IBAN",
    "DQ-VAT",
    "DQ-SIREN",
    "DQ-CREDIT-NEGATIVE",
    "DQ-BUYER-COMPANY",
    "DQ-PERSON-TWICE",
]
QUALITY_RULES: Final[tuple[QualityRule, ...]] = get_args(QualityRule)

#: Our envelopes are written in capitals without punctuation whatever was sent (NF Z10-011): only an issuer who prints
#: elsewhere too asks to hear of these (`mended = true`).
MENDED_HERE: Final[tuple[QualityRule, ...]] = ("DQ-ADDRESS-CAPITALS", "DQ-ADDRESS-PUNCTUATION")
