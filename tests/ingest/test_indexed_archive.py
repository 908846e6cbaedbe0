"""Issuers that already print: an index and PDFs in one archive, and whose pages are whose."""

import io
import json
import tarfile
from decimal import Decimal
from hashlib import sha256
from typing import Literal
from unicodedata import normalize

import pikepdf
import pypdf
import pytest

from bill import Finding
from ingest import FeedItem, open_feed
from issuers.profile import ProfileError, read_profile
from tests.ingest.sample_files import ALICE, BOB, SAMPLES, fatal_rules, gzipped, pdf, read, refusal, zipped
from tests.ingest.test_containers import tarred
from tests.sample_print_streams import index, printed, profile, stream

THREE = [("EV-1", "Alice"), ("EV-2", "Bob"), ("EV-3", "Charlie")]
BY_FILE = profile('by = "file"')
BY_MARKS = profile("by = 'marks'\nmark = 'Facture n° *([A-Z0-9-]+)'")
BY_BOOKMARKS = profile("by = 'bookmarks'\nmark = 'Facture (.+)'")
DECOMPOSED = read_profile("""
[delimited]
lines_per_bill = "one"
[delimited.columns]
number = "Facture"
issue_date = "Date"
payable = "A payer"
"buyer.id" = "Client"
"buyer.name" = "Nom"
[delimited.constants]
currency = "EUR"
[pages]
""")
UnicodeForm = Literal["NFC", "NFD"]
BY_INDEX = profile('by = "index"', '"pages.first" = "page"', '"pages.count" = "pages"')


def entries_of(text: str, *members: tuple[str, bytes]) -> list[FeedItem]:
    reading, entries = read(zipped(*members), read_profile(text))
    assert (reading.format, reading.whole) == ("index + PDF", True), reading.findings
    return entries


def said(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(document)).pages)


def rules(entries: list[FeedItem]) -> list[list[str]]:
    return [fatal_rules(entry) for entry in entries]


# -- a PDF a bill ----------------------------------------------------------------------------------------------


def test_a_pdf_a_bill_comes_out_as_it_went_in():
    files = {number: printed(number, person) for number, person in THREE}
    entries = entries_of(
        BY_FILE, ("index.csv", index(THREE)), *((f"factures/{number}.pdf", files[number]) for number in files)
    )
    assert [entry.number for entry in entries] == ["EV-1", "EV-2", "EV-3"]
    for entry in entries:
        assert entry.pages == files[entry.number or ""]
        assert entry.bill is not None
        assert entry.bill.pages_sha256 == sha256(entry.pages or b"").hexdigest()
    assert "Consommation d'eau de Bob" in entries[1].text
    assert entries[0].weight == len(files["EV-1"])


def test_the_index_names_the_file_with_whatever_folder_it_was_in():
    by_name = profile('by = "file"', '"pages.file" = "fichier"')
    rows = index(THREE, fichier=["C:\\sortie\\un.pdf", "mars/deux.pdf", "trois.pdf"])
    members = [("un.pdf", printed("EV-1", "Alice")), ("mars/deux.pdf", printed("EV-2", "Bob"))]
    entries = entries_of(by_name, ("i.csv", rows), *members, ("x/trois.pdf", printed("EV-3", "Charlie")))
    assert rules(entries) == [[], [], []]
    assert "Bob" in entries[1].text


def test_an_entry_without_pages_and_pages_without_an_entry():
    entries = entries_of(
        BY_FILE, ("index.csv", index(THREE)), ("EV-1.pdf", printed("EV-1", "Alice")),
        ("EV-3.pdf", printed("EV-3", "Charlie")), ("EV-9.pdf", printed("EV-9", "Dominique")),
    )  # fmt: skip
    assert rules(entries) == [[], ["INDEX-PAGES-MISSING"], [], ["INDEX-ENTRY-MISSING"]]
    assert (entries[1].bill, entries[1].number) == (None, "EV-2")
    assert (entries[3].place, entries[3].number) == ("EV-9.pdf", None)


def test_pages_that_two_bills_claim_are_given_to_neither():
    by_name = profile('by = "file"', '"pages.file" = "fichier"')
    rows = index(THREE, fichier=["un.pdf", "un.pdf", "trois.pdf"])
    entries = entries_of(
        by_name, ("i.csv", rows), ("un.pdf", printed("EV-1", "A")), ("trois.pdf", printed("EV-3", "C"))
    )
    assert rules(entries) == [["INDEX-PAGES-SHARED"], ["INDEX-PAGES-SHARED"], []]
    assert "EV-2" in entries[0].findings[-1].message


def test_the_same_entry_twice_is_for_release_to_settle():
    twice = [("EV-1", "Alice"), ("EV-1", "Alice")]
    assert rules(entries_of(BY_FILE, ("i.csv", index(twice)), ("EV-1.pdf", printed("EV-1", "Alice")))) == [[], []]


def test_the_index_may_be_xml_that_says_all_of_the_bill():
    entries = entries_of(
        '[pages]\nby = "file"', ("a.xml", ALICE), ("b.xml", BOB), ("E-2026-0001.pdf", printed("E-2026-0001", "Alice")),
        ("A-2026-0002.pdf", printed("A-2026-0002", "Bob")),
    )  # fmt: skip
    assert rules(entries) == [[], []]
    assert entries[0].bill is not None
    assert entries[0].bill.lines
    assert entries[0].pages == printed("E-2026-0001", "Alice")


XML_INDEX = (SAMPLES / "own-records.xml").read_bytes()
BY_XML = "[pages]\nby = 'file'\n" + (SAMPLES / "own-records.toml").read_text()


def test_the_index_may_be_xml_of_the_issuers_own():
    members = [("un.pdf", printed("EV-1", "Alice")), ("deux.pdf", printed("EV-2", "Bob"))]
    alice, bob = entries_of(BY_XML, ("index.xml", XML_INDEX), *members)
    assert (alice.number, alice.pages) == ("EV-1", members[0][1])
    assert bob.bill is not None
    assert (bob.bill.buyer.name, bob.bill.buyer.identifiers[0].value) == ("Bob Le Goff", "C-BOB")
    assert (bob.bill.totals.payable, bob.bill.currency) == (Decimal("32.00"), "EUR")
    assert bob.place == "index.xml: facture 2, line 5"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ((b"</lot>", b""), "XML-MALFORMED"),
        ((b"?>\n<lot", b"?><!DOCTYPE lot SYSTEM 'x'>\n<lot"), "XML-DOCTYPE"),
        ((b"facture", b"bordereau"), "XML-NO-BILL"),
    ],
    ids=["cut off", "doctype", "nothing"],
)
def test_an_xml_index_that_cannot_be_trusted(change: tuple[bytes, bytes], rule: str):
    feed = zipped(("index.xml", XML_INDEX.replace(*change)), ("un.pdf", printed("EV-1", "Alice")))
    reading, entries = read(feed, read_profile(BY_XML))
    findings = [finding.rule for entry in entries for finding in entry.findings] + [f.rule for f in reading.findings]
    assert rule in findings
    assert not any(entry.bill for entry in entries)


def test_the_index_may_be_json():
    places = [("EV-1", "Alice", 1, 1), ("EV-2", "Bob", 2, 3)]
    bills = [
        {"number": number, "issue_date": "2026-03-02", "payable": 31.5, "currency": "EUR", "buyer": {"name": person},
         "pages": {"first": first, "count": count}}
        for number, person, first, count in places
    ]  # fmt: skip
    lines = "\n".join(json.dumps(bill) for bill in bills).encode() + b"\n"
    lot = stream(("EV-1", "Alice", 1), ("EV-2", "Bob", 3))
    alice, bob = entries_of('[pages]\nby = "index"', ("index.json", lines), ("lot.pdf", lot))
    assert rules([alice, bob]) == [[], []]
    assert said(bob.pages or b"").count("Bob, page") == 3


def test_a_row_refused_still_claims_its_pages():
    broken = index(THREE[:1]).replace(b"31,00", b"beaucoup")
    assert rules(entries_of(BY_FILE, ("i.csv", broken), ("EV-1.pdf", printed("EV-1", "Alice")))) == [["AMOUNT-INVALID"]]


def hostile(change: str) -> bytes:
    """A bill's PDF that would do something when it is opened."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed("EV-1", "Alice"))) as document:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        match change:
            case "open":
                document.Root.OpenAction = script
            case "page":
                document.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.Launch))
            case "names":
                document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script]))
            case "file":
                document.attachments["facture.exe"] = b"MZ"
            case "form":
                document.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=pikepdf.Array(["a", "b"]))
            case "film":
                note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 1, 1])
                document.pages[0].Annots = pikepdf.Array([note])
        document.save(file)
    return file.getvalue()


@pytest.mark.parametrize("change", ["open", "page", "names", "file", "form", "film"])
def test_pages_that_would_do_something_are_not_shown(change: str):
    [entry] = entries_of(BY_FILE, ("i.csv", index(THREE[:1])), ("EV-1.pdf", hostile(change)))
    assert fatal_rules(entry) == ["PDF-ACTIVE"]
    assert entry.pages is None


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (pdf(None, password="secret"), "PDF-ENCRYPTED"),
        (pdf(None)[:200], "PDF-BROKEN"),
        (b"%PDF-1.7\n" + b"\x00" * 5000, "PDF-BROKEN"),
        (b"%PDF-1.7\n" + b"x" * 20_000_000, "PAGES-TOO-LARGE"),
    ],
    ids=["a password", "cut off", "no PDF", "large"],
)
def test_pages_that_cannot_be_opened(document: bytes, rule: str):
    feed = zipped(("i.csv", index(THREE[:2])), ("EV-2.pdf", printed("EV-2", "Bob")))
    plain = io.BytesIO(feed)
    import zipfile

    with zipfile.ZipFile(plain, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("EV-1.pdf", document)
    reading, entries = read(plain.getvalue(), read_profile(BY_FILE))
    assert reading.whole
    assert rules(entries) == [[rule], []]


def test_an_owners_password_is_a_password_too():
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(printed("EV-1", "Alice"))) as document:
        document.save(file, encryption=pikepdf.Encryption(owner="o", user=""))
    [entry] = entries_of(BY_FILE, ("i.csv", index(THREE[:1])), ("EV-1.pdf", file.getvalue()))
    assert fatal_rules(entry) == ["PDF-ENCRYPTED"]


def test_xml_inside_a_bills_own_pdf_is_no_danger():
    [entry] = entries_of(BY_FILE, ("i.csv", index(THREE[:1])), ("EV-1.pdf", pdf(ALICE)))
    assert entry.pages == pdf(ALICE) or entry.pages is not None
    assert fatal_rules(entry) == []


def test_what_is_no_index_with_pages():
    by_file = read_profile(BY_FILE)
    assert refusal(read(zipped(("EV-1.pdf", printed("EV-1", "Alice"))), by_file)[0]) == "INDEX-MISSING"
    assert refusal(read(index(THREE), by_file)[0]) == "INDEX-ALONE"
    assert refusal(read(zipped(), by_file)[0]) == "INDEX-MISSING"
    cut_off = index(THREE)[:-30]
    assert refusal(read(zipped(("i.csv", cut_off), ("EV-1.pdf", printed("EV-1", "A"))), by_file)[0]) == "CSV-TRUNCATED"


def test_a_tar_holds_an_index_as_well():
    file = io.BytesIO()
    members = [("index.csv", index(THREE)), *((f"{number}.pdf", printed(number, who)) for number, who in THREE)]
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    reading, entries = read(file.getvalue(), read_profile(BY_FILE))
    assert (reading.format, reading.whole) == ("index + PDF", True)
    assert [entry.pages for entry in entries] == [content for _, content in members[1:]]


def test_a_manifest_beside_them_is_held_against_them():
    members = [("index.csv", index(THREE[:1])), ("EV-1.pdf", printed("EV-1", "Alice"))]
    listed = "file,sha256\n" + "".join(f"{name},{sha256(content).hexdigest()}\n" for name, content in members)
    good, entries = read(zipped(("MANIFEST.csv", listed.encode()), *members), read_profile(BY_FILE))
    assert (good.whole, rules(entries)) == (True, [[]])
    changed = [members[0], ("EV-1.pdf", printed("EV-1", "Bob"))]
    assert not read(zipped(("MANIFEST.csv", listed.encode()), *changed), read_profile(BY_FILE))[0].whole
    assert not read(zipped(("MANIFEST.csv", listed.encode()), members[0]), read_profile(BY_FILE))[0].whole


# -- a print stream --------------------------------------------------------------------------------------------

STREAM = stream(("EV-1", "Alice", 1), ("EV-2", "Bob", 3), ("EV-3", "Charlie", 2), bookmarks=True)


@pytest.mark.parametrize("text", [BY_MARKS, BY_BOOKMARKS, BY_INDEX], ids=["marks", "bookmarks", "index"])
def test_a_print_stream_is_cut_into_its_bills(text: str):
    entries = entries_of(text, ("index.csv", index(THREE, page=[1, 2, 5], pages=[1, 3, 2])), ("lot.pdf", STREAM))
    assert rules(entries) == [[], [], []]
    for entry, (_, person), count in zip(entries, THREE, (1, 3, 2), strict=True):
        words = said(entry.pages or b"")
        assert words.count(f"{person}, page") == count
        assert not any(other in words for _, other in THREE if other != person)
        assert f"Consommation d'eau de {person}" in entry.text
    again = entries_of(text, ("index.csv", index(THREE, page=[1, 2, 5], pages=[1, 3, 2])), ("lot.pdf", STREAM))
    assert [entry.pages for entry in again] == [entry.pages for entry in entries]


def test_what_a_cut_page_shows_is_byte_for_byte_what_it_was():
    [_, bob, _] = entries_of(BY_MARKS, ("i.csv", index(THREE)), ("lot.pdf", STREAM))
    with pikepdf.open(io.BytesIO(STREAM)) as whole, pikepdf.open(io.BytesIO(bob.pages or b"")) as cut:
        before = [page.Contents.read_raw_bytes() for page in whole.pages[1:4]]
        assert [page.Contents.read_raw_bytes() for page in cut.pages] == before


def test_nothing_of_somebody_else_hides_in_a_cut():
    """Bob's page is reachable from Alice's in every way a producer may think of."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(STREAM)) as document:
        seal = document.make_stream(
            b"% BOB-CANARY", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 1, 1]
        )
        alice, bob = document.pages[0], document.pages[1]
        bob.PieceInfo = pikepdf.Dictionary(Private=pikepdf.String("BOB-CANARY"))
        bob.Metadata = document.make_stream(b"BOB-CANARY")
        alice.Resources.XObject = pikepdf.Dictionary(Fm1=seal)
        alice.Annots = pikepdf.Array([
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9],
                               Dest=pikepdf.Array([bob.obj, pikepdf.Name.Fit]), Contents=pikepdf.String("BOB-CANARY")),
        ])  # fmt: skip
        alice.B = pikepdf.Array([document.make_indirect(pikepdf.Dictionary(P=bob.obj, T=pikepdf.String("BOB-CANARY")))])
        alice.AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("BOB-CANARY")))
        document.Root.StructTreeRoot = document.make_indirect(pikepdf.Dictionary(T=pikepdf.String("BOB-CANARY")))
        document.docinfo["/Title"] = "BOB-CANARY"
        document.save(file)
    entries = entries_of(BY_MARKS, ("i.csv", index(THREE)), ("lot.pdf", file.getvalue()))
    pages = entries[0].pages or b""
    with pikepdf.open(io.BytesIO(pages)) as cut:
        everything = b"".join(
            each.read_bytes() if isinstance(each, pikepdf.Stream) else bytes(repr(each), "utf-8")
            for each in cut.objects
        )
    assert b"Alice" in said(pages).encode()
    assert b"CANARY" not in everything
    assert b"CANARY" not in pages


def test_pages_before_the_first_bill_and_a_bill_that_is_not_there():
    lot = stream(("EV-1", "Alice", 2), ("EV-3", "Charlie", 1), cover=1)
    entries = entries_of(BY_MARKS, ("i.csv", index(THREE)), ("lot.pdf", lot))
    assert rules(entries) == [[], ["INDEX-PAGES-MISSING"], [], ["INDEX-ENTRY-MISSING"]]
    assert entries[3].place == "lot.pdf: page 1"


def test_a_bill_that_nobody_listed_is_shown_to_nobody():
    entries = entries_of(BY_MARKS, ("i.csv", index([THREE[0], THREE[2]])), ("lot.pdf", STREAM))
    assert rules(entries) == [[], [], ["INDEX-ENTRY-MISSING"]]
    assert entries[2].place == "lot.pdf: pages 2-4"


def test_pages_that_may_be_a_missing_bills_are_not_guessed():
    """Bob's first page lost its mark: his pages follow Alice's. One page alone can hold nobody else's."""
    lot = stream(("EV-1", "Alice", 2), ("EV-2", "Bob", 2), ("EV-3", "Charlie", 1), marks="first")
    unmarked = stream(("EV-1", "Alice", 2), ("-", "Bob", 2), ("EV-3", "Charlie", 1), marks="first")
    mark = profile("by = 'marks'\nmark = 'Facture n° (EV-[0-9]+)'")
    assert rules(entries_of(mark, ("i.csv", index(THREE)), ("lot.pdf", lot))) == [[], [], []]
    doubtful = entries_of(mark, ("i.csv", index(THREE)), ("lot.pdf", unmarked))
    assert rules(doubtful) == [["INDEX-PAGES-DOUBTFUL"], ["INDEX-PAGES-MISSING"], []]
    counted = profile("by = 'marks'\nmark = 'Facture n° (EV-[0-9]+)'", '"pages.count" = "pages"')
    told = entries_of(counted, ("i.csv", index(THREE, pages=[2, 2, 1])), ("lot.pdf", unmarked))
    assert rules(told) == [["INDEX-PAGES-COUNT"], ["INDEX-PAGES-MISSING"], [], ["INDEX-ENTRY-MISSING"]]
    assert told[3].place == "lot.pdf: pages 1-4"


def test_a_number_at_two_places_and_two_numbers_on_one_page():
    lot = stream(("EV-1", "Alice", 1), ("EV-2", "Bob", 1), ("EV-1", "Alice", 1))
    entries = entries_of(BY_MARKS, ("i.csv", index(THREE[:2])), ("lot.pdf", lot))
    assert rules(entries)[0] == ["INDEX-PAGES-APART"]
    overlapping = index(THREE, page=[1, 2, 4], pages=[1, 3, 3])
    entries = entries_of(BY_INDEX, ("i.csv", overlapping), ("lot.pdf", STREAM))
    assert rules(entries) == [[], ["INDEX-PAGES-SHARED"], ["INDEX-PAGES-SHARED"]]


@pytest.mark.parametrize("row", [(0, 1), (7, 1), (6, 2), (1, 0), (1, -1), ("1,5", 1), (1, 10**12)])
def test_pages_that_the_stream_does_not_have(row: tuple[object, object]):
    rows = index(THREE[:1], page=[row[0]], pages=[row[1]])
    [entry, *_] = entries_of(BY_INDEX, ("i.csv", rows), ("lot.pdf", STREAM))
    assert fatal_rules(entry) == ["INDEX-PAGES-MISSING"]


def test_several_print_streams_are_named_by_the_index():
    text = profile('by = "index"', '"pages.first" = "page"', '"pages.count" = "pages"', '"pages.file" = "fichier"')
    rows = index(THREE, page=[1, 1, 2], pages=[1, 1, 1], fichier=["a.pdf", "b.pdf", "b.pdf"])
    lots = [("a.pdf", printed("EV-1", "Alice")), ("b.pdf", stream(("EV-2", "Bob", 1), ("EV-3", "Charlie", 1)))]
    entries = entries_of(text, ("i.csv", rows), *lots)
    assert rules(entries) == [[], [], []]
    assert "Charlie" in entries[2].text


def test_a_print_stream_that_cannot_be_opened_spoils_the_feed():
    reading, entries = read(zipped(("i.csv", index(THREE)), ("lot.pdf", STREAM[:900])), read_profile(BY_MARKS))
    assert entries == []
    assert refusal(reading) == "PDF-BROKEN"
    [finding] = [finding for finding in reading.findings if finding.severity == "fatal"]
    assert isinstance(finding, Finding)
    assert finding.place == "lot.pdf"


def test_an_outline_that_goes_round_in_circles():
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(STREAM)) as document:
        last = document.Root.Outlines.Last
        last.Next = document.Root.Outlines.First
        document.save(file)
    assert rules(entries_of(BY_BOOKMARKS, ("i.csv", index(THREE)), ("lot.pdf", file.getvalue()))) == [[], [], []]


def test_a_mark_that_never_ends_ends():
    slow = profile(r"by = 'marks'" + "\n" + r"mark = '(.|\n|[^x])*z$'")
    reading, _ = read(zipped(("i.csv", index(THREE)), ("lot.pdf", STREAM)), read_profile(slow))
    assert refusal(reading) in {"PDF-TOO-SLOW", "PDF-BROKEN"}


# -- Factur-X, and the profile ---------------------------------------------------------------------------------


def test_factur_x_shows_its_own_pages_where_the_profile_says_so():
    document = pdf(ALICE)
    _, [ours] = read(document)
    assert ours.pages is None
    _, [theirs] = read(document, read_profile('facturx_pages = "theirs"'))
    assert theirs.pages == document
    assert theirs.bill is not None
    assert theirs.bill.pages_sha256 == sha256(document).hexdigest()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[pages]\nby = 'marks'", "pages.mark"),
        ("[pages]\nmark = '('", "pages.mark"),
        ("[pages]\nfile = 'x.pdf'", "pages.file"),
        ("[pages]\nby = 'smell'", "pages.by"),
    ],
)
def test_a_profile_that_cannot_find_pages(text: str, key: str):
    with pytest.raises(ProfileError) as wrong:
        read_profile(text)
    assert wrong.value.key == key


# -- many ------------------------------------------------------------------------------------------------------


def test_a_print_stream_comes_one_bill_at_a_time():
    """Held is a bill's pages at a time, never the stream's; what they say waits on disk."""
    numbers = [(f"EV-{n}", "Alice") for n in range(60)]
    lot = stream(*((number, who, 2) for number, who in numbers))
    reading = open_feed(io.BytesIO(zipped(("i.csv", index(numbers)), ("lot.pdf", lot))), "mars", read_profile(BY_MARKS))
    seen = {entry.pages for entry in reading}
    assert (len(seen), reading.whole) == (60, True)
    assert max(len(pages or b"") for pages in seen) < len(lot) / 10


# -- names and packings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("listed", "packed"), [("NFC", "NFD"), ("NFD", "NFC"), ("NFD", "NFD")])
def test_names_that_differ_by_unicode_form_are_equal(listed: UnicodeForm, packed: UnicodeForm):
    number = "Façade-Hé-Ångström"
    rows = index([(normalize(listed, number), "Alice")])
    pages = printed("EV-1", "Alice")
    [entry] = entries_of(BY_FILE, ("index.csv", rows), (f"x/{normalize(packed, number)}.pdf", pages))
    assert entry.pages == pages
    by_name = profile('by = "file"', '"pages.file" = "fichier"')
    rows = index([("EV-1", "Alice")], fichier=[normalize(listed, f"x\\{number}.pdf")])
    [entry] = entries_of(by_name, ("index.csv", rows), (f"x/{normalize(packed, number)}.pdf", pages))
    assert entry.pages == pages


def test_two_forms_of_one_name_are_no_pages_of_anybody():
    rows = index([("Hé-1", "Alice")])
    pages = [(f"{normalize(form, 'Hé-1')}.pdf", printed("EV-1", form)) for form in ("NFC", "NFD")]
    [alice, *left] = entries_of(BY_FILE, ("index.csv", rows), *pages)
    assert fatal_rules(alice) == ["INDEX-PAGES-MISSING"]
    assert rules(left) == [["INDEX-ENTRY-MISSING"]] * 2


def test_a_manifest_lists_names_in_another_form():
    rows, name = index([("Hé-1", "Alice")]), "Hé-1.pdf"
    manifest = f"file\nindex.csv\n{normalize('NFD', name)}\n".encode()
    [entry] = entries_of(BY_FILE, ("index.csv", rows), (name, printed("EV-1", "Alice")), ("MANIFEST.csv", manifest))
    assert entry.bill is not None


def test_the_archive_as_it_was_found():
    reading, [entry] = read((SAMPLES / "index-and-name-decomposed.zip").read_bytes(), DECOMPOSED)
    assert reading.whole
    assert (entry.number, entry.bill is not None, entry.pages is not None) == ("Hé-4", True, True)


def test_an_index_inside_tar_gz_is_read_as_within_tar():
    members = [("index.csv", index(THREE)), *((f"{number}.pdf", printed(number, person)) for number, person in THREE)]
    _, from_zip = read(zipped(*members), read_profile(BY_FILE))
    for packed in (tarred(*members), gzipped(tarred(*members)), gzipped(zipped(*members))):
        reading, entries = read(packed, read_profile(BY_FILE))
        assert (reading.format, reading.whole) == ("index + PDF", True)
        assert [(e.number, e.pages, e.body_sha) for e in entries] == [(e.number, e.pages, e.body_sha) for e in from_zip]
    assert refusal(read(gzipped(index(THREE)), read_profile(BY_FILE))[0]) == "INDEX-ALONE"
    assert refusal(read(gzipped(tarred(*members))[:-20], read_profile(BY_FILE))[0]) == "GZIP-CORRUPT"
