"""Proposes a term for each field of a sample, with what speaks for it: the present profile first, then the heading's
words where the values agree, then the values alone. A term goes to one field."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

import msgspec

from ingest.custom_formats.field_names import NUMBERS, TERMS
from ingest.sample_inspection.heading_words import terms_named
from ingest.sample_inspection.value_kinds import kinds_of
from issuers.profile_studio.sample_report import Evidence, EvidenceCode, SampleField

#: Terms whose values must be of a kind.
_MUST: Final[dict[str, EvidenceCode]] = {
    "buyer.email": "email", "payment.iban": "iban", "currency": "currency", "seller.legal_id": "siren",
}  # fmt: skip
#: What a kind of value means where no heading says so.
_ALONE: Final[tuple[tuple[EvidenceCode, str], ...]] = (
    ("iban", "payment.iban"), ("email", "buyer.email"), ("currency", "currency"), ("phone", "buyer.phone"),
    ("postcode", "buyer.postcode"), ("date", "issue_date"), ("date", "due_date"),
)  # fmt: skip
#: Kinds that also speak for a term that the heading names.
_ALSO: Final[dict[str, EvidenceCode]] = {**_MUST, "buyer.postcode": "postcode", "buyer.phone": "phone"}
_PRESENT, _NAMED = 4.0, 1.0
_PARTS: Final = ("line", "vat", "instalment", "preceding")


class FieldValues(NamedTuple):
    """A field without a proposal, and its values in the sample, in order, "" where it has none."""

    field: SampleField
    values: Sequence[str]


class _Claim(NamedTuple):
    score: float
    at: int
    term: str
    evidence: tuple[Evidence, ...]


def propose_terms(found: Sequence[FieldValues], present: Mapping[str, object]) -> tuple[SampleField, ...]:
    """The fields with their proposals. *present* are the columns of the present layout, by term."""
    kinds = [kinds_of([value for value in each.values if value][:500]) for each in found]
    claims = [claim for at, each in enumerate(found) for claim in _claims(at, each, kinds[at], present)]
    taken: dict[int, _Claim] = {}
    terms: set[tuple[str, str]] = set()
    for claim in sorted(claims, key=lambda claim: (-claim.score, claim.at)):
        part = found[claim.at].field.part if claim.term.partition(".")[0] not in _PARTS else ""
        if claim.at not in taken and (claim.term, part) not in terms:
            taken[claim.at] = claim
            terms.add((claim.term, part))
    return tuple(
        msgspec.structs.replace(each.field, term=taken[at].term, evidence=taken[at].evidence) if at in taken
        else each.field
        for at, each in enumerate(found)
    )  # fmt: skip


def is_repeated(values: Sequence[str]) -> bool:
    """Whether a value stands in several records one after the other, as a bill's number in each of its lines."""
    return any(len(list(run)) > 1 for value, run in groupby(values) if value)


def _claims(
    at: int, found: FieldValues, kinds: Mapping[EvidenceCode, int], present: Mapping[str, object]
) -> Iterator[_Claim]:
    field = found.field
    for term, place in present.items():
        if place == field.place or [place] == [list(field.place) if isinstance(field.place, tuple) else field.place]:
            yield _Claim(_PRESENT, at, term, (Evidence("present"), *_by_kind(term, kinds)))
    for term, score in terms_named(field.title).items():
        if _stands_in(term, field.part) and _agrees(term, found.values, kinds):
            more = (*_by_kind(term, kinds), *_by_runs(term, found.values))
            yield _Claim(_NAMED + score + 0.1 * len(more), at, term, (Evidence("heading"), *more))
    for rank, (code, term) in enumerate(_ALONE):
        if code in kinds and _stands_in(term, field.part):
            yield _Claim(0.5 - rank / 100, at, term, (Evidence(code, kinds[code]),))


def _stands_in(term: str, part: str) -> bool:
    """Whether a term may stand in this part: an array of lines has terms of lines only."""
    head, dot, _ = term.partition(".")
    if part in _PARTS:
        return bool(dot) and head == part
    return head not in ("vat", "instalment", "preceding") or not dot


def _agrees(term: str, values: Sequence[str], kinds: Mapping[EvidenceCode, int]) -> bool:
    """Whether the values can be what a heading calls them. Where there are none, nothing speaks against it."""
    if not any(values):
        return True
    if term in _MUST:
        return _MUST[term] in kinds
    if TERMS[term] is date:
        return "date" in kinds
    if TERMS[term] is Decimal:
        return "amount" in kinds and "iban" not in kinds
    return term in NUMBERS or not kinds.keys() & {"iban", "email"}


def _by_kind(term: str, kinds: Mapping[EvidenceCode, int]) -> tuple[Evidence, ...]:
    code = _ALSO.get(term) or ("date" if TERMS[term] is date else "amount" if TERMS[term] is Decimal else None)
    return (Evidence(code, kinds[code]),) if code is not None and code in kinds else ()


def _by_runs(term: str, values: Sequence[str]) -> tuple[Evidence, ...]:
    if term != "number" or len(values) < 2:
        return ()
    return (Evidence("repeats" if is_repeated(values) else "unique"),)
