"""The Content-Security-Policy of each answer: nothing runs and nothing is fetched from elsewhere.

A page says what more it needs while it is made: a script of ours (`page_script`, in templates `script("copy.js")`), or
a form whose answer leads elsewhere (`form_leads_to`).
"""

from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from flask import g
from markupsafe import Markup, escape

from portal.page_address import url_for

#: Our scripts, each a file of `static/`, and what it needs of the policy besides running. Pages work without them.
SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "copy.js": (),
    "await_result.js": (),
    "passkey.js": (),
    "push.js": ("worker-src 'self'",),  # it registers the service worker
    "feed_upload.js": ("connect-src 'self'",),  # it sends files
    "live.js": ("connect-src 'self'",),  # it fetches the part again
    "search.js": ("connect-src 'self'",),  # it fetches the page of what is typed
}

#: Only scripts connect, and only ours run. Without it, tools that look at a page from within cannot read /robots.txt.
CONNECT: Final = "connect-src 'self'"


def page_script(name: str) -> Markup:
    """Returns the element that loads this script of ours, which the policy of this answer then lets run; nothing where
    the page has it already. KeyError for a name that is not one of `SCRIPTS`."""
    needs = {"script-src 'self'", *SCRIPTS[name]}
    if name in (loaded := g.setdefault("page_scripts", set())):
        return Markup()
    loaded.add(name)
    g.setdefault("policy_needs", set()).update(needs)
    source = escape(url_for("static", filename=name))
    return Markup(f'<script src="{source}" defer></script>')  # noqa: S704 -- the address is escaped


def form_leads_to(url: str) -> None:
    """Let the answer to a form of this page lead to the site of *url*."""
    site = urlsplit(url)
    g.form_leads_to = f"{site.scheme}://{site.netloc}"


def content_security_policy() -> str:
    """Returns the policy of the answer that was made. Never an inline script or style, nor one from elsewhere."""
    return _written(g.get("form_leads_to", ""), frozenset(g.get("policy_needs", ())))


@lru_cache(maxsize=256)
def _written(form_leads_to: str, needs: frozenset[str]) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            f"form-action 'self' {form_leads_to}".rstrip(),
            "base-uri 'none'",
            "frame-ancestors 'none'",
            *sorted({CONNECT, *needs}),
        ]
    )
