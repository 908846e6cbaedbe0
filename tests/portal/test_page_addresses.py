"""A page builds its addresses from names of routes: each name that stands in a template is one."""

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.beside_any_database

_BUILT = re.compile(r"""(?:url_for|may)\(\s*["'](\w[\w.]*)["']""")


def test_every_address_that_a_template_builds_is_of_a_route(app: Flask) -> None:
    built = {
        (str(path.relative_to(ROOT)), endpoint)
        for path in (ROOT / "portal" / "templates").rglob("*.*")
        for endpoint in _BUILT.findall(path.read_text(encoding="utf-8"))
    }
    assert len(built) > 300
    assert {(path, endpoint) for path, endpoint in built if endpoint not in app.view_functions} == set()
