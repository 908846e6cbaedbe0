"""Maps a parsed XML invoice to bill terms in one walk: tables of element names say which step puts which element into
which field.

Each syntax is such a table. Its steps write into a dict whose keys are the fields of a class of `bill`, which is then
made as `FrozenStruct(**found)`. An unknown element costs one look-up; nothing is searched for.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from lxml import etree

from bill import Attachment, Finding, Identifier, Value, fatal, warning
from ingest.value_parsing import NotAValueError, base64_bytes, base_name, code, day, decimal, prose, words
from ingest.xml.shapes.element_stand_in import DocumentStandIn, ElementStandIn

#: An lxml element or its stand-in. Steps and rules use `tag`, `text`, `get(attribute)` and children by `[:]` only.
Element = etree._Element | ElementStandIn
Found = dict[str, Any]
Read = Callable[[str], Any]
Step = Callable[[Element, Found, "DocumentNotes"], None]
#: Stand-in elements with their actions: a key and a parser for a value, or "" and a step.
Plan = list[tuple[ElementStandIn, str, Any]]
Acceptance = Literal["usable", "en16931"]


class ValueMapping(NamedTuple):
    """A step that parses an element's text with *read* into the field *key*."""

    key: str
    read: Read


#: What an element's tag means: a value, a wrapper whose children belong to the same object, or a step of its own.
Meaning = ValueMapping | dict[str, Any] | Step
Table = dict[str, Meaning]

#: Terms that decide who owes what: given twice, they are refused.
_DECISIVE: Final = {"number", "issue_date", "currency", "type_code", "payable", "gross", "net", "paid", "rounding"}
MOST_ATTACHED: Final = 5_000_000


class DocumentNotes:
    """The findings about one document, collected while it is read."""

    __slots__ = ("attached", "depth", "findings", "number", "strict", "unseen")

    def __init__(self, acceptance: Acceptance, unseen: int = 0) -> None:
        self.findings: list[Finding] = []
        self.strict = acceptance == "en16931"
        self.number: str | None = None  # BT-1, as soon as it is known
        self.attached = 0
        self.depth = 0  # of the line that is read: 0 for a line of the bill, more for lines inside it
        self.unseen = unseen  # lines of the file that were not parsed

    def says(self, rule: str) -> bool:
        """Return whether there is a fatal finding whose id begins with *rule*."""
        return any(f.rule.startswith(rule) and f.severity == "fatal" for f in self.findings)

    def official(self, rule: str, sentence: str, element: Element | None = None, **values: Value) -> None:
        """Add a finding for a broken rule of EN 16931: fatal where the profile asks for all of them, else a warning."""
        (self.refuse if self.strict else self.warn)(rule, sentence, element, **values)

    def refuse(self, rule: str, sentence: str, element: Element | None = None, **values: Value) -> None:
        """Add a fatal finding."""
        self.findings.append(fatal(rule, sentence, where(element, self.unseen), **values))

    def warn(self, rule: str, sentence: str, element: Element | None = None, **values: Value) -> None:
        """Add a warning."""
        self.findings.append(warning(rule, sentence, where(element, self.unseen), **values))

    def not_a_value(self, fault: NotAValueError, element: Element, key: str) -> None:
        """Add a finding for a text that could not be parsed: a warning for a wrong attachment, or a wrong date other
        than the issue date; fatal for all else."""
        tell = self.warn if fault.rule.startswith(("DATE", "ATTACHMENT")) and key != "issue_date" else self.refuse
        tell(fault.rule, fault.sentence, element, **fault.values)

    def repeated(self, element: Element, key: str) -> None:
        """Add a finding for a value that is given a second time: fatal for the terms that decide what is owed, else a
        warning."""
        tell = self.refuse if key in _DECISIVE else self.warn
        tell("TERM-REPEATED", "this is said a second time; the first one counts", element)


class NeedsFullParseError(Exception):
    """There is a finding about an element whose line is unknown: the document must be parsed with lxml."""


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def line_of(element: etree._Element) -> int:
    """Return an element's line in its document; 0 when it is unknown."""
    return element.sourceline if isinstance(element.sourceline, int) else 0


def where(element: Element | None, unseen: int = 0) -> str:
    """Return an element's place for findings, its line and its name as written; *unseen* lines before the document are
    added."""
    if element is None:
        return ""
    if isinstance(element, ElementStandIn):
        raise NeedsFullParseError
    name = local_name(element)
    return f"line {line_of(element) + unseen}, {f'{element.prefix}:{name}' if element.prefix else name}"


def attribute_of(element: Element, name: str) -> str:
    """Return the text of an attribute (unit, scheme, currency, name); "" when it is absent."""
    said = element.get(name)
    return (code(said) or "") if said else ""


def table(namespaces: Mapping[str, str], meanings: Mapping[str, Meaning]) -> Table:
    """Return a table with full tags from one with prefixes, such as `{"cbc:InvoicedQuantity cbc:CreditedQuantity":
    meaning}`."""
    spelled: Table = {}
    for names, meaning in meanings.items():
        for name in names.split():
            prefix, _, local = name.partition(":")
            spelled[f"{{{namespaces[prefix]}}}{local}"] = meaning
    return spelled


def map_element(element: Element, meanings: Table, found: Found, notes: DocumentNotes) -> None:
    """Apply the table's steps to the element's children, in document order.

    An empty element is skipped; a value given a second time is reported, and the first one counts.
    """
    if type(element) is ElementStandIn:
        _follow(element.plans.get(id(meanings)) or _planned(element, meanings), found, notes)
    elif type(element) is DocumentStandIn:
        _walk_frame(element, meanings, found, notes)
    else:
        _walk_lxml(element, meanings, found, notes)


def _walk_lxml(element: Element, meanings: Table, found: Found, notes: DocumentNotes) -> None:
    """Walk the children of an lxml element. A slice of the children costs half as much as iterating over them."""
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
                    notes.repeated(child, key)
                    continue
                try:
                    value = read(text)
                except NotAValueError as fault:
                    notes.not_a_value(fault, child, key)
                    continue
                if value is not None:
                    found[key] = value
        elif type(meaning) is dict:
            map_element(child, meaning, found, notes)
        else:
            meaning(child, found, notes)  # type: ignore[operator]  # `type(x) is` narrows for people only


def _walk_frame(element: DocumentStandIn, meanings: Table, found: Found, notes: DocumentNotes) -> None:
    """Walk an element made of known shapes: each child shape has its own plan."""
    table = id(meanings)
    for child in element:
        plan = child.plans.get(table)
        if plan is None:
            plan = child.plans[table] = _plan([child], meanings)
        if child.same:
            _repeat(child, table, plan, found, notes)
        else:
            _follow(plan, found, notes)


def _planned(element: ElementStandIn, meanings: Table) -> Plan:
    plan = element.plans[id(meanings)] = _plan(element, meanings)
    return plan


def _plan(elements: Iterable[ElementStandIn], meanings: Table) -> Plan:
    """Return the elements that the table knows, with wrappers resolved: values with key and parser, others with their
    step."""
    plan: Plan = []
    for element in elements:
        meaning = meanings.get(element.tag)
        if isinstance(meaning, ValueMapping):
            plan.append((element, *meaning))
        elif isinstance(meaning, dict):
            plan += [(element, "", _wrapper(meaning))] if type(element) is DocumentStandIn else _plan(element, meaning)
        elif meaning is not None:
            plan.append((element, "", meaning))
    return plan


def _wrapper(meanings: Table) -> Step:
    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        map_element(element, meanings, found, notes)

    return step


def _follow(plan: Plan, found: Found, notes: DocumentNotes) -> None:
    for element, key, read in plan:
        if key:
            text = element.text
            if text:
                if key in found:
                    raise NeedsFullParseError
                value = read(text)
                if value is not None:
                    found[key] = value
        else:
            read(element, found, notes)


def _repeat(element: ElementStandIn, table: int, plan: Plan, found: Found, notes: DocumentNotes) -> None:
    """Apply an element's step, or reuse its result when the document before had the same texts; a step only adds to
    *found*."""
    again = element.found.get(table)
    if again is None:
        again, said = {}, len(notes.findings)
        _follow(plan, again, notes)
        if len(notes.findings) > said:
            raise NeedsFullParseError
        element.found[table] = again
    if found.keys().isdisjoint(again):
        for key, value in again.items():
            found[key] = value.copy() if type(value) in (list, dict) else value
    else:
        _follow(plan, found, notes)


def amount(key: str) -> ValueMapping:
    """Return a mapping of an exact number into *key*."""
    return ValueMapping(key, decimal)


def words_of(key: str) -> ValueMapping:
    """Return a mapping of one-line text into *key*."""
    return ValueMapping(key, words)


def value_of(element: Element, read: Read, notes: DocumentNotes, key: str = "") -> Any:
    """Return an element's parsed value for steps that do more than store it; None when there is none."""
    text = element.text
    if not text:
        return None
    try:
        return read(text)
    except NotAValueError as fault:
        notes.not_a_value(fault, element, key)
        return None


def earliest(key: str) -> Step:
    """Return a step that keeps the earliest of several days."""

    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        when = value_of(element, day, notes)
        if when is not None:
            found[key] = min(when, found.get(key, when))

    return step


def joined(key: str, read: Read = prose) -> Step:
    """Return a step that joins repeated prose, one line each."""

    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        piece = value_of(element, read, notes)
        if piece is not None:
            found[key] = f"{found[key]}\n{piece}" if key in found else piece

    return step


def qualified(key: str, attribute: str, beside: str, read: Read = words) -> Step:
    """Return a step that stores a value in *key* and its attribute in *beside*: quantity and unit, identifier and
    scheme."""

    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        value = value_of(element, read, notes, key)
        if value is None:
            return
        if key in found:
            notes.repeated(element, key)
            return
        found[key] = value
        if (said := element.get(attribute)) and (known := code(said)):
            found[beside] = known

    return step


def identifier(key: str, attribute: str = "schemeID") -> Step:
    """Return a step that stores an identifier with its scheme."""

    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        value = value_of(element, words, notes)
        if value is not None:
            found.setdefault(key, Identifier(value=value, scheme=attribute_of(element, attribute)))

    return step


def identifiers(key: str, attribute: str = "schemeID") -> Step:
    """Return a step that appends each identifier to the list *key*."""

    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        value = value_of(element, words, notes)
        if value is not None:
            found.setdefault(key, []).append(Identifier(value=value, scheme=attribute_of(element, attribute)))

    return step


def group(key: str, meanings: Table, make: Callable[..., Any]) -> Step:
    """Return a step that maps an element with its own table and stores `make(**found)` in *key*; an empty element is
    absent."""

    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        inner: Found = {}
        map_element(element, meanings, inner, notes)
        if inner:
            if key in found:
                notes.repeated(element, key)
            else:
                found[key] = make(**inner)

    return step


def each(key: str, meanings: Table, make: Callable[..., Any]) -> Step:
    """Return a step that appends each such element to the list *key*, even an empty one."""

    def step(element: Element, found: Found, notes: DocumentNotes) -> None:
        inner: Found = {}
        map_element(element, meanings, inner, notes)
        made = make(**inner)
        if made is not None:
            found.setdefault(key, []).append(made)

    return step


def embedded(element: Element, found: Found, notes: DocumentNotes) -> None:
    """Step for an embedded document (BG-24): bytes, name and media type. More than 5 MB per bill is not kept."""
    found["media_type"] = attribute_of(element, "mimeCode")
    found["filename"] = base_name(attribute_of(element, "filename"))
    text = element.text or ""
    notes.attached += len(text) * 3 // 4
    if notes.attached > MOST_ATTACHED:
        sentence = "more than {most} bytes are attached: the rest is not kept"
        notes.warn("ATTACHMENT-TOO-LARGE", sentence, element, most=MOST_ATTACHED)
        return
    try:
        found["content"] = base64_bytes(text)
    except NotAValueError as fault:
        notes.not_a_value(fault, element, "content")


def attachment(id: str = "", link: str = "", **found: Any) -> Attachment:  # noqa: A002
    """Return an attachment (BG-24); only a web link is kept as a link."""
    return Attachment(id=id, link=link if link.startswith(("https://", "http://")) else "", **found)
