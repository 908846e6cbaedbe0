"""The client's types are the document's. `make client-types` writes them anew."""

import os

import pytest
from flask import Flask

from facteur.client.bills import BillFilter
from portal.api.document.api_document import document_of
from tests.facteur.client.document_types import FILE, python_of

pytestmark = pytest.mark.beside_any_database


def test_the_types_are_those_of_the_document(app: Flask) -> None:
    with app.app_context():
        told = python_of(document_of(app, "api_2"))
    if "WRITE_CLIENT_TYPES" in os.environ:
        FILE.write_text(told, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == told, "make client-types"


def test_bills_are_filtered_by_all_that_the_document_has(app: Flask) -> None:
    with app.app_context():
        told = document_of(app, "api_2")["paths"]["/v2/bills"]["get"]["parameters"]
    assert {each["name"] for each in told} - {"limit", "after", "If-None-Match"} == BillFilter.__annotations__.keys()
