"""Samples of our own making, and how they are read."""

import gzip
import io
import zipfile
from pathlib import Path

import pikepdf

from bill import Bill
from ingest import FeedItem, Reading, open_feed
from issuers.profile import Profile, read_profile
from tests.finding_sentences import check_said

SAMPLES = Path(__file__).parent / "samples"
#: Bills that ask for money in many ways.
AMOUNTS = Path(__file__).parent.parent / "amounts"

ALICE = (SAMPLES / "alice-electricity.ubl.xml").read_bytes()
BOB = (SAMPLES / "bob-credit-note.ubl.xml").read_bytes()
CHARLIE = (SAMPLES / "charlie-water.cii.xml").read_bytes()
CSV = (SAMPLES / "three-people.csv").read_bytes()
TELECOM = read_profile((SAMPLES / "three-people.toml").read_text())
STRICT = Profile(acceptance="en16931")


def read(content: bytes, profile: Profile | None = None, name: str = "feed") -> tuple[Reading, list[FeedItem]]:
    reading = open_feed(io.BytesIO(content), name, profile or Profile())
    entries = list(reading)
    check_said([*reading.findings, *(finding for entry in entries for finding in entry.findings)])
    return reading, entries


def sample(name: str) -> bytes:
    """One of the bills that ask for money in many ways."""
    return (AMOUNTS / f"{name}.xml").read_bytes()


def only_entry(content: bytes, profile: Profile | None = None) -> FeedItem:
    """The one entry of a feed that is whole."""
    reading, entries = read(content, profile)
    assert reading.whole, reading.findings
    assert len(entries) == 1
    return entries[0]


def only_bill(content: bytes, profile: Profile | None = None) -> Bill:
    entry = only_entry(content, profile)
    assert entry.bill is not None, entry.findings
    return entry.bill


def fatal_rules(entry: FeedItem) -> list[str]:
    return [finding.rule for finding in entry.findings if finding.severity == "fatal"]


def warnings(entry: FeedItem) -> list[str]:
    return [finding.rule for finding in entry.findings if finding.severity == "warning"]


def refusal(reading: Reading) -> str:
    """The rule under which a whole feed was refused."""
    assert not reading.whole
    [rule] = [finding.rule for finding in reading.findings if finding.severity == "fatal"]
    return rule


def body(document: bytes) -> bytes:
    """An XML document without its declaration, to be put into another."""
    return document.partition(b"?>")[2].strip() if document.startswith(b"<?xml") else document


def batch(*documents: bytes, wrapper: bytes = b"factures") -> bytes:
    return b"<%s>" % wrapper + b"\n".join(body(document) for document in documents) + b"</%s>" % wrapper


def zipped(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def gzipped(content: bytes, level: int = 9) -> bytes:
    return gzip.compress(content, level, mtime=0)


def pdf(xml: bytes | None, name: str = "factur-x.xml", password: str = "") -> bytes:
    """A PDF of one blank page, with an invoice attached."""
    file = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if xml is not None:
            document.attachments[name] = pikepdf.AttachedFileSpec(document, xml, mime_type="text/xml")
        document.save(file, encryption=pikepdf.Encryption(owner="o", user=password) if password else False)
    return file.getvalue()


def short(value: object) -> str:
    """A parameter in a test's name: documents are too long for one."""
    return repr(value)[:24] if isinstance(value, bytes | list) else str(value)[:24]
