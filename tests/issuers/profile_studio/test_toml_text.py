"""A table of a profile is changed, and everything else stays as it was written."""

import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from issuers.profile_studio.toml_text import toml_document, with_table

TEXT = """# Lumière
trade = "water"   # l’eau

[policy]
# nos rappels
remind_after_days = [2, 5]       # jours ouvrés
tolerance = 0.05

[delimited]
delimiter = ";"
[delimited.columns]
number = "Facture"   # sans préfixe
"buyer.name" = "Nom"

# la fin
[brand]
colour = "#004488"
"""


def test_comments_and_what_stays_are_kept() -> None:
    table = {"delimiter": "|", "columns": {"number": "Facture", "payable": 'Net "TTC"'}}
    changed = with_table(TEXT, "delimited", table)
    assert changed == TEXT.replace('delimiter = ";"', 'delimiter = "|"').replace(
        '"buyer.name" = "Nom"', 'payable = "Net \\"TTC\\""'
    )
    policy = with_table(TEXT, "policy", {"remind_after_days": [3], "tolerance": 0.05, "default_on": False})
    assert "# nos rappels\nremind_after_days = [3]       # jours ouvrés\ntolerance = 0.05\ndefault_on = false" in policy


def test_a_table_is_added_and_taken_out() -> None:
    assert with_table(TEXT, "json", {"bills": "factures"}).endswith('[json]\nbills = "factures"\n')
    assert "delimited" not in tomllib.loads(with_table(TEXT, "delimited", None))
    assert with_table("", "xml", {"bills": "f", "columns": {"number": "@no"}}) == (
        '[xml]\nbills = "f"\n\n[xml.columns]\nnumber = "@no"\n'
    )


def test_what_is_written_unusually_is_written_anew() -> None:
    text = 'delimited = { delimiter = ";", columns = { number = "F" } }\n[brand]\nhelp_lines = [\n  "a", # un\n]\n'
    changed = with_table(text, "delimited", {"delimiter": ",", "columns": {"number": "F"}})
    assert tomllib.loads(changed) == {
        "delimited": {"delimiter": ",", "columns": {"number": "F"}}, "brand": {"help_lines": ["a"]},
    }  # fmt: skip


VALUES = st.one_of(st.text(), st.integers(-(2**60), 2**60), st.booleans(), st.lists(st.text(), max_size=3))
TABLES = st.dictionaries(st.text(), st.one_of(VALUES, st.dictionaries(st.text(), VALUES, max_size=3)), max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(), TABLES, max_size=4), st.text(), TABLES)
def test_any_table_comes_back_as_it_was_given(document: dict[str, Any], name: str, table: dict[str, Any]) -> None:
    text = toml_document(document)
    assert tomllib.loads(text) == document
    assert tomllib.loads(with_table(text, name, table)) == document | {name: table}
