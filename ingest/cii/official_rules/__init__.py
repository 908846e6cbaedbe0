"""The official rules of EN 16931 for CII documents: CII-SR, CII-DT and, under a profile that asks for all rules, all BR
(EN 16931-3-3, validation 1.3.16)."""

from pathlib import Path
from typing import Final

from ingest.cii.official_rules.amount_rules import AMOUNT_RULES
from ingest.cii.official_rules.bill_rules import BILL_RULES
from ingest.cii.official_rules.code_rules import CODE_RULES
from ingest.cii.official_rules.line_rules import LINE_RULES
from ingest.cii.official_rules.party_rules import PARTY_RULES
from ingest.cii.official_rules.shared_predicates import NAMESPACES
from ingest.cii.official_rules.unused_rules import UNUSED_RULES
from ingest.cii.official_rules.vat_category_rules import vat_categories
from ingest.xml.elements_outside_en16931 import UnusedAttributes, read_unused_elements
from ingest.xml.official_rule_engine import OfficialRules
from ingest.xml.vat_category_sentences import SENTENCES

#: The official tests of these never fail: they look for the rate in the wrong place, or are true as written.
_ALWAYS_TRUE: Final = {"BR-AF-08", "BR-AF-09", "BR-AG-08", "BR-AG-09"}

RULES: Final = OfficialRules(
    NAMESPACES,
    (*BILL_RULES, *PARTY_RULES, *LINE_RULES, *AMOUNT_RULES, *CODE_RULES, *UNUSED_RULES),
    {rule: sentence for rule, sentence in SENTENCES.items() if rule not in _ALWAYS_TRUE},
    (vat_categories,),
    read_unused_elements(Path(__file__).parent / "unused_elements.txt", NAMESPACES),
    UnusedAttributes({}),
)
