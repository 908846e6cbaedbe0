"""Alice mends her own issuers, joins two that are one, says which has come on board, and removes what she likes: only
hers, and without a trace."""

from collections.abc import Callable
from datetime import date

import msgspec
import pytest
from sqlalchemy import select

from bill import Party
from consumers.imports.import_document import import_document
from consumers.imports.mend_private_issuer import join, offered, rename, stand_for
from consumers.imports.remove_imports import remove_bill, remove_private_issuer
from pipeline.compiled_templates import CompiledTemplates
from pipeline.imported_documents.file_bill import archive_bill, claim_number, show_bill
from store import Store
from store.accounts.consumer import Consumer
from store.bills.bill import BillRow
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import listed_bills
from store.imports.imported_document import ImportedDocument
from store.imports.private_issuer import PrivateIssuer
from store.issuer import Issuer
from store.vault.attachment_staging import unused_staging_blobs
from tests.conftest import Clock
from tests.portal.sample_town import World, a_bill

File = Callable[..., BillRow]


@pytest.fixture
def alice(store: Store, clock: Clock) -> Consumer:
    return World(store, clock()).consumer("Alice Martin")


@pytest.fixture
def file(store: Store, clock: Clock, alice: Consumer) -> File:
    """File a bill of this seller as brought in by Alice."""

    def filed(seller: str, number: str, who: Consumer = alice, vat_id: str = "") -> BillRow:
        bill = a_bill(number, "", date(2026, 3, 2), seller=seller)
        bill = msgspec.structs.replace(bill, seller=Party(name=seller, vat_id=vat_id))
        pages = f"%PDF {seller} {number}".encode()
        document = import_document(store, who.id, f"{number}.pdf", pages, clock()).document
        claimed = claim_number(store, document, bill, clock())
        values = archive_bill(store, CompiledTemplates(store), claimed, bill, pages, clock())
        with store.writing() as session:
            show_bill(session, document, claimed.row, bill, values, [], f"{seller} {number}", clock())
            session.get_one(ImportedDocument, document.id).state = "bill"
        return claimed.row

    return filed


def private(store: Store, row: BillRow) -> PrivateIssuer:
    with store.reading() as session:
        return session.get_one(PrivateIssuer, session.get_one(BillRow, row.id).issuer_id)


def test_a_mended_name_is_shown_and_the_next_bill_still_finds_it(store: Store, clock: Clock, file: File) -> None:
    row = file("PLOMB. MARTIN", "P-1")
    with store.writing() as session:
        assert not rename(session, session.get_one(PrivateIssuer, row.issuer_id), " ?! ", clock())
        assert rename(session, session.get_one(PrivateIssuer, row.issuer_id), "Le plombier", clock())
        assert session.get_one(Issuer, row.issuer_id).name == "Le plombier"
    assert file("Plomb Martin SARL", "P-2").issuer_id == row.issuer_id


def test_two_issuers_that_are_one_are_joined_and_what_comes_goes_there(
    store: Store, clock: Clock, file: File, alice: Consumer
) -> None:
    gone, kept, same = file("Martin Plomberie", "P-1"), file("Plombier Martin", "P-2"), file("Autre", "P-2")
    with store.writing() as session:
        assert join(session, private(store, same), private(store, kept)) == "same_numbers"
        assert join(session, private(store, kept), private(store, kept)) == "itself"
        mine = [session.get_one(PrivateIssuer, each.issuer_id) for each in (gone, kept)]
        assert join(session, *mine) == "joined"
    assert file("Martin Plomberie", "P-3").issuer_id == kept.issuer_id
    with store.reading() as session:
        only = BillFilter(issuer_id=kept.issuer_id)
        assert {each.number for each in listed_bills(session, alice.id, only)} == {"P-1", "P-2", "P-3"}
        assert store.archive(session).pdf(session.get_one(BillRow, gone.id)) == b"%PDF Martin Plomberie P-1"
    with store.writing() as session:
        remove_private_issuer(session, alice.id, session.get_one(PrivateIssuer, kept.issuer_id))
    with store.reading() as session:
        assert [each.number for each in listed_bills(session, alice.id)] == ["P-2"]
        assert set(session.scalars(select(Issuer.name))) == {"Autre", ""}


def test_an_issuer_that_comes_on_board_is_offered_and_only_she_says_that_it_is_hers(
    store: Store, clock: Clock, file: File, alice: Consumer
) -> None:
    by_name, by_vat = file("EAUX DU VAL SA", "E-1"), file("Lumière O.", "L-1", vat_id="FR40303265045")
    other = file("Garage Leroy", "G-1")
    world = World(store, clock())
    eaux = world.issuer("eaux", "Eaux du Val")
    lumiere = world.issuer("lumiere", "Lumière de l’Ouest", '[sender]\nvat_id = "FR40303265045"')
    with store.writing() as session:
        found = {each: issuer.id for each, issuer in offered(session, alice.id).items()}
        assert found == {by_name.issuer_id: eaux, by_vat.issuer_id: lumiere}
        assert other.issuer_id not in found
        assert session.get_one(Issuer, by_vat.issuer_id).name == "Lumière O."
        mine = session.get_one(PrivateIssuer, by_vat.issuer_id)
        stand_for(session, mine, session.get_one(Issuer, lumiere), clock())
    with store.reading() as session:
        assert session.get_one(Issuer, by_vat.issuer_id).name == "Lumière de l’Ouest"
        assert session.get_one(Issuer, by_vat.issuer_id).private_to == alice.id
        assert by_vat.issuer_id not in offered(session, alice.id)
    assert file("Lumière O.", "L-2", vat_id="FR40303265045").issuer_id == by_vat.issuer_id


def test_she_removes_a_bill_of_hers_and_no_other(store: Store, clock: Clock, file: File, alice: Consumer) -> None:
    row = file("Garage Leroy", "G-1")
    world = World(store, clock())
    theirs = world.drop(world.issuer("eaux", "Eaux"), [a_bill("E-1", "C-1", date(2026, 3, 2))])["E-1"]
    bob = world.consumer("Bob Durand")
    with store.writing() as session:
        for who, bill in ((alice, theirs), (bob, row)):
            with pytest.raises(PermissionError):
                remove_bill(session, who.id, session.get_one(BillRow, bill.id))
        with pytest.raises(PermissionError):
            remove_private_issuer(session, bob.id, session.get_one(PrivateIssuer, row.issuer_id))
        remove_bill(session, alice.id, session.get_one(BillRow, row.id))
    with store.reading() as session:
        assert listed_bills(session, alice.id) == []
        assert row.segment_sha256 is None
        assert session.scalars(select(BillRow.number)).all() == ["E-1"]
        assert len(unused_staging_blobs(session)) == 2
    assert file("Garage Leroy", "G-1").number == "G-1"
