"""Every page that a template leads to is there: one that few people reach would fail them alone."""

import re
from pathlib import Path

import pytest
from flask import Flask

import portal

pytestmark = pytest.mark.beside_any_database
TEMPLATES = Path(portal.__file__).parent / "templates"


def test_every_address_that_a_template_names_is_one(app: Flask) -> None:
    named = {
        (endpoint, str(path.relative_to(TEMPLATES)))
        for path in TEMPLATES.rglob("*.html")
        for endpoint in re.findall(r'(?:url_for|may)\("(\w[\w.]*)"', path.read_text(encoding="utf-8"))
    }
    assert len(named) > 300
    assert sorted(each for each in named if each[0] not in app.view_functions) == []
