"""Inspects a sample of fixed width: one kind of record, or several by a tag at the beginning of each line. Fields are
parted where all lines of a kind have a blank, or where figures and letters meet in all of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from ingest.sample_inspection.delimited_sample import MOST_ROWS, examples_of, filled_share, value_settings
from ingest.sample_inspection.propose_terms import FieldValues, propose_terms
from ingest.sample_inspection.sample_text import SampleText
from issuers.profile_studio.sample_report import Evidence, RecordKind, SampleField, SampleReport, Setting
from untrusted.feed_error import FeedError

_LONGEST_TAG: Final = 4
_MOST_KINDS: Final = 8
_MOST_FIELDS: Final = 100
#: Longer figures that begin with zeros are amounts without a decimal mark.
_FILLED_UP: Final = 5
Role = Literal["bill", "part", "row", "feed", "skip"]


def inspect_fixed_width(sample: SampleText, present: Mapping[str, Mapping[str, object]]) -> SampleReport:
    """The report of a sample of fixed width. *present* are the present layout's columns by the kind of record."""
    lines = [line.rstrip("\r\n\x1a") for line in sample.text.splitlines() if line.strip()][:MOST_ROWS]
    length = tag_length(lines)
    if not lines:
        raise FeedError("FEED-EMPTY", "the file has no row")
    kinds = tuple(_kinds(lines, length))
    fields: list[SampleField] = []
    columns: list[Sequence[str]] = []
    for kind in kinds:
        tag, of_kind = kind.tag, [line for line in lines if line[:length] == kind.tag]
        found = [
            FieldValues(SampleField((start, size), "", tag, examples_of(values), filled_share(values)), values)
            for start, size in spans(of_kind, length)
            for values in ([line[start - 1 : start - 1 + size].strip() for line in of_kind],)
        ][:_MOST_FIELDS]
        fields += [each.field for each in found] if kind.role == "skip" else _proposed(found, kind, present)
        columns += [each.values for each in found]
    settings: dict[str, Setting] = {"encoding": sample.encoding, **value_settings(columns)}
    if any(value.startswith("00") and value.isdigit() and len(value) > _FILLED_UP for of in columns for value in of):
        settings["decimals"] = 2
    return SampleReport(
        "records", rows=len(lines), settings=settings, tag=(1, length) if length else None,
        kinds=kinds, fields=tuple(fields),
    )  # fmt: skip


def _proposed(
    found: Sequence[FieldValues], kind: RecordKind, present: Mapping[str, Mapping[str, object]]
) -> list[SampleField]:
    """The fields of a kind with their proposals. There are no headings: the first that differs in every bill is taken
    for its number, the last of figures filled up with zeros for what is to pay."""
    fields = list(propose_terms(found, present.get(kind.tag, {})))
    terms = {field.term for field in fields}
    if kind.role == "part" or kind.count < 2:
        return fields
    free = [at for at, field in enumerate(fields) if not field.term]
    number = next((at for at in free if len({*found[at].values, ""}) == kind.count + 1), None)
    if number is not None and "number" not in terms:
        fields[number] = msgspec.structs.replace(fields[number], term="number", evidence=(Evidence("unique"),))
    filled_up = [at for at in free if at != number and all(value.isdigit() for value in found[at].values)]
    amounts = [at for at in filled_up if any(value.startswith("00") for value in found[at].values)]
    if amounts and "payable" not in terms:
        last = amounts[-1]
        fields[last] = msgspec.structs.replace(fields[last], term="payable", evidence=(Evidence("amount"),))
    return fields


def tag_length(lines: Sequence[str]) -> int:
    """How many characters at the beginning tell the kind of a record: the fewest that part the lines into some kinds,
    of which more than one comes again; 0 where all are of one kind."""
    for length in range(1, _LONGEST_TAG + 1):
        tags = Counter(line[:length] for line in lines)
        repeated = sum(count > 1 for count in tags.values())
        if 2 <= len(tags) <= _MOST_KINDS and repeated >= 2 and all(tag.strip() and tag.isalnum() for tag in tags):
            return length
    return 0


def spans(lines: Sequence[str], start: int) -> list[tuple[int, int]]:
    """The fields of these lines behind the tag, as [from, length], from 1."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    classes = [frozenset(_class(line[at]) for line in padded) for at in range(width)]
    found: list[tuple[int, int]] = []
    began = start
    for at in range(start + 1, width + 1):
        if at == width or (" " in classes[at - 1] and _begins(classes[at], padded, at)) or _meet(classes, at):
            if any(line[began:at].strip() for line in padded):
                found.append((began + 1, at - began))
            began = at
    return found


def _begins(here: frozenset[str], lines: Sequence[str], at: int) -> bool:
    """Whether a field begins at this character: it never is a blank there, and always was one just before; more than
    one somewhere, or a long number stands before it, since words are parted by one blank, too."""
    if " " in here or any(line[at - 1] != " " for line in lines):
        return False
    is_wide = any(line[at - 2 : at] == "  " for line in lines)
    return is_wide or all(line[max(0, at - 6) : at - 1].isdigit() and at >= 6 for line in lines)


def _meet(classes: Sequence[frozenset[str]], at: int) -> bool:
    """Whether figures end here in all lines and letters begin, or the other way round."""
    before, here = classes[at - 1], classes[at]
    return (before == {"9"} and here == {"a"}) or (before == {"a"} and here == {"9"} and at > 1)


def _class(character: str) -> str:
    return "9" if character.isdigit() else " " if character == " " else "a" if character.isalpha() else "-"


def _kinds(lines: Sequence[str], length: int) -> list[RecordKind]:
    """The kinds in the order of their first records: what comes once at the beginning holds for the feed or says
    nothing; the first that comes again begins a bill, the others add to it."""
    counts = Counter(line[:length] for line in lines)
    if not length:
        return [RecordKind("", len(lines), "row")]
    kinds: list[RecordKind] = []
    for tag, count in counts.items():
        role: Role = "skip" if count == 1 and len(lines) > 3 else "part"
        if role == "part" and not any(each.role == "bill" for each in kinds):
            role = "bill"
        kinds.append(RecordKind(tag, count, role))
    return kinds
