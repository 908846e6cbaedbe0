"""Examples of requests and answers in the API's document. They were recorded in the world of a test, which asks again
and compares (`make api-examples` records them anew): no example is written by hand."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

#: Where the examples are kept, by the names of their operations, for each version of the API: row ids differ.
FILES: Final = {"1": Path(__file__).with_name("examples.json"), "2": Path(__file__).with_name("examples_2.json")}


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request and what was answered. *path* has the query with it; *body* is None where there is none, or
    where it is a file."""

    path: str
    status: int
    body: Any = None
    answer: Any = None


@cache
def examples(version: str) -> dict[str, Example]:
    """Returns all examples of a version by the names of their operations."""
    return msgspec.json.decode(FILES[version].read_bytes(), type=dict[str, Example])


def add_example(version: str, name: str, operation: dict[str, Any]) -> None:
    """Put the example of an operation into its part of the document of a version, where there is one."""
    example = examples(version).get(name)
    if example is None:
        return
    if example.body is not None:
        operation["requestBody"]["content"]["application/json"]["example"] = example.body
    if example.answer is not None:
        operation["responses"][str(example.status)]["content"]["application/json"]["example"] = example.answer
