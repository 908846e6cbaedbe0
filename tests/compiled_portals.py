"""Pages that one test has compiled serve the next, and an address is compiled when it is first built.

Every test opens a portal of its own: to compile its pages and the builders of its 450 addresses anew took half of what
such a test cost. A process that is a portal for days does it once.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any, Final

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]
_compile: Final = Rule._compile_builder


class CompiledPages(BytecodeCache):
    """What templates were compiled to in this process, by their file and its text. All portals have the same filters
    and the same spelling (`portal.app`)."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


def compile_when_built(rule: Rule, append_unknown: bool = True) -> _Builder:
    """What werkzeug makes of a route at once to build its address, made when an address is first asked for."""
    made: list[_Builder] = []

    def build(*values: Any, **named: Any) -> tuple[str, str]:
        if not made:
            made.append(_compile(rule, append_unknown))
        return made[0](*values, **named)

    return build


def share() -> None:
    """All portals that are made from now on in this process share them."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledPages()}
    Rule._compile_builder = compile_when_built  # type: ignore[method-assign,assignment]
