"""Parts of the frame that stand on every page, drawn at once (docs/fast-paths.md): what its head loads, and the forms
of one button at its foot."""

from functools import lru_cache
from typing import Final

from flask import Flask, current_app, request
from markupsafe import Markup, escape

from portal.access.security_headers_and_csrf import csrf_field
from portal.page_address import url_for
from portal.translation import other_languages, say

#: The name of the heads that an app has drawn.
_DRAWN: Final = "page_heads"
_FONTS: Final = ("facteur-text-regular", "facteur-text-semibold")


def install(app: Flask) -> None:
    """Let templates write these parts."""
    app.extensions[_DRAWN] = lru_cache(64)(_head)
    app.jinja_env.globals |= {
        "head_links": head_links,
        "language_switch": language_switch,
        "leave_button": leave_button,
        "print_switch": print_switch,
    }


def head_links() -> Markup:
    """Returns the elements that load fonts, style sheet and icon."""
    drawn: Markup = current_app.extensions[_DRAWN](request.root_path)
    return drawn


def language_switch(after_form: str) -> Markup:
    """Returns the buttons that switch to the other languages. *after_form* is where they lead from the answer to a
    form, which has no address of its own."""
    action, back = url_for("language.choose"), _back(after_form)
    forms = [
        _form(action, back, "language", other, own_name, f' lang="{other}"')
        for other, own_name in other_languages().items()
    ]
    return Markup("".join(forms))  # noqa: S704 -- each is markup


def leave_button() -> Markup:
    """Returns the button that signs out."""
    return Markup(  # noqa: S704 -- our own address, and the words are escaped
        f'<form method="post" action="{escape(url_for("sign_in.leave"))}">\n  {csrf_field()}\n'
        f'  <button class="button word">{escape(say("Se déconnecter"))}</button>\n</form>\n'
    )


def print_switch(after_form: str, *, is_large: bool) -> Markup:
    """Returns the button that switches to larger type, or back."""
    value, words = ("off", say("Caractères ordinaires")) if is_large else ("on", say("Gros caractères"))
    return _form(url_for("large_print.choose"), _back(after_form), "large", value, words)


def _head(_root_path: str) -> Markup:
    """The same for every page of an app that is mounted there."""
    fonts = Markup("").join(
        Markup('<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>\n').format(
            url_for("static", filename=f"fonts/{name}.woff2")
        )
        for name in _FONTS
    )
    sheet, icon = url_for("static", filename="facteur.css"), url_for("static", filename="facteur.svg")
    return fonts + Markup('<link rel="stylesheet" href="{}">\n<link rel="icon" type="image/svg+xml" href="{}">').format(
        sheet, icon
    )


def _back(after_form: str) -> Markup:
    """Where a switch leads back to, escaped."""
    return escape(request.full_path.rstrip("?") if request.method == "GET" else after_form)


def _form(action: str, back: Markup, name: str, value: str, words: str, more: str = "") -> Markup:
    return Markup(  # noqa: S704 -- the address of the page is escaped, and so are the words
        f'<form method="post" action="{escape(action)}"{more}>\n{csrf_field()}\n'
        f'<input type="hidden" name="suite" value="{back}">\n'
        f'<button class="button word" name="{name}" value="{value}">{escape(words)}</button>\n</form>\n'
    )
