"""The catalog of every bill of a brand (ISO 32000-1, 7.7.2).

It is written before any bill is: what it names of a bill comes first in a suffix, always in the same order."""

from typing import Final, NamedTuple

from render.objects import Objects

RELATIONSHIPS: Final = ("Alternative", "Data")


class Own(NamedTuple):
    """The numbers of what a catalog names of a bill: its XML, its metadata, the roots of its pages and its tree."""

    xml: int
    metadata: int
    pages: int
    tree: int


def write_catalogs(language: str, intent: int, objects: Objects) -> dict[str, int]:
    """The catalogs' numbers, by how the XML relates to the pages (Factur-X 1.09, 6.2.2). They end a prefix."""
    first = objects.next_number + 2 * len(RELATIONSHIPS)
    own = Own(*range(first, first + len(Own._fields)))
    return {
        relationship: _write_catalog(relationship, language, intent, own, objects) for relationship in RELATIONSHIPS
    }


def _write_catalog(relationship: str, language: str, intent: int, own: Own, objects: Objects) -> int:
    attached = objects.add(
        b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/Desc(Factur-X)/AFRelationship/%b"
        b"/EF<</F %d 0 R/UF %d 0 R>>>>" % (relationship.encode(), own.xml, own.xml)
    )
    return objects.add(
        b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/StructTreeRoot %d 0 R/OutputIntents[%d 0 R]/AF[%d 0 R]"
        b"/Names<</EmbeddedFiles<</Names[(factur-x.xml)%d 0 R]>>>>/Lang(%b)/MarkInfo<</Marked true>>"
        b"/ViewerPreferences<</DisplayDocTitle true>>>>"
        % (own.pages, own.metadata, own.tree, intent, attached, attached, language.encode())
    )
