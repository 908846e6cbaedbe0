"""Which operations may answer with a type of problem."""

import json
from typing import Any, NamedTuple


class ProblemUse(NamedTuple):
    """An operation that may have a problem."""

    name: str
    summary: str


def operations_with(document: dict[str, Any], uri: str) -> list[ProblemUse]:
    """Returns the operations of the document that tell this type of problem."""
    told = json.dumps(uri)
    return [
        ProblemUse(operation["operationId"], operation["summary"])
        for verbs in document["paths"].values()
        for operation in verbs.values()
        if told in json.dumps(operation["responses"])
    ]
