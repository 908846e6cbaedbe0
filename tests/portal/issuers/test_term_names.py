"""Every term that a column may be mapped to has a name that a clerk knows, and no two have the same."""

from collections import Counter

import pytest
from flask import Flask

from ingest.custom_formats.field_names import TERMS
from portal.issuers.profile_studio.term_names import term_groups

pytestmark = pytest.mark.beside_any_database


@pytest.fixture
def names(app: Flask) -> dict[str, str]:
    with app.test_request_context("/equipe/profil"):
        return {term: name for group in term_groups(TERMS) for term, name in group.terms}


def test_no_term_is_called_by_its_key(names: dict[str, str]) -> None:
    assert names.keys() == set(TERMS)
    assert [term for term, name in names.items() if term == name] == []


def test_no_two_terms_have_one_name(names: dict[str, str]) -> None:
    assert [name for name, times in Counter(names.values()).items() if times > 1] == []
