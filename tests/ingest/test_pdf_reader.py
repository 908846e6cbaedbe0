"""Factur-X: the invoice inside a PDF, and PDFs that would rather not be opened."""

import io
import resource
import signal
import subprocess
import time
import zlib
from hashlib import sha256

import pikepdf
import pytest

from export.cii import EN16931, write_cii
from issuers.profile import Profile
from sandbox.intake.worker import MOST_CPU_SECONDS, TICKS
from tests.ingest.sample_files import ALICE, BOB, CHARLIE, fatal_rules, only_bill, pdf, read, refusal, short, zipped


def test_charlies_pdf_has_charlies_bill():
    document = pdf(CHARLIE)
    reading, [entry] = read(document)
    assert (reading.format, reading.whole) == ("Factur-X", True)
    assert entry.bill == read(CHARLIE)[1][0].bill
    assert entry.body_sha == sha256(document).hexdigest()


@pytest.mark.parametrize("name", ["ZUGFeRD-invoice.xml", "xrechnung.xml", "anything.xml"])
def test_other_names_for_the_invoice(name: str):
    assert read(pdf(ALICE, name))[1][0].number == "E-2026-0001"


def test_many_pdfs_in_a_zip_share_one_child(monkeypatch):
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *given, **more: started.append(popen(*given, **more)) or started[-1]
    )
    reading, entries = read(zipped(*((f"{n}.pdf", pdf(ALICE if n % 2 else BOB)) for n in range(40))))
    assert reading.whole
    assert len(entries) == 40
    assert len(started) == 1


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (pdf(None), "PDF-NO-INVOICE"),
        (pdf(b"<html/>", "page.xml"), "PDF-NO-INVOICE"),
        (pdf(CHARLIE, password="secret"), "PDF-ENCRYPTED"),
        (b"%PDF-1.7\n" + b"\x00" * 5000, "PDF-BROKEN"),
        (pdf(CHARLIE)[:300], "PDF-BROKEN"),
        (pdf(b"<CrossIndustryInvoice>", "factur-x.xml"), "XML-MALFORMED"),
    ],
    ids=short,
)
def test_a_pdf_without_a_bill_says_why(document: bytes, rule: str):
    reading, entries = read(document)
    assert entries == []
    assert refusal(reading) == rule


def bomb() -> bytes:
    """A PDF of some kB whose attachment unpacks to 700 MB."""
    packer = zlib.compressobj(1)
    blanks = b" " * (1 << 20)
    packed = b"".join(packer.compress(blanks) for _ in range(700)) + packer.flush()
    twice = zlib.compress(packed, 9)
    file = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        spec = pikepdf.AttachedFileSpec(document, b"<a/>", mime_type="text/xml")
        document.attachments["factur-x.xml"] = spec
        stream = document.attachments["factur-x.xml"].obj.EF.F
        stream.write(twice, filter=pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode]))
        document.save(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return file.getvalue()


def test_time_is_counted_as_the_limit_counts_it():
    """By another clock, a child that had opened some hundred PDFs would die of a limit that it had not reached."""
    signal.setitimer(signal.ITIMER_PROF, 1000)  # by the clock of RLIMIT_CPU
    try:
        begun = time.clock_gettime(TICKS)
        while time.clock_gettime(TICKS) - begun < 0.5:
            pass
        left, _ = signal.getitimer(signal.ITIMER_PROF)
        assert 1000 - left == pytest.approx(time.clock_gettime(TICKS) - begun, abs=0.02)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_bomb_dies_in_the_child_and_the_next_one_is_read():
    """What it may take is the processor's time: the clock on the wall is also other people's."""
    feed = zipped(("bomb.pdf", bomb()), ("charlie.pdf", pdf(CHARLIE)))
    before = _seconds_of_children()
    reading, entries = read(feed)
    assert _seconds_of_children() - before < 2 * MOST_CPU_SECONDS
    assert reading.whole
    assert entries[0].bill is None
    assert entries[0].findings[0].rule in ("PDF-TOO-SLOW", "PDF-BROKEN")
    assert entries[1].number == "W-2026-0003"


def test_a_feed_of_slow_pdfs_does_not_wait_for_each(monkeypatch: pytest.MonkeyPatch, tmp_path):
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr("ingest.pdf.sandboxed_pdf._WORKER", sleeper)
    monkeypatch.setattr("ingest.pdf.sandboxed_pdf._PATIENCE", 0.5)
    began = time.monotonic()
    _, entries = read(zipped(*((f"{n}.pdf", pdf(ALICE)) for n in range(20))))
    assert time.monotonic() - began < 30, "before the sleeper woke"
    assert {entry.findings[0].rule for entry in entries} == {"PDF-TOO-SLOW"}


# -- several XML files in one PDF ------------------------------------------------------------------------------


def carrying(*files: tuple[str, bytes], associated: bool = False) -> bytes:
    """A PDF of one page with these files inside, embedded or associated; names may repeat."""
    file = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        specs = [pikepdf.AttachedFileSpec(document, content, filename=name) for name, content in files]
        if associated:
            document.Root["/AF"] = pikepdf.Array([spec.obj for spec in specs])
        else:
            for n, spec in enumerate(specs):
                document.attachments[f"{n}"] = spec
        document.save(file)
    return file.getvalue()


@pytest.mark.parametrize("associated", [False, True])
@pytest.mark.parametrize("names", [("factur-x.xml", "factur-x.xml"), ("xrechnung.xml", "zugferd-invoice.xml")])
def test_two_invoices_in_one_pdf_are_two_bills_and_told(names: tuple[str, str], associated: bool):
    document = carrying((names[0], ALICE), (names[1], CHARLIE), associated=associated)
    reading, entries = read(document)
    assert reading.whole
    assert {entry.bill for entry in entries} == {read(ALICE)[1][0].bill, read(CHARLIE)[1][0].bill}
    assert [(finding.rule, finding.values) for finding in reading.findings] == [("PDF-TWO-INVOICES", {"count": 2})]
    assert len({entry.body_sha for entry in entries}) == 2
    _, [alice, charlie] = read(document, Profile(facturx_pages="theirs"))
    assert alice.bill is charlie.bill is None
    assert "PDF-TWO-INVOICES" in fatal_rules(alice)


def test_the_same_invoice_twice_is_one():
    again = ALICE.replace(b"<cbc:Note>", b"<cbc:Note> ")
    for second in (ALICE, again, write_cii(read(ALICE)[1][0].bill, EN16931)):
        reading, [entry] = read(carrying(("factur-x.xml", ALICE), ("zugferd-invoice.xml", second)))
        assert entry.number == "E-2026-0001"
        assert reading.findings == []


def test_the_same_number_with_other_money_is_two():
    other = ALICE.replace(b">84.20<", b">94.20<")
    assert other != ALICE
    reading, entries = read(carrying(("factur-x.xml", ALICE), ("ubl.xml", other)))
    assert [entry.number for entry in entries] == ["E-2026-0001"] * 2
    assert reading.findings[0].rule == "PDF-TWO-INVOICES"


def test_another_invoice_as_a_supporting_document_is_told():
    reading, [entry] = read(carrying(("factur-x.xml", ALICE), ("avoir.xml", BOB), ("plan.xml", b"<plan/>")))
    assert entry.number == "E-2026-0001"
    [told] = reading.findings
    assert (told.severity, told.rule, told.values["file"]) == ("warning", "PDF-TWO-INVOICES", "avoir.xml")
    assert told.values["bill"] == read(BOB)[1][0].number
    reading, [entry] = read(carrying(("factur-x.xml", ALICE), ("avoir.xml", BOB[:900])))
    assert reading.findings[0].values == {"file": "avoir.xml"}
    reading, [entry] = read(carrying(("factur-x.xml", ALICE), ("x.xml", b"<Invoices><a/></Invoices>")))
    assert reading.findings == []


@pytest.mark.parametrize("between", [b"", b"\r\n\x00"])
def test_pdfs_that_were_joined_are_refused(between: bytes):
    assert refusal(read(pdf(ALICE) + between + pdf(BOB))[0]) == "PDF-TWO-INVOICES"
    assert only_bill(pdf(ALICE) + b"\r\n\x00").number == "E-2026-0001"


def test_a_pdf_with_two_in_a_zip_of_pdfs():
    _, entries = read(zipped(("a.pdf", carrying(("factur-x.xml", ALICE), ("ubl.xml", BOB))), ("c.pdf", pdf(CHARLIE))))
    assert [entry.place for entry in entries] == [
        "a.pdf: attached XML",
        "a.pdf: attached XML ubl.xml",
        "c.pdf: attached XML",
    ]
