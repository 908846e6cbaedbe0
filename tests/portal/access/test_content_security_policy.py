"""What pages may run and where their forms may lead: what they asked for while they were made, and nothing else."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, render_template_string, url_for

from portal import app_context
from portal.access.content_security_policy import SCRIPTS, content_security_policy, form_leads_to, page_script
from tests.portal.conftest import Browser
from tests.portal.sample_town import World

pytestmark = pytest.mark.beside_any_database

STATIC = Path(app_context.FOLDER) / "static"
TEMPLATES = Path(app_context.FOLDER) / "templates"


def directives(policy: str) -> dict[str, list[str]]:
    return {name: sources for name, *sources in (each.split() for each in policy.split("; "))}


def test_a_page_without_a_script_runs_none(app: Flask) -> None:
    with app.test_request_context("/"):
        policy = directives(content_security_policy())
    assert policy["default-src"] == ["'none'"]
    assert not policy.keys() & {"script-src", "worker-src"}


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_page_runs_the_script_it_loads_from_us_alone(name: str, app: Flask) -> None:
    with app.test_request_context("/"):
        element = render_template_string("{{ script(name) }}{{ script(name) }}", name=name)
        source = url_for("static", filename=name)
        policy = directives(content_security_policy())
    assert element == f'<script src="{source}" defer></script>', "once, whole, and after the page"
    assert policy["script-src"] == ["'self'"], "neither inline, nor by eval, nor from elsewhere"
    assert policy["default-src"] == ["'none'"]
    assert all(
        sources == ["'self'"] for directive, sources in policy.items() if directive in {"worker-src", "connect-src"}
    )
    assert (STATIC / name).is_file()


def test_what_a_page_asked_for_ends_with_it(app: Flask) -> None:
    with app.test_request_context("/"):
        page_script("push.js")
        form_leads_to("https://pay.example/page?x=1")
        policy = directives(content_security_policy())
        assert policy["form-action"] == ["'self'", "https://pay.example"], "the site, not the page"
        assert "script-src" in policy
    with app.test_request_context("/"):
        policy = directives(content_security_policy())
        assert policy["form-action"] == ["'self'"]
        assert "script-src" not in policy


def test_a_script_that_nobody_listed_is_not_loaded(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(KeyError):
        page_script("https://elsewhere.example/x.js")


def test_no_template_writes_a_script_by_hand_and_none_holds_a_handler() -> None:
    """Sheets of an issuer's preview are pages too; the policy would stop what this would find."""
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text()
        assert "<script" not in text, template
        assert not re.search(r"\son[a-z]+\s*=\s*[\"']|javascript:", text), template


def test_the_header_says_what_the_page_holds(browser: Callable[[], Browser], world: World) -> None:
    alice = browser()
    alice.sign_in(world.consumer("Alice Martin"))
    for path in ("/", "/profil", "/courriels"):
        page = alice.get(path)
        assert ("<script" in page.text) == ("script-src 'self'" in page.headers["Content-Security-Policy"]), path
