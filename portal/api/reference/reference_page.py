"""The pages /v1/, /v2/ and /v1/problems/…: the API's reference, and what each type of problem means."""

from typing import Final

from flask import Blueprint, abort, current_app, render_template

from portal import app_context
from portal.api.document.api_document import document_of
from portal.api.reference.described_operations import described_tags, described_types
from portal.api.reference.problem_uses import operations_with
from portal.problems.problem_types import PROBLEM_TYPES

pages: Final = Blueprint("api_reference", __name__)
#: The version of a reference in its address, and the blueprint that has its routes.
BLUEPRINTS: Final = {"v1": "api", "v2": "api_2"}
#: The language of the document and of problems, whatever the page around them is in.
TOLD_IN: Final = "en"


@pages.get("/<any(v1, v2):version>/")
def show(version: str) -> str:
    """Returns the reference of a version: every operation with what it takes and answers, every type."""
    document = document_of(current_app, BLUEPRINTS[version])
    address = app_context.config().public_url.rstrip("/")
    return render_template(
        "api/reference.html", document=document, version=version, address=address,
        tags=described_tags(document, address), types=described_types(document),
        problems=PROBLEM_TYPES.values(), told_in=TOLD_IN,
    )  # fmt: skip


@pages.get("/v1/problems/<name>")
def show_problem(name: str) -> str:
    """Returns the page of a type of problem: what has happened, what to do, which operations have it."""
    kind = PROBLEM_TYPES.get(name)
    if kind is None:
        abort(404, "there is no such type of problem")
    return render_template(
        "api/problem.html", kind=kind, operations=operations_with(document_of(current_app, "api"), kind.uri),
        problems=PROBLEM_TYPES.values(), told_in=TOLD_IN,
    )  # fmt: skip
