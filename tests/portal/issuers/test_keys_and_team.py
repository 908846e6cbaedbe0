"""Claire's console of who and what may enter: team and roles, keys that are shown once, webhooks and what was sent."""

import re
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from payments.online.provider_settings import secret_bytes, secrets_of
from store.db.event import events_of
from store.issuer_keys.issuer_key import key_in_use, keys_of
from store.issuer_keys.sftp_credential import sftp_keys_of
from store.outbox.webhook_delivery import WebhookDelivery
from store.outbox.webhook_endpoint import endpoints_of
from store.payments.payment_provider import provider_of
from store.staff_member import Staff, StaffRole
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office

SignedIn = Callable[[str], Browser]
LINE = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPVBRJNDgO9Jb0Q8D1UN9CEX1kpGwhkCMGCg2DCQnhNX nuit@lumiere"


def member(office: Office, name: str) -> Staff:
    with office.store.reading() as session:
        return session.scalars(select(Staff).where(Staff.email == f"{name}@facteur.example")).one()


def give(office: Office, name: str, role: StaffRole) -> None:
    with office.store.writing() as session:
        session.execute(update(Staff).where(Staff.email == f"{name}@facteur.example").values(role=role))


def path_of(office: Office, rest: str = "", *, slug: str = "lumiere") -> str:
    issuer = office.lumiere.id if slug == "lumiere" else member(office, "eva").issuer_id
    return f"/equipe/emetteurs/{office.store.public_ids.of('issuer', issuer)}{rest}"


def test_mina_makes_a_key_and_sees_it_once(office: Office, staff: SignedIn) -> None:
    mina = staff("mina")
    keys = path_of(office, "/cles")
    offered = mina.get(f"{keys}/nouvelle").text
    assert re.findall(r'name="scope" value="(\w+)" checked', offered) == ["read"], "no more than is asked for"
    assert "Donnez-lui un nom" in mina.post(f"{keys}/nouvelle").text
    shown = mina.post(f"{keys}/nouvelle", name="Facturation de nuit", scope="feeds")
    assert shown.status_code == 201
    key = re.search(r"fct_[\w-]{43}", shown.text)
    assert key is not None
    assert f"Authorization: Bearer {key[0]}" in shown.text
    with office.store.reading() as session:
        found = key_in_use(session, key[0], office.clock())
        assert found is not None
        assert (found.row.name, found.row.scopes, found.issuer.slug) == ("Facturation de nuit", "feeds", "lumiere")
        assert events_of(session, "issuer_key", found.row.id)[0].by == "mina@facteur.example"
    listed = mina.get(keys).text
    assert "Facturation de nuit" in listed
    assert key[0] not in listed


def test_mina_replaces_a_key_and_stops_it(office: Office, staff: SignedIn) -> None:
    mina = staff("mina")
    with office.store.reading() as session:
        [before] = keys_of(session, office.lumiere.id)
    page = path_of(office, f"/cles/{office.store.public_ids.of('issuer_key', before.id)}")
    mina.get(page)
    assert mina.post(f"{page}/remplacer", overlap="5").status_code == 400
    mina.get(page)
    assert re.search(r"fct_[\w-]{43}", mina.post(f"{page}/remplacer", overlap="24").text)
    mina.get(page)
    assert "déjà remplacée" in mina.post(f"{page}/remplacer", overlap="24").text
    mina.get(page)
    assert "elle n’ouvre plus rien" in mina.post(f"{page}/arreter").text
    with office.store.reading() as session:
        after, before = keys_of(session, office.lumiere.id)
        assert (after.is_live(office.clock()), before.is_live(office.clock())) == (True, False)


def test_mina_lets_a_machine_into_the_drop(office: Office, staff: SignedIn) -> None:
    mina, drop = staff("mina"), path_of(office, "/sftp")
    mina.get(f"{drop}/nouvelle")
    assert "jamais la clé privée" in mina.post(f"{drop}/nouvelle", line="-----BEGIN OPENSSH PRIVATE KEY-----").text
    assert "nuit@lumiere" in mina.post(f"{drop}/nouvelle", line=LINE).text
    mina.get(f"{drop}/nouvelle")
    shown = mina.post(f"{drop}/mot-de-passe")
    assert "Il n’est montré que cette fois" in shown.text
    with office.store.reading() as session:
        password, key = sftp_keys_of(session, office.lumiere.id)
    assert password.value not in shown.text
    ask = f"{drop}/{office.store.public_ids.of('sftp_key', key.id)}"
    assert "nuit@lumiere" in mina.get(ask).text
    assert "on n’entre plus avec" in mina.post(f"{ask}/arreter").text
    with office.store.reading() as session:
        assert [each.revoked_at is None for each in sftp_keys_of(session, office.lumiere.id)] == [True, False]


def test_mina_tells_a_program_of_events_and_sends_one_again(office: Office, staff: SignedIn) -> None:
    mina, hooks = staff("mina"), path_of(office, "/webhooks")
    mina.get(f"{hooks}/nouveau")
    assert mina.post(f"{hooks}/nouveau", url="http://lumiere.example").status_code == 422
    shown = mina.post(f"{hooks}/nouveau", url="https://crm.lumiere.example/in", type="feed.held")
    secret = re.search(r"whsec_[\w+/=]+", shown.text)
    assert secret is not None
    with office.store.reading() as session:
        [endpoint] = endpoints_of(session, office.lumiere.id)
    one = f"{hooks}/{office.store.public_ids.of('webhook_endpoint', endpoint.id)}"
    assert "https://crm.lumiere.example/in" in mina.get(hooks).text
    mina.get(one)
    tested = mina.post(f"{one}/essai")
    assert "webhook.test" in tested.text
    assert "&#34;timestamp&#34;" in tested.text
    with office.store.writing() as session:
        session.execute(update(WebhookDelivery).values(state="failed", ended_at=office.clock()))
    assert "abandonné" in mina.get(f"{one}?etat=echecs").text
    assert "Aucun message" in mina.get(f"{one}?etat=recus").text
    mina.get(one)
    assert "1 message repart" in mina.post(f"{one}/renvoyer").text
    assert secret[0] not in mina.get(one).text
    assert re.search(r"whsec_[\w+/=]+", mina.post(f"{one}/secret").text)
    mina.get(f"{one}/modifier")
    mina.post(f"{one}/modifier", url="https://crm.lumiere.example/v2")
    mina.get(one)
    assert "Rien ne part plus" in mina.post(f"{one}/arreter").text
    assert "reprenez d’abord les envois" in mina.post(f"{one}/essai").text
    assert "Les envois reprennent" in mina.post(f"{one}/reprendre").text
    with office.store.reading() as session:
        [endpoint] = endpoints_of(session, office.lumiere.id)
    assert (endpoint.url, endpoint.types, endpoint.state) == ("https://crm.lumiere.example/v2", [], "enabled")


def test_many_messages_take_pages(office: Office, staff: SignedIn) -> None:
    mina, hooks = staff("mina"), path_of(office, "/webhooks")
    mina.get(f"{hooks}/nouveau")
    mina.post(f"{hooks}/nouveau", url="https://crm.lumiere.example/in")
    with office.store.reading() as session:
        [endpoint] = endpoints_of(session, office.lumiere.id)
    one = f"{hooks}/{office.store.public_ids.of('webhook_endpoint', endpoint.id)}"
    mina.get(one)
    for _ in range(31):
        mina.post(f"{one}/essai")
    page = mina.get(one).text
    assert page.count("webhook.test") == 30
    older = re.search(r'href="([^"]+)" rel="next"', page)
    assert older is not None
    assert mina.get(older[1].replace("&amp;", "&")).text.count("webhook.test") == 1


def test_an_admin_invites_with_a_role_and_changes_it(office: Office, staff: SignedIn) -> None:
    mina = staff("mina")
    mina.get("/equipe/membres/inviter")
    assert mina.post("/equipe/membres/inviter", email="personne", role="reader").status_code == 422
    told = mina.post("/equipe/membres/inviter", email="charlie@facteur.example", role="reader", team="eaux")
    assert "charlie@facteur.example reçoit une invitation" in told.text
    charlie = member(office, "charlie")
    assert (charlie.issuer_id, charlie.role) == (office.lumiere.id, "reader")  # a member's team is their own
    page = f"/equipe/membres/{office.store.public_ids.of('staff', charlie.id)}/role"
    mina.get(page)
    mina.post(page, role="editor")
    assert member(office, "charlie").role == "editor"
    with office.store.reading() as session:
        told_of = [(each.what, each.by) for each in events_of(session, "staff", charlie.id)]
    assert told_of == [("invited", "mina@facteur.example"), ("role editor", "mina@facteur.example")]


def test_an_invitation_does_not_tell_that_an_address_is_of_another_team(office: Office, staff: SignedIn) -> None:
    """Eva works for the water. Mina reads of her what she reads of anybody; Oscar, who sees all teams, is told."""
    mina, oscar = staff("mina"), staff("oscar")
    seen = []
    for name in ("eva", "zoe"):
        for _ in range(2):
            mina.get("/equipe/membres/inviter")
            told = mina.post("/equipe/membres/inviter", email=f"{name}@facteur.example", role="editor")
            main = told.text.partition("<main")[2].replace(f"{name}@facteur.example", "")
            lines = re.findall(r"<tr>.*?</tr>", told.text, re.DOTALL)
            [line] = [each for each in lines if f"{name}@facteur.example" in each]
            hidden = (f"{name}@facteur.example", re.search(r"membres/(\w+)/role", line)[1])
            for each in hidden:
                line = line.replace(each, "")
            seen.append((told.status_code, "reçoit une invitation par courriel" in main, line))
    assert seen[0][1]
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert staff("eva").get("/equipe/membres").status_code == 200, "she signs in to her own team"
    assert "d’une autre équipe" in oscar.get("/equipe/membres").text
    told = oscar.post("/equipe/membres/inviter", email="eva@facteur.example", role="editor", team="lumiere")
    assert "ne peut pas être invitée" in told.text


def test_the_last_admin_stays_one_unless_an_operator_decides(office: Office, staff: SignedIn) -> None:
    mina = staff("mina")
    mine = f"/equipe/membres/{office.store.public_ids.of('staff', member(office, 'mina').id)}"
    for act in ("role", "retirer"):
        mina.get("/equipe/membres")
        assert "dernière personne qui administre" in mina.post(f"{mine}/{act}", role="reader").text
    oscar = staff("oscar")
    his = f"/equipe/membres/{office.store.public_ids.of('staff', member(office, 'oscar').id)}/role"
    oscar.get(his)
    oscar.post(his, role="reader")
    oscar.get(f"{mine}/role")
    oscar.post(f"{mine}/role", role="reader")
    assert (member(office, "oscar").role, member(office, "mina").role) == ("admin", "reader")


def test_a_reader_sees_and_changes_nothing(office: Office, staff: SignedIn) -> None:
    give(office, "mina", "reader")
    mina = staff("mina")
    for page in ("/equipe/membres", path_of(office, "/cles"), path_of(office, "/webhooks")):
        seen = mina.get(page)
        assert seen.status_code == 200
        main = seen.text.partition("<main")[2].partition("</main")[0]
        assert "<form" not in main
        assert not re.search(r"nouvel|nouveau|inviter|/role|retirer", main)
    for page in ("/cles/nouvelle", "/sftp/nouvelle", "/webhooks/nouveau"):
        assert mina.get(path_of(office, page)).status_code == 404
    assert mina.get("/equipe/membres/inviter").status_code == 404


def test_eva_enters_nothing_of_lumiere(office: Office, staff: SignedIn) -> None:
    eva, oscar = staff("eva"), staff("oscar")
    for page in ("/cles", "/cles/nouvelle", "/sftp/nouvelle", "/webhooks", "/webhooks/nouveau"):
        assert eva.get(path_of(office, page)).status_code == 404
        assert eva.get(path_of(office, page, slug="eaux")).status_code == 200
        assert oscar.get(path_of(office, page)).status_code == 200
    eva.get("/equipe/membres")
    assert eva.post(path_of(office, "/second-facteur"), required="oui").status_code == 404


def test_a_team_that_asks_for_second_factors(office: Office, staff: SignedIn) -> None:
    mina, eva = staff("mina"), staff("eva")
    page = mina.get("/equipe/membres").text
    assert "laissé au choix" in page
    asked = mina.post(path_of(office, "/second-facteur"), required="oui")
    assert asked.request.path == "/equipe/securite"
    assert "Votre équipe demande" in asked.text
    assert mina.get("/equipe/flux").request.path == "/equipe/securite"
    assert eva.get("/equipe/flux").request.path == "/equipe/flux"
    office.clock.forward(minutes=1)
    oscar = staff("oscar")
    oscar.get("/equipe/membres")
    oscar.post(path_of(office, "/second-facteur"), required="non")
    assert mina.get("/equipe/flux").request.path == "/equipe/flux"
    with office.store.reading() as session:
        what = [each.what for each in events_of(session, "issuer", office.lumiere.id) if "second" in each.what]
    assert what == ["second factor required", "second factor optional"]


def test_an_issuer_of_ubl_needs_no_profile(staff: SignedIn) -> None:
    """Lumière has mapped nothing, and its first feed was read all the same: no sample, no profile is left to do."""
    page = staff("mina").get("/equipe/").text
    steps = re.findall(r"<strong><a [^>]*>([^<]+)</a></strong> <span [^>]*>(fait|à faire)</span>", page)
    assert [name for name, how in steps if how == "à faire"] == ["Votre équipe"]
    assert len(steps) == 5


def test_a_key_is_not_made_without_a_fresh_proof(office: Office, staff: SignedIn) -> None:
    mina = staff("mina")
    office.clock.now += timedelta(minutes=11)
    assert "confirmer-identite" in mina.get(path_of(office, "/cles/nouvelle")).request.path


def test_mina_says_where_her_customers_pay(office: Office, staff: SignedIn) -> None:
    """A secret that is made is shown once; it stays while the page alone changes, and a new one leaves the old open."""
    mina, page = staff("mina"), path_of(office, "/paiement")
    assert "Aucune page de paiement" in mina.get(page).text
    mina.get(f"{page}/modifier")
    refused = mina.post(f"{page}/modifier", page="http://pay.example/", merchant="LUMIERE")
    assert refused.status_code == 422
    assert "https://" in refused.text
    shown = mina.post(f"{page}/modifier", page="https://pay.example/pay", merchant="LUMIERE")
    assert shown.status_code == 201
    secret = re.findall(r"whsec_[\w+/=]+", shown.text)[0]
    told = mina.get(page).text
    assert secret not in told
    assert "/payment-providers/lumiere/events" in told
    mina.get(f"{page}/modifier")
    assert "C’est changé" in mina.post(f"{page}/modifier", page="https://pay.example/new", merchant="LUMIERE").text
    assert kept_secrets(office) == [secret_bytes(secret)]
    mina.get(f"{page}/modifier")
    again = mina.post(f"{page}/modifier", page="https://pay.example/new", merchant="LUMIERE", new="1").text
    assert [secret_bytes(each) for each in (re.findall(r"whsec_[\w+/=]+", again)[0], secret)] == kept_secrets(office)
    mina.get(f"{page}/modifier")
    assert "base 64" in mina.post(f"{page}/modifier", page="https://p.example", merchant="L", secret="é").text
    with office.store.reading() as session:
        provider = provider_of(session, office.lumiere.id)
        assert provider is not None
        assert [each.by for each in events_of(session, "payment_provider", provider.id)] == 3 * ["mina@facteur.example"]
    assert staff("eva").get(page).status_code == 404
    give(office, "mina", "reader")
    assert "Modifier" not in mina.get(page).text.partition("<main")[2]
    assert mina.get(f"{page}/modifier").status_code in {403, 404}


def kept_secrets(office: Office) -> list[bytes]:
    with office.store.reading() as session:
        provider = provider_of(session, office.lumiere.id)
        assert provider is not None
        return secrets_of(office.store.encryptor, provider)
