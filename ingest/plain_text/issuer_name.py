"""Finds whose bill a document is. That is sure only for an issuer that the person has already, and whose name and
registration both stand there; every other name is offered. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from stdnum.eu import vat as european
from stdnum.fr import siren

from bill.document_reading import FoundValue, TermReading, sure, unsure

_FORMS: Final = re.compile(
    r"\b(?:S\.?A\.?R\.?L\.?|S\.?A\.?S\.?U?|S\.A\.?|SA|EURL|SCOP|SNC|GIE|GmbH|AG|KG|UG|OHG|e\.\s?K\.|Ltd\.?|Limited|LLC|Inc\.?|"
    r"Corp(?:oration)?\.?|PLC|B\.?V\.?|N\.?V\.?|S\.?r\.?l\.?|SpA|AB|ApS|Oy|Pvt|Company|a\.\s?G\.)(?=[\s,.;)-]|$)"
)
_PAYEE: Final = re.compile(
    r"(?:b[ée]n[ée]ficiaire|kontoinhaber|kontoname|account (?:name|holder)|titulaire(?: du compte)?|"
    r"[àa] l.ordre de|payable to)\s*:\s*(?P<name>\S.{1,80})",
    re.IGNORECASE,
)
_VAT: Final = re.compile(r"\b(?:FR ?[0-9A-Z]{2}(?: ?\d{3}){3}|[A-Z]{2} ?\d{8,12})\b")
_SIREN: Final = re.compile(
    r"(?:SIREN|SIRET|R\.?C\.?S\.?)\D{0,30}?(\d{3}[ .]?\d{3}[ .]?\d{3})(?:[ .]?\d{5})?", re.IGNORECASE
)
_LEAST, _MOST = 2, 80
#: A line with so many digits has an address, an amount or a number in it.
_DIGITS_OF_ADDRESSES: Final = 4


class KnownIssuer(NamedTuple):
    """An issuer that the person has: its name, its SIREN and VAT identifier where they are known, and the name that its
    bills bear where the person gave it another."""

    name: str
    legal_id: str = ""
    vat_id: str = ""
    name_on_bills: str = ""

    def is_named(self, text: str) -> bool:
        """Whether this text, plain and with blanks around its words, has one of its names."""
        names = (_plain(self.name), _plain(self.name_on_bills))
        return any(f" {name} " in text for name in names if name)


def issuer_in(lines: list[str], known: Sequence[KnownIssuer]) -> TermReading:
    """The issuer: sure if one that is known is named and registered here, and no other is."""
    text = f" {_plain(' '.join(lines))} "
    ids = {*(each.value for each in legal_ids_in(lines)), *vat_ids_in(lines)}
    named = [each for each in known if each.is_named(text) and {each.legal_id, each.vat_id} & ids]
    if len({_plain(each.name) for each in named}) == 1:
        return sure(FoundValue(named[0].name))
    return unsure([FoundValue(each.name) for each in named] + _offered(lines))


def legal_ids_in(lines: list[str]) -> list[FoundValue]:
    """The SIRENs that the document names, each once."""
    found: dict[str, FoundValue] = {}
    for line in lines:
        numbers = [re.sub(r"\D", "", each) for each in _SIREN.findall(line)]
        numbers += [each[-9:] for each in _vats(line) if each.startswith("FR")]
        for number in numbers:
            if siren.is_valid(number):
                found.setdefault(number, FoundValue(number, line.strip()[:160]))
    return list(found.values())


def vat_ids_in(lines: list[str]) -> list[str]:
    """The VAT identifiers that the document names, without blanks."""
    return list(dict.fromkeys(each for line in lines for each in _vats(line)))


def _vats(line: str) -> list[str]:
    return [each.replace(" ", "") for each in _VAT.findall(line) if european.is_valid(each)]


def _offered(lines: list[str]) -> list[FoundValue]:
    payees = [FoundValue(each["name"].strip(), line.strip()[:160]) for line in lines if (each := _PAYEE.search(line))]
    forms = [FoundValue(_cut(line), line.strip()[:160]) for line in lines if _FORMS.search(line)]
    first = [FoundValue(line.strip(), line.strip()[:160]) for line in lines[:6]]
    return [each for each in (*payees, *forms, *first) if _is_name(each.value)][:8]


def _cut(line: str) -> str:
    """The part of a line that has a company's form in it: a sender's line has its address after it."""
    parts = re.split(r"\s*[●•|·,]\s*|\s+[-–]\s+", line.strip())
    return next((part for part in parts if _FORMS.search(part)), line.strip())


def _is_name(value: str) -> bool:
    letters, digits = sum(c.isalpha() for c in value), sum(c.isdigit() for c in value)
    is_short = _LEAST <= len(value) <= _MOST and letters * 2 > len(value)
    return is_short and digits < _DIGITS_OF_ADDRESSES and not value[0].isdigit() and ":" not in value


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.sub(r"[^\w\s]", " ", "".join(c for c in folded if not unicodedata.combining(c))).split())
