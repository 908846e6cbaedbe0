"""Every sentence that the code can say of a bill or a feed, found by reading the code.

Whoever makes a finding (`fatal`, `BrokenRule`, `FeedError`, …) gives it a literal, by way of names, conditions, tables,
parameters and what functions return, but never an f-string: this follows it back to the literal, and fails otherwise.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from bill import Finding
from ingest.checks.vat_category_rules import FAMILIES
from ingest.cii.official_rules import RULES as CII_RULES
from ingest.ubl.official_rules import RULES as UBL_RULES

HOUSE = Path(__file__).parent.parent
#: Who takes a sentence, and as which of its arguments.
_SAYERS = {
    "fatal": 1, "warning": 1, "tell": 1, "refuse": 1, "warn": 1, "official": 1, "BrokenRule": 1, "FeedError": 1,
    "NotAValueError": 1, "DeclarationError": 0,
}  # fmt: skip
Functions = dict[str, ast.FunctionDef]


@cache
def sentences() -> frozenset[str]:
    """All of them: those of calls, and those of the tables of official rules."""
    said = {sentence for path in _sources() for sentence in _module(path).sentences()}
    return frozenset(said | {sentence for rules in (UBL_RULES, CII_RULES) for _, sentence in rules.sentences()})


def _sources() -> Iterator[Path]:
    rooms = ("bill/customer", "customers", "untrusted", "ingest", "issuers", "feeds", "doors", "payments", "store")
    for room in rooms:
        yield from sorted((HOUSE / room).rglob("*.py"))
    yield from (*sorted((HOUSE / "pipeline/steps").glob("*.py")), HOUSE / "cli" / "feed.py")


class _Module:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text("utf-8"))
        self.functions: Functions = {}
        self.inside: dict[ast.AST, ast.FunctionDef | None] = {}
        self._place(self.tree, None)

    def _place(self, node: ast.AST, function: ast.FunctionDef | None) -> None:
        self.inside[node] = function
        if isinstance(node, ast.FunctionDef):
            self.functions[node.name] = function = node
        for child in ast.iter_child_nodes(node):
            self._place(child, function)

    def sentences(self) -> Iterator[str]:
        for call in [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]:
            at = _SAYERS.get(_name(call.func))
            if at is not None:
                for literal in self._argument(call, at):
                    assert isinstance(literal, ast.Constant), self._where(literal)
                    assert isinstance(literal.value, str), self._where(literal)
                    yield literal.value

    def _argument(self, call: ast.Call, at: int) -> Iterator[ast.expr]:
        """What is given as the argument at a place; a starred one stands for its parts."""
        for place, given in enumerate(call.args):
            if isinstance(given, ast.Starred):
                for whole in self._literals(given.value):
                    assert isinstance(whole, ast.Tuple), self._where(whole)
                    yield from self._literals(whole.elts[at - place])
                return
            if place == at:
                yield from self._literals(given)
                return
        for keyword in call.keywords:
            yield from self._literals(keyword.value) if keyword.arg in ("sentence", "nameless") else ()

    def _literals(self, given: ast.expr) -> Iterator[ast.expr]:
        """The literals that an expression may come to."""
        match given:
            case ast.Constant() | ast.Tuple() | ast.Dict():
                yield given
            case ast.IfExp():
                yield from self._literals(given.body)
                yield from self._literals(given.orelse)
            case ast.Attribute(attr="sentence"):
                return  # somebody else's, and found where that was made
            case ast.Subscript(value=value, slice=place):
                for whole in self._literals(value):
                    yield from self._parts(whole, place)
            case ast.Call(func=ast.Name(id=name)) if name in self.functions:
                yield from self._returned(self.functions[name])
            case ast.Name(id=name):
                yield from self._named(name, self.inside[given])
            case _:
                raise AssertionError(self._where(given))

    def _parts(self, whole: ast.expr, place: ast.expr) -> Iterator[ast.expr]:
        """What may stand at a place of a table, or does in a row."""
        if isinstance(whole, ast.Dict):
            for value in whole.values:
                yield from self._literals(value)
            return
        assert isinstance(whole, ast.Tuple), self._where(whole)
        assert isinstance(place, ast.Constant), self._where(whole)
        yield from self._literals(whole.elts[place.value])  # type: ignore[index]

    def _returned(self, function: ast.FunctionDef) -> Iterator[ast.expr]:
        """What a function gives; "" is nothing to say."""
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from (each for each in self._literals(node.value) if getattr(each, "value", None) != "")

    def _named(self, name: str, function: ast.FunctionDef | None) -> Iterator[ast.expr]:
        """What a name was given: in the function, by whoever calls it, or in the module."""
        given = list(self._given(name, function))
        parameters = [] if function is None else [each.arg for each in function.args.args if each.arg != "self"]
        if not given and function is not None and name in parameters:
            if function.name in {*_SAYERS, "__init__"}:
                return  # passed on, and found where it was given
            calls = [n for n in self._everywhere() if isinstance(n[1], ast.Call) and _name(n[1].func) == function.name]
            assert calls, f"nobody calls {function.name} of {self.path}"
            for module, call in calls:
                yield from module._argument(call, parameters.index(name))
            return
        outer = self.inside[function] if function is not None else None
        if not given and function is not None:
            yield from self._named(name, outer)
            return
        assert given, f"{self.path}: what is {name}?"
        for each in given:
            yield from self._literals(each)

    def _everywhere(self) -> Iterator[tuple["_Module", ast.AST]]:
        """The calls of this file, and of its room."""
        for path in sorted((HOUSE / self.path.relative_to(HOUSE).parts[0]).rglob("*.py")):
            module = _module(path)
            yield from ((module, node) for node in ast.walk(module.tree))

    def _given(self, name: str, function: ast.FunctionDef | None) -> Iterator[ast.expr]:
        for node, owner in self.inside.items():
            if owner is not function:
                continue
            match node:
                case (
                    ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value)
                ):
                    yield from _taken(name, target, value)
                case ast.NamedExpr(target=target, value=value):
                    yield from _taken(name, target, value)
                case ast.For(target=target, iter=ast.Tuple(elts=rows)):
                    for row in rows:
                        yield from _taken(name, target, row)

    def _where(self, node: ast.AST) -> str:
        return f"{self.path.relative_to(HOUSE)}:{getattr(node, 'lineno', 0)} is no sentence that can be read"


@cache
def _module(path: Path) -> _Module:
    return _Module(path)


def _taken(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Name) and target.id == name:
        yield value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, part in zip(target.elts, value.elts, strict=True):
            yield from _taken(name, each, part)


def _name(called: ast.expr) -> str:
    match called:
        case ast.Attribute(value=ast.Name(id="log")):
            return ""
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


@cache
def rules() -> frozenset[str]:
    """The ids of all rules that stand in the code; a family's (`BR-{name}-08`) by one of its members."""
    found = {rule for each in (UBL_RULES, CII_RULES) for rule, _ in each.sentences()}
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if _is_rule(node.value) else set()
    return frozenset(found | {f"BR-{family.name}-08" for family in FAMILIES.values()})


_is_rule = re.compile(
    r"(?:BR|UBL|CII|DQ|XML|ZIP|TAR|GZIP|CSV|RECORD|TRAILER|JSON|EDI|PDF|INDEX|PAGES|MANIFEST|PROFILE|ATTACHMENT|AMOUNT|"
    r"DATE|CURRENCY|TEXT|TERM|DRIFT|CONTROL|TOLERANCE|NUMBER|SELLER|FEED|FORMAT|FILE|LINES|TOO|CUSTOMER)(?:-[A-Z0-9]+)+"
    r"|EMPTY|CHECKSUM"
).fullmatch


def check_said(findings: Iterable[Finding]) -> None:
    """Each is a sentence that the code was seen to say, and nothing stays blank in it."""
    for finding in findings:
        assert finding.sentence in sentences(), finding.sentence
        assert set(re.findall(r"\{([a-z0-9_]+)\}", finding.sentence)) <= finding.values.keys(), finding
