"""/v1/openapi.json and /v2/openapi.json: the document of the API."""

from typing import Any

from flask import current_app, request

from portal.api.blueprint import pages
from portal.api.contract import operation
from portal.api.document.api_document import api_document


@pages.get("/openapi.json")
@operation(answers={200: "OpenAPI 3.1."})
def show_openapi() -> dict[str, Any]:
    """This document."""
    documents: dict[str, dict[str, Any]] = current_app.extensions.setdefault("api_documents", {})
    blueprint = request.blueprint or ""
    if blueprint not in documents:
        documents[blueprint] = api_document(current_app, blueprint)
    return documents[blueprint]
