"""Find the corrective invoice that stands in a bill's place, for which counts what was paid of that bill. Pure.

A corrective may be corrected itself. Of two correctives of one bill of which neither refers to the other nobody can
tell which one a payment is for: a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence

from bill.payment.credit_set_off import comes_later, takes_place_of
from bill.payment.document_amount import DocumentAmount


def standing_correctives(documents: Iterable[DocumentAmount]) -> dict[str, tuple[str, ...]]:
    """The numbers of the correctives that stand in the place of each of these documents, through chains of them, by the
    document's number: one, as a rule. Several, in their order, if it was corrected twice; so for each of these
    correctives, itself among them. Documents that nothing corrects are absent."""
    known = {each.number: each for each in documents}
    correctives = _correctives(known)
    found = {number: _last_of_chains(number, correctives, set()) for number in correctives}
    for number, last in list(found.items()):
        if len(last) > 1:
            for each in _between(number, correctives):
                found[each] = found.get(each, set()) | last
    return {
        number: tuple(sorted(last, key=lambda each: (known[each].issue_date, each))) for number, last in found.items()
    }


def _correctives(known: Mapping[str, DocumentAmount]) -> dict[str, list[str]]:
    """The correctives that refer to each document, by its number; of two that correct each other the later one does."""
    found: dict[str, list[str]] = {}
    for corrective in known.values():
        for name in corrective.names:
            named = known.get(name)
            if named is None or not takes_place_of(corrective, named):
                continue
            if not (takes_place_of(named, corrective) and comes_later(named, corrective)):
                found.setdefault(name, []).append(corrective.number)
    return found


def _last_of_chains(number: str, correctives: Mapping[str, Sequence[str]], seen: set[str]) -> set[str]:
    """The correctives of this document that nothing corrects, however far they are from it."""
    found: set[str] = set()
    for each in correctives.get(number, ()):
        if each not in seen:
            found |= _last_of_chains(each, correctives, seen | {number, each}) or {each}
    return found


def _between(number: str, correctives: Mapping[str, Sequence[str]]) -> set[str]:
    """The correctives of this document, and theirs."""
    found: set[str] = set()
    ways = [number]
    while ways:
        fresh = set(correctives.get(ways.pop(), ())) - found
        found |= fresh
        ways += fresh
    return found - {number}
