"""The official rules of EN 16931 for UBL documents: UBL-SR, UBL-DT, UBL-CR and, under a profile that asks for all
rules, all BR (EN 16931-3-2, validation 1.3.16)."""

from pathlib import Path
from typing import Final

from ingest.ubl.official_rules.amount_rules import AMOUNT_RULES
from ingest.ubl.official_rules.bill_rules import BILL_RULES
from ingest.ubl.official_rules.code_rules import CODE_RULES
from ingest.ubl.official_rules.line_rules import LINE_RULES
from ingest.ubl.official_rules.party_rules import PARTY_RULES
from ingest.ubl.official_rules.shared_predicates import NAMESPACES
from ingest.ubl.official_rules.vat_category_rules import vat_categories
from ingest.xml.elements_outside_en16931 import UnusedAttributes, read_unused_elements
from ingest.xml.official_rule_engine import OfficialRules
from ingest.xml.vat_category_sentences import SENTENCES

_ATTRIBUTES: Final = {
    "UBL-DT-08": "schemeName", "UBL-DT-09": "schemeAgencyName", "UBL-DT-10": "schemeDataURI",
    "UBL-DT-11": "schemeURI", "UBL-DT-12": "format", "UBL-DT-13": "unitCodeListIdentifier",
    "UBL-DT-14": "unitCodeListAgencyIdentifier", "UBL-DT-15": "unitCodeListAgencyName",
    "UBL-DT-16": "listAgencyName", "UBL-DT-17": "listName", "UBL-DT-18": "name", "UBL-DT-19": "languageID",
    "UBL-DT-20": "listURI", "UBL-DT-21": "listSchemeURI", "UBL-DT-22": "languageLocaleID", "UBL-DT-23": "uri",
    "UBL-DT-24": "currencyCodeListVersionID", "UBL-DT-25": "characterSetCode", "UBL-DT-26": "encodingCode",
    "UBL-DT-27": "schemeAgencyID", "UBL-DT-28": "listAgencyID", "UBL-CR-663": "unitCodeListID",
}  # fmt: skip

RULES: Final = OfficialRules(
    NAMESPACES,
    (*BILL_RULES, *PARTY_RULES, *LINE_RULES, *AMOUNT_RULES, *CODE_RULES),
    SENTENCES,
    (vat_categories,),
    read_unused_elements(Path(__file__).parent / "unused_elements.txt", NAMESPACES),
    UnusedAttributes(_ATTRIBUTES, names_of="PaymentMeansCode"),
)
