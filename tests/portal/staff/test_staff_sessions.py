"""Staff's sessions end with the visit, the password, the role and the job; a forgotten password is replaced by mail."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from config import Config
from issuers.registry import IssuerError
from portal.access import password_hash
from staff.invitations import add_member, add_operator
from staff.list_and_remove_members import remove_member, remove_operator
from store import Store
from store.accounts.one_time_email_link import invitation_link
from store.db.event import events_of
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import second_factors_of
from store.sign_in.sign_in_session import SignInSession
from store.staff_member import Staff, staff_by_email
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.portal.conftest import Browser, Mailbox
from tests.portal.sample_town import World
from tests.portal.second_factors.factor_holders import give_app
from tests.portal.staff_office import PASSWORD, Office

NewBrowser = Callable[[], Browser]
SignedIn = Callable[[str], Browser]
OTHER = "une tout autre phrase"


def is_inside(browser: Browser) -> bool:
    return browser.client.get("/equipe/").status_code == 200


def thief_of(browser: Browser, new: NewBrowser) -> Browser:
    """Somebody with a copy of the cookie."""
    cookie = browser.client.get_cookie("facteur")
    assert cookie is not None
    thief = new()
    thief.client.set_cookie("facteur", cookie.value)
    assert is_inside(thief)
    return thief


def the(store: Store, name: str) -> Staff:
    with store.reading() as session:
        return session.scalars(select(Staff).where(Staff.email == f"{name}@facteur.example")).one()


def test_a_staff_cookie_ends_with_sign_out_and_other_devices_stay(staff: SignedIn, browser: NewBrowser) -> None:
    read_context, phone = staff("oscar"), staff("oscar")
    thief = thief_of(read_context, browser)
    read_context.get("/equipe/")
    assert read_context.post("/equipe/deconnexion").request.path == "/equipe/connexion"
    assert not is_inside(read_context)
    assert not is_inside(thief), "the copied cookie of an operator still works"
    assert is_inside(phone)


def test_a_new_password_ends_every_other_session(staff: SignedIn, browser: NewBrowser, store: Store) -> None:
    read_context, phone = staff("oscar"), staff("oscar")
    read_context.get("/equipe/reglages")
    wrong = read_context.post("/equipe/reglages/mot-de-passe", old="pas le bon du tout", password=OTHER)
    assert (wrong.status_code, "Ce n’est pas votre mot de passe actuel." in wrong.text) == (422, True)
    assert read_context.post("/equipe/reglages/mot-de-passe", old=PASSWORD, password="court").status_code == 422
    done = read_context.post("/equipe/reglages/mot-de-passe", old=PASSWORD, password=OTHER)
    assert "vos autres appareils sont déconnectés" in done.text
    assert is_inside(read_context)
    assert not is_inside(phone)
    with store.reading() as session:
        assert [event.what for event in events_of(session, "staff", the(store, "oscar").id)] == ["new password"]


def test_a_forgotten_password_is_replaced_once_by_mail(
    staff: SignedIn, browser: NewBrowser, post: Callable[[], Mailbox]
) -> None:
    lost, read_context = staff("mina"), browser()
    read_context.get("/equipe/connexion")
    assert "/equipe/mot-de-passe-oublie" in read_context.page.text
    read_context.get("/equipe/mot-de-passe-oublie")
    assert "mina@facteur.example" in read_context.post("/equipe/mot-de-passe-oublie", email="Mina@facteur.example").text
    link = post().link_to("mina@facteur.example")
    assert is_inside(lost)
    read_context.get(link)
    assert read_context.post(link, password="court").status_code == 422
    assert read_context.post(link, password=OTHER).request.path == "/equipe/"
    assert not is_inside(lost)
    assert browser().get(link).status_code == 410
    again = browser()
    again.get("/equipe/connexion")
    assert again.post("/equipe/connexion", email="mina@facteur.example", password=OTHER).request.path == "/equipe/"


def test_a_forgotten_password_says_the_same_to_everybody(
    office: Office, browser: NewBrowser, post: Callable[[], Mailbox], store: Store, clock: Clock
) -> None:
    with store.writing() as session:
        add_operator(session, "nina@facteur.example", clock())
    post()
    answers = set()
    for email in ("oscar@facteur.example", "nobody@facteur.example", "nina@facteur.example"):
        someone = browser()
        someone.get("/equipe/mot-de-passe-oublie")
        page = someone.post("/equipe/mot-de-passe-oublie", email=email).text
        answers.add("\n".join(line for line in page.replace(email, "…").splitlines() if "csrf_token" not in line))
    assert len(answers) == 1
    mails = post()
    assert mails.link_to("oscar@facteur.example").startswith("/equipe/mot-de-passe/")
    assert mails.link_to("nina@facteur.example").startswith("/equipe/invitation/"), "she has none to forget yet"
    assert "nobody@facteur.example" not in [to for to, _ in mails.mails]


def test_a_link_for_a_password_dies_with_the_job(
    staff: SignedIn, browser: NewBrowser, post: Callable[[], Mailbox], store: Store, clock: Clock
) -> None:
    mina = browser()
    staff("mina")
    mina.get("/equipe/mot-de-passe-oublie")
    mina.post("/equipe/mot-de-passe-oublie", email="mina@facteur.example")
    link = post().link_to("mina@facteur.example")
    with store.writing() as session:
        remove_member(session, "lumiere", "mina@facteur.example", "oscar", clock())
        add_operator(session, "mina@facteur.example", clock.forward(minutes=5))
    assert mina.get(link).status_code == 410
    assert browser().get("/equipe/mot-de-passe/").status_code == 410


def test_oscar_removes_mina_and_she_is_out_at_once(
    staff: SignedIn, browser: NewBrowser, store: Store, config: Config
) -> None:
    oscar, mina = staff("oscar"), staff("mina")
    page = oscar.get("/equipe/membres").text
    assert [each in page for each in ("oscar@", "mina@", "eva@", "Lumière de l’Ouest")] == [True] * 4
    one = the(store, "mina")
    asked = oscar.get(f"/equipe/membres/{one.id}/retirer")
    assert "mina@facteur.example" in asked.text
    assert is_inside(mina), "looking removes nobody"
    assert "n’a plus accès" in oscar.post(f"/equipe/membres/{one.id}/retirer").text
    assert not is_inside(mina)
    assert "mina@facteur.example" not in oscar.get("/equipe/membres").text
    assert oscar.get(f"/equipe/membres/{one.id}/retirer").status_code == 404
    back = browser()
    back.get("/equipe/connexion")
    assert back.post("/equipe/connexion", email="mina@facteur.example", password=PASSWORD).status_code == 422
    assert back.get(f"/equipe/invitation/{invitation_link(KeyRing(config.secret), one)}").status_code == 410
    with store.reading() as session:
        [event] = events_of(session, "staff", one.id)
        assert (event.what, event.by) == ("removed", "oscar@facteur.example")


def test_mina_sees_her_colleagues_and_nobody_else(staff: SignedIn, store: Store, clock: Clock) -> None:
    mina = staff("mina")
    with store.writing() as session:
        lena = add_member(session, "lumiere", "lena@facteur.example", clock())
    page = mina.get("/equipe/membres").text
    assert [each in page for each in ("mina@", "lena@", "eva@", "oscar@")] == [True, True, False, False]
    for name in ("eva", "oscar"):
        other = the(store, name)
        theirs = mina.get(f"/equipe/membres/{other.id}/retirer")
        assert theirs.status_code == 404
        assert theirs.data == mina.get("/equipe/membres/999999/retirer").data
        mina.get("/equipe/membres")
        assert mina.post(f"/equipe/membres/{other.id}/retirer").status_code == 404
        assert the(store, name).closed_at is None
    mina.get(f"/equipe/membres/{lena.id}/retirer")
    mina.post(f"/equipe/membres/{lena.id}/retirer")
    assert the(store, "lena").closed_at is not None


def test_the_last_operator_stays(staff: SignedIn, store: Store, clock: Clock) -> None:
    oscar = staff("oscar")
    with store.writing() as session:
        nina = add_operator(session, "nina@facteur.example", clock())  # invited, and cannot sign in yet
    mine = the(store, "oscar").id
    oscar.get("/equipe/membres")
    assert "C’est le dernier opérateur" in oscar.post(f"/equipe/membres/{mine}/retirer").text
    assert is_inside(oscar)
    with store.writing() as session:
        session.get_one(Staff, nina.id).password_hash = password_hash.hash_password(PASSWORD)
    oscar.get("/equipe/membres")
    oscar.post(f"/equipe/membres/{mine}/retirer")
    assert not is_inside(oscar)


def test_an_old_members_cookie_never_becomes_an_operators(
    staff: SignedIn, browser: NewBrowser, store: Store, config: Config, clock: Clock
) -> None:
    mina = staff("mina")
    with store.writing() as session:
        remove_member(session, "lumiere", "mina@facteur.example", "oscar", clock())
        promoted = add_operator(session, "mina@facteur.example", clock.forward(days=1))
    assert not is_inside(mina)
    other = browser()
    path = f"/equipe/invitation/{invitation_link(KeyRing(config.secret), promoted)}"
    other.get(path)
    assert other.post(path, password=PASSWORD).request.path == "/equipe/", "the very password of before"
    assert is_inside(other)
    assert not is_inside(mina)


def test_another_role_ends_the_session_however_it_came_about(staff: SignedIn, store: Store) -> None:
    mina = staff("mina")
    with store.writing() as session:
        session.get_one(Staff, the(store, "mina").id).issuer_id = None
    assert not is_inside(mina)


@pytest.mark.parametrize(
    "form", ["staff:{id}", "staff:{id}:0", "staff:{id}:{print}", "consumer:{id}:0", "staff", "x:1:2:3"]
)
def test_a_cookie_of_before_or_of_another_kind_opens_nothing(
    app: object, office: Office, browser: NewBrowser, store: Store, config: Config, form: str
) -> None:
    oscar = the(store, "oscar")
    mine = browser()
    with mine.client.session_transaction() as session:
        session["_user_id"] = form.format(id=oscar.id, print=oscar.fingerprint(KeyRing(config.secret)))
        session["_fresh"] = True
    assert not is_inside(mine)


def test_the_verbs_remove_the_right_person(office: Office, store: Store, clock: Clock) -> None:
    with store.writing() as session:
        for wrong in (lambda: remove_member(session, "eaux", "mina@facteur.example", "cli", clock()),
                      lambda: remove_member(session, "lumiere", "oscar@facteur.example", "cli", clock()),
                      lambda: remove_operator(session, "mina@facteur.example", "cli", clock()),
                      lambda: remove_operator(session, "nobody@facteur.example", "cli", clock())):  # fmt: skip
            with pytest.raises(IssuerError):
                wrong()
        remove_member(session, "lumiere", "MINA@facteur.example", "cli", clock())
        remove_operator(session, "oscar@facteur.example", "cli", clock())
        assert staff_by_email(session, "mina@facteur.example") is None
        assert staff_by_email(session, "oscar@facteur.example") is None, "even the last, by hand"


def test_alice_signs_out_on_one_device_and_stays_on_the_other(browser: NewBrowser, world: World) -> None:
    alice = world.consumer("Alice Martin")
    phone, read_context = browser(), browser()
    phone.sign_in(alice)
    read_context.sign_in(alice)
    phone.get("/")
    assert "Vous êtes déconnecté." in phone.post("/deconnexion").text
    assert phone.get("/contrats").request.path == "/connexion"
    assert read_context.get("/contrats").request.path == "/contrats"


DOORS = ("connexion", "invitation/x", "mot-de-passe-oublie", "mot-de-passe/x")


@pytest.mark.parametrize("door", DOORS)
def test_whoever_comes_to_staffs_door_chooses_a_language(browser: NewBrowser, door: str) -> None:
    mine = browser()
    assert 'name="language" value="en"' in mine.get(f"/equipe/{door}").text
    assert 'name="language" value="fr"' in mine.post("/langue", language="en", suite=f"/equipe/{door}").text


def test_staff_are_written_to_in_the_language_that_they_read(
    staff: SignedIn, browser: NewBrowser, store: Store, office: Office
) -> None:
    assert the(store, "mina").language == "", "nobody knows it yet"
    mina = staff("mina")
    assert the(store, "mina").language == "fr"
    mina.get("/equipe/")
    mina.post("/langue", language="en")
    assert the(store, "mina").language == "en"
    oscar = browser()
    oscar.get("/equipe/connexion", headers={"Accept-Language": "en"})
    oscar.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    oscar.post("/equipe/connexion", email="oscar@facteur.example", password=PASSWORD)
    assert the(store, "oscar").language == "en", "as the page on which he signed in"


def test_staff_see_their_devices_and_sign_the_others_out(staff: SignedIn) -> None:
    laptop, phone, another = staff("oscar"), staff("oscar"), staff("mina")
    page = laptop.get("/equipe/reglages/appareils").text
    assert page.count('class="holder') == 2
    assert "vos autres appareils sont déconnectés" in laptop.post("/equipe/reglages/appareils/deconnecter").text
    assert (is_inside(laptop), is_inside(phone), is_inside(another)) == (True, False, True)


def test_who_is_removed_has_no_session_left(staff: SignedIn, store: Store, clock: Clock) -> None:
    staff("mina")
    with store.writing() as session:
        remove_member(session, "lumiere", "mina@facteur.example", "oscar", clock())
        assert session.scalars(select(SignInSession)).all() == []


def test_a_new_device_of_staff_is_told_and_ended_by_its_link(
    staff: SignedIn, browser: NewBrowser, post: Callable[[], Mailbox]
) -> None:
    mine = staff("oscar")
    assert [to for to, _ in post().mails] == []
    thief = staff("oscar")
    assert [to for to, _ in post().mails] == ["oscar@facteur.example"]
    link = post().link_to("oscar@facteur.example")
    mailbox = browser()
    mailbox.get(link)
    page = mailbox.post(link)
    assert not is_inside(thief)
    assert is_inside(mine)
    assert mailbox.post(page.request.path, password=OTHER).request.path == "/equipe/"
    assert not is_inside(mine)
    assert browser().get(link).status_code == 410


def test_who_comes_back_has_none_of_the_factors_of_before(office: Office, store: Store, clock: Clock) -> None:
    """The address of a job may be another person's next year: the passkey of before does not open it."""
    give_app(store, clock, the(store, "oscar"))
    with store.writing() as session:
        owner = FactorOwner.of(remove_operator(session, "oscar@facteur.example", "the test", clock()))
        assert second_factors_of(session, owner) == (0, False, 0)
        add_operator(session, "oscar@facteur.example", clock())
        assert not second_factors_of(session, owner).is_any
