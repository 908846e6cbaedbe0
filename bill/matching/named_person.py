"""Whether a name on a bill names one person, by first and family name."""

import re
from typing import Final

from bill.matching.name_matching import BETWEEN, KINDS, compare_names
from bill.matching.person_name import CIVILITIES
from bill.matching.word_similarity import MatchResult, fold_words

#: What follows is the name of whoever the letter box is of.
_CARE_OF: Final = re.compile(r"\bchez\b|\bc/o\b", re.IGNORECASE)
_AND: Final = re.compile(r"\b(?:et|ou|and)\b|[&/+]", re.IGNORECASE)


def names_person(name: str, person: str) -> bool:
    """Whether *name*, of one or of a household (`Camille et Louis Petit`), has this *person*'s first and family name.
    More names of theirs may stand beside (a second first name, a name by marriage). A company is nobody, whoever it is
    called after."""
    theirs = _who(person)
    if KINDS.intersection(fold_words(name)) - theirs:
        return False
    name = _CARE_OF.split(name)[0]
    if compare_names(name, person) is MatchResult.SAME:
        return True
    people = [_who(each) for each in _AND.split(name)]
    return len(theirs) > 1 and any(theirs <= each or _is_first_name(each, theirs, people) for each in people)


def _is_first_name(name: set[str], person: set[str], people: list[set[str]]) -> bool:
    """Whether *name* is the person's first name alone, and the family name stands with another of the *people*."""
    return len(name) == 1 and name < person and any(person - name < each for each in people)


def _who(name: str) -> set[str]:
    return set(fold_words(name)) - CIVILITIES - BETWEEN
