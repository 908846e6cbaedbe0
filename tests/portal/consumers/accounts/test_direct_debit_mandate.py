"""Alice signs a direct debit mandate for Lumière, gets a copy, and revokes it; Lumière's program reads it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from bill.customer.known_customer import KnownCustomer, pack_known
from bill.payment.creditor_identifier import is_creditor_id
from issuers.profile import read_profile
from issuers.profile_section import ProfileError
from store import Store
from store.customers.customer_reference import CustomerReference
from store.issuer import Issuer
from store.issuer_keys.issuer_key import new_key
from store.outbox.outbox_event import OutboxEvent
from store.payments.debit_mandate import DebitMandate
from store.vault.key_ring import MANDATES, KeyRing
from store.vault.renew_mandate_ibans import renew_mandate_ibans
from store.vault.root_use import root_uses
from tests.conftest import SECRET, Clock
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser, Mailbox
from tests.portal.consumers.bills.test_bills import plain
from tests.portal.sample_town import World, a_bill

PROFILE = '[direct_debit]\ncreditor_id = "FR72ZZZ123456"'
IBAN = "FR76 3000 6000 0112 3456 7890 189"
SIGNED = {"iban": IBAN, "holder": "Alice Martin", "signature": "Alice Martin", "agreed": "1"}


@lived_once
def lumiere(world: World) -> int:
    issuer_id = world.issuer("lumiere", "Lumière", PROFILE)
    world.drop(issuer_id, [a_bill("L-1", "C-1", world.today, "70.00")])
    return issuer_id


@lived_once
def alice(world: World, browser: Callable[[], Browser], lumiere: int) -> Browser:
    mine = browser()
    mine.sign_in(world.consumer("Alice Martin", holds={lumiere: "C-1"}))
    return mine


def way(alice: Browser) -> str:
    page = alice.get("/contrats").text
    return page.partition("/prelevement")[0].rpartition('"')[2] + "/prelevement"


def signs(alice: Browser, **changes: str) -> str:
    alice.get(way(alice))
    return plain(alice.post(way(alice), **(SIGNED | changes)).text)


def mandates(store: Store) -> list[DebitMandate]:
    with store.reading() as session:
        return list(session.scalars(select(DebitMandate).order_by(DebitMandate.id)))


def test_she_signs_and_has_a_copy_without_her_iban(alice: Browser, store: Store, post: Callable[[], Mailbox]) -> None:
    assert "Payer par prélèvement" in alice.get("/contrats").text
    assert "vous autorisez Lumière à envoyer des instructions" in plain(alice.get(way(alice)).text)
    assert "C’est signé" in signs(alice)
    [mandate] = mandates(store)
    assert len(mandate.umr) <= 35
    assert (mandate.creditor_id, mandate.last_four, mandate.wording) == ("FR72ZZZ123456", "0189", "sepa-core-1")
    assert b"30006" not in mandate.encrypted_iban
    page = alice.get(way(alice)).text
    assert mandate.umr in page
    assert "30006" not in page.replace(" ", "")
    [(_, mail)] = post().mails
    text = plain(mail.get_payload(0).get_payload(decode=True).decode())
    assert mandate.umr in text
    assert "vous autorisez Lumière" in text
    assert "0189" in text
    assert "3000" not in text


@pytest.mark.parametrize(
    "changes",
    [{"iban": "FR7630006000011234567890188"}, {"iban": ""}, {"iban": "SA0380000000608010167519"}, {"holder": ""},
     {"signature": ""}, {"agreed": ""}],
)  # fmt: skip
def test_what_is_not_given_is_not_signed(alice: Browser, store: Store, changes: dict[str, str]) -> None:
    signs(alice, **changes)
    assert alice.page is not None
    assert alice.page.status_code == 422
    assert 'class="error"' in alice.page.text
    assert mandates(store) == []


def test_one_in_force_and_revoked_as_easily(alice: Browser, store: Store, post: Callable[[], Mailbox]) -> None:
    signs(alice)
    address = way(alice)
    alice.post(address, **SIGNED)
    assert len(mandates(store)) == 1
    alice.get(address)
    assert "Votre mandat est révoqué" in plain(alice.post(f"{address}/retrait").text)
    assert [each.state for each in mandates(store)] == ["revoked"]
    assert any("révoqué" in str(mail.get_payload(0).get_payload(decode=True), "utf-8") for _, mail in post().mails)
    signs(alice)
    assert [each.state for each in mandates(store)] == ["revoked", "signed"]
    with store.reading() as session:
        told = session.scalars(select(OutboxEvent).where(OutboxEvent.type.like("mandate.%"))).all()
    assert [each.type for each in told] == ["mandate.signed", "mandate.revoked", "mandate.signed"]
    assert "iban" not in told[0].data


def test_not_hers_is_not_there(alice: Browser, world: World, browser: Callable[[], Browser], store: Store) -> None:
    address, bob = way(alice), browser()
    bob.sign_in(world.consumer("Bob Martin"))
    for path in (address, f"{address}/retrait"):
        bob.get("/")
        assert bob.post(path, **SIGNED).status_code == 404
    assert bob.get(address).status_code == 404
    assert mandates(store) == []


@pytest.fixture
def bob(alice: Browser, world: World, browser: Callable[[], Browser], lumiere: int) -> Browser:
    """Bob holds the account too."""
    mine = browser()
    mine.sign_in(world.consumer("Bob Martin", holds={lumiere: "C-1"}))
    return mine


def test_another_holder_sees_whose_it_is_and_does_not_revoke_it(alice: Browser, bob: Browser, store: Store) -> None:
    signs(alice)
    [mandate] = mandates(store)
    page = plain(bob.get(way(bob)).text)
    assert "Alice Martin a signé un mandat de prélèvement pour ce contrat" in page
    assert mandate.umr not in page
    assert mandate.last_four not in page
    assert "Révoquer" not in page
    bob.post(f"{way(bob)}/retrait")
    assert "déjà signé" in signs(bob)
    assert [each.state for each in mandates(store)] == ["signed"]


def test_who_leaves_is_told_before_and_after(alice: Browser, store: Store, post: Callable[[], Mailbox]) -> None:
    signs(alice)
    leaving = way(alice).replace("prelevement", "quitter")
    assert "Le mandat de prélèvement que vous avez signé pour ce contrat prend fin" in plain(alice.get(leaving).text)
    alice.post(leaving)
    assert [(each.state, each.reason.code) for each in mandates(store)] == [("ended", "mandate_signer_left")]
    text = plain(post().mails[-1][1].get_payload(0).get_payload(decode=True).decode())
    assert "Votre mandat de prélèvement SEPA pour Lumière a pris fin le" in text
    assert "dans les 8 semaines" in text


def test_a_contract_that_is_over_takes_no_mandate(alice: Browser, store: Store, world: World, lumiere: int) -> None:
    with store.writing() as session:
        session.add(
            CustomerReference(
                account_id=world.account_id(lumiere, "C-1"), issuer_id=lumiere, as_of=world.now,
                content=pack_known(KnownCustomer()), closed_on=world.today,
            )
        )  # fmt: skip
    assert "Signer" not in alice.get(way(alice)).text
    assert "ne peut pas être signé" in signs(alice)
    assert mandates(store) == []


def test_what_was_typed_is_not_typed_again(alice: Browser) -> None:
    signs(alice, holder="Zoé Martin", signature="")
    assert alice.page is not None
    assert 'value="Zoé Martin"' in alice.page.text
    assert f'value="{IBAN}"' in alice.page.text


def test_the_creditor_is_read_with_its_address_and_kept(alice: Browser, store: Store, lumiere: int) -> None:
    with store.writing() as session:
        where = '[sender]\nline1 = "1 quai Est"\npostcode = "44000"\ncity = "Nantes"'
        session.get_one(Issuer, lumiere).profile = f"{PROFILE}\n{where}"
    creditor = "Lumière, 1 quai Est, 44000 Nantes"
    assert f"{creditor}, FR72ZZZ123456" in plain(alice.get(way(alice)).text)
    signs(alice)
    assert [each.creditor for each in mandates(store)] == [creditor]


def test_it_was_signed_on_the_day_where_she_is(
    alice: Browser, app: Flask, store: Store, clock: Clock, lumiere: int, post: Callable[[], Mailbox]
) -> None:  # fmt: skip
    """Half past midnight in Paris is the day before in UTC."""
    clock.now = clock.now.replace(month=6, day=3, hour=22, minute=30)
    alice.confirm_identity()
    signs(alice)
    with store.writing() as session:
        key = new_key(session, session.get_one(Issuer, lumiere), clock())
    answer = app.test_client().get("/v1/mandates", headers={"Authorization": f"Bearer {key}"}).get_json()
    assert answer["mandates"][0]["signed_on"] == clock.now.replace(day=4).date().isoformat()
    text = plain(post().mails[-1][1].get_payload(0).get_payload(decode=True).decode())
    assert "Vous avez signé le 4 juin" in text


def test_without_a_creditor_id_it_is_not_offered(alice: Browser, store: Store, lumiere: int) -> None:
    address = way(alice)
    with store.writing() as session:
        session.get_one(Issuer, lumiere).profile = ""
    assert "prélèvement" not in alice.get("/contrats").text
    assert alice.get(address).status_code == 404


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_issuers_program_has_it_with_its_iban(
    alice: Browser, app: Flask, store: Store, world: World, clock: Clock, lumiere: int, version: str
) -> None:  # fmt: skip
    signs(alice)
    eaux = world.issuer("eaux", "Eaux")
    with store.writing() as session:
        keys = [new_key(session, session.get_one(Issuer, each), clock()) for each in (lumiere, eaux)]
    mine, other = (
        app.test_client().get(f"/{version}/mandates?limit=1", headers={"Authorization": f"Bearer {key}"}).get_json()
        for key in keys
    )
    [told] = mine["mandates"]
    assert (told["iban"], told["state"], mine["next"]) == ("FR7630006000011234567890189", "signed", None)
    schema = app.test_client().get(f"/{version}/openapi.json").get_json()["components"]["schemas"]["MandateReport"]
    assert set(told) == set(schema["properties"]) == set(schema["required"])
    assert other == {"mandates": [], "next": None}


def test_ibans_are_renewed_with_the_roots(alice: Browser, store: Store) -> None:
    signs(alice)
    new = b"another root secret, as long as it has to be"
    replaced = Store(store.engine, store.blobs, KeyRing(new, [SECRET]), store.wake_up, store.incoming)
    alone = Store(store.engine, store.blobs, KeyRing(new), store.wake_up, store.incoming)
    assert renew_mandate_ibans(alone) == [1]
    assert renew_mandate_ibans(replaced) == []
    with store.reading() as session:
        assert [(use.root, use.mandates) for use in root_uses(session) if use.mandates] == [(alone.keys.present.id, 1)]
        mandate = session.get_one(DebitMandate, 1)
    opened = alone.encryptor.decrypt_secret(MANDATES, mandate.encrypted_iban, mandate.secret_name)
    assert opened.decode() == IBAN.replace(" ", "")


@pytest.mark.parametrize("text", ["FR12ZZZ123456", "FR72 ZZZ123456", "fr72zzz123456", "", "FR72"])
def test_a_creditor_identifier_is_checked(text: str) -> None:
    assert not is_creditor_id(text)
    with pytest.raises(ProfileError):
        read_profile(f'[direct_debit]\ncreditor_id = "{text}"')


def test_fewer_days_of_notice_are_agreed_on_in_words(alice: Browser, store: Store, post: Callable[[], Mailbox]) -> None:
    with store.writing() as session:
        shorter = f"{PROFILE}\nagreed_prenotification_days = 5\n"
        session.execute(update(Issuer).values(profile=shorter))
    agreed = "Vous convenez avec Lumière d’être prévenu du montant et de la date de chaque prélèvement au moins 5 jours"
    assert agreed in plain(alice.get(way(alice)).text)
    signs(alice)
    [mandate] = mandates(store)
    assert mandate.wording == "sepa-core-1 5 days"
    [(_, mail)] = post().mails
    assert agreed in plain(mail.get_payload(0).get_payload(decode=True).decode())
    with store.writing() as session:
        session.execute(update(Issuer).values(profile=shorter.replace("= 5", "= 3")))
    assert agreed in plain(alice.get(way(alice)).text), "she reads what she has signed"
