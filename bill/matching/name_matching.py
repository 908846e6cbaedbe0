"""Compare two customer names: same, close or other."""

from typing import Final

from bill.matching.person_name import CIVILITIES
from bill.matching.word_similarity import MatchResult, compare_words, fold_words

#: Civilities and small words, which are no names.
BETWEEN: Final = frozenset({
    "et", "ou", "and", "und", "y", "e", "en", "de", "du", "des", "d", "la", "le", "les", "l", "van", "von", "der",
    "den", "zu", "di", "da", "dos", "nee", "ne", "epouse", "ep", "epx", "veuve", "vve", "divorcee", "usage", "dit",
    "dite", "chez", "co",
})  # fmt: skip
#: Company forms and kinds of households and bodies, which do not identify a customer.
KINDS: Final = frozenset({
    "sarl", "sas", "sasu", "sa", "eurl", "ei", "eirl", "sci", "snc", "scop", "scp", "scm", "sca", "scea", "gaec",
    "earl", "selarl", "gie", "gmbh", "ag", "kg", "ug", "ohg", "ltd", "limited", "llc", "llp", "plc", "inc", "corp",
    "bv", "nv", "bvba", "srl", "spa", "ab", "as", "oy", "oyj", "aps", "asbl", "societe", "ste", "etablissements",
    "etablissement", "ets", "compagnie", "cie", "company", "groupe", "group", "entreprise", "association", "assoc",
    "asso", "syndicat", "coproprietaires", "copropriete", "copro", "sdc", "residence", "immeuble", "consorts",
    "indivision", "succession", "hoirs", "famille", "mairie", "commune", "ville", "service", "services",
})  # fmt: skip
#: The least length of a name that a field may have cut off.
_NARROW: Final = 20
_MEN: Final = frozenset({"m", "mr", "mm", "monsieur", "messieurs", "herr"})
_WOMEN: Final = frozenset({"mme", "mmes", "madame", "mesdames", "mrs", "frau", "mlle"})


def compare_names(first: str, second: str) -> MatchResult:
    """Compare two names.

    * `SAME`: the same words in any order, case and accents, with or without civilities and company forms.
    * `CLOSE`: may be one customer: initials, a second first name, one of a couple, a maiden name beside the other, a
      cut or missing name.
    * `OTHER`: anything else, such as two people of one family name, or one first name with another family name (a
      marriage cannot be told from the names; the issuer's staff decide).
    """
    ours, theirs = fold_words(first), fold_words(second)
    likeness = compare_words(_who(ours), _who(theirs))
    if likeness is MatchResult.OTHER and (_is_shorter(ours, theirs) or _is_shorter(theirs, ours)):
        return MatchResult.CLOSE
    if likeness is MatchResult.OTHER and (_is_couple(ours) or _is_couple(theirs)):
        shared = {word for word in _who(ours) if len(word) > 1} & set(_who(theirs))
        return MatchResult.CLOSE if shared else MatchResult.OTHER
    return likeness


def _who(words: list[str]) -> list[str]:
    """The identifying words of a name; if none are left, removes less."""
    named = [word for word in words if word not in CIVILITIES and word not in BETWEEN]
    return [word for word in named if word not in KINDS] or named or words


def _is_couple(words: list[str]) -> bool:
    """Whether the name is of a couple without her first name: `M. et Mme Paul Martin`."""
    return not _MEN.isdisjoint(words) and not _WOMEN.isdisjoint(words)


def _is_shorter(short: list[str], whole: list[str]) -> bool:
    """Whether *short* is initials of *whole* (`edf`; small words may be left out), or the name cut off by a narrow
    field."""
    initials = {"".join(word[0] for word in words) for words in (whole, [w for w in whole if w not in BETWEEN])}
    if len(short) == 1 and len(short[0]) >= 3 and short[0] in initials:
        return True
    cut = "".join(short)
    return len(cut) >= _NARROW and "".join(whole).startswith(cut)
