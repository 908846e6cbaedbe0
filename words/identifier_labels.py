"""Labels of identifiers, so that none is printed as a bare number: SIREN, GLN, VAT number, a meter's number.

The words are in `words/lists/identifier-schemes.txt` (ISO/IEC 6523, CEF EAS) and `words/lists/object-schemes.txt`
(UNTDID 1153).
"""

import re
from typing import Final

from words.printed_languages import words_for

#: EAS codes that are a country's VAT number.
_VAT_SCHEMES: Final = {"9910", "9912", "9914", "9920", "9953", "9955", "9957"} | {
    str(code) for code in range(9922, 9953)
}
#: Country and form of a registration number without a scheme -> its scheme.
_FORMS: Final = (
    ("FR", re.compile(r"\d{9}\Z"), "0002"),
    ("FR", re.compile(r"\d{14}\Z"), "0009"),
    ("BE", re.compile(r"(BE)?[01]\d{9}\Z"), "0208"),
    ("NL", re.compile(r"\d{8}\Z"), "0106"),
    ("DK", re.compile(r"(DK)?\d{8}\Z"), "0184"),
    ("NO", re.compile(r"(NO)?\d{9}\Z"), "0192"),
    ("SE", re.compile(r"\d{10}\Z"), "0007"),
    ("FI", re.compile(r"\d{8}\Z"), "0212"),
    ("CH", re.compile(r"CHE\d{9}\Z"), "0183"),
)
_OF_FRANCE: Final = {"0002", "0009"}
_OF_FRANCE_BY_LENGTH: Final = {9: "0002", 14: "0009"}
_SEPARATORS: Final = re.compile(r"[\s.\-/]")
_VAT_NAMED: Final = re.compile(r"[A-Z]{2}:(VAT|CIF)\Z")


def identifier_label(scheme: str, language: str, otherwise: str = "") -> str:
    """Return the name of a scheme: `SIREN`, `GLN`; for an unknown scheme, or none, *otherwise*, which is a general word
    where it is not given (`Identifiant`)."""
    code = scheme.strip().upper()
    if code in _VAT_SCHEMES or _VAT_NAMED.match(code):
        code = "VAT"
    return words_for("identifier-schemes", code, language) or otherwise or _of(language, "OTHER")


def registration_label(scheme: str, number: str, country: str, language: str) -> str:
    """Return the name of a legal registration number (BT-30, BT-47). Without a scheme the country and the number's form
    tell it: nine digits in France are a SIREN. A SIRET is one, even under the SIREN's scheme."""
    bare = _SEPARATORS.sub("", number.upper())
    if scheme in _OF_FRANCE and bare.isdecimal():
        scheme = _OF_FRANCE_BY_LENGTH.get(len(bare), scheme)
    if scheme:
        return identifier_label(scheme, language)
    for of, form, code in _FORMS:
        if of == country.upper() and form.match(bare):
            return identifier_label(code, language)
    return _of(language, "REGISTER")


def object_label(scheme: str, language: str) -> str:
    """Return what an invoiced object is (BT-18, BT-128) by its scheme: `Compteur`; else a general word (`Objet`)."""
    code = scheme.strip().upper()
    return words_for("object-schemes", code, language) or words_for("object-schemes", "OTHER", language) or ""


def _of(language: str, code: str) -> str:
    return words_for("identifier-schemes", code, language) or ""
