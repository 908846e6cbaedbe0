"""The API's reference: every operation, type and problem of the document has its place, and each link leads to one."""

import lxml.html
import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from portal.app import make_app
from portal.problems.problem_types import PROBLEM_TYPES
from store import Store
from tests.conftest import Clock
from tests.portal.page_structure import structure_faults

pytestmark = pytest.mark.beside_any_database


@pytest.fixture
def client(store: Store, config: Config, clock: Clock) -> FlaskClient:
    app: Flask = make_app(store, config, clock)
    app.testing = True
    return app.test_client()


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_everything_of_the_document_has_its_place(client: FlaskClient, version: str) -> None:
    document = client.get(f"/{version}/openapi.json").get_json()
    answer = client.get(f"/{version}/", headers={"Accept-Language": "en"})
    page = lxml.html.fromstring(answer.text)
    places = set(page.xpath("//@id"))
    operations = {each["operationId"] for verbs in document["paths"].values() for each in verbs.values()}
    assert operations | {f"type-{name}" for name in document["components"]["schemas"]} <= places
    assert {each[1:] for each in page.xpath("//a/@href") if each.startswith("#")} <= places
    assert all(f"</b> {path}</code>" in answer.text for path in document["paths"])
    assert "style=" not in answer.text
    assert not structure_faults(answer.text)


def test_each_type_of_problem_has_a_page(client: FlaskClient) -> None:
    reference = lxml.html.fromstring(client.get("/v1/").text)
    linked, places = set(reference.xpath("//a/@href")), {f"/v1/#{each}" for each in reference.xpath("//@id")}
    for kind in PROBLEM_TYPES.values():
        assert kind.uri in linked
        page = client.get(kind.uri)
        assert page.status_code == 200
        words = " ".join(lxml.html.fromstring(page.text).text_content().split())
        for said in (kind.title, kind.means, kind.to_do):
            assert said.replace("`", "") in words
        assert set(lxml.html.fromstring(page.text).xpath("//main//a/@href")) <= places
    assert client.get("/v1/problems/nothing").get_json()["type"] == "/v1/problems/not-found"


def test_a_problem_names_what_may_have_it(client: FlaskClient) -> None:
    assert "Drop a feed" in client.get("/v1/problems/checksum").text
    assert "Drop a feed" not in client.get("/v1/problems/events-gone").text
