"""Lines in groups, lines for information, lines inside lines: only what counts is in the sums."""

from decimal import Decimal

from bill import outline
from tests.ingest.sample_files import SAMPLES, STRICT, fatal_rules, only_bill, only_entry, read, sample, warnings

GROUPS = (SAMPLES / "lines-in-groups.cii.xml").read_bytes()
UBL = sample("three-instalments")


def said(content: bytes) -> list[tuple[int, str, bool, bool]]:
    return [(each.depth, each.line.id, each.counts, each.is_group) for each in outline(only_bill(content).lines)]


def test_only_details_count():
    entry = only_entry(GROUPS)
    assert not entry.findings
    assert entry.bill is not None
    assert len(entry.bill.lines) == 4
    assert [line.counts for line in entry.bill.lines] == [False, True, True, False]
    assert said(GROUPS) == [
        (0, "01", False, True),
        (1, "0101", True, False),
        (1, "0102", True, False),
        (1, "0103", False, False),
    ]


def test_a_detail_that_is_missing_is_seen():
    assert "BR-CO-10" in warnings(
        only_entry(GROUPS.replace(b"40.00</ram:LineTotalAmount>", b"41.00</ram:LineTotalAmount>"))
    )


def test_a_group_needs_no_price():
    bare = GROUPS.replace(
        b"<ram:NetPriceProductTradePrice><ram:ChargeAmount>100.00</ram:ChargeAmount></ram:NetPriceProductTradePrice>",
        b"",
    )
    assert not only_entry(bare).findings


def test_the_official_validation_of_the_standard_counts_them_all():
    _, [entry] = read(GROUPS, STRICT)
    assert "BR-CO-10" in fatal_rules(entry)


def test_a_kind_said_in_another_place_or_not_at_all():
    other = GROUPS.replace(b"LineStatusReasonCode", b"LineStatusCode").replace(
        b"<ram:LineStatusCode>NEW</ram:LineStatusCode>", b""
    )
    assert said(other) == said(GROUPS)
    for kind in (b"GROUP", b"DETAIL", b"INFORMATION"):
        other = other.replace(b"<ram:LineStatusCode>%s</ram:LineStatusCode>" % kind, b"")
    without = other.replace(b"12.00</ram:LineTotalAmount>", b"0.00</ram:LineTotalAmount>")
    assert [(each, counts) for _, each, counts, _ in said(without)] == [
        ("01", False), ("0101", True), ("0102", True), ("0103", True),
    ]  # fmt: skip


PART = b"""<cac:SubInvoiceLine><cbc:ID>%s</cbc:ID><cbc:InvoicedQuantity unitCode="C62">1</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">%s</cbc:LineExtensionAmount><cac:Item><cbc:Name>%s</cbc:Name></cac:Item>
%s</cac:SubInvoiceLine>"""


def test_lines_inside_a_line_are_in_its_amount():
    inner = PART % (b"1.1.1", b"60.00", b"Peinture", b"")
    parts = PART % (b"1.1", b"60.00", b"Murs", inner) + PART % (b"1.2", b"40.00", b"Sol", b"")
    content = UBL.replace(b"</cac:InvoiceLine>", parts + b"</cac:InvoiceLine>")
    entry = only_entry(content)
    assert not entry.findings
    assert entry.bill is not None
    assert len(entry.bill.lines) == 1
    assert said(content) == [
        (0, "1", True, True),
        (1, "1.1", False, True),
        (2, "1.1.1", False, False),
        (1, "1.2", False, False),
    ]


def test_lines_that_are_too_deep_are_told():
    deep = b""
    for n in range(40):
        deep = PART % (b"%d" % n, b"1.00", b"x", deep)
    entry = only_entry(UBL.replace(b"</cac:InvoiceLine>", deep + b"</cac:InvoiceLine>"))
    assert "LINES-TOO-DEEP" in warnings(entry)
    assert entry.bill is not None
    assert len(entry.bill.lines[0].parts) == 12


XRECHNUNG = b"urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
EXTENSION = XRECHNUNG + b"#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
THIRD = b"""<cac:PrepaidPayment><cbc:ID>10</cbc:ID><cbc:PaidAmount currencyID="EUR">5.00</cbc:PaidAmount>
<cbc:InstructionID>Porto</cbc:InstructionID></cac:PrepaidPayment>"""


def test_what_is_collected_for_others_is_due_too():
    plain = sample("M-8-payee")
    more = plain.replace(b"<cac:TaxTotal>", THIRD + b"<cac:TaxTotal>", 1)
    more = more.replace(b'<cbc:PayableAmount currencyID="EUR">120.00', b'<cbc:PayableAmount currencyID="EUR">125.00')
    assert "BR-CO-16" in fatal_rules(read(more)[1][0])
    extended = more.replace(b"urn:cen.eu:en16931:2017", EXTENSION, 1)
    bill = only_bill(extended)
    assert (bill.totals.payable, bill.totals.third_party) == (Decimal("125.00"), Decimal("5.00"))
    wrong = extended.replace(b'PayableAmount currencyID="EUR">125.00', b'PayableAmount currencyID="EUR">126.00')
    assert "BR-CO-16" in fatal_rules(read(wrong)[1][0])
