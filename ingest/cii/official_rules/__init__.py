"""The official rules of EN 16931 as CII elements are asked them: CII-SR, CII-DT and, under a profile that takes nothing
less, all BR (EN 16931-3-3, validation 1.3.16)."""

from pathlib import Path
from typing import Final

from ingest.cii.official_rules.amount_rules import AMOUNT_RULES
from ingest.cii.official_rules.bill_rules import BILL_RULES
from ingest.cii.official_rules.code_rules import CODE_RULES, COUNTRIES_OF_CII
from ingest.cii.official_rules.line_rules import LINE_RULES
from ingest.cii.official_rules.names import NAMESPACES
from ingest.cii.official_rules.party_rules import PARTY_RULES
from ingest.cii.official_rules.unused_rules import UNUSED_RULES
from ingest.cii.official_rules.vat_category_rules import vat_categories
from ingest.xml.official_rule_engine import ElementRule, OfficialRules
from ingest.xml.unused_elements import UnusedAttributes, read_unused_elements
from ingest.xml.vat_category_sentences import SENTENCES

#: Greece writes EL before its VAT numbers. The list of countries is of another edition here, as in `code_rules`.
_PREFIXES: Final = f" {' '.join(sorted(COUNTRIES_OF_CII | {'EL'}))} "
_VAT_NUMBERS: Final = ElementRule(
    "BR-CO-09", "ram:SpecifiedTaxRegistration/ram:ID[@schemeID = 'VA']",
    f"not(contains('{_PREFIXES}', concat(' ', substring(., 1, 2), ' ')))",
    "a VAT number must begin with the code of its country (BT-31, BT-48, BT-63)",
)  # fmt: skip

RULES: Final = OfficialRules(
    NAMESPACES,
    (*BILL_RULES, *PARTY_RULES, *LINE_RULES, *AMOUNT_RULES, *CODE_RULES, _VAT_NUMBERS, *UNUSED_RULES),
    SENTENCES,
    (vat_categories,),
    read_unused_elements(Path(__file__).parent / "unused_elements.txt", NAMESPACES),
    UnusedAttributes({}),
)
