"""What an implementation that is not ours says of our bills: veraPDF, by PDF/A-3a and PDF/UA-1.

It is no Python package: FACTEUR_VERAPDF names its command where it is installed (`make verapdf`)."""

import os
import random
import shlex
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest

from bill import Bill, Payment
from ingest import open_feed
from issuers.profile import Profile
from tests.export.test_factur_x import CORPORA, MANIFEST, valid_files
from tests.golden_pages import ON_PAPER, pages
from tests.render.sample_bills import ALICE, IBAN, bill, pdf_of, template
from tests.render.test_archive import BILLS
from tests.render.test_archived_before import PREFIX, SUFFIXES

COMMAND = shlex.split(os.environ.get("FACTEUR_VERAPDF", ""))
SEED, DRAWN = 19005, 50
FLAVOURS = ("3a", "ua1")

pytestmark = pytest.mark.skipif(not COMMAND, reason="veraPDF is not here (FACTEUR_VERAPDF names its command)")


def verdicts(flavour: str, files: list[Path]) -> dict[str, str]:
    """PASS or FAIL, by the names of the files."""
    command = [*COMMAND, "--flavour", flavour, "--format", "text", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = [line.split() for line in said.splitlines() if line.startswith(("PASS", "FAIL"))]
    return {Path(path).name: verdict for verdict, path, *_ in found}


def drawn() -> Iterator[tuple[str, Bill]]:
    """Fifty valid invoices of the corpora by a seed; where they are not here, the tests' own."""
    if not MANIFEST.exists():
        yield from BILLS.items()
        return
    for row in random.Random(SEED).sample(sorted(valid_files(), key=lambda row: row["file"]), DRAWN):
        with (CORPORA / row["file"]).open("rb") as file:
            [entry] = open_feed(file, row["file"], Profile())
        yield row["file"], entry.bill


#: Names in scripts that the type has, or has not; signs that nobody draws, and some that PDF itself is written in.
NAMES = (
    "Łódź Ōsaka İstanbul",
    "爱丽丝电力公司",
    "שלום עולם",
    "⚡ 😀👨‍👩‍👧",
    "E\u0301nergie\u202e",
    "a\x00b\ud800",
    "(a\\b) >> endobj",
)


def odd() -> Iterator[Bill]:
    """Bills that nobody meant to send: no line, two thousand, strange names, a debit's longest terms."""
    yield bill(0)
    yield bill(2_000)
    for name in NAMES:
        line = msgspec.structs.replace(bill(1).lines[0], name=name, note=name)
        buyer = msgspec.structs.replace(ALICE, name=name)
        yield bill(1, number=f"N {name}", buyer=buyer, lines=(line,), terms=name)
    yield bill(payment=Payment(means_code="59", mandate="M" * 35, creditor_id="F" * 35, debited_iban=IBAN))


def sealed(folder: Path) -> Iterator[bytes]:
    """With the proof of its certificates beside the seal."""
    if find_spec("pyhanko"):
        from tests.issuers.test_pdf_e_seal import Authority

        authority = Authority(folder)
        (folder / "lumiere.trust.pem").write_bytes((folder / "root.pem").read_bytes())
        e_seal = authority.e_seal()
        e_seal._time_stamper = authority.clock
        suffix = template().suffix(bill())
        yield template().prefix + suffix + e_seal.seals_of(template().prefix, {1: suffix})[1]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("bills")
    pdfs = [pdf_of(made) for made in (*(each for _, each in drawn()), *odd())]
    pdfs += [page().pdf for name, page in pages().items() if name not in ON_PAPER]
    pdfs += sealed(tmp_path_factory.mktemp("signets"))
    for number, pdf in enumerate(pdfs):
        (folder / f"{number}.pdf").write_bytes(pdf)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_bill_passes(flavour: str, files: list[Path]):
    said = verdicts(flavour, files)
    assert len(said) == len(files)
    assert {name for name, verdict in said.items() if verdict != "PASS"} == set()


def test_the_file_of_engine_4_fails(tmp_path: Path):
    """The judge sees what it was asked for."""
    for name, suffix in SUFFIXES.items():
        (tmp_path / f"{name}.pdf").write_bytes(PREFIX + suffix)
    said = verdicts("3a", sorted(tmp_path.iterdir()))
    assert said == {f"{name}.pdf": "FAIL" for name in SUFFIXES}
