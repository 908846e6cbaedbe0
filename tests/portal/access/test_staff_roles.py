"""What a role may not do is not there (404): a reader looks, an editor decides, an admin says who may enter."""

from collections.abc import Callable
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.access.route_policy import POLICY, RoutePolicy
from portal.access.staff_role import admits
from store.staff_member import ROLES, Staff, StaffRole
from tests.portal.conftest import Browser
from tests.portal.entrance import open_entrances
from tests.portal.recorded_heirs import record_heirs
from tests.portal.staff_office import Office
from tests.portal.test_pseudo_locale import Visit
from tests.portal.test_row_numbers import asks_a_question, make_busy

pytestmark = pytest.mark.beside_any_database


def give(office: Office, name: str, role: StaffRole) -> None:
    with office.store.writing() as session:
        session.execute(update(Staff).where(Staff.email == f"{name}@facteur.example").values(role=role))


@pytest.fixture
def rooms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A room of each role, and one whose line names none."""
    app.config["WTF_CSRF_ENABLED"] = False
    for name, method in product((*ROLES, "unnamed"), ("GET", "POST")):
        app.add_url_rule(f"/{name}", f"{name}_{method}", lambda: "inside", methods=[method])
        line = RoutePolicy("staff") if name == "unnamed" else RoutePolicy("staff", role=name)
        monkeypatch.setitem(POLICY, (f"{name}_{method}", method), line)
    return app


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["mina", "oscar"])
@pytest.mark.usefixtures("rooms")
def test_a_room_of_each_role(role: StaffRole, name: str, office: Office, staff: Callable[[str], Browser]) -> None:
    give(office, name, role)
    client, allowed = staff(name).client, set(ROLES[: ROLES.index(role) + 1])
    for method in ("GET", "POST"):
        answers = {each: client.open(f"/{each}", method=method) for each in (*ROLES, "unnamed")}
        inside = {each for each, answer in answers.items() if answer.text == "inside"}
        assert inside - {"unnamed"} == allowed
        assert ("unnamed" in inside) == (method == "GET" or role != "reader")
        assert {answers[each].status_code for each in answers.keys() - inside} <= {404}


def test_a_reader_keeps_their_own_door(office: Office, staff: Callable[[str], Browser]) -> None:
    """Password, second factors, sessions and leaving are everybody's own."""
    own = {"staff_sign_in", "staff_sessions", "staff_settings", "staff_security", "staff_passkeys"}
    own |= {"staff_authenticator_app", "staff_recovery_codes", "staff_confirm_identity"}
    lines = {key: line for key, line in POLICY.items() if key[0].partition(".")[0] in own and line.who == "staff"}
    assert {line.role_for(method) for (_, method), line in lines.items()} == {"reader"}
    give(office, "mina", "reader")
    mina = staff("mina")
    assert mina.post("/equipe/deconnexion").request.path == "/equipe/connexion"


def test_a_role_counts_from_the_next_request_on(office: Office, staff: Callable[[str], Browser]) -> None:
    mina = staff("mina")
    mina.get("/equipe/reglages")
    assert mina.post("/equipe/comptes/decision").status_code != 404
    mina.get("/equipe/reglages")
    give(office, "mina", "reader")
    assert mina.post("/equipe/comptes/decision").status_code == 404


def test_a_reader_is_shown_no_button_that_is_not_theirs(
    app: Flask, office: Office, staff: Callable[[str], Browser]
) -> None:
    """On every page of the staff: no form that the guard would refuse, no link to a page that is not there."""
    make_busy(office)
    asks_a_question(office)
    open_entrances(office)
    heirs = record_heirs(office, "C-CHARLIE")
    found = []
    for name in ("oscar", "mina"):
        give(office, name, "reader")
        visit = Visit(app, staff(name))
        visit.through("/equipe/", "/equipe/conflits", "/equipe/comptes", "/equipe/litiges", "/equipe/attente", heirs)
        visit.through("/equipe/plusieurs-fois", "/equipe/courriels-revenus", "/equipe/paiements?sort=tous")
        visit.through("/equipe/factures?numero=K-1")
        with office.store.reading() as session:
            reader = session.scalars(select(Staff).where(Staff.email == f"{name}@facteur.example")).one()
        shown = {endpoint: path for (endpoint, _), (path, _, _) in visit.forms.items()}
        lines = {endpoint: POLICY[endpoint, "POST"] for endpoint in shown}
        refused = {
            endpoint: shown[endpoint]
            for endpoint, line in lines.items()
            if line.who in {"staff", "member", "operator"} and not admits(reader, line, "POST")
        }
        led = {each for each in visit.endpoints if (each, "GET") in POLICY}
        nowhere = {
            each for each in led if POLICY[each, "GET"].role is not None and POLICY[each, "GET"].role != "reader"
        }
        found += [refused, nowhere]
    assert found == [{}, set(), {}, set()]
