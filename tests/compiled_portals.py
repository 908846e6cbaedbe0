"""Pages that one test has compiled serve the next, and so do the 450 addresses; a builder of addresses is compiled when
it is first asked for one.

Every test opens a portal of its own: to compile its pages and addresses anew took half of what such a test cost. A
process that is a portal for days does it once.
"""

from collections.abc import Callable, Hashable
from types import CodeType
from typing import Any, Final

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

_Builder = Callable[..., tuple[str, str]]
_read: Final = Rule.compile
_compile: Final = Rule._compile_builder
#: What a route was read as, by all that it was read from.
_routes: Final[dict[Hashable, dict[str, Any]]] = {}
#: What builds a route's addresses, by what it was read from, its defaults and whether it may have a query.
_builders: Final[dict[Hashable, _Builder]] = {}


class CompiledPages(BytecodeCache):
    """What templates were compiled to in this process, by their file and its text. All portals have the same filters
    and the same spelling (`portal.app`)."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


def read_once(rule: Rule) -> None:
    """What werkzeug reads a route as, the same in each portal: its converters ask the portal of the request."""
    text = _text_of(rule)
    if (known := _routes.get(text)) is None:
        _read(rule)
        _routes[text] = {name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")}
        return
    vars(rule).update(known)
    rule._build = rule._compile_builder(False).__get__(rule, None)
    rule._build_unknown = rule._compile_builder(True).__get__(rule, None)


def compile_when_built(rule: Rule, append_unknown: bool = True) -> _Builder:
    """What werkzeug makes of a route at once to build its address, made when an address is first asked for."""

    def build(*values: Any, **named: Any) -> tuple[str, str]:
        text = (_text_of(rule), append_unknown)
        if (builder := _builders.get(text)) is None:
            builder = _builders[text] = _compile(rule, append_unknown)
        return builder(*values, **named)

    return build


def _text_of(rule: Rule) -> Hashable:
    """All that a route is read from."""
    places = rule.map
    return (
        rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults), places.host_matching,
        tuple(places.converters.items()),
    )  # fmt: skip


def share() -> None:
    """All portals that are made from now on in this process share them."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledPages()}
    Rule.compile = read_once  # type: ignore[method-assign,assignment]
    Rule._compile_builder = compile_when_built  # type: ignore[method-assign,assignment]
