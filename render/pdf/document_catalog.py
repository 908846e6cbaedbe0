"""The catalog of a bill (ISO 32000-1, 7.7.2), and what the file says of the XML inside.

All bills of a brand whose XML relates to their pages in one way have the same one. It stands in the suffix, as a leaf:
in the prefix there would be one for each way, and with it the specification of a file that is not associated, which no
PDF/A-3 may hold, used or not (ISO 19005-3, 6.8)."""

from typing import Final, NamedTuple, Self

from render.pdf.pdf_objects import Objects, Run

#: How an XML relates to the pages (Factur-X 1.09, 6.2.2).
RELATIONSHIPS: Final = ("Alternative", "Data")


class Beginning(NamedTuple):
    """The numbers that a suffix begins with: the bill's XML and metadata, what is said of the XML, the catalog, and
    the roots of pages and tree."""

    xml: int
    metadata: int
    attached: int
    catalog: int
    pages: int
    tree: int

    @classmethod
    def at(cls, number: int) -> Self:
        return cls(*range(number, number + len(cls._fields)))


def write_catalog(relationship: str, language: str, intent: int, own: Beginning) -> Run:
    """What is said of the XML, which relates to the pages in this way, and the catalog."""
    objects = Objects(own.attached, 0)
    objects.add(
        b"<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/Desc(Factur-X)/AFRelationship/%b"
        b"/EF<</F %d 0 R/UF %d 0 R>>>>" % (relationship.encode(), own.xml, own.xml)
    )
    objects.add(
        b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/StructTreeRoot %d 0 R/OutputIntents[%d 0 R]/AF[%d 0 R]"
        b"/Names<</EmbeddedFiles<</Names[(factur-x.xml)%d 0 R]>>>>/Lang(%b)/MarkInfo<</Marked true>>"
        b"/ViewerPreferences<</DisplayDocTitle true>>>>"
        % (own.pages, own.metadata, own.tree, intent, own.attached, own.attached, language.encode())
    )
    return objects.run()
