"""One walk over a parsed document: tables of tags say which step takes which element to which field.

A syntax is a table. Its steps write into a dict whose keys are the noun's fields, so that a group of elements ends
as `FrozenStruct(**found)`. An unknown element costs one look-up; nothing is searched for.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, NamedTuple

from lxml import etree

from bill import Attachment, Finding, Identifier, Value, fatal, warning
from ingest.value_parsing import NotAValueError, base64_bytes, base_name, code, day, decimal, prose, words
from ingest.xml.shapes.element_stand_in import DocumentStandIn, ElementStandIn

#: lxml's, or one of a known shape. Steps and rules ask for `tag`, `text`, `get(attribute)`, children by `[:]`; no more.
Element = etree._Element | ElementStandIn
Found = dict[str, Any]
Read = Callable[[str], Any]
Step = Callable[[Element, Found, "DocumentNotes"], None]
#: Elements of a known shape with what to do: a value's key and reader, or "" and a step.
Plan = list[tuple[ElementStandIn, str, Any]]
Acceptance = Literal["usable", "en16931"]


class ValueMapping(NamedTuple):
    """One value, into *key*, as *read* understands its text."""

    key: str
    read: Read


#: What an element's tag means: a value, a wrapper whose children belong to the same noun, or a step of its own.
Meaning = ValueMapping | dict[str, Any] | Step
Table = dict[str, Meaning]

#: Terms that decide who owes what: said twice, they say nothing.
_DECISIVE: Final = {"number", "issue_date", "currency", "type_code", "payable", "gross", "net", "paid", "rounding"}
MOST_ATTACHED: Final = 5_000_000


class DocumentNotes:
    """What there was to say about one document while it was read."""

    __slots__ = ("attached", "depth", "findings", "number", "strict", "unseen")

    def __init__(self, acceptance: Acceptance, unseen: int = 0) -> None:
        self.findings: list[Finding] = []
        self.strict = acceptance == "en16931"
        self.number: str | None = None  # BT-1, as soon as it is known
        self.attached = 0
        self.depth = 0  # of the line that is read: 0 for a line of the bill, more for lines inside it
        self.unseen = unseen  # lines of the file that were not parsed

    def says(self, rule: str) -> bool:
        """Whether something fatal under *rule* was said."""
        return any(f.rule.startswith(rule) and f.severity == "fatal" for f in self.findings)

    def official(self, rule: str, sentence: str, element: Element | None = None, **values: Value) -> None:
        """A rule of EN 16931 is broken: fatal where the profile asks for all of them."""
        (self.refuse if self.strict else self.warn)(rule, sentence, element, **values)

    def refuse(self, rule: str, sentence: str, element: Element | None = None, **values: Value) -> None:
        self.findings.append(fatal(rule, sentence, where(element, self.unseen), **values))

    def warn(self, rule: str, sentence: str, element: Element | None = None, **values: Value) -> None:
        self.findings.append(warning(rule, sentence, where(element, self.unseen), **values))

    def not_a_value(self, fault: NotAValueError, element: Element, key: str) -> None:
        """A wrong date matters where it is the bill's own; a wrong amount or a flood of text matters everywhere."""
        tell = self.warn if fault.rule.startswith(("DATE", "ATTACHMENT")) and key != "issue_date" else self.refuse
        tell(fault.rule, fault.sentence, element, **fault.values)

    def repeated(self, element: Element, key: str) -> None:
        tell = self.refuse if key in _DECISIVE else self.warn
        tell("TERM-REPEATED", "this is said a second time; the first one counts", element)


class NeedsFullParseError(Exception):
    """There is something to say about an element whose line is unknown: the document is to be read with lxml."""


def local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def line_of(element: etree._Element) -> int:
    return element.sourceline if isinstance(element.sourceline, int) else 0


def where(element: Element | None, unseen: int = 0) -> str:
    """Where to look: the line of the document, and the element's name as it is written there."""
    if element is None:
        return ""
    if isinstance(element, ElementStandIn):
        raise NeedsFullParseError
    name = local_name(element)
    return f"line {line_of(element) + unseen}, {f'{element.prefix}:{name}' if element.prefix else name}"


def attribute_of(element: Element, name: str) -> str:
    """An attribute's words: a unit, a scheme, a currency, a name; "" when it is absent."""
    said = element.get(name)
    return (code(said) or "") if said else ""


def table(namespaces: Mapping[str, str], meanings: Mapping[str, Meaning]) -> Table:
    """`{"cbc:InvoicedQuantity cbc:CreditedQuantity": meaning}` with its tags spelled out."""
    spelled: Table = {}
    for names, meaning in meanings.items():
        for name in names.split():
            prefix, _, local = name.partition(":")
            spelled[f"{{{namespaces[prefix]}}}{local}"] = meaning
    return spelled


def map_element(element: Element, meanings: Table, found: Found, sheet: DocumentNotes) -> None:
    """Take each child that the table knows, in the order of the document.

    An empty element says nothing; a value said a second time is reported, and the first one counts.
    """
    if type(element) is ElementStandIn:
        _follow(element.plans.get(id(meanings)) or _planned(element, meanings), found, sheet)
    elif type(element) is DocumentStandIn:
        _walk_frame(element, meanings, found, sheet)
    else:
        _walk_lxml(element, meanings, found, sheet)


def _walk_lxml(element: Element, meanings: Table, found: Found, sheet: DocumentNotes) -> None:
    """A slice of lxml's children is half the price of iterating over them."""
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
                    sheet.repeated(child, key)
                    continue
                try:
                    value = read(text)
                except NotAValueError as fault:
                    sheet.not_a_value(fault, child, key)
                    continue
                if value is not None:
                    found[key] = value
        elif type(meaning) is dict:
            map_element(child, meaning, found, sheet)
        else:
            meaning(child, found, sheet)  # type: ignore[operator]  # `type(x) is` narrows for people only


def _walk_frame(element: DocumentStandIn, meanings: Table, found: Found, sheet: DocumentNotes) -> None:
    """The same, of an element put together from known shapes: each has its own plan."""
    table = id(meanings)
    for child in element:
        plan = child.plans.get(table)
        if plan is None:
            plan = child.plans[table] = _plan([child], meanings)
        if child.same:
            _repeat(child, table, plan, found, sheet)
        else:
            _follow(plan, found, sheet)


def _planned(element: ElementStandIn, meanings: Table) -> Plan:
    plan = element.plans[id(meanings)] = _plan(element, meanings)
    return plan


def _plan(elements: Iterable[ElementStandIn], meanings: Table) -> Plan:
    """The elements that the table knows, a wrapper's in its place: values with key and reader, else the step."""
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
    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        map_element(element, meanings, found, sheet)

    return step


def _follow(plan: Plan, found: Found, sheet: DocumentNotes) -> None:
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
            read(element, found, sheet)


def _repeat(element: ElementStandIn, table: int, plan: Plan, found: Found, sheet: DocumentNotes) -> None:
    """What the document before said as well is found once; a step only adds to what was found."""
    again = element.found.get(table)
    if again is None:
        again, said = {}, len(sheet.findings)
        _follow(plan, again, sheet)
        if len(sheet.findings) > said:
            raise NeedsFullParseError
        element.found[table] = again
    if found.keys().isdisjoint(again):
        for key, value in again.items():
            found[key] = value.copy() if type(value) in (list, dict) else value
    else:
        _follow(plan, found, sheet)


def amount(key: str) -> ValueMapping:
    return ValueMapping(key, decimal)


def words_of(key: str) -> ValueMapping:
    return ValueMapping(key, words)


def value_of(element: Element, read: Read, sheet: DocumentNotes, key: str = "") -> Any:
    """An element's value for a step that does more than keep it; None when there is none."""
    text = element.text
    if not text:
        return None
    try:
        return read(text)
    except NotAValueError as fault:
        sheet.not_a_value(fault, element, key)
        return None


def earliest(key: str) -> Step:
    """The first of several days: of instalments, the one to be paid first."""

    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        when = value_of(element, day, sheet)
        if when is not None:
            found[key] = min(when, found.get(key, when))

    return step


def joined(key: str, read: Read = prose) -> Step:
    """Prose that may be said in several pieces: each on a line of its own."""

    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        piece = value_of(element, read, sheet)
        if piece is not None:
            found[key] = f"{found[key]}\n{piece}" if key in found else piece

    return step


def qualified(key: str, attribute: str, beside: str, read: Read = words) -> Step:
    """A value into *key* and its attribute into *beside*: a quantity with its unit, an identifier with its scheme."""

    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        value = value_of(element, read, sheet, key)
        if value is None:
            return
        if key in found:
            sheet.repeated(element, key)
            return
        found[key] = value
        if (said := element.get(attribute)) and (known := code(said)):
            found[beside] = known

    return step


def identifier(key: str, attribute: str = "schemeID") -> Step:
    """An identifier with the scheme it is drawn from."""

    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        value = value_of(element, words, sheet)
        if value is not None:
            found.setdefault(key, Identifier(value=value, scheme=attribute_of(element, attribute)))

    return step


def identifiers(key: str, attribute: str = "schemeID") -> Step:
    """Each identifier into the list *key*."""

    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        value = value_of(element, words, sheet)
        if value is not None:
            found.setdefault(key, []).append(Identifier(value=value, scheme=attribute_of(element, attribute)))

    return step


def group(key: str, meanings: Table, make: Callable[..., Any]) -> Step:
    """An element that is a noun of its own: `make(**found)` into *key*; an empty one is absent."""

    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        inner: Found = {}
        map_element(element, meanings, inner, sheet)
        if inner:
            if key in found:
                sheet.repeated(element, key)
            else:
                found[key] = make(**inner)

    return step


def each(key: str, meanings: Table, make: Callable[..., Any]) -> Step:
    """Each such element into the list *key*, also an empty one: it was there."""

    def step(element: Element, found: Found, sheet: DocumentNotes) -> None:
        inner: Found = {}
        map_element(element, meanings, inner, sheet)
        made = make(**inner)
        if made is not None:
            found.setdefault(key, []).append(made)

    return step


def embedded(element: Element, found: Found, sheet: DocumentNotes) -> None:
    """A document inside the document (BG-24): its bytes, name and kind. More than 5 MB a bill are not kept."""
    found["media_type"] = attribute_of(element, "mimeCode")
    found["filename"] = base_name(attribute_of(element, "filename"))
    text = element.text or ""
    sheet.attached += len(text) * 3 // 4
    if sheet.attached > MOST_ATTACHED:
        sentence = "more than {most} bytes are attached: the rest is not kept"
        sheet.warn("ATTACHMENT-TOO-LARGE", sentence, element, most=MOST_ATTACHED)
        return
    try:
        found["content"] = base64_bytes(text)
    except NotAValueError as fault:
        sheet.not_a_value(fault, element, "content")


def attachment(id: str = "", link: str = "", **found: Any) -> Attachment:  # noqa: A002
    """BG-24 from what was found; only a link of the web is a link."""
    return Attachment(id=id, link=link if link.startswith(("https://", "http://")) else "", **found)
