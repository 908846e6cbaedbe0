"""Abbreviates words that the French post reads abbreviated (NF Z10-011, annex), in lines that would not
fit otherwise."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

#: Titles before and in a name.
NAME_WORDS: Final = {
    "MESDAMES": "MMES", "MADEMOISELLE": "MLLE", "MADAME": "MME", "MESSIEURS": "MM", "MONSIEUR": "M", "DOCTEUR": "DR",
    "PROFESSEUR": "PR", "MAITRE": "ME", "GENERAL": "GAL", "COLONEL": "CNL", "COMMANDANT": "CDT", "CAPITAINE": "CNE",
    "LIEUTENANT": "LT", "VEUVE": "VVE", "EPOUSE": "EP", "SOCIETE": "STE", "COMPAGNIE": "CIE", "ETABLISSEMENTS": "ETS",
    "ASSOCIATION": "ASS", "SYNDICAT": "SYND", "COPROPRIETE": "COPRO", "SAINTE": "STE", "SAINT": "ST",
}  # fmt: skip
#: Words of lines below the name, in the order in which they are abbreviated: streets, buildings, titles, the rest.
STREET_WORDS: Final = {
    "ALLEES": "ALL", "ALLEE": "ALL", "AVENUE": "AV", "BOULEVARD": "BD", "CARREFOUR": "CAR", "CHAUSSEE": "CHS",
    "CHEMINEMENT": "CHEM", "CHEMIN": "CHE", "CORNICHE": "COR", "COURS": "CRS", "DESCENTE": "DSC", "DOMAINE": "DOM",
    "ESPLANADE": "ESP", "FAUBOURG": "FG", "HAMEAU": "HAM", "IMPASSE": "IMP", "LIEU[ -]DIT": "LD", "LOTISSEMENT": "LOT",
    "MARCHE": "MAR", "MONTEE": "MTE", "PASSAGE": "PAS", "PLACE": "PL", "PLAINE": "PLN", "PLATEAU": "PLT",
    "PROMENADE": "PROM", "PARVIS": "PRV", "QUARTIER": "QUA", "QUAI": "QU", "ROUTE": "RTE", "ROND[ -]POINT": "RPT",
    "SENTIER": "SEN", "SENTE": "SEN", "SQUARE": "SQ", "TERRE[ -]PLEIN": "TPL", "TRAVERSE": "TRA", "VILLAGE": "VLGE",
    "APPARTEMENT": "APT", "BATIMENTS?": "BAT", "CENTRE COMMERCIAL": "CCAL", "ENSEMBLE": "ENS", "ENTREE": "ENT",
    "ESCALIER": "ESC", "ETAGE": "ETG", "IMMEUBLES?": "IMM", "LOGEMENT": "LGT", "PAVILLON": "PAV", "RESIDENCES?": "RES",
    "REZ[ -]DE[ -]CHAUSSEE": "RDC", "ZONE ARTISANALE": "ZA", "ZONE INDUSTRIELLE": "ZI", "BOITE POSTALE": "BP",
    "ABBE": "ABE", "AMIRAL": "AML", "CAPITAINE": "CNE", "CARDINAL": "CAR", "CHANOINE": "CHN", "COLONEL": "CNL",
    "COMMANDANT": "CDT", "DOCTEUR": "DR", "GENERAL": "GAL", "INGENIEUR": "ING", "LIEUTENANT": "LT", "MARECHAL": "MAL",
    "PREFET": "PRF", "PRESIDENT": "PDT", "PROFESSEUR": "PR", "SERGENT": "SGT", "SAINTE": "STE", "SAINT": "ST",
    "GRANDE": "GDE", "GRANDS": "GDS", "GRAND": "GD", "PETITE": "PTE", "PETIT": "PT", "NOUVEAU": "NOUV",
    "NOUVELLE": "NOUV", "VIEUX": "VX", "SUPERIEURE?": "SUP", "INFERIEURE?": "INF",
}  # fmt: skip
#: Of a town's name.
TOWN_WORDS: Final = {"SAINTE": "STE", "SAINT": "ST"}


def abbreviate(line: str, most: int, words: Mapping[str, str]) -> str:
    """Return *line* with as many of *words* abbreviated, in their order, as it takes to have at most *most*
    characters."""
    for pattern, short in _patterns(tuple(words.items())):
        while len(line) > most and (found := pattern.search(bare(line))):
            start, end = found.span()
            written = short if line[start:end].isupper() else short.capitalize()
            line = line[:start] + written + line[end:]
    return line


@cache
def _patterns(words: tuple[tuple[str, str], ...]) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(rf"\b{word}\b"), short) for word, short in words]


def bare(line: str) -> str:
    """Return the line in capitals without accents, with as many characters."""
    return line.upper() if line.isascii() else "".join(_bare_letter(letter) for letter in line)


def _bare_letter(letter: str) -> str:
    bare = unicodedata.normalize("NFD", letter)[0].upper()
    return bare if len(bare) == 1 else letter
