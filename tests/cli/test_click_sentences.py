"""What people may hear from click is still what click says: a release that words it otherwise is noticed here."""

import ast
import inspect
from collections.abc import Iterator
from types import ModuleType

from click import core, decorators, exceptions, formatting, parser, termui, types

from cli.click_sentences import SENTENCES

#: Said by click from a table of its own, not by its look-up of sentences.
_OF_A_TABLE = {"required"}
#: What is heard of nothing that our verbs have: prompts, colours, UUIDs, flags, mistakes of programmers.
_UNHEARD = 40


def _said(module: ModuleType) -> Iterator[str]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}:
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def test_each_sentence_is_one_of_click_s() -> None:
    modules = (core, decorators, exceptions, formatting, parser, termui, types)
    clicks = {text for module in modules for text in _said(module)}
    ours = {part for text in SENTENCES for part in text.split("|")}
    assert ours - clicks == _OF_A_TABLE
    assert len(clicks - ours) < _UNHEARD
