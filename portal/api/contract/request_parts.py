"""Read the parts of a request into Structs: query, headers and body. What does not fit is a problem."""

import json
import re
from ast import literal_eval
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from bill.json_values import PATTERN_WORDS
from portal.api.contract.row_ids_outside import read_row
from portal.problems import problem
from portal.problems.problem_types import TOO_LARGE, UNREADABLE_BODY, UNREADABLE_PARAMETER, UNSUPPORTED_MEDIA_TYPE
from untrusted.json_stream_parser import unique_keys

#: The media type of bodies that are Structs.
JSON: Final = "application/json"

#: Every integer up to it is a number of its own among floats.
_LARGEST_EXACT: Final = 1 << 53
_UNMATCHED: Final = re.compile(r"Expected `str` matching regex (.+)")

_Part = TypeVar("_Part", bound=msgspec.Struct)


def read_query(kind: type[_Part]) -> _Part:
    """Returns the query as this Struct; parameters that it does not have are passed over. One that is there has a
    value: `null` is none."""
    given: dict[str, Any] = {}
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind) if each.encode_name in request.args}
    for name, field in fields.items():
        of_name = request.args.getlist(name)
        if any("\0" in each for each in of_name):
            problem(UNREADABLE_PARAMETER, f"{name}: holds the character NUL")
        if len(of_name) > 1 and not is_list(field.type):
            problem(UNREADABLE_PARAMETER, f"{name}: is there {len(of_name)} times")
        given[name] = of_name if is_list(field.type) else of_name[0]
    said = _converted(given, kind)
    for name, field in fields.items():
        if getattr(said, field.name) is None:
            problem(UNREADABLE_PARAMETER, f"{name}: null is no value, leave it out")
    return said


def read_headers(kind: type[_Part]) -> _Part:
    """Returns the headers that this Struct has."""
    names = [each.encode_name for each in msgspec.structs.fields(kind)]
    return _converted({name: request.headers[name] for name in names if name in request.headers}, kind)


def read_body(kind: Any, largest: int) -> Any:
    """Returns the JSON body, of *largest* bytes at most, as this type."""
    request.max_content_length = largest
    if request.mimetype != JSON:
        problem(UNSUPPORTED_MEDIA_TYPE, f"send {JSON}")
    try:
        written = _with_whole_numbers(msgspec.json.decode(request.get_data()))
        said = msgspec.convert(written, kind, dec_hook=read_row)
        json.loads(request.get_data(), parse_int=str, parse_float=str, object_pairs_hook=unique_keys)
    except RequestEntityTooLarge:
        problem(TOO_LARGE, f"the body has at most {largest} bytes")
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        is_no_text = isinstance(error, UnicodeDecodeError)
        problem(UNREADABLE_BODY, "this is no UTF-8" if is_no_text else _sentence(error, kind))
    if b"\\u0000" in request.get_data() and _holds_nul(msgspec.to_builtins(said, enc_hook=int)):
        problem(UNREADABLE_BODY, "a text holds the character NUL")
    return said


def is_list(kind: Any) -> bool:
    """Whether a parameter of this type may come several times."""
    return any(get_origin(each) in {list, tuple} or each in {list, tuple} for each in (kind, *get_args(kind)))


def _converted(given: dict[str, Any], kind: type[_Part]) -> _Part:
    try:
        return msgspec.convert(given, kind, strict=False, dec_hook=read_row)
    except msgspec.ValidationError as error:
        problem(UNREADABLE_PARAMETER, _sentence(error, kind))


def _sentence(error: Exception, kind: Any) -> str:
    """Returns what is wrong with the place of this type first: `limit: expected int <= 200`."""
    what, _, place = str(error).partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    choices = _choices(kind, place) if what.startswith("Invalid enum value") else []
    what = f"expected one of {', '.join(choices)}" if choices else _in_words(what)
    if what[1:2].islower():
        what = f"{what[:1].lower()}{what[1:]}"
    return f"{place}: {what}" if place else what or "this is no JSON"


def _with_whole_numbers(value: Any) -> Any:
    """Returns a JSON value with `340.0` as the integer that it is (JSON Schema 2020-12, 6.1.1)."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _LARGEST_EXACT else value
    if isinstance(value, dict):
        return {name: _with_whole_numbers(each) for name, each in value.items()}
    return [_with_whole_numbers(each) for each in value] if isinstance(value, list) else value


def _in_words(what: str) -> str:
    """Returns what is wrong with a text that does not match, in words: nobody reads the regular expression."""
    said = _UNMATCHED.fullmatch(what)
    words = PATTERN_WORDS.get(literal_eval(said[1])) if said else None
    return f"expected {words}" if words else what


def _choices(kind: Any, place: str) -> list[str]:
    """Returns what a field of a Struct takes, as it is told in the document; nothing for a place that is no such
    field."""
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return []
    hints = get_type_hints(kind)
    parts = [hints[each.name] for each in msgspec.structs.fields(kind) if each.encode_name == place]
    return [str(value) for part in parts for each in (part, *get_args(part)) for value in _literal(each)]


def _literal(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()


def _holds_nul(value: Any) -> bool:
    """Whether a text of this value holds a NUL, which no row does and PostgreSQL refuses to look for."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(_holds_nul(each) for each in value)
