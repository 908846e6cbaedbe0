"""Whatever a file holds, reading it ends: in findings with their places, never in an error, and nothing is fetched."""

import gzip
import random
import resource
import zipfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from bill import Finding
from payments.files.payment_file_format import detect_payment_format
from payments.files.payment_file_reader import read_payment_file
from tests.payments.files.read_in_full import entries_of

CORPUS = Path(__file__).parent / "corpus"
GOOD = (CORPUS / "053-v08-fr-status-as-code.xml").read_bytes()
START = GOOD.index(b"<Document")
TEXT = b"<EndToEndId>FACT-2026-001</EndToEndId>"


def with_doctype(subset: str, text: str = "") -> bytes:
    """The statement under a document type declaration, with *text* as an end-to-end id."""
    body = GOOD[START:].replace(TEXT, f"<EndToEndId>{text}</EndToEndId>".encode()) if text else GOOD[START:]
    return b'<?xml version="1.0"?>\n' + f"<!DOCTYPE Document [{subset}]>\n".encode() + body


def refusal(content: bytes) -> Finding:
    """The one fatal finding that ends the file."""
    _, findings, file = entries_of(content)
    assert not file.is_whole
    assert findings[-1].severity == "fatal"
    return findings[-1]


LAUGHS = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))


@pytest.mark.parametrize(
    ("subset", "text"),
    [
        ("", ""),
        (LAUGHS, "&i;"),
        (f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 1_000),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
        ('<!ENTITY a SYSTEM "http://127.0.0.1:9/a">', "&a;"),
        ('<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;', ""),
        ('<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;"),
    ],
)
def test_a_document_type_is_refused(subset: str, text: str) -> None:
    finding = refusal(with_doctype(subset, text))
    assert finding.rule == "XML-DOCTYPE"
    assert finding.place


def test_an_entity_in_an_attribute_is_not_expanded() -> None:
    content = with_doctype(LAUGHS).replace(b'Ccy="EUR"', b'Ccy="&i;"')
    assert refusal(content).rule == "XML-DOCTYPE"


def test_xinclude_and_instructions_do_nothing() -> None:
    include = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    content = GOOD.replace(TEXT, b"<?xml-stylesheet href='http://127.0.0.1:9/x'?>" + TEXT + include)
    entries, findings, file = entries_of(content)
    assert file.is_whole
    assert not findings
    assert entries[0].end_to_end_id == "FACT-2026-001"


@pytest.mark.parametrize(
    ("instead", "rule"),
    [
        (b"<a>" * 5_000 + b"</a>" * 5_000, "XML-MALFORMED"),
        (TEXT + b"<a/>" * 300_000, "XML-TOO-LARGE"),
        (TEXT.replace(b"FACT", b"F" * 12_000_000), "XML-TOO-LARGE"),
        (TEXT.replace(b"<E", b'<a b="' + b"x" * 200_000 + b'"/><E'), "XML-FLOOD"),
        (TEXT.replace(b"<E", b"<a " + b" ".join(b'b%d="1"' % n for n in range(20_000)) + b"/><E"), "XML-FLOOD"),
    ],
)
def test_floods_are_refused(instead: bytes, rule: str) -> None:
    assert refusal(GOOD.replace(TEXT, instead)).rule == rule


@pytest.mark.parametrize("name", ["Ntry", "TxDtls", "NtryDtls", "Stmt"])
def test_an_entry_in_an_entry_is_refused(name: str) -> None:
    """It would be counted twice, or not at all."""
    whole = GOOD[GOOD.index(f"<{name}>".encode()) : GOOD.index(f"</{name}>".encode())] + f"</{name}>".encode()
    finding = refusal(GOOD.replace(TEXT, TEXT + whole.replace(TEXT, b"")))
    assert finding.rule == "PAYMENT-STRUCTURE"
    assert finding.place.startswith("line 7")


def test_a_long_text_rejects_its_entry_alone() -> None:
    _, findings, file = entries_of(GOOD.replace(TEXT, TEXT.replace(b"FACT", b"F" * 6_000)))
    assert [finding.rule for finding in findings if finding.severity == "fatal"] == ["TEXT-TOO-LONG"]
    assert findings[0].place == "line 74, statement 1, entry 1, transaction 1"
    assert file.is_whole


def test_a_long_message_is_cut_and_its_money_counts() -> None:
    text = "".join(f"<Ustrd>{'x' * 139}\u202e</Ustrd>" for _ in range(500)).encode()
    entries, findings, file = entries_of(GOOD.replace(b"<RmtInf>", b"<RmtInf>" + text))
    assert (len(entries), findings, file.is_whole) == (2, [], True)
    assert len(entries[0].remittance) == 4_965  # 5,000 without its marks of direction
    assert entries[0].remittance.isprintable()


def test_a_declared_sum_that_is_none_refuses_no_payment() -> None:
    entries, findings, file = entries_of(GOOD.replace(b"<Sum>84.20</Sum>", b"<Sum>many</Sum>"))
    assert (len(entries), file.is_whole) == (2, True)
    assert [(finding.severity, finding.rule, finding.place) for finding in findings] == [
        ("warning", "AMOUNT-INVALID", "statement 1")
    ]


def test_a_collection_without_a_day_refuses_the_file() -> None:
    content = (CORPUS / "pain008-v02-two-lots.xml").read_bytes().replace(b"2026-11-12", b"2026-13-12")
    finding = refusal(content)
    assert (finding.rule, finding.place) == ("DATE-INVALID", "line 126")


def test_a_packed_file_is_read_and_a_bomb_refused() -> None:
    entries, _, file = entries_of(gzip.compress(GOOD))
    assert (file.format, len(entries), file.is_whole) == ("camt.053.001.08", 2, True)
    assert detect_payment_format(gzip.compress(GOOD)[:1_000]) == "camt.053.001.08"
    bomb = gzip.compress(GOOD.replace(TEXT, TEXT + b" " * 60_000_000))
    assert refusal(bomb).rule == "GZIP-RATIO"
    assert refusal(gzip.compress(GOOD)[:-40]).rule == "GZIP-CORRUPT"


def zipped(files: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_a_zip_of_messages_is_one_file() -> None:
    """Banks give a day's statements so (EBICS C53)."""
    notice = (CORPUS / "054-v02-fr-collection-of-three.xml").read_bytes()
    content = zipped({"a.xml": GOOD, "b.xml": notice})
    assert detect_payment_format(content[: 1 << 14]) == "camt.053.001.08"
    entries, findings, file = entries_of(content)
    assert (len(entries), findings, file.is_whole, len(file.statements)) == (5, [], True, 2)
    assert [entry.place.partition(",")[0] for entry in entries] == [
        "a.xml: line 74", "a.xml: line 117", "b.xml: line 43", "b.xml: line 64", "b.xml: line 85",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "rule", "place"),
    [
        ({"a.xml": GOOD, "b.xml": GOOD[:900]}, "XML-MALFORMED", "b.xml: line "),
        ({"a.xml": GOOD, "b.txt": b"hello"}, "FORMAT-UNKNOWN", "b.txt: line 1"),
        ({"a.xml": GOOD, "b.zip": zipped({"a.xml": GOOD})}, "FORMAT-UNKNOWN", "b.zip: line 1"),
        ({"a.xml": GOOD, "b.gz": gzip.compress(GOOD)}, "FORMAT-UNKNOWN", "b.gz: line 1"),
        ({"a.xml": GOOD, "b.xml": GOOD.replace(TEXT, TEXT + b" " * 20_000_000)}, "ZIP-RATIO", ""),
    ],
)
def test_a_zip_with_anything_else_is_refused(files: dict[str, bytes], rule: str, place: str) -> None:
    finding = refusal(zipped(files))
    assert finding.rule == rule
    assert finding.place.startswith(place)


@pytest.mark.parametrize(
    "content",
    [
        b"", b" ", b"\0" * 100, b"PK\x03\x04", b"hello;1,2\n", b"<a/>", b"<Invoice/>", b"\x1f\x8b", b"<", b"[]",
        b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'><CstmrCdtTrfInitn/></Document>",
        b"<!-- <BkToCstmrStmt> --><Invoice/>",
    ],
)  # fmt: skip
def test_what_is_no_payment_file_is_told_so(content: bytes) -> None:
    assert detect_payment_format(content) is None
    assert refusal(content).rule in ("FORMAT-UNKNOWN", "GZIP-CORRUPT", "ZIP-CORRUPT")


def test_a_name_or_a_comment_makes_no_payment_file() -> None:
    assert detect_payment_format(b"<?xml version='1.0'?><a><!-- <Document><BkToCstmrStmt/></Document> --></a>") is None
    assert detect_payment_format(GOOD[:400]) == "camt.053.001.08"


@pytest.mark.parametrize("share", range(1, 40))
def test_a_file_that_was_cut_off_says_so(share: int) -> None:
    finding = refusal(GOOD[: len(GOOD) * share // 40])
    assert finding.rule in ("XML-MALFORMED", "FORMAT-UNKNOWN")
    assert finding.place.startswith("line ")


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.xml")), ids=lambda path: path.stem)
def test_damaged_files_end_in_findings(path: Path) -> None:
    content, chance = path.read_bytes(), random.Random(path.stem)
    for _ in range(30):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(damaged))
            how = chance.randrange(3)
            if how == 0:
                damaged[at] = chance.randrange(256)
            elif how == 1:
                del damaged[at : at + chance.randrange(60)]
            else:
                damaged[at:at] = content[at : at + chance.randrange(300)]
        for item in read_payment_file(BytesIO(bytes(damaged))):
            assert isinstance(item, Finding) or item.amount >= 0


def test_statements_without_end_are_refused() -> None:
    content = b"<Document><BkToCstmrStmt>" + b"<Stmt><Id>1</Id></Stmt>" * 20_001 + b"</BkToCstmrStmt></Document>"
    assert refusal(content).rule == "XML-TOO-LARGE"


def test_states_that_are_no_codes_are_not_kept() -> None:
    order = "<TxInfAndSts><TxSts>{}</TxSts></TxInfAndSts>"
    orders = "".join(order.format(state) for state in ["ACSC", "", "x" * 4_000, *map(str, range(1_000, 1_500))])
    content = f"<Document><CstmrPmtStsRpt>{orders}</CstmrPmtStsRpt></Document>".encode()
    _, findings, file = entries_of(content)
    assert (findings, file.is_whole, file.state_counts) == ([], True, {"ACSC": 1, "": 502})


def test_a_million_transactions_are_never_held() -> None:
    """Twenty thousand in one entry take no more memory than one: a fiftieth of the million, for the suite's sake."""
    head, tail = GOOD.split(b"<TxDtls>")[0], GOOD.split(b"</TxDtls>")[1]
    one = b"<TxDtls>" + GOOD.split(b"<TxDtls>")[1].split(b"</TxDtls>")[0] + b"</TxDtls>"
    whole = BytesIO(head + one * 20_000 + tail)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = sum(not isinstance(item, Finding) for item in read_payment_file(whole))
    assert count == 20_001
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000  # kB
