"""/v1/openapi.json and /v2/openapi.json: the document of the API."""

from typing import Any

from flask import current_app, request

from portal.api.blueprint import pages
from portal.api.contract import operation
from portal.api.document.api_document import document_of


@pages.get("/openapi.json")
@operation(answers={200: "OpenAPI 3.1."})
def show_openapi() -> dict[str, Any]:
    """This document."""
    return document_of(current_app, request.blueprint or "")
