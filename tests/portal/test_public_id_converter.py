"""Addresses call rows by public ids; those with numbers, from mails and notes, still lead there."""

import re
from collections.abc import Callable

import pytest

from tests.portal.conftest import Browser
from tests.portal.sample_town import World
from tests.portal.staff_office import Office


@pytest.mark.parametrize("query", ["", "?sort=bill"])
def test_an_address_with_a_number_leads_to_the_public_one(
    office: Office, staff: Callable[[str], Browser], query: str
) -> None:
    public = office.store.public_ids.of("feed", office.held)
    answer = staff("mina").client.get(f"/equipe/flux/{office.held}/articles{query}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/equipe/flux/{public}/articles{query}")


def test_what_is_not_evas_is_not_there_by_any_name(office: Office, staff: Callable[[str], Browser]) -> None:
    eva = staff("eva")
    names = [office.held, office.store.public_ids.of("feed", office.held), 999_999, "a" * 26]
    answers = [eva.get(f"/equipe/flux/{name}") for name in names]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.data for answer in answers}) == 1


def test_a_stranger_learns_no_public_id(office: Office, browser: Callable[[], Browser]) -> None:
    answer = browser().client.get(f"/equipe/flux/{office.held}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/equipe/connexion")


def test_no_link_or_form_shows_a_number_of_a_row(
    office: Office, staff: Callable[[str], Browser], world: World, browser: Callable[[], Browser]
) -> None:
    oscar, alice = staff("oscar"), browser()
    alice.sign_in(world.consumer("Charlie Petit"))
    pages = [
        *(oscar.get(path).text for path in ("/equipe/", "/equipe/attente", "/equipe/flux", "/equipe/membres")),
        oscar.get(f"/equipe/flux/{office.held}").text,
        oscar.get(f"/equipe/flux/{office.held}/articles").text,
        *(alice.get(path).text for path in ("/", "/contrats")),
    ]
    written = [each for page in pages for each in re.findall(r'(?:href|action|value)="([^"]*)"', page)]
    assert [each for each in written if re.search(r"(?:^|[/=])[0-9]+(?:$|[/?&])", each)] == []
    assert any(re.search(r"/[a-z2-7]{26}", each) for each in written)
