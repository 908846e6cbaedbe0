"""Write the client's types from the API's document: `make client-types`. A test holds the file against the document."""

import keyword
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

#: The file that is written.
FILE: Final = Path(__file__).parents[3] / "facteur" / "client" / "api_types.py"
#: Bodies that a program fills in itself; all others are arguments of the client's methods.
STATED: Final = ("CustomerStatement", "ToldPayment")
#: What may be asked for, by the operation and its parameter.
CHOICES: Final = {
    "ItemOutcome": ("list_items", "outcome"),
    "BillState": ("list_bills", "state"),
    "BillChannel": ("list_bills", "channel"),
    "XmlSyntax": ("show_bill_xml", "syntax"),
    "EnquiryState": ("list_enquiries", "state"),
    "EnquirySubject": ("list_enquiries", "subject"),
    "PaymentOutcome": ("list_payments", "outcome"),
    "DeliveryState": ("list_webhook_deliveries", "state"),
}
HEAD: Final = '''"""What the API answers and takes, as its document says it: written by `make client-types`.

A text that is one of several is told as text: what a later version of the service adds is read, too.
"""

import datetime as dt
from decimal import Decimal
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType, field
'''
_AMOUNT: Final = "^-?[0-9]+"
_PLAIN: Final = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_FORMATS: Final = {"date": "dt.date", "date-time": "dt.datetime"}


def python_of(document: dict[str, Any]) -> str:
    """Returns the module with a Struct for each type that an answer has, and for those of STATED."""
    schemas = document["components"]["schemas"]
    stated = dict.fromkeys(_reached(schemas, STATED))
    answered = dict.fromkeys(_reached(schemas, _answered(document)))
    choices = "\n" + "".join(f"{name} = {_choice(document, *asked)}\n" for name, asked in CHOICES.items())
    told = "".join(_struct(name, schemas[name], is_stated=False) for name in answered)
    return HEAD + choices + told + "".join(_struct(name, schemas[name], is_stated=True) for name in stated)


def _choice(document: dict[str, Any], operation: str, name: str) -> str:
    [values] = [
        part["schema"]["enum"]
        for verbs in document["paths"].values()
        for said in verbs.values()
        if said["operationId"] == operation
        for part in said["parameters"]
        if part["name"] == name
    ]
    line = f"Literal[{', '.join(map(_quoted, values))}]"
    if len(line) < 100:
        return line
    return "Literal[\n" + "".join(f"    {_quoted(each)},\n" for each in values) + "]"


def _answered(document: dict[str, Any]) -> Iterator[str]:
    for verbs in document["paths"].values():
        for said in verbs.values():
            for status, answer in said["responses"].items():
                if status.startswith("2"):
                    yield from _named(answer.get("content", {}))


def _reached(schemas: dict[str, Any], names: Any) -> Iterator[str]:
    """Yields these names, and before each those that it is made of."""
    for name in names:
        yield from _reached(schemas, _named(schemas[name]))
        yield name


def _named(schema: Any) -> list[str]:
    return re.findall(r"'#/components/schemas/(\w+)'", repr(schema))


def _struct(name: str, schema: dict[str, Any], *, is_stated: bool) -> str:
    rules = "frozen=True, kw_only=True" + (", omit_defaults=True" if is_stated else "")
    words = _wrapped(schema["description"], '    """', "    ", 3)
    fields = [_field(part, said, schema, is_stated=is_stated) for part, said in schema["properties"].items()]
    return f'\n\nclass {name}(Struct, {rules}):\n{words}"""\n\n' + "".join(fields)


def _field(name: str, schema: dict[str, Any], owner: dict[str, Any], *, is_stated: bool) -> str:
    kind, needed = _kind(schema, is_stated=is_stated), name in owner.get("required", ())
    attribute = f"{name}_" if keyword.iskeyword(name) else name
    default = "" if needed else "UNSET" if is_stated else "None"
    if not needed:
        kind = _union([*kind.split(" | "), "UnsetType" if is_stated else "None"])
    if attribute != name:
        default = f'field(name="{name}"{f", default={default}" if default else ""})'
    told = _wrapped(schema["description"], "    #: ", "    #: ") + "\n" if schema.get("description") else ""
    return f"{told}    {attribute}: {kind}{f' = {default}' if default else ''}\n"


def _kind(schema: dict[str, Any], *, is_stated: bool) -> str:
    if reference := schema.get("$ref"):
        return str(reference.rpartition("/")[2])
    if several := schema.get("anyOf"):
        kinds = [_kind(each, is_stated=is_stated) for each in several]
        return "Decimal" if kinds == ["str", "float"] else _union(kinds)
    if values := schema.get("enum"):
        return f"Literal[{', '.join(map(_quoted, values))}]" if is_stated else "str"
    if schema.get("type") == "array":
        return f"list[{_kind(schema['items'], is_stated=is_stated)}]"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {_kind(inner, is_stated=is_stated) if isinstance(inner, dict) else 'Any'}]"
    return _plain(schema)


def _union(kinds: list[str]) -> str:
    return " | ".join(sorted(dict.fromkeys(kinds), key="None".__eq__))


def _plain(schema: dict[str, Any]) -> str:
    if schema.get("pattern", "").startswith(_AMOUNT):
        return "Decimal"
    return _FORMATS.get(schema.get("format", "")) or _PLAIN.get(schema.get("type", ""), "str")


def _quoted(value: str) -> str:
    return f'"{value}"'


def _wrapped(words: str, first: str, further: str, kept_free: int = 0) -> str:
    lines = textwrap.wrap(" ".join(words.split()), 120 - len(further) - kept_free - 3)
    return first + f"\n{further}".join(lines)
