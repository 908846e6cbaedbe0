"""What breaks each rule in CII: the rules that are broken, the one that is meant first, and the change that does it."""

from tests.ingest.mutations import Mutation, attribute, drop, holds, says, together, twice

_DEAL = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_DEAL}/ram:ApplicableHeaderTradeAgreement"
_SELLER = f"{_AGREEMENT}/ram:SellerTradeParty"
_BUYER = f"{_AGREEMENT}/ram:BuyerTradeParty"
_AGENT = f"{_AGREEMENT}/ram:SellerTaxRepresentativeTradeParty"
_DELIVERY = f"{_DEAL}/ram:ApplicableHeaderTradeDelivery"
_SHIP_TO = f"{_DELIVERY}/ram:ShipToTradeParty"
_SETTLEMENT = f"{_DEAL}/ram:ApplicableHeaderTradeSettlement"
_PAYEE = f"{_SETTLEMENT}/ram:PayeeTradeParty"
_MEANS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"
_ROW = f"{_SETTLEMENT}/ram:ApplicableTradeTax"
_TOTALS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_ALLOWANCE = f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge[1]"
_CHARGE = f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge[2]"
_LINE = f"{_DEAL}/ram:IncludedSupplyChainTradeLineItem"
_PRODUCT = f"{_LINE}/ram:SpecifiedTradeProduct"
_PRICES = f"{_LINE}/ram:SpecifiedLineTradeAgreement"
_LINE_SETTLEMENT = f"{_LINE}/ram:SpecifiedLineTradeSettlement"
_LINE_TAX = f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax"
_LINE_ALLOWANCE = f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge[1]"
_LINE_CHARGE = f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge[2]"
_LINE_TOTAL = f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
_PERIOD = f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod"
_LINE_PERIOD = f"{_LINE_SETTLEMENT}/ram:BillingSpecifiedPeriod"
_DOCUMENT = f"{_AGREEMENT}/ram:AdditionalReferencedDocument"
_VAT_NUMBERS = (f"{_SELLER}/ram:SpecifiedTaxRegistration", _AGENT)


def _category(code: str, rate: str | None = "0", reason: str = "", tax: str = "0") -> Mutation:
    """The whole bill in another VAT category, with totals to match."""
    changes = [says("//ram:CategoryCode", code)]
    rates = "//ram:RateApplicablePercent"
    changes.append(drop(rates) if rate is None else says(rates, rate))
    if reason:
        changes.append(holds(_ROW, f"<ram:ExemptionReason>{reason}</ram:ExemptionReason>"))
    if tax == "0":
        changes += [says(f"{_ROW}/ram:CalculatedAmount | {_TOTALS}/ram:TaxTotalAmount", "0.00"),
                    says(f"{_TOTALS}/ram:GrandTotalAmount", "95.00"),
                    says(f"{_TOTALS}/ram:DuePayableAmount", "81.40")]  # fmt: skip
    return together(*changes)


_E, _AE, _K, _G = (_category(code, reason="exonérée") for code in ("E", "AE", "K", "G"))
_Z, _L, _M = _category("Z"), _category("L", "20", tax="19"), _category("M", "20", tax="19")
_O = together(_category("O", None, "hors champ"), drop(*_VAT_NUMBERS, f"{_BUYER}/ram:SpecifiedTaxRegistration"))
_B = together(_category("B", "20", tax="19"), says("//ram:CountryID", "IT"))


def _family(name: str, whole: Mutation, rate: str, *, why: bool, charged: bool = False) -> list[tuple[str, Mutation]]:
    """The rules that all categories' families have."""
    changes = {
        "01": (whole, drop(_ROW)),
        "02": (whole, drop(*_VAT_NUMBERS)),
        "05": (whole, says(f"{_LINE_TAX}/ram:RateApplicablePercent", rate)),
        "06": (whole, says(f"{_ALLOWANCE}/ram:CategoryTradeTax/ram:RateApplicablePercent", rate)),
        "07": (whole, says(f"{_CHARGE}/ram:CategoryTradeTax/ram:RateApplicablePercent", rate)),
        "08": (whole, says(f"{_ROW}/ram:BasisAmount", "97.00")),
        "09": (whole, says(f"{_ROW}/ram:CalculatedAmount", "17.00" if charged else "2.00")),
        "10": (whole, drop(f"{_ROW}/ram:ExemptionReason")
               if why else holds(_ROW, "<ram:ExemptionReason>x</ram:ExemptionReason>")),
    }  # fmt: skip
    also = {"01": "BR-CO-18", "02": f"BR-{name}-03 BR-{name}-04", "09": "BR-CO-14 BR-CO-17"}
    if charged:
        also["01"] += " BR-CO-14"
    if name == "S":
        also |= dict.fromkeys(("05", "06", "07"), f"BR-{name}-08")
    return [(f"BR-{name}-{suffix} {also.get(suffix, '')}", together(*change)) for suffix, change in changes.items()]


MUTATIONS: list[tuple[str, Mutation]] = [
    *_family("S", together(), "0", why=False, charged=True),
    *_family("Z", _Z, "1", why=False),
    *_family("E", _E, "1", why=True),
    *_family("AE", _AE, "1", why=True),
    *_family("IC", _K, "1", why=True),
    *_family("G", _G, "1", why=True),
    *[row for row in _family("AF", _L, "0", why=False, charged=True) if row[0][6:8] not in ("08", "09")],
    *[row for row in _family("AG", _M, "-1", why=False, charged=True) if row[0][6:8] not in ("08", "09")],
    (
        "BR-AE-02 BR-AE-03 BR-AE-04",
        together(_AE, drop(f"{_BUYER}/ram:SpecifiedTaxRegistration", f"{_BUYER}/ram:SpecifiedLegalOrganization")),
    ),
    ("BR-IC-02 BR-IC-03 BR-IC-04", together(_K, drop(f"{_BUYER}/ram:SpecifiedTaxRegistration"))),
    ("BR-IC-11", together(_K, drop(f"{_DELIVERY}/ram:ActualDeliverySupplyChainEvent", _PERIOD))),
    ("BR-IC-12", together(_K, drop(f"{_SHIP_TO}/ram:PostalTradeAddress"))),
    ("BR-O-01 BR-O-08", together(_O, twice(_ROW), says(f"{_ROW}[2]/ram:BasisAmount", "0.00"))),
    ("BR-O-02 BR-O-03 BR-O-04", _category("O", None, "hors champ")),
    ("BR-O-05", together(_O, holds(_LINE_TAX, "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>"))),
    (
        "BR-O-06",
        together(
            _O, holds(f"{_ALLOWANCE}/ram:CategoryTradeTax", "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>")
        ),
    ),
    (
        "BR-O-07",
        together(
            _O, holds(f"{_CHARGE}/ram:CategoryTradeTax", "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>")
        ),
    ),
    ("BR-O-08", together(_O, says(f"{_ROW}/ram:BasisAmount", "97.00"))),
    ("BR-O-09 BR-CO-14", together(_O, says(f"{_ROW}/ram:CalculatedAmount", "2.00"))),
    ("BR-O-10", together(_O, drop(f"{_ROW}/ram:ExemptionReason"))),
    (
        "BR-O-11 BR-O-12 BR-Z-01",
        together(
            _O,
            twice(_ROW),
            says(f"{_ROW}[2]/ram:BasisAmount", "0.00"),
            says(f"{_ROW}[2]/ram:CategoryCode", "Z"),
            holds(f"{_ROW}[2]", "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>"),
            drop(f"{_ROW}[2]/ram:ExemptionReason"),
        ),
    ),
    (
        "BR-O-12 BR-O-08 BR-O-11 BR-Z-01 BR-Z-02",
        together(
            _O,
            says(f"{_LINE_TAX}/ram:CategoryCode", "Z"),
            holds(_LINE_TAX, "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>"),
        ),
    ),
    (
        "BR-O-13 BR-O-08 BR-O-14 BR-Z-01 BR-Z-03",
        together(
            _O,
            says(f"{_ALLOWANCE}//ram:CategoryCode", "Z"),
            holds(f"{_ALLOWANCE}/ram:CategoryTradeTax", "<ram:RateApplicablePercent>0</ram:RateApplicablePercent>"),
        ),
    ),
    ("BR-B-01", together(_B, says(f"{_BUYER}//ram:CountryID", "FR"))),
    ("BR-B-02 BR-S-01", together(_B, says(f"{_CHARGE}//ram:CategoryCode", "S"))),
    ("BR-01 CII-SR-010", drop("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID")),
    ("BR-02", drop("rsm:ExchangedDocument/ram:ID")),
    ("BR-03", drop("rsm:ExchangedDocument/ram:IssueDateTime")),
    ("BR-03", attribute("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString", "format", "610")),
    ("BR-04 CII-SR-014", drop("rsm:ExchangedDocument/ram:TypeCode")),
    ("BR-05", drop(f"{_SETTLEMENT}/ram:InvoiceCurrencyCode")),
    ("BR-06", drop(f"{_SELLER}/ram:Name")),
    ("BR-07", drop(f"{_BUYER}/ram:Name")),
    ("BR-08 BR-09", drop(f"{_SELLER}/ram:PostalTradeAddress")),
    ("BR-09", drop(f"{_SELLER}//ram:CountryID")),
    ("BR-10 BR-11", drop(f"{_BUYER}/ram:PostalTradeAddress")),
    ("BR-11", drop(f"{_BUYER}//ram:CountryID")),
    ("BR-12 BR-CO-10 BR-CO-13", drop(f"{_TOTALS}/ram:LineTotalAmount")),
    ("BR-13 BR-CO-13 BR-CO-15", drop(f"{_TOTALS}/ram:TaxBasisTotalAmount")),
    ("BR-14 BR-CO-15 BR-CO-16", drop(f"{_TOTALS}/ram:GrandTotalAmount")),
    ("BR-16 BR-CO-10 BR-S-08", drop(_LINE)),
    ("BR-17", drop(f"{_PAYEE}/ram:Name")),
    ("BR-18", drop(f"{_AGENT}/ram:Name")),
    ("BR-19 BR-20", drop(f"{_AGENT}/ram:PostalTradeAddress")),
    ("BR-20", drop(f"{_AGENT}//ram:CountryID")),
    ("BR-21", drop(f"{_LINE}//ram:LineID[parent::ram:AssociatedDocumentLineDocument]")),
    ("BR-22 BR-23 CII-DT-033", drop(f"{_LINE}//ram:BilledQuantity")),
    ("BR-23 CII-DT-033", attribute(f"{_LINE}//ram:BilledQuantity", "unitCode", None)),
    ("BR-24 BR-CO-10 BR-S-08", drop(_LINE_TOTAL)),
    ("BR-25", drop(f"{_PRODUCT}/ram:Name")),
    ("BR-26 BR-27 CII-SR-439", drop(f"{_PRICES}/ram:NetPriceProductTradePrice/ram:ChargeAmount")),
    ("BR-27", says(f"{_PRICES}/ram:NetPriceProductTradePrice/ram:ChargeAmount", "-0.25")),
    ("BR-28", says(f"{_PRICES}/ram:GrossPriceProductTradePrice/ram:ChargeAmount", "-0.30")),
    ("BR-29", says(f"{_PERIOD}/ram:EndDateTime/udt:DateTimeString", "20260930")),
    ("BR-29", attribute(f"{_PERIOD}/ram:EndDateTime/udt:DateTimeString", "format", "610")),
    ("BR-30", says(f"{_LINE_PERIOD}/ram:EndDateTime/udt:DateTimeString", "20260930")),
    ("BR-30", attribute(f"{_LINE_PERIOD}/ram:EndDateTime/udt:DateTimeString", "format", "610")),
    ("BR-31 BR-CO-11 BR-S-08", drop(f"{_ALLOWANCE}/ram:ActualAmount")),
    ("BR-32 BR-S-08", drop(f"{_ALLOWANCE}/ram:CategoryTradeTax")),
    ("BR-33 BR-CO-21", drop(f"{_ALLOWANCE}/ram:Reason", f"{_ALLOWANCE}/ram:ReasonCode")),
    ("BR-36 BR-CO-12 BR-S-08", drop(f"{_CHARGE}/ram:ActualAmount")),
    ("BR-37 BR-S-08", drop(f"{_CHARGE}/ram:CategoryTradeTax")),
    ("BR-38 BR-CO-22", drop(f"{_CHARGE}/ram:Reason", f"{_CHARGE}/ram:ReasonCode")),
    ("BR-41", drop(f"{_LINE_ALLOWANCE}/ram:ActualAmount")),
    ("BR-42 BR-CO-23", drop(f"{_LINE_ALLOWANCE}/ram:Reason", f"{_LINE_ALLOWANCE}/ram:ReasonCode")),
    ("BR-43", drop(f"{_LINE_CHARGE}/ram:ActualAmount")),
    ("BR-44 BR-CO-24", drop(f"{_LINE_CHARGE}/ram:Reason", f"{_LINE_CHARGE}/ram:ReasonCode")),
    ("BR-45 BR-CO-17 BR-S-08 BR-S-09", drop(f"{_ROW}/ram:BasisAmount")),
    ("BR-46 BR-CO-14 BR-CO-17 BR-S-09", drop(f"{_ROW}/ram:CalculatedAmount")),
    ("BR-47 BR-S-01", drop(f"{_ROW}/ram:CategoryCode")),
    ("BR-48 BR-CO-17 BR-S-09", drop(f"{_ROW}/ram:RateApplicablePercent")),
    ("BR-49", drop(f"{_MEANS}/ram:TypeCode")),
    ("BR-50 BR-61 CII-SR-470", drop(f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:IBANID")),
    (
        "BR-51",
        holds(
            _MEANS,
            "<ram:ApplicableTradeSettlementFinancialCard><ram:ID>12345678901</ram:ID></ram:ApplicableTradeSettlementFinancialCard>",
        ),
    ),
    ("BR-52", drop(f"{_DOCUMENT}/ram:IssuerAssignedID")),
    ("BR-53 BR-DEC-15", drop(f"{_TOTALS}/ram:TaxTotalAmount[2]")),
    ("BR-53", says(f"{_SETTLEMENT}/ram:TaxCurrencyCode", "EUR")),
    ("BR-54 CII-SR-072", drop(f"{_PRODUCT}/ram:ApplicableProductCharacteristic/ram:Value")),
    ("BR-55", drop(f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID")),
    ("BR-56", drop(f"{_AGENT}/ram:SpecifiedTaxRegistration")),
    ("BR-57", drop(f"{_SHIP_TO}//ram:CountryID")),
    ("BR-62", attribute(f"{_SELLER}//ram:URIID", "schemeID", None)),
    ("BR-63", attribute(f"{_BUYER}//ram:URIID", "schemeID", None)),
    ("BR-64 CII-SR-046", attribute(f"{_PRODUCT}/ram:GlobalID", "schemeID", None)),
    ("BR-65", attribute(f"{_PRODUCT}//ram:ClassCode", "listID", None)),
    (
        "BR-CO-03",
        holds(_ROW, '<ram:TaxPointDate><udt:DateString format="102">20261102</udt:DateString></ram:TaxPointDate>'),
    ),
    ("BR-CO-04 BR-S-08", drop(f"{_LINE_TAX}/ram:CategoryCode")),
    ("BR-CO-09", says(f"{_SELLER}/ram:SpecifiedTaxRegistration/ram:ID", "44732829320")),
    (
        "BR-CO-10 BR-CO-11",
        together(
            says(f"{_TOTALS}/ram:LineTotalAmount", "101.00"), says(f"{_TOTALS}/ram:AllowanceTotalAmount", "11.00")
        ),
    ),
    (
        "BR-CO-11 BR-CO-10",
        together(
            says(f"{_TOTALS}/ram:LineTotalAmount", "101.00"), says(f"{_TOTALS}/ram:AllowanceTotalAmount", "11.00")
        ),
    ),
    (
        "BR-CO-12 BR-CO-10",
        together(says(f"{_TOTALS}/ram:LineTotalAmount", "99.00"), says(f"{_TOTALS}/ram:ChargeTotalAmount", "6.00")),
    ),
    (
        "BR-CO-13",
        together(
            says(f"{_TOTALS}/ram:TaxBasisTotalAmount", "96.00"),
            says(f"{_TOTALS}/ram:GrandTotalAmount", "115.00"),
            says(f"{_TOTALS}/ram:TotalPrepaidAmount", "15.00"),
        ),
    ),
    (
        "BR-CO-14",
        together(
            says(f"{_TOTALS}/ram:TaxTotalAmount[1]", "19.10"),
            says(f"{_TOTALS}/ram:GrandTotalAmount", "114.10"),
            says(f"{_TOTALS}/ram:TotalPrepaidAmount", "14.10"),
        ),
    ),
    (
        "BR-CO-15",
        together(says(f"{_TOTALS}/ram:GrandTotalAmount", "115.00"), says(f"{_TOTALS}/ram:TotalPrepaidAmount", "15.00")),
    ),
    ("BR-CO-15", drop(f"{_TOTALS}/ram:TaxTotalAmount[1]")),
    ("BR-CO-15", twice(f"{_TOTALS}/ram:TaxTotalAmount")),
    ("BR-CO-16", says(f"{_TOTALS}/ram:DuePayableAmount", "100.00")),
    ("BR-CO-18 BR-CO-14 BR-S-01", drop(_ROW)),
    ("BR-CO-19", drop(f"{_PERIOD}/*")),
    ("BR-CO-20", drop(f"{_LINE_PERIOD}/*")),
    (
        "BR-CO-26",
        drop(
            f"{_SELLER}/ram:GlobalID",
            f"{_SELLER}/ram:SpecifiedLegalOrganization/ram:ID",
            f"{_SELLER}/ram:SpecifiedTaxRegistration",
        ),
    ),
    *[
        (f"BR-DEC-{number}", says(path, words))
        for number, path, words in (
            ("01", f"{_ALLOWANCE}/ram:ActualAmount", "10.000"),
            ("02", f"{_ALLOWANCE}/ram:BasisAmount", "100.000"),
            ("05", f"{_CHARGE}/ram:ActualAmount", "5.000"),
            ("06", f"{_CHARGE}/ram:BasisAmount", "100.000"),
            ("09", f"{_TOTALS}/ram:LineTotalAmount", "100.000"),
            ("10", f"{_TOTALS}/ram:AllowanceTotalAmount", "10.000"),
            ("11", f"{_TOTALS}/ram:ChargeTotalAmount", "5.000"),
            ("12", f"{_TOTALS}/ram:TaxBasisTotalAmount", "95.000"),
            ("14", f"{_TOTALS}/ram:GrandTotalAmount", "114.000"),
            ("16", f"{_TOTALS}/ram:TotalPrepaidAmount", "14.000"),
            ("17", f"{_TOTALS}/ram:RoundingAmount", "0.400"),
            ("18", f"{_TOTALS}/ram:DuePayableAmount", "100.400"),
            ("19", f"{_ROW}/ram:BasisAmount", "95.000"),
            ("20", f"{_ROW}/ram:CalculatedAmount", "19.000"),
            ("23", _LINE_TOTAL, "100.000"),
            ("24", f"{_LINE_ALLOWANCE}/ram:ActualAmount", "2.000"),
            ("25", f"{_LINE_ALLOWANCE}/ram:BasisAmount", "100.000"),
            ("27", f"{_LINE_CHARGE}/ram:ActualAmount", "2.000"),
            ("28", f"{_LINE_CHARGE}/ram:BasisAmount", "100.000"),
        )
    ],
    ("BR-CL-01", says("rsm:ExchangedDocument/ram:TypeCode", "999")),
    ("BR-CL-03 BR-53 BR-DEC-15", attribute(f"{_TOTALS}/ram:TaxTotalAmount[2]", "currencyID", "GBX")),
    ("BR-CL-04 BR-CO-15", says(f"{_SETTLEMENT}/ram:InvoiceCurrencyCode", "EUX")),
    ("BR-CL-05 BR-53 BR-DEC-15", says(f"{_SETTLEMENT}/ram:TaxCurrencyCode", "GBX")),
    ("BR-CL-06", says(f"{_ROW}/ram:DueDateTypeCode", "35")),
    ("BR-CL-08", says("rsm:ExchangedDocument/ram:IncludedNote/ram:SubjectCode", "ZZ9")),
    ("BR-CL-10", attribute(f"{_SELLER}/ram:GlobalID", "schemeID", "9999")),
    ("BR-CL-11", attribute(f"{_SELLER}/ram:SpecifiedLegalOrganization/ram:ID", "schemeID", "9999")),
    ("BR-CL-13", attribute(f"{_PRODUCT}//ram:ClassCode", "listID", "ZZ9")),
    ("BR-CL-14", says(f"{_BUYER}//ram:CountryID", "ZZ")),
    ("BR-CL-15", says(f"{_PRODUCT}/ram:OriginTradeCountry/ram:ID", "ZZ")),
    ("BR-CL-16", says(f"{_MEANS}/ram:TypeCode", "99")),
    ("BR-CL-17 BR-S-08", says(f"{_CHARGE}//ram:CategoryCode", "X")),
    ("BR-CL-18 BR-S-08", says(f"{_LINE_TAX}/ram:CategoryCode", "X")),
    ("BR-CL-19", says(f"{_ALLOWANCE}/ram:ReasonCode", "FC")),
    ("BR-CL-20", says(f"{_CHARGE}/ram:ReasonCode", "95")),
    ("BR-CL-21", attribute(f"{_PRODUCT}/ram:GlobalID", "schemeID", "9999")),
    ("BR-CL-22", together(_E, holds(_ROW, "<ram:ExemptionReasonCode>X</ram:ExemptionReasonCode>"))),
    ("BR-CL-23", attribute(f"{_LINE}//ram:BilledQuantity", "unitCode", "KILO")),
    ("BR-CL-24", attribute(f"{_DOCUMENT}/ram:AttachmentBinaryObject", "mimeCode", "text/plain")),
    ("BR-CL-25", attribute(f"{_SELLER}//ram:URIID", "schemeID", "9999")),
    ("BR-CL-26", attribute(f"{_SHIP_TO}/ram:GlobalID", "schemeID", "9999")),
    ("CII-SR-009 CII-SR-010", twice("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter")),
    ("CII-SR-010", twice("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID")),
    ("CII-SR-014", twice("rsm:ExchangedDocument/ram:TypeCode")),
    ("CII-SR-069", twice(f"{_PRODUCT}/ram:ApplicableProductCharacteristic/ram:Description")),
    ("CII-SR-072", twice(f"{_PRODUCT}/ram:ApplicableProductCharacteristic/ram:Value")),
    ("CII-SR-090", twice(f"{_PRODUCT}/ram:OriginTradeCountry/ram:ID")),
    ("CII-SR-440", twice(f"{_PRICES}//ram:AppliedTradeAllowanceCharge/ram:ActualAmount")),
    ("CII-SR-441 CII-SR-439", twice(f"{_PRICES}/ram:NetPriceProductTradePrice/ram:ChargeAmount")),
    ("CII-SR-455", twice(f"{_SELLER}/ram:DefinedTradeContact")),
    ("CII-SR-456", twice(f"{_BUYER}/ram:DefinedTradeContact")),
    ("CII-SR-459", twice(f"{_SELLER}/ram:URIUniversalCommunication")),
    ("CII-SR-460", twice(f"{_BUYER}/ram:URIUniversalCommunication")),
    (
        "CII-SR-461",
        together(
            drop(f"{_ROW}/ram:DueDateTypeCode"), holds(_ROW, "<ram:TaxPointDate/>"), holds(_ROW, "<ram:TaxPointDate/>")
        ),
    ),
    ("CII-SR-462", together(twice(f"{_ROW}/ram:DueDateTypeCode"), says(f"{_ROW}/ram:DueDateTypeCode[2]", "72"))),
    ("CII-SR-463", drop(f"{_LINE_ALLOWANCE}/ram:ChargeIndicator")),
    ("CII-SR-467", together(twice(_MEANS), says(f"{_MEANS}[2]/ram:TypeCode", "58"))),
    ("CII-SR-468", together(twice(_MEANS), says(f"{_MEANS}[2]/ram:Information", "SEPA"))),
    ("CII-SR-469", twice(f"{_SETTLEMENT}/ram:PaymentReference")),
    (
        "CII-SR-471",
        together(
            holds(_CHARGE, "<ram:RateApplicablePercent>1</ram:RateApplicablePercent>"),
            holds(_CHARGE, "<ram:RateApplicablePercent>1</ram:RateApplicablePercent>"),
        ),
    ),
    ("CII-SR-472", twice(f"{_CHARGE}/ram:CategoryTradeTax")),
    ("CII-SR-473", twice(f"{_LINE_CHARGE}/ram:ActualAmount")),
    ("CII-SR-484", twice(f"{_TOTALS}/ram:TotalPrepaidAmount")),
    *[
        (
            f"CII-SR-{number}",
            together(
                holds(_TOTALS, f"<ram:{name}>1.00</ram:{name}>"), holds(_TOTALS, f"<ram:{name}>1.00</ram:{name}>")
            ),
        )
        for number, name in (
            ("483", "InformationAmount"),
            ("485", "TotalDiscountAmount"),
            ("486", "TotalAllowanceChargeAmount"),
            ("488", "RetailValueExcludingTaxInformationAmount"),
            ("489", "TotalDepositFeeInformationAmount"),
            ("490", "ProductValueExcludingTobaccoTaxInformationAmount"),
            ("491", "TotalRetailValueInformationAmount"),
            ("492", "GrossLineTotalAmount"),
            ("493", "NetLineTotalAmount"),
            ("494", "NetIncludingTaxesLineTotalAmount"),
        )
    ],
    *[
        (f"CII-SR-{number}", twice(f"{_TOTALS}/ram:{name}"))
        for number, name in (
            ("477", "LineTotalAmount"),
            ("478", "ChargeTotalAmount"),
            ("479", "AllowanceTotalAmount"),
            ("480", "TaxBasisTotalAmount"),
            ("481", "RoundingAmount"),
            ("482", "GrandTotalAmount"),
            ("487", "DuePayableAmount"),
        )
    ],
    *[
        (f"CII-DT-00{place}", attribute("rsm:ExchangedDocument/ram:ID", name, "0002"))
        for place, name in enumerate(
            (
                "schemeName",
                "schemeAgencyName",
                "schemeDataURI",
                "schemeURI",
                "schemeID",
                "schemeAgencyID",
                "schemeVersionID",
            ),
            1,
        )
    ],
    *[
        (f"CII-DT-10{place}", attribute(f"{_BUYER}/ram:ID", name, "x"))
        for place, name in enumerate(
            (
                "schemeName",
                "schemeAgencyName",
                "schemeDataURI",
                "schemeURI",
            ),
            1,
        )
    ],
    ("CII-DT-008", attribute(f"{_MEANS}/ram:TypeCode", "name", "x")),
    ("CII-DT-009", attribute(f"{_MEANS}/ram:TypeCode", "listURI", "x")),
    ("CII-DT-013", attribute(".", "languageID", "fr")),
    ("CII-DT-014", attribute(".", "languageLocaleID", "fr")),
    *[
        (f"CII-DT-{number}", holds(f"{_AGREEMENT}/ram:ContractReferencedDocument", f"<ram:{name}>x</ram:{name}>"))
        for number, name in (
            ("015", "URIID"),
            ("016", "StatusCode"),
            ("017", "CopyIndicator"),
            ("018", "TypeCode"),
            ("019", "GlobalID"),
            ("020", "RevisionID"),
            ("021", "Name"),
            ("022", "AttachmentBinaryObject"),
            ("023", "Information"),
            ("025", "SectionName"),
            ("026", "PreviousRevisionID"),
            ("027", "FormattedIssueDateTime"),
            ("028", "EffectiveSpecifiedPeriod"),
            ("029", "IssuerTradeParty"),
            ("030", "AttachedSpecifiedBinaryFile"),
        )
    ],
    ("CII-DT-031", attribute(_LINE_TOTAL, "currencyID", "EUR")),
    ("CII-DT-032", attribute(_LINE_TOTAL, "currencyCodeListVersionID", "1")),
    ("CII-DT-034", attribute(f"{_LINE}//ram:BilledQuantity", "unitCodeListID", "x")),
    ("CII-DT-035", attribute(f"{_LINE}//ram:BilledQuantity", "unitCodeListAgencyID", "x")),
    ("CII-DT-036", attribute(f"{_LINE}//ram:BilledQuantity", "unitCodeListAgencyName", "x")),
    ("CII-DT-037", says(f"{_LINE_TAX}/ram:TypeCode", "vat")),
    ("CII-DT-068", holds(f"{_PERIOD}/ram:StartDateTime", "<udt:DateTime>2026-10-01T00:00:00</udt:DateTime>")),
    ("CII-DT-072", holds(f"{_PERIOD}/ram:EndDateTime", "<udt:DateTime>2026-10-31T00:00:00</udt:DateTime>")),
    *[
        (f"CII-DT-{number}", holds(_PERIOD, f"<ram:{name}>x</ram:{name}>"))
        for number, name in (
            ("069", "DurationMeasure"),
            ("070", "InclusiveIndicator"),
            ("071", "Description"),
            ("073", "CompleteDateTime"),
            ("074", "OpenIndicator"),
            ("075", "SeasonCode"),
            ("076", "ID"),
            ("077", "Name"),
            ("078", "SequenceNumeric"),
            ("079", "StartDateFlexibilityCode"),
            ("080", "ContinuousIndicator"),
            ("081", "PurposeCode"),
        )
    ],
    *[
        (f"CII-DT-{number}", holds(f"{_BUYER}/ram:PostalTradeAddress", f"<ram:{name}>x</ram:{name}>"))
        for number, name in (
            ("082", "ID"),
            ("083", "PostOfficeBox"),
            ("084", "BuildingName"),
            ("086", "LineFour"),
            ("087", "LineFive"),
            ("088", "StreetName"),
            ("089", "CitySubDivisionName"),
            ("090", "CountryName"),
            ("091", "CountrySubDivisionID"),
            ("092", "AttentionOf"),
            ("093", "CareOf"),
            ("094", "BuildingNumber"),
            ("095", "DepartmentName"),
            ("096", "AdditionalStreetName"),
        )
    ],
    ("BR-15 BR-CO-16", drop(f"{_TOTALS}/ram:DuePayableAmount")),
    *[
        (
            rules,
            holds(
                f"{_AGREEMENT}/ram:ContractReferencedDocument", f"<ram:ReferenceTypeCode>{code}</ram:ReferenceTypeCode>"
            ),
        )
        for rules, code in (("CII-DT-024", "AAA"), ("BR-CL-07 CII-DT-024", "ZZ9"))
    ],
    (
        "BR-DEC-13 BR-CO-14",
        together(
            says(f"{_TOTALS}/ram:TaxTotalAmount[1]", "19.001"),
            drop(f"{_SETTLEMENT}/ram:TaxCurrencyCode", f"{_TOTALS}/ram:TaxTotalAmount[2]"),
        ),
    ),
    ("BR-DEC-15", says(f"{_TOTALS}/ram:TaxTotalAmount[2]", "16.001")),
    ("CII-SR-470", drop(f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount")),
    ("CII-DT-097", says(f"{_PERIOD}/ram:EndDateTime/udt:DateTimeString", "20261331")),
]
