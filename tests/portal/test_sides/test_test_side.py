"""Mina tries a feed: she looks at the test side, reads what was kept, sees the portal as its customer, goes back."""

import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from delivery.channels.delivery_error import DeliveryError
from delivery.channels.email.side_transport import SideTransport
from staff.invitations import add_member
from store.accounts.consumer import Consumer
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.job import Job
from store.test_sides.side_customer import SideCustomer, side_of_address
from store.test_sides.side_message import KEPT, SideMessage, forget_messages, latest_messages
from tests.lived_beginnings import Living
from tests.portal.conftest import Browser, Mailbox
from tests.portal.staff_office import Office
from tests.portal.two_sides import ZEPHYRINE, TwoSides
from tests.sample_feeds import batch, ubl

BAND = "test-band"


def of_customer(number: str, account: str, address: str) -> str:
    """A bill whose buyer has this e-mail address (BT-58)."""
    contact = f"<cac:Contact><cbc:ElectronicMail>{address}</cbc:ElectronicMail></cac:Contact></cac:Party>"
    said = ubl(number, account, person=ZEPHYRINE)
    head, tail = said.split("</cac:Party></cac:AccountingCustomerParty>")
    return f"{head}{contact}</cac:AccountingCustomerParty>{tail}"


@pytest.fixture
def post() -> Mailbox:
    return Mailbox()


@pytest.fixture
def sides(office: Office, post: Mailbox, lived: Living) -> TwoSides:
    office.pipeline.context.post._post = post  # type: ignore[attr-defined]
    return lived(try_customers, TwoSides(office), post)


def try_customers(sides: TwoSides, post: Mailbox) -> TwoSides:
    sides.begin()
    addresses = ("zephyrine@client.test", "bounce-1@client.test", "papier@client.test")
    sides.drop([of_customer(f"ZQ-9{n}", f"ZQ-M{n}", each) for n, each in enumerate(addresses)])
    sides.office.pipeline.work_until_idle(sides.office.clock())
    return sides


def test_a_bill_with_a_magic_address_has_a_customer_who_is_told_in_the_outbox_alone(
    office: Office, sides: TwoSides, post: Mailbox
) -> None:
    with office.store.reading() as session:
        customers = session.scalars(select(Consumer.email).join(SideCustomer)).all()
        side = sides.twin.id
        assert sorted(customers) == [
            f"bounce-1@{side}.client.test", f"papier@{side}.client.test", f"zephyrine@{side}.client.test"
        ]  # fmt: skip
        kept = latest_messages(session, side, 50)
        told = {(each.recipient.partition("@")[0], each.answer[:3]) for each in kept}
        assert told == {("zephyrine", "250"), ("bounce-1", "550")}
        assert all("Lumière" in each.subject for each in kept)
        sent = select(Delivery.state).where(Delivery.bill_id == sides.bill("ZQ-90").id, Delivery.channel == "email")
        assert "sent" in session.scalars(sent).all()
    assert not [to for to, _ in post.mails if side_of_address(to) is not None]
    with office.store.writing() as session:
        assert forget_messages(session, office.clock() + KEPT) == 0
        assert forget_messages(session, office.clock() + KEPT + timedelta(days=1)) == len(kept)
        assert latest_messages(session, side, 50) == []


def test_mail_to_a_test_side_reaches_no_server_whoever_wrote_it(office: Office, sides: TwoSides, post: Mailbox) -> None:
    transport = SideTransport(office.store, post)
    mail = message_from_bytes(b"Subject: x\r\nDate: Tue, 03 Mar 2026 09:00:00 +0000\r\n\r\nx")
    for to in (f"a@{sides.twin.id}.client.test", "A@CLIENT.TEST", "a@999.client.test.", "a@x.client.test"):
        assert transport.send(mail, to).startswith("250")
    assert post.mails == []
    with pytest.raises(DeliveryError):
        transport.send(mail, f"bounce@{sides.twin.id}.client.test")
    transport.send(mail, "alice@exemple.fr")
    assert [to for to, _ in post.mails] == ["alice@exemple.fr"]


def test_mina_looks_at_one_side_at_a_time(office: Office, sides: TwoSides, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    page = mina.get("/equipe/essai").text
    assert "zephyrine@" in page
    assert BAND not in page
    assert "ZQ-" not in mina.get("/equipe/flux").text
    assert BAND in mina.post("/equipe/essai/cote", side="test").text
    assert "essai-nocturne.xml" in mina.get("/equipe/flux").text
    assert "mars.xml" not in mina.page.text
    assert BAND in mina.page.text
    assert mina.client.get(f"/equipe/flux/{office.held}", follow_redirects=True).status_code == 404
    assert "mina@facteur.example" in mina.get("/equipe/membres").text
    assert "test" in mina.get("/equipe/essai").text
    keys = re.search(r'href="([^"]*/cles[^"]*)"', mina.page.text)
    assert keys is not None
    assert BAND in mina.get(keys[1]).text
    with office.store.reading() as session:
        message = session.scalars(select(SideMessage)).first()
        assert message is not None
    assert message.recipient in mina.get(f"/equipe/essai/messages/{message.id}").text
    assert BAND not in mina.post("/equipe/essai/cote", side="production").text
    eva = staff("eva")
    eva.get("/equipe/essai")
    assert "zephyrine" not in eva.page.text
    assert eva.client.get(f"/equipe/essai/messages/{message.id}", follow_redirects=True).status_code == 404
    assert eva.post("/equipe/essai/cliente", email=message.recipient).status_code == 404
    assert staff("oscar").client.get("/equipe/essai").status_code == 404


def test_a_page_of_the_test_side_sends_nothing_once_production_is_looked_at(
    app: Flask, office: Office, sides: TwoSides, staff: Callable[[str], Browser]
) -> None:
    """In two tabs: one shows the upload of the test side, the other goes back to production."""
    app.config["WTF_CSRF_ENABLED"] = True
    mina = staff("mina")
    mina.get("/equipe/essai")
    mina.post("/equipe/essai/cote", side="test")
    tab = mina.get("/equipe/flux/depot")
    assert BAND in tab.text
    mina.post("/equipe/essai/cote", side="production")
    mina.page = tab
    feed = BytesIO(batch([ubl("ZQ-77")]))
    mina.post("/equipe/flux/depot", fichiers=(feed, "deux-onglets.xml"))
    token = re.search(r'name="csrf_token" value="([^"]+)"', tab.text)
    assert token is not None
    by_script = mina.client.post(
        "/equipe/flux/depot/fichier?nom=deux-onglets.xml", data=batch([ubl("ZQ-78")]),
        headers={"X-CSRFToken": token[1]},
    )  # fmt: skip
    assert by_script.status_code >= 400
    with office.store.reading() as session:
        assert "deux-onglets.xml" not in session.scalars(select(Feed.name)).all()


def test_mina_sees_the_portal_as_zephyrine_who_can_do_nothing_to_others(
    office: Office, sides: TwoSides, staff: Callable[[str], Browser]
) -> None:
    mina = staff("mina")
    mina.get("/equipe/essai")
    home = mina.post("/equipe/essai/cliente", email=f"zephyrine@{sides.twin.id}.client.test").text
    assert "ZQ-90" in mina.get(f"/factures/{sides.bill('ZQ-90').uid}").text
    assert BAND in home
    assert BAND in mina.page.text
    assert mina.client.get(f"/factures/{sides.bill('ZQ-91').uid}").status_code == 404
    with office.store.reading() as session:
        jobs = len(session.scalars(select(Job)).all())
    for path, fields in (
        ("/profil/adresse", {"email": "alice@exemple.fr"}), ("/profil/telephone", {"phone": "0612345678"}),
        ("/partages/inviter", {"email": "alice@exemple.fr"}),
    ):  # fmt: skip
        mina.post(path, **fields)
    with office.store.reading() as session:
        assert len(session.scalars(select(Job)).all()) == jobs
    mina.get("/")
    back = mina.post("/equipe/essai/cliente/quitter")
    assert back.request.path == "/equipe/essai"
    assert mina.get("/equipe/").status_code == 200


def test_mina_empties_the_side(office: Office, sides: TwoSides, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    mina.get("/equipe/essai")
    assert "se vide" in mina.post("/equipe/essai/vider").text
    office.pipeline.work_until_idle(office.clock())
    page = mina.get("/equipe/essai").text
    assert "zephyrine" not in page
    assert "se vide" not in page
    with office.store.reading() as session:
        assert session.scalars(select(SideCustomer)).all() == []


def test_the_first_steps_on_the_side_know_the_team_and_do_not_lead_to_where_one_is(
    office: Office, staff: Callable[[str], Browser]
) -> None:
    with office.store.writing() as session:
        add_member(session, "lumiere", "claire@lumiere.example", office.clock())
    mina = staff("mina")
    mina.get("/equipe/essai")
    mina.post("/equipe/essai/cote", side="test")
    page = mina.get("/equipe/").text
    assert "Vos premiers pas" in page
    assert "Essayez d’abord" not in page
    team = page[page.index("Votre équipe") :]
    assert "fait" in team[: team.index("</li>")].split("</p>")[0]
