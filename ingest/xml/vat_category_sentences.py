"""The sentences of the official rules on VAT categories, for any XML syntax. The checks of the bill itself have
sentences of their own, with amounts."""

from typing import Final

from ingest.checks.vat_category_rules import FAMILIES

_OF_A_FAMILY: Final = {
    "01": "what is billed in a VAT category and the VAT breakdown do not go together",
    "02": "a line's VAT category asks for other identifiers of seller and buyer",
    "03": "an allowance's VAT category asks for other identifiers of seller and buyer",
    "04": "a charge's VAT category asks for other identifiers of seller and buyer",
    "05": "a line's rate does not go with its VAT category",
    "06": "an allowance's rate does not go with its VAT category",
    "07": "a charge's rate does not go with its VAT category",
    "08": "a row's taxable amount (BT-116) is not what is billed in its VAT category",
    "09": "a row's VAT (BT-117) does not go with its VAT category",
    "10": "whether there is an exemption reason (BT-120, BT-121) does not go with the VAT category",
}
_BESIDE: Final = "what is not subject to VAT stands beside what is, in one bill"

#: Rule -> sentence, for all rules of all categories.
SENTENCES: Final = {
    **{
        f"BR-{family.name}-{suffix}": sentence
        for family in FAMILIES.values()
        if family.name != "B"
        for suffix, sentence in _OF_A_FAMILY.items()
    },
    "BR-IC-11": "an intra-community supply says when it was delivered, or for which period it is",
    "BR-IC-12": "an intra-community supply says to which country",
    **{f"BR-O-{suffix}": _BESIDE for suffix in ("11", "12", "13", "14")},
    "BR-B-01": "split payment is for bills within Italy",
    "BR-B-02": "split payment and the standard rate exclude each other",
}
