"""What is wrong with how a page is built, for whoever hears it or goes through it by keyboard: no browser is needed."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import lxml.html

Element = Any
#: Fields that name themselves, or are not seen.
_NAMELESS = {"hidden", "submit", "button", "image", "reset"}
#: What a browser may fill in by itself (WCAG 1.3.5), and how that is called.
_COMPLETED = {"email": {"email", "username"}, "password": {"current-password", "new-password"}, "tel": {"tel"}}


def structure_faults(page: str) -> list[str]:
    """The faults of one HTML page, each with the element that it is about; empty on a good page."""
    root = lxml.html.document_fromstring(page)
    checks = (_document, _headings, _landmarks, _fields, _tables, _names, _ids, _ways_on)
    return [fault for check in checks for fault in check(root)]


def _document(root: Element) -> Iterator[str]:
    if not (root.get("lang") or "").strip():
        yield "no language"
    title = (root.findtext("head/title") or "").split("·")[0].strip()
    if not title:
        yield "no title"
    if not "".join(root.xpath("head/meta[@name='description']/@content")).strip():
        yield "no description"
    if any(int(each) > 0 for each in root.xpath("//@tabindex") if each.lstrip("-").isdigit()):
        yield "an order of the tab key beside that of the page"


def _headings(root: Element) -> Iterator[str]:
    levels = [int(each.tag[1]) for each in root.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} main headings"
    if levels and levels[0] != 1:
        yield "the main heading is not the first"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} after one of level {before}"
    yield from (f"an empty heading: {_shown(each)}" for each in root.xpath("//h1 | //h2 | //h3") if not _name(each))


def _landmarks(root: Element) -> Iterator[str]:
    for name in ("header", "main", "footer"):
        outer = [each for each in root.iter(name) if name == "main" or not _inside(each)]
        if len(outer) != 1:
            yield f"{len(outer)} of {name}"
    for name in ("nav", "aside", "search"):
        several = list(root.iter(name))
        labels = [each.get("aria-label") or each.get("aria-labelledby") for each in several]
        if len(several) > 1 and len(set(filter(None, labels))) < len(several):
            yield f"several of {name} that are not told apart"


def _inside(each: Element) -> bool:
    """Headers and footers of a part of the page are no landmarks."""
    return any(above.tag in {"main", "article", "section", "aside", "nav"} for above in each.iterancestors())


def _fields(root: Element) -> Iterator[str]:
    for each in root.xpath("//input | //select | //textarea"):
        kind = each.get("type", "text")
        if kind in _NAMELESS or each.get("aria-hidden") == "true":
            continue
        labels = root.xpath("//label[@for=$id]", id=each.get("id", "")) + list(each.iterancestors("label"))
        if not any(_name(label) for label in labels) and not _label(root, each):
            yield f"a field without a label: {_shown(each)}"
        wanted = _COMPLETED.get(kind)
        if wanted and each.get("autocomplete") != "off" and not wanted & set((each.get("autocomplete") or "").split()):
            yield f"a field that no browser fills in: {_shown(each)}"
    for name in ("aria-describedby", "aria-labelledby", "for"):
        for each in root.xpath(f"//*[@{name}]"):
            if missing := [word for word in each.get(name).split() if not root.xpath("//*[@id=$id]", id=word)]:
                yield f"{name} of what is not there: {missing}"


def _tables(root: Element) -> Iterator[str]:
    for each in root.iter("th"):
        if not _name(each):
            yield f"an empty head: {_shown(each)}"
    for each in root.iter("table"):
        if each.find("caption") is None and not _label(root, each):
            yield f"a table without a name: {_shown(each)}"


def _names(root: Element) -> Iterator[str]:
    for each in root.xpath("//a[@href] | //button | //summary"):
        if not _name(each) and not _label(root, each):
            yield f"nothing to press by: {_shown(each)}"
    for each in root.iter("img"):
        if each.get("alt") is None:
            yield f"a picture without words: {_shown(each)}"
    for each in root.iter("svg"):
        if each.get("aria-hidden") != "true" and not (each.get("role") == "img" and each.get("aria-label")):
            yield f"a drawing without words: {_shown(each)}"
    for each in root.iter("iframe"):
        if not each.get("title"):
            yield f"a frame without a title: {_shown(each)}"


def _ids(root: Element) -> Iterator[str]:
    yield from (f"an id twice: {each}" for each, n in Counter(root.xpath("//@id")).items() if n > 1)


def _ways_on(root: Element) -> Iterator[str]:
    """Beside the brand and the skip link there is something to go on with, or back."""
    if not root.xpath("//main//a[@href] | //main//form | //header//nav//a[@href]"):
        yield "a dead end"


def _name(each: Element) -> str:
    """What is read out: the text, and the words of pictures."""
    words = [each.text_content(), *each.xpath(".//@aria-label"), *each.xpath(".//img/@alt")]
    return " ".join(filter(None, (word.strip() for word in words)))


def _label(root: Element, each: Element) -> str:
    ids = (each.get("aria-labelledby") or "").split()
    named = [_name(other) for word in ids for other in root.xpath("//*[@id=$id]", id=word)]
    return (each.get("aria-label") or "").strip() or " ".join(named).strip()


def _shown(each: Element) -> str:
    text: str = lxml.html.tostring(each, encoding="unicode", with_tail=False)
    return " ".join(text.split())[:120]
