"""An issuer's customer file says that Alice needs large print: her letters have it, her archived bill does not."""

import io
from datetime import UTC, datetime

import pypdf
import pytest
from sqlalchemy import select

from config import Config
from store.bills.bill import BillRow
from store.vault.pdf_segment import Archive
from tests.customers.conftest import Lumiere
from tests.delivery.channels.paper.test_large_print_letters import lot
from tests.render.print.test_foreign_pages import own_pdf

CUT_OFF = datetime(2026, 3, 3, 16, 40, tzinfo=UTC)
SAID = b'{"customers": [{"number": "C-ALICE", "large_print": true, "names": ["Alice Martin"]}]}'


def pages_of(*pdfs: bytes) -> list[str]:
    """What pypdf reads on each page, blanks as one space."""
    return [" ".join(page.extract_text().split()) for pdf in pdfs for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.parametrize("is_own", [False, True], ids=["ours", "the issuer's own pages"])
def test_what_the_customer_file_says_is_honoured_on_paper(
    lumiere: Lumiere, config: Config, monkeypatch: pytest.MonkeyPatch, is_own: bool
) -> None:
    if is_own:
        monkeypatch.setattr(Archive, "parts", lambda archive, row: (b"", own_pdf(1, name=row.number)))
    lumiere.drop(SAID)
    lumiere.bills(("L-1", "C-ALICE"), ("L-2", "C-BOB"))
    lumiere.work(CUT_OFF)
    manifest, files = lot(config.outbox)
    pages = pages_of(*files)
    alice, bob = sorted(manifest.pieces, key=lambda piece: piece.bill)
    letter = pages[alice.first_page - 1 : alice.first_page - 1 + alice.pages]
    assert len(letter) == alice.sheets > bob.sheets == 1 + is_own
    assert "Votre facture suit cette page." in letter[0]
    assert "Édition en grands caractères de la facture L-1" in letter[1]
    assert f"page 1 sur {len(letter) - 2}" in letter[1]
    assert "facture E-1 page 1" in letter[-1] if is_own else "page 1 sur 1" in letter[-1]
    assert sum("grands caractères" in page for page in pages) == 1
    assert lumiere.is_sound()


def test_what_is_archived_stays_as_it_is(lumiere: Lumiere) -> None:
    lumiere.drop(SAID)
    lumiere.bills(("L-1", "C-ALICE"))
    with lumiere.store.reading() as session:
        row = session.scalars(select(BillRow)).one()
        archived = b"".join(lumiere.store.archive(session).parts(row))
    assert "grands caractères" not in " ".join(pages_of(archived))
