"""Warns about the way the buyer's name is written: title in the name, family name first, all capitals."""

from itertools import takewhile
from typing import Final

from bill import CIVILITIES, Party, fold_name, siren_of
from ingest.checks.broken_rule import BrokenRule

#: Words in the names of companies and public bodies, whose spelling is not checked.
_ORGANISATIONS: Final = frozenset({
    "sa", "sas", "sasu", "sarl", "eurl", "sci", "scop", "scp", "snc", "selarl", "gie", "gaec", "earl", "ets",
    "cie", "ste", "societe", "entreprise", "etablissements", "association", "assoc", "mairie", "commune",
    "ville", "departement", "region", "syndicat", "copropriete", "sdc", "cabinet", "garage", "boulangerie",
    "pharmacie", "restaurant", "hotel", "ecole", "college", "lycee", "universite", "hopital", "clinique",
    "fondation", "office", "groupe", "holding", "gmbh", "ag", "ug", "kg", "ltd", "limited", "plc", "llc", "inc",
    "bv", "nv", "srl", "spa", "as", "ab", "oy", "aps", "corporation", "corp", "company",
})  # fmt: skip

_SHOUTED: Final = "'{name}' is written in capitals throughout"
_WHISPERED: Final = "'{name}' is written in small letters throughout"


def check_name(buyer: Party, broken: list[BrokenRule]) -> None:
    """DQ-NAME-CIVILITY: `Mme Alice Martin`. DQ-NAME-ORDER: `MARTIN Alice`, `Martin, Alice`. DQ-NAME-CASE: all capitals
    or all lower case. Companies and public bodies, by number or by a word in the name, are not checked."""
    said = buyer.name
    first, _, rest = said.partition(" ")
    if first.strip(".").casefold() in CIVILITIES:
        broken.append(_of("DQ-NAME-CIVILITY", "'{name}' begins with a civility: send the name alone", said))
        said = rest
    if not rest or (said.istitle() and "," not in said):
        return
    wrong = _wrong(said)
    if wrong is not None and not _is_organisation(buyer):
        broken.append(wrong)


def _wrong(said: str) -> BrokenRule | None:
    if said.isupper() or said.islower():
        return _of("DQ-NAME-CASE", _SHOUTED if said.isupper() else _WHISPERED, said)
    words = said.split()
    surname = list(takewhile(_is_shouted, words))
    if surname and len(surname) < len(words) and not any(map(_is_shouted, words[len(surname) :])):
        return _of("DQ-NAME-ORDER", "'{name}' gives the surname first: send the given name, then the surname", said)
    if said.count(",") == 1 and not said.endswith(","):
        return _of("DQ-NAME-ORDER", "'{name}' gives the surname first, and a comma", said)
    return None


def _of(rule: str, wrong: str, name: str) -> BrokenRule:
    return BrokenRule(rule, wrong, "BT-44", {"name": name[:60]})


def _is_shouted(word: str) -> bool:
    """Return whether a word is in capitals: `MARTIN`, `LE`; an initial (`J.`) is not."""
    return word.isupper() and sum(map(str.isalpha, word)) > 1


def _is_organisation(buyer: Party) -> bool:
    if buyer.vat_id or siren_of(buyer):
        return True
    return any(word in _ORGANISATIONS or word.isdecimal() for word in fold_name(buyer.name))
