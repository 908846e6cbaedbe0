"""Looks sentences up in the gettext catalogues (`catalogues/LANGUAGE/LC_MESSAGES/DOMAIN.po`), in one language or the
other, with its plurals.

The sentence in the code is the key (`msgid`). In the domains `sentences` (pages, mails, reasons) and `printed` it is
French, in `findings`, `places` and `messages` (the command line, errors) English; the language of the code needs no
catalogue. Catalogues are compiled in memory when they are first asked for: there is no compiled file that could be
older than its source.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from babel.core import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.plural import PluralRule
from babel.support import Translations

from words.french_typography import elided, set_well
from words.printed_languages import PRINTED, printed_language

#: The languages that people read the portal, their e-mails and the command line in.
LANGUAGES: Final = ("fr", "en")
#: How the sentences of a language are set when they are looked up.
_TYPOGRAPHY: Final = {"fr": set_well}
#: How a language fits a sentence to the names that fill its blanks.
_FITTED: Final = {"fr": elided}
#: The CLDR locale of a language, where it is not the language's own.
_LOCALES: Final = {"en": "en_GB"}
#: Each domain, and the language that its sentences have in the code.
DOMAINS: Final = {"sentences": "fr", "findings": "en", "places": "en", "messages": "en", "printed": "fr"}
#: The languages of each domain: bills are printed in more of them.
SPOKEN: Final = {
    "sentences": LANGUAGES,
    "findings": LANGUAGES,
    "places": LANGUAGES,
    "messages": LANGUAGES,
    "printed": PRINTED,
}
FOLDER: Final = Path(__file__).parent / "catalogues"


def N_(text: str) -> str:  # noqa: N802 -- the name that gettext's tools know
    """Mark a sentence that is looked up later, such as one of a table. `make words` finds it; nothing else happens."""
    return text


def M_(text: str) -> str:  # noqa: N802
    """Mark a message, in English, that is looked up later in the domain `messages`."""
    return text


def known_language(language: str) -> str:
    """Return the language, or French for one that we do not have."""
    return language if language in LANGUAGES else "fr"


def locale_of(language: str) -> str:
    """Return the CLDR locale of a language that people read or bills are printed in: our English is British."""
    language = printed_language(language)
    return _LOCALES.get(language, language)


def say(text: str, language: str, **values: str | int) -> str:
    """Return the sentence in this language with its blanks filled in, by *n* in one form or several. Values are text,
    and are not read."""
    n = values.get("n")
    return fitted(sentence(text, language, n if isinstance(n, int) else None), language, values).format(**values)


def fitted(pattern: str, language: str, values: Mapping[str, Any]) -> str:
    """Return a sentence of this language, its blanks still in it, fit for the values that will fill them."""
    fit = _FITTED.get(known_language(language))
    return fit(pattern, values) if fit else pattern


def sentence(text: str, language: str, n: float | None = None, domain: str = "sentences") -> str:
    """Return the sentence in this language (French for one we do not have), with its blanks still in it. With *n*,
    `{n} facture|{n} factures` is two forms, and the language's rule chooses (CLDR)."""
    if n is None or "|" not in text:
        return whole_sentence(text, language, domain)
    one, several = text.split("|", 1)
    form = 1 if is_one(n, known_language(language)) else 2
    return _set(catalogue(domain, known_language(language)).ngettext(one, several, form), known_language(language))


@lru_cache(maxsize=8192)
def whole_sentence(text: str, language: str, domain: str = "sentences") -> str:
    """Return the sentence as `sentence` does, of whose forms none has to be chosen: pages say some sixty at a time."""
    if not text:
        return ""  # gettext has the catalogue's head there
    return _set(catalogue(domain, known_language(language)).gettext(text), known_language(language))


def _set(found: str, language: str) -> str:
    return _TYPOGRAPHY.get(language, str)(found)


@lru_cache(maxsize=1024)
def is_one(n: float, language: str) -> bool:
    """Return whether the language says this number in the singular: 1 in English, less than 2 in French (CLDR)."""
    return _plural_rule(language)(abs(n)) == "one"


@cache
def _plural_rule(language: str) -> PluralRule:
    return Locale.parse(language).plural_form


@cache
def catalogue(domain: str, language: str) -> NullTranslations:
    """Return the compiled catalogue; an empty one for the language of the code."""
    path = path_of(domain, language)
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        entries = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, entries)
    compiled.seek(0)
    found = Translations(compiled)
    assert isinstance(found, GNUTranslations)
    return found


def path_of(domain: str, language: str) -> Path:
    """Return where the catalogue of a domain and a language is, or would be."""
    return FOLDER / language / "LC_MESSAGES" / f"{domain}.po"
