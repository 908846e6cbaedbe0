"""Row ids as programs write and read them: numbers in version 1 of the API, public ids in version 2."""

from typing import Any, Final

from flask import request

from portal.public_id_converter import public_id, row_of
from portal.row_id import LARGEST
from store.public_id import LENGTH
from store.row_ids import RowId

#: The blueprint's name in version 2.
VERSION_2: Final = "api_2"


def is_version_2() -> bool:
    """Whether the request asks version 2 of the API."""
    return request.blueprint == VERSION_2


def tell_row(value: Any) -> int | str:
    """Returns how this version says a row: msgspec asks for every `RowId` that it encodes."""
    if not isinstance(value, RowId):
        raise NotImplementedError
    return public_id(value, value.kind) if is_version_2() else int(value)


def read_row(kind: type[RowId], written: Any) -> RowId:
    """Returns the row that a program names, by its public id or its number. Raises ValueError."""
    text = str(written)
    number = row_of(text, kind.kind)
    if number is None or (text.isdecimal() and int(text) > LARGEST):
        raise ValueError("expected the id of a row")
    return kind(number)


def row_schema(kind: type, *, is_public: bool) -> dict[str, Any]:
    """Returns the JSON Schema of a row's id in one version: msgspec asks for every type that it does not know."""
    if not issubclass(kind, RowId):
        raise NotImplementedError
    if is_public:
        return {"type": "string", "pattern": f"^[a-z2-7]{{{LENGTH}}}$"}
    return {"type": "integer", "minimum": 0, "maximum": LARGEST}
