"""Names and tests that several rules of CII share."""

from typing import Final

from ingest.xml.tag_names import Tags

_UN: Final = "urn:un:unece:uncefact:data:standard:"
NAMESPACES: Final = {
    "rsm": f"{_UN}CrossIndustryInvoice:100",
    "ram": f"{_UN}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_UN}UnqualifiedDataType:100",
    "qdt": f"{_UN}QualifiedDataType:100",
}
TAG: Final = Tags(NAMESPACES)

BILL: Final = "rsm:CrossIndustryInvoice"
DEAL: Final = "rsm:SupplyChainTradeTransaction"
AGREEMENT: Final = f"{DEAL}/ram:ApplicableHeaderTradeAgreement"
DELIVERY: Final = f"{DEAL}/ram:ApplicableHeaderTradeDelivery"
SETTLEMENT: Final = f"{DEAL}/ram:ApplicableHeaderTradeSettlement"
TOTALS: Final = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
LINE: Final = f"{DEAL}/ram:IncludedSupplyChainTradeLineItem"
PRODUCT: Final = f"{LINE}/ram:SpecifiedTradeProduct"
MEANS: Final = "ram:SpecifiedTradeSettlementPaymentMeans"
#: Predicates of an allowance or charge, as the official tests read the indicator: as a word, or as a truth value.
_WORD: Final = "ram:ChargeIndicator[udt:Indicator = '{}']"
_VALUE: Final = "[ram:ChargeIndicator/udt:Indicator[normalize-space() = '{}' or normalize-space() = '{}']]"
IS_ALLOWANCE: Final = _VALUE.format("false", "0")
IS_CHARGE: Final = _VALUE.format("true", "1")
_OF_BILL: Final = "ram:ApplicableHeaderTradeSettlement/ram:SpecifiedTradeAllowanceCharge/"
_OF_LINE: Final = "ram:SpecifiedLineTradeSettlement/ram:SpecifiedTradeAllowanceCharge/"
ALLOWANCES: Final = _OF_BILL + _WORD.format("false")
CHARGES: Final = _OF_BILL + _WORD.format("true")
LINE_ALLOWANCES: Final = _OF_LINE + _WORD.format("false")
LINE_CHARGES: Final = _OF_LINE + _WORD.format("true")
IS_VAT: Final = "translate(ram:TypeCode, 'vat', 'VAT') = 'VAT'"
