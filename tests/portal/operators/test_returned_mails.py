"""Oscar sees which messages came back of e-mails and changed nothing, and takes them off the page."""

import re
from collections.abc import Callable

from tests.portal.conftest import Browser
from tests.portal.operators.heard_mails import hears_a_mail
from tests.portal.staff_office import Office


def test_an_operator_sees_to_what_nobody_understood(office: Office, staff: Callable[[str], Browser]) -> None:
    oscar = staff("oscar")
    assert "courriels revenus" not in oscar.get("/equipe/").text.casefold()
    hears_a_mail(office)
    hears_a_mail(office, "Erreur", kind="gone", standing="unsigned")
    hears_a_mail(office, "550 5.1.1", kind="gone", standing="recorded")
    assert '<span class="figure">2</span> <span class="name">courriels revenus</span>' in oscar.get("/equipe/").text
    page = oscar.get("/equipe/courriels-revenus").text
    assert "Question" in page
    assert re.search(r"adresse qui n’existe plus</dt>\s*<dd>2<", page)
    assert "sans adresse de retour signée" in page
    assert "550 5.1.1" not in page
    last = page.partition('name="jusque" value="')[2][:26]
    assert "Rien n’attend." in oscar.post("/equipe/courriels-revenus", jusque=last).text
    assert "courriels revenus" not in oscar.get("/equipe/").text.casefold()


def test_it_is_for_operators(office: Office, staff: Callable[[str], Browser]) -> None:
    hears_a_mail(office)
    mina = staff("mina")
    assert "courriels revenus" not in mina.get("/equipe/").text.casefold()
    assert mina.get("/equipe/courriels-revenus").status_code == 404
