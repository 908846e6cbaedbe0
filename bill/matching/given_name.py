"""Find the given names in a customer's name, and tell whether two customers share one. Pure; in doubt there is none."""

import re
from typing import Final

from bill.matching.person_name import CIVILITIES, fold_name

_BETWEEN_PEOPLE: Final = re.compile(r"\s+(?:et|ou|and|und)\s+|[,&/+]", re.IGNORECASE)


def share_given_name(first: str, second: str) -> bool:
    """Whether two names have a given name in common: `Alice Martin` and `Mme Alice DURAND`."""
    return not given_names(first).isdisjoint(given_names(second))


def given_names(name: str) -> frozenset[str]:
    """The given names of all people in a name, folded. Each person's is the first word, unless capitals tell the family
    name (`MARTIN Alice`). A name all in capitals does not say which word is which: none; nor does an initial."""
    return frozenset(given for person in _BETWEEN_PEOPLE.split(name) if (given := _given_name(person)))


def _given_name(person: str) -> str:
    words = [word for word in person.split() if not set(fold_name(word)) <= CIVILITIES]
    if len(words) < 2 or all(word.isupper() for word in words):
        return ""
    given = next(word for word in words if not word.isupper() or len(word.strip(".")) == 1)
    folded = "".join(fold_name(given))
    return folded if len(folded) > 1 else ""
