"""Words that were sought, marked in a text: as HTML, in which all that the text says is text."""

from collections.abc import Iterable
from typing import Final

from flask import request
from markupsafe import Markup, escape

from portal.form_input import one_line
from store.search.marked_text import Piece, marked
from store.search.typed_search import typed_search

#: The longest search that is read from an address, in characters.
LONGEST_SEARCH: Final = 100


def marked_pieces(pieces: Iterable[Piece]) -> Markup:
    """Returns the pieces as HTML."""
    return Markup().join(
        Markup("<mark>{}</mark>").format(text) if is_marked else escape(text) for text, is_marked in pieces
    )


def sought(text: str | None) -> str:
    """Returns the text with the words marked that the search in the address of this page asks for. HTML of ours is
    given back as it is."""
    asked = request.args.get("cherche", "")
    if not asked or not text or isinstance(text, Markup):
        return text or ""
    search = typed_search(one_line(asked, LONGEST_SEARCH))
    return text if search is None else marked_pieces(marked(search, text))
