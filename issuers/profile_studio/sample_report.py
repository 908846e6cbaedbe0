"""What was found in a sample file: its syntax, its fields, and which term each of them seems to be, with why."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from bill import Finding
from bill.finding import fill_in
from issuers.file_layouts import FieldPosition

#: `standard`: a format that is read without a layout; `unknown`: none that we read.
Syntax = Literal["delimited", "records", "json", "xml", "standard", "unknown"]
#: A setting of a layout's table.
Setting = str | int | bool | tuple[str, ...]
#: Syntaxes that a layout describes: the names of their tables in the profile.
LAID_OUT: Final[tuple[Syntax, ...]] = ("delimited", "records", "json", "xml")
#: What speaks for a term: the heading's words, the present profile, or what the values are.
EvidenceCode = Literal[
    "heading", "present", "date", "amount", "iban", "email", "postcode", "siren", "vat_id", "currency", "phone",
    "repeats", "unique",
]  # fmt: skip


class ToldFinding(msgspec.Struct, frozen=True):
    """A finding as a report keeps it: its values as text and numbers (`bill.finding_text.FindingText`)."""

    rule: str
    severity: str
    sentence: str
    values: dict[str, str | int]
    place: str = ""
    number: str | None = None

    @classmethod
    def of(cls, finding: Finding) -> "ToldFinding":
        values = {key: value if isinstance(value, int) else str(value) for key, value in finding.values.items()}
        return cls(finding.rule, finding.severity, finding.sentence, values, finding.place, finding.number)

    @property
    def message(self) -> str:
        return fill_in(self.sentence, self.values)


class Evidence(msgspec.Struct, frozen=True, array_like=True):
    """One thing that speaks for a term; *share* is of the values that are so, in percent."""

    code: EvidenceCode
    share: int = 100


class SampleField(msgspec.Struct, frozen=True):
    """A column, a range of characters, a key or an element. *part* is the array or kind of record that it stands in
    ("" for the bill itself, or where there is one kind)."""

    place: FieldPosition | str
    title: str
    part: str = ""
    examples: tuple[str, ...] = ()
    filled: int = 0  # percent of the records in which it has a value
    term: str = ""  # proposed; "" is none
    evidence: tuple[Evidence, ...] = ()


class RecordKind(msgspec.Struct, frozen=True):
    """A kind of record by its tag, how many there are, and the role that it seems to have."""

    tag: str
    count: int
    role: Literal["bill", "part", "row", "feed", "skip"]


class SampleReport(msgspec.Struct, frozen=True):
    """What was found in a sample. *settings* are those of the layout's table, as found; *terms* are all that a field
    may be mapped to; *problem* is why the file cannot be read."""

    syntax: Syntax
    format: str = ""  # of a standard one: its name
    rows: int = 0
    settings: Mapping[str, Setting] = {}
    tag: FieldPosition | None = None
    kinds: tuple[RecordKind, ...] = ()
    arrays: dict[str, str] = {}  # the part of terms (line, vat …) -> the array's or element's path
    fields: tuple[SampleField, ...] = ()
    terms: tuple[str, ...] = ()
    problem: ToldFinding | None = None
