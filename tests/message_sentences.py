"""Every sentence of the command line and of errors, found by reading the code: the domain `messages`.

They are English literals: what is given to `said`, `tell`, `say_no` or `counting` in `cli`, to a spoken error anywhere,
or marked by `M_`; the help of options, and the docstrings of verbs.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from cli.translated_help import help_sentences

HOUSE: Final = Path(__file__).parent.parent
#: Errors that are spelled in the reader's language, and which of their arguments is the sentence.
ERRORS: Final = {
    "SpokenError": 0, "ConfigError": 0, "IssuerError": 0, "ProfileError": 1, "StoreIsNewer": 0,
    "PrintHouseError": 0, "DkimKeyError": 0, "NoSuchSet": 0, "EndpointRefused": 0, "EndpointUrlRefused": 1,
    "NotReturnedMail": 0, "ProviderRefused": 0, "NotADocument": 0, "ProfileChangedError": 0,
    "VersionUnknownError": 0, "PortError": 0, "CampaignRefused": 0, "AdoptionPlanError": 1,
    "PlanChangedError": 0,
}  # fmt: skip
#: What says a sentence in `cli`, as its first argument.
_IN_CLI: Final = {"said", "tell", "say_no", "counting"}
_VERBS: Final = {"command", "group"}
_SKIPPED: Final = {"tests", "bench", ".venv", "var"}


@cache
def messages() -> dict[str, set[str]]:
    """All sentences, and the files that say them."""
    found: dict[str, set[str]] = {}
    for path in sources():
        where = path.relative_to(HOUSE)
        for text in of_python(path.read_text("utf-8"), is_cli=where.parts[0] == "cli"):
            found.setdefault(text, set()).add(str(where))
    return found


def sources() -> list[Path]:
    return [path for path in sorted(HOUSE.rglob("*.py")) if path.relative_to(HOUSE).parts[0] not in _SKIPPED]


def of_python(code: str, *, is_cli: bool) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=keywords):
                at = 0 if name == "M_" or (is_cli and name in _IN_CLI) else ERRORS.get(name)
                if at is not None and len(args) > at:
                    yield from _literals(args[at])
                if is_cli:
                    helps = [text for each in keywords if each.arg == "help" for text in _literals(each.value)]
                    yield from (sentence for text in helps for sentence in help_sentences(text))
            case ast.FunctionDef(decorator_list=decorators) if is_cli and _is_verb(decorators):
                yield from help_sentences(ast.get_docstring(node) or "")


def _is_verb(decorators: list[ast.expr]) -> bool:
    names = [ast.unparse(each.func if isinstance(each, ast.Call) else each) for each in decorators]
    return any(name.split(".")[-1] in _VERBS for name in names)


def _literals(given: ast.expr) -> Iterator[str]:
    match given:
        case ast.Constant(value=str(text)):
            yield from [text] if text == "{heading}:" or any(map(str.isalpha, _without_blanks(text))) else []
        case ast.IfExp(body=one, orelse=other):
            yield from _literals(one)
            yield from _literals(other)
        case ast.JoinedStr() | ast.BinOp():
            raise AssertionError(f"no translation can be found of {ast.unparse(given)}")


def _without_blanks(text: str) -> str:
    while "{" in text and "}" in text:
        text = text[: text.index("{")] + text[text.index("}") + 1 :]
    return text
