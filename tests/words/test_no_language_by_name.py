"""Nobody but `words` asks which language it is: what differs between languages is in a catalogue or of CLDR, so that
another language is another catalogue and no change of code."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.test_rooms import MAY_KNOW, ROOT, files_of
from words.printed_languages import PRINTED

SAID = (
    'if language == "fr": pass',
    'sign = "%" if "en" != reader.language else " %"',
    'is_close = language in {"en", "nl"}',
    'CLOSE = frozenset({"en", "nl"})',
    'WORDS = {"fr": "et", "en": "and"}',
    'match language:\n case "de": pass',
    'language.startswith("fr")',
    'first = WORDS["fr"]',
)


def languages_named(code: str) -> Iterator[int]:
    """The lines on which code compares something with a language, or keeps a table by languages."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Compare() if any(map(_is_language, ast.walk(node))):
                yield node.lineno
            case ast.Set(elts=[*each]) | ast.Dict(keys=[*each]) if each and all(map(_is_language, each)):
                yield node.lineno
            case ast.MatchValue(value=value) | ast.Subscript(slice=value) if _is_language(value):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr="startswith" | "get"), args=[first, *_]) if _is_language(first):
                yield node.lineno


def _is_language(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value in PRINTED


@pytest.mark.parametrize("room", sorted(MAY_KNOW.keys() - {"words"}))
def test_a_room_asks_for_no_language(room: str) -> None:
    found = {path: list(languages_named(path.read_text("utf-8"))) for path in files_of(room)}
    assert [f"{path.relative_to(ROOT)}:{line}" for path, lines in found.items() for line in lines] == []


def test_a_page_names_no_language() -> None:
    asked = re.compile(rf"""["'](?:{"|".join(PRINTED)})["']""")
    assert [path for path in (ROOT / "portal").rglob("*.html") if asked.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("code", SAID)
def test_a_language_that_is_asked_for_is_seen(code: str) -> None:
    """The test itself."""
    assert list(languages_named(code))
