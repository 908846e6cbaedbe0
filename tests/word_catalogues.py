"""Writes the gettext catalogues anew from the sentences of the code (`make words`): what is new stands there without a
translation, what nobody says any more is gone, and every translation that is still asked for stays.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from tests import finding_sentences, message_sentences
from words.catalogue import DOMAINS, SPOKEN, path_of
from words.finding_places import PLACES
from words.printed_label import END_OF_CONTEXT

HOUSE: Final = Path(__file__).parent.parent
#: Rooms whose people's sentences are in the domain `sentences`.
_ROOMS: Final = ("adoption", "consumers", "delivery", "pipeline", "portal", "words")
#: Functions whose first argument is a sentence.
_SAYERS: Final = {"say", "speak", "N_", "sentence"}
#: Rooms that say what is printed on bills, and the function whose first argument is a label, whose second its context.
_PRINTING_ROOMS: Final = ("bill", "render", "words")
_LABELLER: Final = "L_"
#: Heads of a catalogue that say who and when, and would differ each time.
_DATED: Final = ("POT-", "PO-", "Last-", "Language-Team", "Report-", "Generated-", "Project-")


def main() -> None:
    for domain, language in catalogues():
        path = path_of(domain, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(domain, language))
        lacking = sum(not is_translated(message.string) for message in entries(domain, language) if message.id)
        print(f"{path.relative_to(HOUSE)}: {len(entries(domain, language))} sentences, {lacking} to translate")


def catalogues() -> list[tuple[str, str]]:
    """Each domain and language that needs a catalogue: all but the language of the code."""
    return [
        (domain, language) for domain, source in DOMAINS.items() for language in SPOKEN[domain] if language != source
    ]


def written(domain: str, language: str) -> bytes:
    """The catalogue as its file should be."""
    template = Catalog(locale=language)
    for text, places in said(domain).items():
        context, _, key = text.rpartition(END_OF_CONTEXT)
        template.add(
            tuple(key.split("|", 1)) if "|" in key else key,
            locations=[(place, 0) for place in sorted(places)],
            context=context or None,
        )
    entries_now = entries(domain, language)
    entries_now.update(template, no_fuzzy_matching=True)
    entries_now.fuzzy = False
    paper = BytesIO()
    write_po(paper, entries_now, width=0, omit_header=False, include_lineno=False, ignore_obsolete=True)
    lines = paper.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line
        for line in lines
        if not line.startswith(tuple(f'"{head}' for head in _DATED)) and line[:2] not in {"# ", "#\n"}
    ).encode()


def entries(domain: str, language: str) -> Catalog:
    path = path_of(domain, language)
    return read_po(BytesIO(path.read_bytes()), locale=language) if path.is_file() else Catalog(locale=language)


def translations(domain: str, language: str) -> dict[str, str]:
    """Every sentence of a catalogue, by itself: the forms of one with a number are joined by `|`."""
    return {key_of(message): _joined(message.string) for message in entries(domain, language) if message.id}


def key_of(message: Message) -> str:
    """The sentence as the code says it, with its context."""
    return f"{message.context}{END_OF_CONTEXT}{message.id}" if message.context else _joined(message.id)


def _joined(forms: str | tuple[str, ...]) -> str:
    return "|".join(forms) if isinstance(forms, tuple) else forms


def is_translated(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


@cache
def said(domain: str) -> dict[str, set[str]]:
    """Every sentence of a domain, in the order in which the files say them, and the files that do. A context
    stands before its sentence, as gettext has it."""
    if domain == "findings":
        return {text: set() for text in sorted(finding_sentences.sentences())}
    if domain == "places":
        return {place: set() for place in PLACES}
    if domain == "messages":
        return message_sentences.messages()
    if domain == "printed":
        return _said_in(_PRINTING_ROOMS, {".py": labels_of_python})
    return _said_in(_ROOMS, {".py": of_python, ".html": of_template})


def _said_in(rooms: tuple[str, ...], readers: dict[str, Callable[[str], Iterator[str]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for room in rooms:
        for path in sorted((HOUSE / room).rglob("*")):
            reader = readers.get(path.suffix)
            for text in reader(path.read_text("utf-8")) if reader else ():
                found.setdefault(text, set()).add(str(path.relative_to(HOUSE)))
    return found


def of_python(code: str) -> Iterator[str]:
    """The sentences of a module: literals, also within a condition, that are given to one of the sayers."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_]) if name in _SAYERS:
                yield from _literals(first)


def labels_of_python(code: str) -> Iterator[str]:
    """The labels of a module, with their contexts."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id=name), args=given) if name == _LABELLER:
                yield END_OF_CONTEXT.join(text for each in reversed(given) for text in _literals(each))


def _literals(given: ast.expr) -> Iterator[str]:
    match given:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from _literals(one)
            yield from _literals(other)


def of_template(text: str) -> Iterator[str]:
    """The sentences of a template: literals within what is given to `_`, but for the keys of tables."""
    tree = Environment(autoescape=True, extensions=["jinja2.ext.do"]).parse(text)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args:
            yield from _template_literals(call.args[0])


def _template_literals(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr():
            yield from _template_literals(node.expr1)
            if node.expr2 is not None:
                yield from _template_literals(node.expr2)
        case nodes.Getitem():
            yield from _template_literals(node.node)
        case nodes.List() | nodes.Tuple():
            for item in node.items:
                yield from _template_literals(item)
        case nodes.Call(node=nodes.Getattr(attr="get")) if len(node.args) > 1:
            yield from _template_literals(node.args[1])


if __name__ == "__main__":
    main()
