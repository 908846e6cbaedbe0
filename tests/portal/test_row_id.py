"""What no row can be called is not there: on every page, in every form and for every program."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from portal.access.route_policy import POLICY
from portal.row_id import LARGEST, row_id
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.sample_town import World
from tests.portal.staff_office import Office

#: 2**63 is the first that 64 bits cannot hold; Python reads no more than 4300 digits at once.
TOO_LARGE = [str(1 << 63), str((1 << 64) - 1), str(1 << 64), "9" * 40, "1" * 5000]
NO_NUMBER = [f"-{1 << 63}", "-1", "1.0", "1e3", "٣", "+1"]
BEYOND = [*TOO_LARGE, *NO_NUMBER]
#: Cursors and rows that queries name, by page.
QUERIES = [
    "/?avant=2026-11-03.{n}", "/?contrat={n}", "/equipe/flux?avant={n}", "/equipe/conflits?suite={n}",
    "/equipe/conflits?flux={n}", "/equipe/attente?suite={n}", "/equipe/flux/{held}/articles?suite={n}",
]  # fmt: skip


@pytest.mark.parametrize("text", [*NO_NUMBER, "", " 1", "0x1", "1_0"])
def test_what_is_no_row_number_is_none(text: str) -> None:
    assert row_id(text) is None


def test_every_number_that_a_row_can_have_is_one() -> None:
    assert [row_id(text) for text in ("0", "7", "007", str(LARGEST))] == [0, 7, 7, LARGEST]


def test_a_number_that_no_row_can_have_is_one_that_none_has() -> None:
    assert {row_id(text) for text in TOO_LARGE} == {LARGEST}


def paths(app: Flask, number: str) -> Iterator[tuple[str, str]]:
    """Every route that takes a number, with this one in each of its places."""
    for rule in app.url_map.iter_rules():
        if "<int:" not in rule.rule and "<row(" not in rule.rule:
            continue
        path = rule.rule
        for kind, name in [(converter, name) for name, converter in rule._converters.items()]:
            given = number if type(kind).__name__ in {"RowIdConverter", "PublicIdConverter"} else "today"
            path = re.sub(rf"<([^<>]*:)?{name}>", given, path)
        assert "<" not in path
        yield from ((path, method) for method in (rule.methods or set()) & {"GET", "POST"})


@lived_once
def people(world: World, staff: Callable[[str], Browser], browser: Callable[[], Browser]) -> dict[str, Browser]:
    """Somebody of each kind who has come in."""
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    return {"oscar": staff("oscar"), "mina": staff("mina"), "alice": alice}


@pytest.fixture
def everywhere(app: Flask, people: dict[str, Browser], monkeypatch: pytest.MonkeyPatch) -> dict[str, Browser]:
    """All of them, past CSRF and limits."""
    app.config["WTF_CSRF_ENABLED"] = False
    for key, line in POLICY.items():
        monkeypatch.setitem(POLICY, key, line._replace(limit=""))
    return people


@pytest.mark.parametrize("number", [*BEYOND, str(LARGEST)])
def test_no_page_breaks_over_a_number(app: Flask, office: Office, everywhere: dict[str, Browser], number: str) -> None:
    found = list(paths(app, number))
    assert len(found) > 20
    for path, method in found:
        is_api = path.startswith(("/v1/", "/v2/"))
        headers = office.keys["lumiere"] if is_api else {}
        for name, visitor in {"a program": Browser(app.test_client())}.items() if is_api else everywhere.items():
            answer = visitor.client.open(path, method=method, headers=headers)
            if answer.status_code == 301:  # to the address with its public id
                answer = visitor.client.open(answer.headers["Location"], method=method, headers=headers)
            assert answer.status_code in {303, 404, *([415] if is_api else [])}, (name, method, path, answer)
            assert answer.status_code != 303 or "/connexion" in answer.headers["Location"], "not theirs: a door"


@pytest.mark.parametrize("number", [*BEYOND, str(LARGEST), "", "x"])
def test_no_cursor_breaks_over_a_number(office: Office, everywhere: dict[str, Browser], number: str) -> None:
    for query in QUERIES:
        for visitor in everywhere.values():
            assert visitor.get(query.format(n=number, held=office.held)).status_code in {200, 404}, query


@pytest.mark.parametrize("number", [*BEYOND, str(LARGEST)])
def test_no_form_breaks_over_a_number(office: Office, everywhere: dict[str, Browser], number: str) -> None:
    oscar = everywhere["oscar"]
    chosen = {"decision": "imprimer", "reason": "mended", "lettre": number}
    assert oscar.client.post("/equipe/attente/lettres", data=chosen).status_code == 303
    tried = everywhere["mina"].client.post("/equipe/marque", data={"essai": number})
    assert tried.status_code in {404, 422}


@pytest.mark.parametrize("number", [*BEYOND, str(LARGEST)])
def test_no_program_breaks_it_over_a_number(app: Flask, office: Office, number: str) -> None:
    client, key = app.test_client(), office.keys["lumiere"]
    for query in (
        f"/v1/feeds?before={number}",
        f"/v1/feeds/{office.held}/items?after={number}",
        f"/v1/feeds?limit={number}",
    ):
        assert client.get(query, headers=key).status_code in {200, 400}, query


def test_no_page_breaks_over_a_nul(app: Flask, office: Office, everywhere: dict[str, Browser]) -> None:
    """PostgreSQL holds none in a text, and refuses to look for one."""
    for path in ("/factures/%00", "/emetteurs/%00/logo", "/equipe/factures?numero=%00", "/?cherche=%00",
                 f"/equipe/flux/{office.held}/articles?regle=%00", "/contrats/ajouter?issuer=%00"):  # fmt: skip
        for visitor in everywhere.values():
            assert visitor.get(path).status_code in {200, 404}, path
