"""Maps a parsed XML invoice to bill terms in one walk: tables of element names say which step puts which element into
which field.

Each syntax is such a table. Its steps write into a dict whose keys are the fields of a class of `bill`, which is then
made as `FrozenStruct(**found)`. An unknown element costs one look-up; nothing is searched for.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from bill import Value
from ingest.document_findings import Acceptance, DocumentNotes, Found
from ingest.xml.element import Element, where
from untrusted.value_parsing import NotAValueError

Read = Callable[[str], Any]
Step = Callable[[Element, Found, "XmlMapper"], None]


class ValueMapping(NamedTuple):
    """A step that parses an element's text with *read* into the field *key*."""

    key: str
    read: Read


#: What an element's tag means: a value, a wrapper whose children belong to the same object, or a step of its own.
Meaning = ValueMapping | dict[str, Any] | Step
Table = dict[str, Meaning]

#: Terms that decide who owes what: given twice, they are refused.
_DECISIVE: Final = {"number", "issue_date", "currency", "type_code", "payable", "gross", "net", "paid", "rounding"}


class XmlMapper:
    """Maps the elements of one document, and notes findings with the elements' places."""

    __slots__ = ("attached", "depth", "notes", "unseen")

    def __init__(self, acceptance: Acceptance, unseen: int = 0) -> None:
        self.notes = DocumentNotes(acceptance)
        self.unseen = unseen  # lines of the file that were not parsed
        self.attached = 0  # bytes of embedded documents so far
        self.depth = 0  # of the line that is read: 0 for a line of the bill, more for lines inside it

    def map_element(self, element: Element, meanings: Table, found: Found) -> None:
        """Apply the table's steps to the element's children, in document order.

        An empty element is skipped; a value given a second time is reported, and the first one counts. (A slice of the
        children costs half as much as iterating over them.)
        """
        get = meanings.get
        for child in element[:]:  # type: ignore[index]  # the stubs do not know slices
            meaning = get(child.tag)
            if meaning is None:
                continue
            if type(meaning) is ValueMapping:
                text = child.text
                if text:
                    key, read = meaning
                    if key in found:
                        self.repeated(child, key)
                        continue
                    try:
                        value = read(text)
                    except NotAValueError as fault:
                        self.not_a_value(fault, child, key)
                        continue
                    if value is not None:
                        found[key] = value
            elif type(meaning) is dict:
                self.map_element(child, meaning, found)
            else:
                meaning(child, found, self)  # type: ignore[operator]  # `type(x) is` narrows for people only

    def value_of(self, element: Element, read: Read, key: str = "") -> Any:
        """Return an element's parsed value for steps that do more than store it; None when there is none."""
        text = element.text
        if not text:
            return None
        try:
            return read(text)
        except NotAValueError as fault:
            self.not_a_value(fault, element, key)
            return None

    def official(self, rule: str, sentence: str, element: Element, **values: Value) -> None:
        """Note an element that breaks a rule of EN 16931: fatal where the profile asks for all of them, else a
        warning."""
        self.notes.official(rule, sentence, where(element, self.unseen), **values)

    def refuse(self, rule: str, sentence: str, element: Element, **values: Value) -> None:
        """Note a fatal finding about an element."""
        self.notes.refuse(rule, sentence, where(element, self.unseen), **values)

    def warn(self, rule: str, sentence: str, element: Element, **values: Value) -> None:
        """Note a warning about an element."""
        self.notes.warn(rule, sentence, where(element, self.unseen), **values)

    def not_a_value(self, fault: NotAValueError, element: Element, key: str) -> None:
        """Note a text that could not be parsed: a warning for a wrong attachment, or a wrong date other than the issue
        date; fatal for all else."""
        tell = self.warn if fault.rule.startswith(("DATE", "ATTACHMENT")) and key != "issue_date" else self.refuse
        tell(fault.rule, fault.sentence, element, **fault.values)

    def repeated(self, element: Element, key: str) -> None:
        """Note a value that is given a second time: fatal for the terms that decide what is owed, else a warning."""
        tell = self.refuse if key in _DECISIVE else self.warn
        tell("TERM-REPEATED", "this is said a second time; the first one counts", element)
