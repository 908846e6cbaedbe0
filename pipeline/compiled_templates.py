"""The compiled templates of the issuers' brands: each compiled once in a process, its prefix kept in the store."""

import logging
from datetime import datetime
from typing import Final

from bill import Brand
from issuers.registry import brand_of_issuer
from render.compiled_template import Template, compile_template
from render.style.page_colours import BrandError
from store import Store
from store.issuer import Issuer, keep_template, template_row

log = logging.getLogger(__name__)

#: The version of the template that pages have which an issuer made itself.
OWN_PAGES: Final = "own pages"
#: Compiled templates that one process remembers, some megabytes each.
MOST_TEMPLATES: Final = 24


class CompiledTemplates:
    """The templates of the issuers' brands. Each is compiled once in a process; its prefix is kept as a blob for
    ever."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[int, Brand], tuple[int, Template]] = {}

    def of(self, issuer: Issuer, now: datetime, bill_language: str = "") -> tuple[int, Template]:
        """The id and the compiled template of the issuer's present brand, for bills in this language where the profile
        names none. Older bills keep the template they were made with."""
        key = (issuer.id, brand_of_issuer(issuer, bill_language))
        if key not in self._known:
            template = compiled(key[1], issuer.is_test_side)
            sha256 = self._store.blobs.put(template.prefix)
            with self._store.writing() as session:
                row = keep_template(session, issuer.id, template.version, sha256, now)
            self._known[key] = (row.id, template)
            while len(self._known) > MOST_TEMPLATES:
                del self._known[next(iter(self._known))]
        self._known[key] = self._known.pop(key)  # the last used is the last to go
        return self._known[key]

    def without_a_byte(self, issuer: Issuer, now: datetime) -> int:
        """The id of the template for the issuer's own pages: its prefix is empty."""
        with self._store.reading() as session:
            row = template_row(session, issuer.id, OWN_PAGES)
        if row is None:
            sha256 = self._store.blobs.put(b"")
            with self._store.writing() as session:
                row = keep_template(session, issuer.id, OWN_PAGES, sha256, now)
        return row.id


def compiled(brand: Brand, is_specimen: bool = False) -> Template:
    """The brand's template; of a test side the one that says that its bills are tried. If the brand cannot be drawn,
    its bills are not held back: the template is a plain one, with only the name and the sender."""
    try:
        return compile_template(brand, is_specimen)
    except BrandError as error:
        log.warning("the brand of %s cannot be drawn: %s", brand.name, error)
        return compile_template(Brand(name=brand.name, sender=brand.sender, language=brand.language), is_specimen)
