"""EDIFACT packages: the meter's photograph and the price list that come with Alice's water bill."""

import pytest

from ingest.edifact.segment_tokenizer import _BLOCK
from tests.ingest.sample_files import gzipped, only_bill, only_entry, read, refusal, zipped
from tests.ingest.test_edifact_reader import ALICE_WATER, recounted

PDF = b"%PDF-1.4 '+:?'UNZ+1+I-17'UNO+x'\r\n\xff\x00" * 40
PNG = b"\x89PNG\r\n\x1a\n'UNP+"


def package(content: bytes, reference: str = "1:EAU-2026-0001", name: str = "P1", lead: bytes = b"") -> bytes:
    head = f"UNO+{name}+{reference}+1:PDF+{len(content)}'".encode()
    return head + lead + content + f"UNP+{len(content)}+{name}'\r\n".encode()


def with_packages(*packages: bytes, count: int | None = None) -> bytes:
    """Alice's interchange with packages behind her message."""
    counted = 1 + len(packages) if count is None else count
    return ALICE_WATER.replace(b"UNZ+1+", b"".join(packages) + b"UNZ+%d+" % counted)


def attached(content: bytes) -> list[tuple[str, str, bytes | None]]:
    return [(each.filename, each.media_type, each.content) for each in only_bill(content).attachments]


@pytest.mark.parametrize(
    "reference", ["1:EAU-2026-0001", "1:M-1", "1:CONTRAT-7", "EAU-2026-0001", "1:nothing", "", "1:x*1:EAU-2026-0001"]
)
def test_a_package_is_an_attachment_of_its_bill(reference: str):
    [(filename, media_type, content)] = attached(with_packages(package(PDF, reference)))
    assert (media_type, content) == ("application/pdf", PDF)
    assert filename.endswith(".pdf")
    assert not read(with_packages(package(PDF, reference)))[0].findings


def test_several_kinds_and_a_name_that_is_a_path():
    feed = with_packages(package(PDF, "1:../relevé.pdf".encode().decode("latin-1")), package(PNG, name="P2"))
    photo = ("EAU-2026-0001.png", "image/png", PNG)
    assert [each[1:] for each in attached(feed)] == [("application/pdf", PDF), photo[1:]]
    assert attached(feed)[1] == photo
    assert "/" not in attached(feed)[0][0]


def test_a_file_of_other_bytes_is_another_item():
    sha = only_entry(with_packages(package(PDF))).body_sha
    assert sha == only_entry(with_packages(package(PDF))).body_sha
    assert sha != only_entry(with_packages(package(PDF[:-1] + b"1"))).body_sha
    assert sha != only_entry(ALICE_WATER).body_sha


@pytest.mark.parametrize("lead", [b"\r\n", b"\n"])
def test_a_line_end_before_the_object_is_not_its(lead: bytes):
    assert attached(with_packages(package(PDF, lead=lead)))[0][2] == PDF


def test_unz_may_count_the_messages_alone():
    assert only_bill(with_packages(package(PDF), count=1)).attachments
    assert refusal(read(with_packages(package(PDF), count=3))[0]) == "EDI-UNZ-COUNT"


@pytest.mark.parametrize("size", [0, 1, _BLOCK - 1000, _BLOCK, 3 * _BLOCK])
def test_objects_of_every_length(size: int):
    content = (b"%PDF-" + PDF * (1 + size // len(PDF)))[:size]
    assert attached(with_packages(package(content)))[0][2] == content
    assert [entry.bill.attachments[0].content for entry in read(gzipped(with_packages(package(content)), 1))[1]] == [
        content
    ]


def test_before_behind_or_far_from_its_message():
    """Whatever stands where, each bill gets what names it and nothing else."""
    bob = ALICE_WATER.partition(b"UNZ")[0].partition(b"UNH")[2]
    two = (
        ALICE_WATER.partition(b"UNH")[0]
        + b"%bUNH"
        + bob
        + b"%bUNH"
        + bob.replace(b"M-1", b"M-2").replace(b"EAU-2026-0001", b"EAU-2026-0002")
        + b"%bUNZ+%d+I-17'"
    )
    for places in ((0, 0), (0, 2), (1, 1), (2, 2), (2, 0)):
        between = [b"", b"", b""]
        between[places[0]] += package(b"of the first", "1:EAU-2026-0001", "2")
        between[places[1]] += package(b"of the second", "1:M-2", "1")
        reading, entries = read(two % (*between, 4))
        assert reading.whole, reading.findings
        assert [each.bill.attachments[0].content for each in entries] == [b"of the first", b"of the second"]
        assert [len(each.bill.attachments) for each in entries] == [1, 1]


def test_what_names_nobody_is_given_to_nobody_and_told():
    bob = ALICE_WATER.partition(b"UNZ")[0].partition(b"UNH")[2]
    second = b"UNH" + bob.replace(b"M-1", b"M-2").replace(b"EAU-2026-0001", b"EAU-2026-0002")
    for reference in ("1:somebody", "1:CONTRAT-7"):  # nobody, and both of them
        feed = ALICE_WATER.replace(b"UNZ+1+", second + package(PDF, reference) + b"UNZ+3+")
        reading, entries = read(feed)
        assert reading.whole
        assert [entry.bill.attachments for entry in entries] == [(), ()]
        assert [(f.severity, f.rule) for f in reading.findings] == [("warning", "EDI-PACKAGE")]


def test_more_than_is_kept_is_told():
    [entry] = read(
        with_packages(package(b"%PDF-" + bytes(4_000_000)), package(b"%PDF-" + bytes(2_000_000), name="P2"))
    )[1]
    assert len(entry.bill.attachments) == 1
    assert "ATTACHMENT-TOO-LARGE" in [finding.rule for finding in entry.findings]


def test_a_package_in_a_group_and_in_an_archive():
    feed = with_packages(package(PDF)).replace(b"UNH+M-1", b"UNG+INVOIC+1+2+261103:0900+7+UN+D:96A'UNH+M-1", 1)
    feed = feed.replace(b"UNZ+2+", b"UNE+2+7'UNZ+1+")
    assert attached(feed)[0][2] == PDF
    assert [each.bill.attachments[0].content for each in read(zipped(("a.edi", feed), ("b.edi", feed)))[1]] == [
        PDF,
        PDF,
    ]


def test_the_word_uno_in_a_text_is_no_package():
    feed = recounted(ALICE_WATER.replace(b"Geste commercial", b"UNO: commercial"))
    assert only_bill(feed).attachments == ()


def test_a_file_that_ends_inside_an_object():
    assert refusal(read(with_packages(package(PDF)).partition(b"UNP+")[0][:-700])[0]) == "EDI-TRUNCATED"
