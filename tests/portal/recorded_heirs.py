"""An account whose customer has died, as its issuer says, with an heir of today and one of before."""

from datetime import date

from sqlalchemy import select

from bill.customer.known_customer import KnownCustomer
from consumers.heirs.end_heir import end_heir
from consumers.heirs.heir_document import HeirDocument
from consumers.heirs.record_heir import record_heir
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.customers.customer_reference import CustomerReference, reference_row
from store.heirs.heir import Heir
from tests.portal.staff_office import Office


def record_heirs(office: Office, number: str) -> str:
    """The page of the heirs of this account of Lumière's."""
    now, day = office.clock(), date(2026, 2, 1)
    with office.store.writing() as session:
        account = session.scalars(select(CustomerAccount).where(CustomerAccount.value == number)).first()
        assert account is not None
        known = KnownCustomer(died_on=day, clocks={"died_on": now})
        session.add(CustomerReference(**reference_row(account.id, account.issuer_id, known, day)))
        for name, kind in (("Paul", "notary"), ("Rose", "attestation")):
            person = Consumer(
                email=f"{name.lower()}@exemple.fr", name=name, password_hash="", signed_up_at=now, confirmed_at=now
            )
            session.add(person)
            session.flush()
            document = HeirDocument(kind, "C-1", b"%PDF-1.7\n")  # type: ignore[arg-type]
            heir = record_heir(session, office.store, account.id, person.id, document, "oscar@facteur.example", now)
            assert isinstance(heir, Heir)
        end_heir(session, heir.id, "oscar@facteur.example", "C-1", now)
        account_id = account.id
    return f"/equipe/clients/{office.store.public_ids.of('account', account_id)}/heritiers"
