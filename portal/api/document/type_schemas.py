"""JSON Schemas (2020-12) of the types that operations read and tell, one component each."""

from collections.abc import Collection
from functools import partial
from typing import Any, Final

import msgspec

from portal.api.contract.operation import Operation
from portal.api.contract.request_parts import JSON
from portal.api.contract.row_ids_outside import row_schema
from portal.problems import Problem
from portal.problems.problem_types import PROBLEM_TYPES

_PLACE: Final = "#/components/schemas/{name}"
#: A body that is no JSON, and of which nothing is said but that it is bytes.
_BYTES: Final[dict[str, Any]] = {}


class TypeSchemas:
    """The schemas of one version of the API. *components* has those that have a name."""

    def __init__(self, operations: Collection[Operation], *, is_public: bool) -> None:
        self._hook = partial(row_schema, is_public=is_public)
        kinds: list[Any] = [Problem, *(each.members for each in PROBLEM_TYPES.values() if each.members)]
        for each in operations:
            kinds += [said.kind for said in each.answers.values() if said.kind is not None]
            kinds += [part for part in (each.body, each.query, each.headers) if part is not None]
        self._parameters = [part for each in operations for part in (each.query, each.headers) if part is not None]
        schemas, self.components = msgspec.json.schema_components(kinds, schema_hook=self._hook, ref_template=_PLACE)
        self._of = {id(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
        self._kinds = kinds  # an id is of this object only while it lives

    def of(self, kind: Any) -> dict[str, Any]:
        """Returns the schema of a type, or where it is."""
        return self._of[id(kind)]

    def body(self, kind: Any, media_type: str) -> dict[str, Any]:
        """Returns the schema of a body: a file is bytes, unless it comes in a form."""
        return self.of(kind) if media_type in {JSON, "multipart/form-data"} else _BYTES

    def part(self, kind: Any) -> tuple[dict[str, Any], set[str]]:
        """Returns the properties of a Struct of parameters with those that are required."""
        schema = self.components[self._name(kind)]
        return schema["properties"], set(schema.get("required", ()))

    def told(self) -> dict[str, Any]:
        """Returns the components that are told: a parameter is told where it is, and its Struct is none of them."""
        left_out = {self._name(each) for each in self._parameters}
        return {name: schema for name, schema in self.components.items() if name not in left_out}

    def _name(self, kind: Any) -> str:
        return str(self.of(kind)["$ref"].rpartition("/")[2])

    def value(self, kind: Any) -> dict[str, Any]:
        """Returns the schema of a value without a name, such as a part of a path."""
        [schema], _ = msgspec.json.schema_components([kind], schema_hook=self._hook, ref_template=_PLACE)
        return schema
