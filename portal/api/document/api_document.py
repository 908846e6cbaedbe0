"""Make the OpenAPI 3.1 document of one version from the app's routes, their contracts and the types of events."""

from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from portal.access.route_policy import POLICY, RoutePolicy
from portal.api.contract.operation import OPERATIONS, Operation
from portal.api.document.examples import add_example
from portal.api.document.operation_answers import answers_of
from portal.api.document.operation_links import links_of
from portal.api.document.operation_parameters import parameters_of, path_of
from portal.api.document.type_schemas import TypeSchemas
from webhooks.webhooks_document import webhooks_section

_ABOUT: Final = (
    "An issuer's program sends the bytes of a feed (UBL, CII, Factur-X, delimited files by profile, or a ZIP of these) "
    "and reads what became of it, of its bills and of its customers. The same bytes are always the same feed: a "
    "request that got no answer is simply sent again. Errors are RFC 9457 problems, whose `type` is the address of a "
    "page that says what to do. Lists go on by `next`, also in the header `Link`."
)
#: The nouns in the order in which they are told; others come after them.
_NOUNS: Final = (
    "feeds",
    "bills",
    "accounts",
    "account-questions",
    "enquiries",
    "payments",
    "mandates",
    "adoption",
    "events",
)


def document_of(app: Flask, blueprint: str) -> dict[str, Any]:
    """Returns the document of a version, made at its first asking."""
    made: dict[str, dict[str, Any]] = app.extensions.setdefault("api_documents", {})
    if blueprint not in made:
        made[blueprint] = api_document(app, blueprint)
    return made[blueprint]


def api_document(app: Flask, blueprint: str) -> dict[str, Any]:
    """Returns the OpenAPI document of the version whose routes are in this blueprint, `api` or `api_2`."""
    version = "2" if blueprint.endswith("_2") else "1"
    schemas = TypeSchemas(OPERATIONS.values(), is_public=version == "2")
    paths: dict[str, dict[str, Any]] = {}
    named: dict[str, str] = {}
    routes = _routes(app, blueprint)
    for rule, told in routes:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            line = POLICY[f"{blueprint}.{told.name}", method]
            path = path_of(rule, named)
            paths.setdefault(path, {})[method.lower()] = said = _operation(rule, path, told, method, line, schemas)
            add_example(version, told.name, said)
            for status, answer in told.answers.items():
                if links := links_of(answer.kind, routes):
                    said["responses"][str(status)]["links"] = links
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Facteur: the API of issuers",
            "version": version,
            "summary": "Drop bill feeds, and read what became of each bill.",
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"key": []}],
        "paths": paths,
        "webhooks": webhooks_section(),
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http", "scheme": "bearer",
                    "description": "An API key of the issuer, `fct_…`. It is shown once, when it is made.",
                }
            },
            "schemas": schemas.told(),
        },
    }  # fmt: skip


def _routes(app: Flask, blueprint: str) -> list[tuple[Rule, Operation]]:
    """Returns the routes of a blueprint that have a contract, by their paths."""
    found = [
        (rule, OPERATIONS[rule.endpoint.removeprefix(f"{blueprint}.")])
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[0] == blueprint and rule.endpoint.rpartition(".")[2] in OPERATIONS
    ]
    return sorted(found, key=lambda each: (_rank(_tag(each[0])), each[0].rule))


def _rank(tag: str) -> int:
    """Returns where a noun stands in the document: what an issuer needs first is first."""
    return _NOUNS.index(tag) if tag in _NOUNS else len(_NOUNS)


def _operation(
    rule: Rule, path: str, told: Operation, method: str, line: RoutePolicy, schemas: TypeSchemas
) -> dict[str, Any]:
    said: dict[str, Any] = {"operationId": told.name, "summary": told.summary, "tags": [_tag(rule)]}
    if told.description:
        said["description"] = told.description
    said["security"] = [] if line.who == "public" else [{"key": sorted(line.scopes_for(method))}]
    if parameters := parameters_of(rule, path, told, method, schemas):
        said["parameters"] = parameters
    if told.body is not None:
        content = {each: {"schema": schemas.body(told.body, each)} for each in told.body_media_types}
        said["requestBody"] = {"required": True, "content": content}
    said["responses"] = answers_of(rule, told, method, line, schemas)
    return said


def _tag(rule: Rule) -> str:
    """Returns the noun that an operation belongs to: the first part of its path."""
    return rule.rule.split("/")[2]
