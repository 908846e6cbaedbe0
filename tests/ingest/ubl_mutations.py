"""What breaks each rule in UBL: the rules that are broken, the one that is meant first, and the change that does it."""

from tests.ingest.mutations import Mutation, attribute, drop, holds, says, together, twice

_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"
_LINE = "cac:InvoiceLine"
_TOTALS = "cac:LegalMonetaryTotal"
_ALLOWANCE = "cac:AllowanceCharge[cbc:ChargeIndicator='false']"
_CHARGE = "cac:AllowanceCharge[cbc:ChargeIndicator='true']"
_ROW = "cac:TaxTotal/cac:TaxSubtotal"
_MEANS = "cac:PaymentMeans"
_PERIOD = "cac:InvoicePeriod"
_DOCUMENT = "cac:AdditionalDocumentReference"
_FILE = f"{_DOCUMENT}/cac:Attachment/cbc:EmbeddedDocumentBinaryObject"
_VAT_NUMBERS = (f"{_SELLER}/cac:PartyTaxScheme", "cac:TaxRepresentativeParty")
_CATEGORIES = "//cac:ClassifiedTaxCategory | //cac:TaxCategory"


def _category(code: str, rate: str | None = "0", reason: str = "", tax: str = "0") -> Mutation:
    """The whole bill in another VAT category, with totals to match."""
    changes = [says(f"({_CATEGORIES})/cbc:ID", code)]
    changes.append(drop(f"({_CATEGORIES})/cbc:Percent") if rate is None else says(f"({_CATEGORIES})/cbc:Percent", rate))
    if reason:
        changes.append(holds(f"{_ROW}/cac:TaxCategory", f"<cbc:TaxExemptionReason>{reason}</cbc:TaxExemptionReason>"))
    if tax == "0":
        changes += [says("cac:TaxTotal[1]//cbc:TaxAmount", "0.00"), says(f"{_TOTALS}/cbc:TaxInclusiveAmount", "95.00"),
                    says(f"{_TOTALS}/cbc:PayableAmount", "81.40")]  # fmt: skip
    return together(*changes)


_E, _AE, _K, _G = (_category(code, reason="exonérée") for code in ("E", "AE", "K", "G"))
_Z, _L, _M = _category("Z"), _category("L", "20", tax="19"), _category("M", "20", tax="19")
_O = together(_category("O", None, "hors champ"), drop(*_VAT_NUMBERS, f"{_BUYER}/cac:PartyTaxScheme"))
_B = together(_category("B", "20", tax="19"), says("//cbc:IdentificationCode", "IT"))
_OTHER_ROW = (
    '<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">0.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">0.00'
    "</cbc:TaxAmount><cac:TaxCategory><cbc:ID>{}</cbc:ID><cbc:Percent>{}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    "</cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal>"
)


def _family(name: str, whole: Mutation, rate: str, *, why: bool, charged: bool = False) -> list[tuple[str, Mutation]]:
    """The rules that all categories' families have."""
    line, allowance, charge = (
        f"{_LINE}//cac:ClassifiedTaxCategory",
        f"{_ALLOWANCE}/cac:TaxCategory",
        f"{_CHARGE}/cac:TaxCategory",
    )
    reason = f"{_ROW}/cac:TaxCategory/cbc:TaxExemptionReason"
    changes = {
        "01": (whole, drop(_ROW)),
        "02": (whole, drop(*_VAT_NUMBERS)),
        "05": (whole, says(f"{line}/cbc:Percent", rate)),
        "06": (whole, says(f"{allowance}/cbc:Percent", rate)),
        "07": (whole, says(f"{charge}/cbc:Percent", rate)),
        "08": (whole, says(f"{_ROW}/cbc:TaxableAmount", "97.00")),
        "09": (whole, says(f"{_ROW}/cbc:TaxAmount", "17.00" if charged else "2.00")),
        "10": (
            whole,
            drop(reason)
            if why
            else holds(f"{_ROW}/cac:TaxCategory", "<cbc:TaxExemptionReason>x</cbc:TaxExemptionReason>"),
        ),
    }
    also = {"01": "BR-CO-18", "02": f"BR-{name}-03 BR-{name}-04", "09": "BR-CO-14 BR-CO-17"}
    if charged:
        also |= dict.fromkeys(("05", "06", "07"), f"BR-{name}-08")
    return [(f"BR-{name}-{suffix} {also.get(suffix, '')}", together(*change)) for suffix, change in changes.items()]


MUTATIONS: list[tuple[str, Mutation]] = [
    *_family("S", together(), "0", why=False, charged=True),
    *_family("Z", _Z, "1", why=False),
    *_family("E", _E, "1", why=True),
    *_family("AE", _AE, "1", why=True),
    *_family("IC", _K, "1", why=True),
    *_family("G", _G, "1", why=True),
    *_family("AF", _L, "-1", why=False, charged=True),
    *_family("AG", _M, "-1", why=False, charged=True),
    (
        "BR-AE-02 BR-AE-03 BR-AE-04",
        together(_AE, drop(f"{_BUYER}/cac:PartyTaxScheme", f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID")),
    ),
    ("BR-IC-02 BR-IC-03 BR-IC-04", together(_K, drop(f"{_BUYER}/cac:PartyTaxScheme"))),
    ("BR-IC-11", together(_K, drop("cac:Delivery/cbc:ActualDeliveryDate", _PERIOD))),
    ("BR-IC-12", together(_K, drop("cac:Delivery/cac:DeliveryLocation"))),
    ("BR-O-01 BR-CO-18", together(_O, drop(_ROW))),
    ("BR-O-02 BR-O-03 BR-O-04", together(_category("O", None, "hors champ"))),
    ("BR-O-05", together(_O, holds(f"{_LINE}//cac:ClassifiedTaxCategory", "<cbc:Percent>0</cbc:Percent>"))),
    ("BR-O-06", together(_O, holds(f"{_ALLOWANCE}/cac:TaxCategory", "<cbc:Percent>0</cbc:Percent>"))),
    ("BR-O-07", together(_O, holds(f"{_CHARGE}/cac:TaxCategory", "<cbc:Percent>0</cbc:Percent>"))),
    ("BR-O-08", together(_O, says(f"{_ROW}/cbc:TaxableAmount", "97.00"))),
    ("BR-O-09 BR-CO-14 BR-CO-17", together(_O, says(f"{_ROW}/cbc:TaxAmount", "2.00"))),
    ("BR-O-10", together(_O, drop(f"{_ROW}/cac:TaxCategory/cbc:TaxExemptionReason"))),
    ("BR-O-11", together(_O, holds("cac:TaxTotal", _OTHER_ROW.format("Z", "0")))),
    (
        "BR-O-12 BR-O-08 BR-S-01 BR-S-02",
        together(
            _O,
            says(f"{_LINE}//cac:ClassifiedTaxCategory/cbc:ID", "S"),
            holds(f"{_LINE}//cac:ClassifiedTaxCategory", "<cbc:Percent>20</cbc:Percent>"),
        ),
    ),
    (
        "BR-O-13 BR-O-08 BR-Z-01 BR-Z-03",
        together(
            _O,
            says(f"{_ALLOWANCE}/cac:TaxCategory/cbc:ID", "Z"),
            holds(f"{_ALLOWANCE}/cac:TaxCategory", "<cbc:Percent>0</cbc:Percent>"),
        ),
    ),
    (
        "BR-O-14 BR-O-08 BR-Z-01 BR-Z-04",
        together(
            _O,
            says(f"{_CHARGE}/cac:TaxCategory/cbc:ID", "Z"),
            holds(f"{_CHARGE}/cac:TaxCategory", "<cbc:Percent>0</cbc:Percent>"),
        ),
    ),
    ("BR-B-01", together(_B, says(f"{_BUYER}//cbc:IdentificationCode", "FR"))),
    ("BR-B-02 BR-S-01", together(_B, says(f"{_CHARGE}/cac:TaxCategory/cbc:ID", "S"))),
    ("BR-01", drop("cbc:CustomizationID")),
    ("BR-02", drop("cbc:ID")),
    ("BR-03", drop("cbc:IssueDate")),
    ("BR-04", drop("cbc:InvoiceTypeCode")),
    ("BR-05", drop("cbc:DocumentCurrencyCode")),
    ("BR-06 UBL-SR-19 UBL-SR-20 UBL-SR-21", drop(f"{_SELLER}//cbc:RegistrationName")),
    ("BR-07", drop(f"{_BUYER}//cbc:RegistrationName")),
    ("BR-08", drop(f"{_SELLER}/cac:PostalAddress")),
    ("BR-09", drop(f"{_SELLER}/cac:PostalAddress/cac:Country")),
    ("BR-10", drop(f"{_BUYER}/cac:PostalAddress")),
    ("BR-11", drop(f"{_BUYER}/cac:PostalAddress/cac:Country")),
    ("BR-12 BR-CO-10 BR-CO-13", drop(f"{_TOTALS}/cbc:LineExtensionAmount")),
    ("BR-13 BR-CO-13 BR-CO-15", drop(f"{_TOTALS}/cbc:TaxExclusiveAmount")),
    ("BR-14 BR-CO-15 BR-CO-16", drop(f"{_TOTALS}/cbc:TaxInclusiveAmount")),
    ("BR-16 BR-CO-10 BR-S-08", drop(_LINE)),
    ("BR-17 UBL-SR-19 UBL-SR-20 UBL-SR-21", drop("cac:PayeeParty/cac:PartyName")),
    ("BR-17", says("cac:PayeeParty/cac:PartyName/cbc:Name", "Loire Énergie")),
    ("UBL-SR-19 UBL-SR-20 UBL-SR-21", says("cac:PayeeParty/cac:PartyName/cbc:Name", "Électricité de la Loire")),
    ("BR-18", drop("cac:TaxRepresentativeParty/cac:PartyName")),
    ("BR-19", drop("cac:TaxRepresentativeParty/cac:PostalAddress")),
    ("BR-20", drop("cac:TaxRepresentativeParty/cac:PostalAddress/cac:Country")),
    ("BR-21", drop(f"{_LINE}/cbc:ID")),
    ("BR-22 BR-23", drop(f"{_LINE}/cbc:InvoicedQuantity")),
    ("BR-23", attribute(f"{_LINE}/cbc:InvoicedQuantity", "unitCode", None)),
    ("BR-24 BR-CO-10 BR-S-08", drop(f"{_LINE}/cbc:LineExtensionAmount")),
    ("BR-25", drop(f"{_LINE}/cac:Item/cbc:Name")),
    ("BR-26 BR-27", drop(f"{_LINE}/cac:Price/cbc:PriceAmount")),
    ("BR-27", says(f"{_LINE}/cac:Price/cbc:PriceAmount", "-0.25")),
    ("BR-28", says(f"{_LINE}/cac:Price/cac:AllowanceCharge/cbc:BaseAmount", "-0.30")),
    ("BR-29", says(f"{_PERIOD}/cbc:EndDate", "2026-09-30")),
    ("BR-30", says(f"{_LINE}/{_PERIOD}/cbc:EndDate", "2026-09-30")),
    ("BR-31 BR-CO-11 BR-S-08", drop(f"{_ALLOWANCE}/cbc:Amount")),
    ("BR-32 BR-S-08", drop(f"{_ALLOWANCE}/cac:TaxCategory")),
    ("BR-33 BR-CO-21", drop(f"{_ALLOWANCE}/cbc:AllowanceChargeReason", f"{_ALLOWANCE}/cbc:AllowanceChargeReasonCode")),
    ("BR-36 BR-CO-12 BR-S-08", drop(f"{_CHARGE}/cbc:Amount")),
    ("BR-37 BR-S-08", drop(f"{_CHARGE}/cac:TaxCategory")),
    ("BR-38 BR-CO-22", drop(f"{_CHARGE}/cbc:AllowanceChargeReason", f"{_CHARGE}/cbc:AllowanceChargeReasonCode")),
    ("BR-41", drop(f"{_LINE}/{_ALLOWANCE}/cbc:Amount")),
    (
        "BR-42 BR-CO-23",
        drop(f"{_LINE}/{_ALLOWANCE}/cbc:AllowanceChargeReason", f"{_LINE}/{_ALLOWANCE}/cbc:AllowanceChargeReasonCode"),
    ),
    ("BR-43", drop(f"{_LINE}/{_CHARGE}/cbc:Amount")),
    (
        "BR-44 BR-CO-24",
        drop(f"{_LINE}/{_CHARGE}/cbc:AllowanceChargeReason", f"{_LINE}/{_CHARGE}/cbc:AllowanceChargeReasonCode"),
    ),
    ("BR-45 BR-CO-17 BR-S-08 BR-S-09", drop(f"{_ROW}/cbc:TaxableAmount")),
    ("BR-46 BR-CO-14 BR-CO-17 BR-S-09", drop(f"{_ROW}/cbc:TaxAmount")),
    ("BR-47 BR-S-01", drop(f"{_ROW}/cac:TaxCategory/cbc:ID")),
    ("BR-48 BR-CO-17 BR-S-09", drop(f"{_ROW}/cac:TaxCategory/cbc:Percent")),
    ("BR-49", drop(f"{_MEANS}/cbc:PaymentMeansCode")),
    ("BR-50", says(f"{_MEANS}/cac:PayeeFinancialAccount/cbc:ID", "")),
    ("BR-61", drop(f"{_MEANS}/cac:PayeeFinancialAccount")),
    ("BR-52", drop(f"{_DOCUMENT}[2]/cbc:ID")),
    ("BR-53", drop("cac:TaxTotal[2]")),
    ("BR-54", drop(f"{_LINE}//cac:AdditionalItemProperty/cbc:Value")),
    ("BR-55 UBL-SR-07", drop("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")),
    ("BR-56", drop("cac:TaxRepresentativeParty/cac:PartyTaxScheme")),
    ("BR-57", drop("cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country")),
    ("BR-62", attribute(f"{_SELLER}/cbc:EndpointID", "schemeID", None)),
    ("BR-63", attribute(f"{_BUYER}/cbc:EndpointID", "schemeID", None)),
    ("BR-64", attribute(f"{_LINE}//cac:StandardItemIdentification/cbc:ID", "schemeID", None)),
    ("BR-65", attribute(f"{_LINE}//cbc:ItemClassificationCode", "listID", None)),
    ("BR-CO-03", holds(".", "<cbc:TaxPointDate>2026-11-02</cbc:TaxPointDate>")),
    ("BR-CO-04 BR-S-08", drop(f"{_LINE}//cac:ClassifiedTaxCategory/cbc:ID")),
    ("BR-CO-09", says(f"{_SELLER}/cac:PartyTaxScheme[1]/cbc:CompanyID", "44732829320")),
    (
        "BR-CO-10 BR-CO-11",
        together(
            says(f"{_TOTALS}/cbc:LineExtensionAmount", "101.00"), says(f"{_TOTALS}/cbc:AllowanceTotalAmount", "11.00")
        ),
    ),
    (
        "BR-CO-11 BR-CO-10",
        together(
            says(f"{_TOTALS}/cbc:LineExtensionAmount", "101.00"), says(f"{_TOTALS}/cbc:AllowanceTotalAmount", "11.00")
        ),
    ),
    (
        "BR-CO-12 BR-CO-10",
        together(says(f"{_TOTALS}/cbc:LineExtensionAmount", "99.00"), says(f"{_TOTALS}/cbc:ChargeTotalAmount", "6.00")),
    ),
    (
        "BR-CO-13",
        together(
            says(f"{_TOTALS}/cbc:TaxExclusiveAmount", "96.00"),
            says(f"{_TOTALS}/cbc:TaxInclusiveAmount", "115.00"),
            says(f"{_TOTALS}/cbc:PrepaidAmount", "15.00"),
        ),
    ),
    (
        "BR-CO-14",
        together(
            says("cac:TaxTotal[1]/cbc:TaxAmount", "19.10"),
            says(f"{_TOTALS}/cbc:TaxInclusiveAmount", "114.10"),
            says(f"{_TOTALS}/cbc:PrepaidAmount", "14.10"),
        ),
    ),
    (
        "BR-CO-15",
        together(says(f"{_TOTALS}/cbc:TaxInclusiveAmount", "115.00"), says(f"{_TOTALS}/cbc:PrepaidAmount", "15.00")),
    ),
    ("BR-CO-15 BR-CO-14", together(drop("cac:TaxTotal[1]/cbc:TaxAmount"))),
    ("BR-15 BR-CO-16", drop(f"{_TOTALS}/cbc:PayableAmount")),
    ("BR-CO-16", says(f"{_TOTALS}/cbc:PayableAmount", "100.00")),
    ("BR-CO-17 BR-47 BR-48", together(says(f"{_ROW}/cac:TaxCategory/cac:TaxScheme/cbc:ID", "GST"))),
    ("BR-CO-18 BR-S-01", drop(_ROW)),
    ("BR-CO-19", drop(f"{_PERIOD}/*")),
    ("BR-CO-20", drop(f"{_LINE}/{_PERIOD}/*")),
    (
        "BR-CO-26",
        drop(
            f"{_SELLER}/cac:PartyIdentification",
            f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyID",
            f"{_SELLER}/cac:PartyTaxScheme[1]",
        ),
    ),
    ("BR-DEC-01 UBL-DT-01", says(f"{_ALLOWANCE}/cbc:Amount", "10.000")),
    ("BR-DEC-02 UBL-DT-01", says(f"{_ALLOWANCE}/cbc:BaseAmount", "100.001")),
    ("BR-DEC-05 UBL-DT-01", says(f"{_CHARGE}/cbc:Amount", "5.000")),
    ("BR-DEC-06 UBL-DT-01", says(f"{_CHARGE}/cbc:BaseAmount", "100.001")),
    ("BR-DEC-09 UBL-DT-01", says(f"{_TOTALS}/cbc:LineExtensionAmount", "100.000")),
    ("BR-DEC-10 UBL-DT-01", says(f"{_TOTALS}/cbc:AllowanceTotalAmount", "10.000")),
    ("BR-DEC-11 UBL-DT-01", says(f"{_TOTALS}/cbc:ChargeTotalAmount", "5.000")),
    ("BR-DEC-12 UBL-DT-01", says(f"{_TOTALS}/cbc:TaxExclusiveAmount", "95.000")),
    ("BR-DEC-14 UBL-DT-01", says(f"{_TOTALS}/cbc:TaxInclusiveAmount", "114.000")),
    ("BR-DEC-16 UBL-DT-01", says(f"{_TOTALS}/cbc:PrepaidAmount", "14.000")),
    ("BR-DEC-17 UBL-DT-01", says(f"{_TOTALS}/cbc:PayableRoundingAmount", "0.400")),
    ("BR-DEC-18 UBL-DT-01", says(f"{_TOTALS}/cbc:PayableAmount", "100.400")),
    ("BR-DEC-19 UBL-DT-01", says(f"{_ROW}/cbc:TaxableAmount", "95.000")),
    ("BR-DEC-20 UBL-DT-01", says(f"{_ROW}/cbc:TaxAmount", "19.000")),
    ("BR-DEC-23 UBL-DT-01", says(f"{_LINE}/cbc:LineExtensionAmount", "100.000")),
    ("BR-DEC-24 UBL-DT-01", says(f"{_LINE}/{_ALLOWANCE}/cbc:Amount", "2.000")),
    ("BR-DEC-25 UBL-DT-01", says(f"{_LINE}/{_ALLOWANCE}/cbc:BaseAmount", "100.001")),
    ("BR-DEC-27 UBL-DT-01", says(f"{_LINE}/{_CHARGE}/cbc:Amount", "2.000")),
    ("BR-DEC-28 UBL-DT-01", says(f"{_LINE}/{_CHARGE}/cbc:BaseAmount", "100.001")),
    ("BR-CL-01", says("cbc:InvoiceTypeCode", "381")),
    ("BR-CL-03", attribute(f"{_LINE}/cbc:LineExtensionAmount", "currencyID", "EUX")),
    ("BR-CL-03", attribute(f"{_LINE}/cbc:LineExtensionAmount", "currencyID", None)),
    ("BR-CL-04 BR-CO-15", together(says("cbc:DocumentCurrencyCode", "EUX"))),
    ("BR-CL-05 BR-53", together(says("cbc:TaxCurrencyCode", "GBX"))),
    ("BR-CL-06", says(f"{_PERIOD}/cbc:DescriptionCode", "5")),
    ("BR-CL-07", attribute(f"{_DOCUMENT}[1]/cbc:ID", "schemeID", "ZZ9")),
    ("BR-CL-08", says("cbc:Note", "#ZZ9#Pas d’escompte")),
    ("BR-CL-10", attribute(f"{_SELLER}/cac:PartyIdentification/cbc:ID", "schemeID", "9999")),
    ("BR-CL-11", attribute(f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyID", "schemeID", "9999")),
    ("BR-CL-13", attribute(f"{_LINE}//cbc:ItemClassificationCode", "listID", "ZZ9")),
    ("BR-CL-14", says(f"{_BUYER}//cbc:IdentificationCode", "ZZ")),
    ("BR-CL-15", says(f"{_LINE}//cac:OriginCountry/cbc:IdentificationCode", "ZZ")),
    ("BR-CL-16", says(f"{_MEANS}/cbc:PaymentMeansCode", "99")),
    ("BR-CL-17 BR-S-08", says(f"{_CHARGE}/cac:TaxCategory/cbc:ID", "X")),
    ("BR-CL-18 BR-S-08", says(f"{_LINE}//cac:ClassifiedTaxCategory/cbc:ID", "X")),
    ("BR-CL-19", says(f"{_ALLOWANCE}/cbc:AllowanceChargeReasonCode", "FC")),
    ("BR-CL-20", says(f"{_CHARGE}/cbc:AllowanceChargeReasonCode", "95")),
    ("BR-CL-21", attribute(f"{_LINE}//cac:StandardItemIdentification/cbc:ID", "schemeID", "9999")),
    (
        "BR-CL-22",
        together(_E, holds(f"{_ROW}/cac:TaxCategory", "<cbc:TaxExemptionReasonCode>X</cbc:TaxExemptionReasonCode>")),
    ),
    ("BR-CL-23", attribute(f"{_LINE}/cbc:InvoicedQuantity", "unitCode", "KILO")),
    ("BR-CL-24", attribute(_FILE, "mimeCode", "text/plain")),
    ("BR-CL-25", attribute(f"{_SELLER}/cbc:EndpointID", "schemeID", "9999")),
    ("BR-CL-26", attribute("cac:Delivery/cac:DeliveryLocation/cbc:ID", "schemeID", "9999")),
    ("UBL-CR-666", holds(f"{_DOCUMENT}[1]", "<cac:Attachment/>")),
    ("UBL-CR-673", holds(f"{_DOCUMENT}[1]", "<cbc:DocumentDescription>x</cbc:DocumentDescription>")),
    ("UBL-DT-01", says("cac:TaxTotal[2]/cbc:TaxAmount", "16.000")),
    ("UBL-DT-06", attribute(_FILE, "mimeCode", None)),
    ("UBL-DT-07", attribute(_FILE, "filename", None)),
    ("UBL-SR-01", twice("cac:ContractDocumentReference")),
    ("UBL-SR-02", twice("cac:ReceiptDocumentReference")),
    ("UBL-SR-03", twice("cac:DespatchDocumentReference")),
    ("UBL-SR-04", twice(f"{_DOCUMENT}[1]")),
    ("UBL-SR-05", twice("cac:PaymentTerms/cbc:Note")),
    ("UBL-SR-06", twice("cac:BillingReference/cac:InvoiceDocumentReference")),
    ("UBL-SR-08", together(twice(_PERIOD), drop(f"{_PERIOD}[2]/cbc:DescriptionCode"))),
    ("UBL-SR-09", twice(f"{_SELLER}//cbc:RegistrationName")),
    ("UBL-SR-10", twice(f"{_SELLER}/cac:PartyName/cbc:Name")),
    ("UBL-SR-11", twice(f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyID")),
    ("UBL-SR-12", together(drop(f"{_SELLER}/cac:PartyTaxScheme[2]"), twice(f"{_SELLER}/cac:PartyTaxScheme"))),
    ("UBL-SR-13", together(drop(f"{_SELLER}/cac:PartyTaxScheme[1]"), twice(f"{_SELLER}/cac:PartyTaxScheme"))),
    ("UBL-SR-14", twice(f"{_SELLER}//cbc:CompanyLegalForm")),
    ("UBL-SR-15", twice(f"{_BUYER}//cbc:RegistrationName")),
    ("UBL-SR-16", twice(f"{_BUYER}/cac:PartyIdentification")),
    ("UBL-SR-17", twice(f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID")),
    ("UBL-SR-18", twice(f"{_BUYER}/cac:PartyTaxScheme")),
    (
        "UBL-SR-20",
        together(
            twice("cac:PayeeParty/cac:PartyIdentification"),
            attribute("cac:PayeeParty/cac:PartyIdentification[1]/cbc:ID", "schemeID", "0002"),
            attribute("cac:PayeeParty/cac:PartyIdentification[2]/cbc:ID", "schemeID", "0009"),
        ),
    ),
    ("UBL-SR-21", twice("cac:PayeeParty/cac:PartyLegalEntity/cbc:CompanyID")),
    ("UBL-SR-22", twice("cac:TaxRepresentativeParty/cac:PartyName")),
    ("UBL-SR-23", twice("cac:TaxRepresentativeParty/cac:PartyTaxScheme")),
    ("UBL-SR-24", twice("cac:Delivery")),
    ("UBL-SR-25", twice("cac:Delivery/cac:DeliveryParty/cac:PartyName")),
    ("UBL-SR-26", twice(f"{_MEANS}/cbc:PaymentID")),
    (
        "UBL-SR-27",
        together(attribute(f"{_MEANS}/cbc:PaymentMeansCode", "name", None), twice(f"{_MEANS}/cbc:PaymentMeansCode")),
    ),
    (
        "UBL-SR-28",
        together(holds(_MEANS, "<cac:PaymentMandate><cbc:ID>M-1</cbc:ID><cbc:ID>M-2</cbc:ID></cac:PaymentMandate>")),
    ),
    ("UBL-SR-29", twice("cac:PayeeParty/cac:PartyIdentification")),
    ("UBL-SR-30", twice(f"{_ALLOWANCE}/cbc:AllowanceChargeReason")),
    ("UBL-SR-31", twice(f"{_CHARGE}/cbc:AllowanceChargeReason")),
    ("UBL-SR-32", together(_E, twice(f"{_ROW}/cac:TaxCategory/cbc:TaxExemptionReason"))),
    ("UBL-SR-33", twice(f"{_DOCUMENT}/cbc:DocumentDescription")),
    ("UBL-SR-34", twice(f"{_LINE}/cbc:Note")),
    ("UBL-SR-35", twice(f"{_LINE}/cac:OrderLineReference")),
    ("UBL-SR-36", twice(f"{_LINE}/{_PERIOD}")),
    ("UBL-SR-37", twice(f"{_LINE}/cac:Price/cac:AllowanceCharge")),
    ("UBL-SR-39", twice("cac:ProjectReference")),
    ("UBL-SR-40", twice(f"{_BUYER}/cac:PartyName")),
    (
        "UBL-SR-42 UBL-SR-13",
        holds(
            _SELLER,
            "<cac:PartyTaxScheme><cbc:CompanyID>44/2</cbc:CompanyID><cac:TaxScheme><cbc:ID>LOC</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>",
        ),
    ),
    ("UBL-SR-43", attribute(f"{_DOCUMENT}[2]/cbc:ID", "schemeID", "MG")),
    (
        "UBL-SR-44",
        together(
            attribute(f"{_MEANS}/cbc:PaymentMeansCode", "name", None),
            twice(_MEANS),
            says(f"{_MEANS}[2]/cbc:PaymentID", "T-2"),
        ),
    ),
    (
        "UBL-SR-45",
        together(
            holds(_MEANS, "<cbc:PaymentDueDate>2026-11-30</cbc:PaymentDueDate>"), twice(f"{_MEANS}/cbc:PaymentDueDate")
        ),
    ),
    ("UBL-SR-46", twice(_MEANS)),
    (
        "UBL-SR-47",
        together(
            attribute(f"{_MEANS}/cbc:PaymentMeansCode", "name", None),
            twice(_MEANS),
            says(f"{_MEANS}[2]/cbc:PaymentMeansCode", "58"),
        ),
    ),
    ("UBL-SR-48", twice(f"{_LINE}//cac:ClassifiedTaxCategory")),
    ("UBL-SR-49", twice(f"{_PERIOD}/cbc:DescriptionCode")),
    ("UBL-SR-50", twice(f"{_LINE}//cbc:Description")),
    ("UBL-SR-51", twice(f"{_SELLER}//cac:AddressLine")),
    ("UBL-SR-52", twice(f"{_LINE}/cac:DocumentReference")),
    ("UBL-SR-53", drop(f"{_SELLER}/cac:PartyTaxScheme[2]/cac:TaxScheme")),
    (
        "UBL-SR-54",
        together(
            holds(
                _MEANS,
                "<cac:CardAccount><cbc:PrimaryAccountNumberID>1234</cbc:PrimaryAccountNumberID></cac:CardAccount>",
            ),
            twice(f"{_MEANS}/cac:CardAccount"),
        ),
    ),
    (
        "UBL-SR-55",
        together(
            holds(_MEANS, "<cac:PaymentMandate><cbc:ID>M-1</cbc:ID></cac:PaymentMandate>"),
            twice(f"{_MEANS}/cac:PaymentMandate"),
            drop(f"{_MEANS}/cac:PaymentMandate[2]/cbc:ID"),
        ),
    ),
    ("UBL-SR-56", twice("cac:OriginatorDocumentReference")),
]
