"""One walk over a parsed document: tables of tags say which step takes which element to which field.

A syntax is a table. Its steps write into a dict whose keys are the noun's fields, so that a group of elements ends
as `Noun(**found)`. An unknown element costs one look-up; nothing is searched for.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from lxml import etree

from bill import Attachment, Finding, Identifier, fatal, warning
from ingest.values import NotAValueError, base64_bytes, base_name, decimal, prose, words

Found = dict[str, Any]
Step = Callable[[etree._Element, Found, "Sheet"], None]
Table = dict[str, Step]
Acceptance = Literal["usable", "en16931"]

#: Terms that decide who owes what: said twice, they say nothing.
_DECISIVE: Final = {"number", "issue_date", "currency", "type_code", "payable", "gross", "net", "paid", "rounding"}
MOST_ATTACHED: Final = 5_000_000


class Sheet:
    """What there was to say about one document while it was read."""

    __slots__ = ("attached", "findings", "number", "strict")

    def __init__(self, acceptance: Acceptance) -> None:
        self.findings: list[Finding] = []
        self.strict = acceptance == "en16931"
        self.number: str | None = None  # BT-1, as soon as it is known
        self.attached = 0

    def says(self, rule: str) -> bool:
        """Whether something fatal under *rule* was said."""
        return any(f.rule.startswith(rule) and f.severity == "fatal" for f in self.findings)

    def official(self, rule: str, message: str, element: etree._Element | None = None) -> None:
        """A rule of EN 16931 is broken: fatal where the profile asks for all of them."""
        (self.refuse if self.strict else self.warn)(rule, message, element)

    def refuse(self, rule: str, message: str, element: etree._Element | None = None) -> None:
        self.findings.append(fatal(rule, message, where(element)))

    def warn(self, rule: str, message: str, element: etree._Element | None = None) -> None:
        self.findings.append(warning(rule, message, where(element)))

    def not_a_value(self, fault: NotAValueError, element: etree._Element, key: str) -> None:
        """A wrong date matters where it is the bill's own; a wrong amount or a flood of text matters everywhere."""
        tell = self.warn if fault.rule.startswith(("DATE", "ATTACHMENT")) and key != "issue_date" else self.refuse
        tell(fault.rule, str(fault), element)

    def repeated(self, element: etree._Element, key: str) -> None:
        tell = self.refuse if key in _DECISIVE else self.warn
        tell("TERM-REPEATED", "this is said a second time; the first one counts", element)


def local_name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def where(element: etree._Element | None) -> str:
    """Where to look: the line of the document, and the element's name as it is written there."""
    if element is None:
        return ""
    name = local_name(element)
    return f"line {element.sourceline}, {f'{element.prefix}:{name}' if element.prefix else name}"


def attribute_of(element: etree._Element, name: str) -> str:
    """An attribute's words: a unit, a scheme, a currency, a name; "" when it is absent."""
    said = element.get(name)
    return " ".join(said.split())[:200] if said else ""


def table(namespaces: Mapping[str, str], steps: Mapping[str, Step]) -> Table:
    """`{"cbc:InvoicedQuantity cbc:CreditedQuantity": step}` with its tags spelled out."""
    spelled: Table = {}
    for names, step in steps.items():
        for name in names.split():
            prefix, _, local = name.partition(":")
            spelled[f"{{{namespaces[prefix]}}}{local}"] = step
    return spelled


def walk(element: etree._Element, steps: Table, found: Found, sheet: Sheet) -> None:
    """Take each child that the table knows, in the order of the document."""
    get = steps.get
    for child in element:
        step = get(child.tag)
        if step is not None:
            step(child, found, sheet)


def leaf(key: str, read: Callable[[str], Any] = words) -> Step:
    """One value into *key*; an empty element says nothing, a second one is reported."""

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        text = element.text
        if text is None:
            return
        if key in found:
            sheet.repeated(element, key)
            return
        try:
            value = read(text)
        except NotAValueError as fault:
            sheet.not_a_value(fault, element, key)
            return
        if value != "":
            found[key] = value

    return step


def amount(key: str) -> Step:
    return leaf(key, decimal)


def leaves(key: str, read: Callable[[str], Any] = words) -> Step:
    """Each value into the list *key*."""
    one = leaf("value", read)

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        one(element, inner, sheet)
        if inner:
            found.setdefault(key, []).append(inner["value"])

    return step


def joined(key: str, read: Callable[[str], str] = prose) -> Step:
    """Prose that may be said in several pieces: each on a line of its own."""
    one = leaf("piece", read)

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        one(element, inner, sheet)
        if inner:
            found[key] = f"{found[key]}\n{inner['piece']}" if key in found else inner["piece"]

    return step


def qualified(key: str, attribute: str, beside: str, read: Callable[[str], Any] = words) -> Step:
    """A value into *key* and its attribute into *beside*: a quantity with its unit, an identifier with its scheme."""
    value = leaf(key, read)

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        value(element, found, sheet)
        said = attribute_of(element, attribute)
        if said and key in found:
            found.setdefault(beside, said)

    return step


def identifier(key: str, attribute: str = "schemeID") -> Step:
    """An identifier with the scheme it is drawn from."""
    one = leaf("value")

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        one(element, inner, sheet)
        if inner:
            found.setdefault(key, Identifier(value=inner["value"], scheme=attribute_of(element, attribute)))

    return step


def identifiers(key: str, attribute: str = "schemeID") -> Step:
    """Each identifier into the list *key*."""
    one = identifier("value", attribute)

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        one(element, inner, sheet)
        if inner:
            found.setdefault(key, []).append(inner["value"])

    return step


def inside(steps: Table) -> Step:
    """An element that only wraps: its children belong to the same noun."""

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        walk(element, steps, found, sheet)

    return step


def group(key: str, steps: Table, make: Callable[..., Any]) -> Step:
    """An element that is a noun of its own: `make(**found)` into *key*; an empty one is absent."""

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        walk(element, steps, inner, sheet)
        if inner:
            if key in found:
                sheet.repeated(element, key)
            else:
                found[key] = make(**inner)

    return step


def each(key: str, steps: Table, make: Callable[..., Any]) -> Step:
    """Each such element into the list *key*, also an empty one: it was there."""

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        inner: Found = {}
        walk(element, steps, inner, sheet)
        made = make(**inner)
        if made is not None:
            found.setdefault(key, []).append(made)

    return step


def embedded(element: etree._Element, found: Found, sheet: Sheet) -> None:
    """A document inside the document (BG-24): its bytes, name and kind. More than 5 MB a bill are not kept."""
    found["media_type"] = attribute_of(element, "mimeCode")
    found["filename"] = base_name(attribute_of(element, "filename"))
    text = element.text or ""
    sheet.attached += len(text) * 3 // 4
    if sheet.attached > MOST_ATTACHED:
        message = f"more than {MOST_ATTACHED} bytes are attached: the rest is not kept"
        sheet.warn("ATTACHMENT-TOO-LARGE", message, element)
        return
    try:
        found["content"] = base64_bytes(text)
    except NotAValueError as fault:
        sheet.not_a_value(fault, element, "content")


def attachment(id: str = "", link: str = "", **found: Any) -> Attachment:  # noqa: A002
    """BG-24 from what was found; only a link of the web is a link."""
    return Attachment(id=id, link=link if link.startswith(("https://", "http://")) else "", **found)
