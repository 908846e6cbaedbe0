"""Writes a bill's document catalog (ISO 32000-1, 7.7.2) and the file specification of its embedded XML.

Both are the same for all bills of a brand with the same relationship of XML and pages, so they are written once and
added to each suffix. In the prefix there would be one file specification for each relationship, and a PDF/A-3 must not
contain one that is not associated, used or not (ISO 19005-3, 6.8).
"""

from typing import Final, NamedTuple, Self

from render.pdf.pdf_objects import ObjectRun, Objects

#: The possible relationships of the XML to the pages (Factur-X 1.09, 6.2.2).
RELATIONSHIPS: Final = ("Alternative", "Data")


class Beginning(NamedTuple):
    """The object numbers at the start of a suffix: XML, metadata, file specification, catalog, page tree root,
    structure tree root."""

    xml: int
    metadata: int
    attached: int
    catalog: int
    pages: int
    tree: int

    @classmethod
    def at(cls, number: int) -> Self:
        """Return the numbers from *number* on."""
        return cls(*range(number, number + len(cls._fields)))


def write_catalog(relationship: str, language: str, intent: int, own: Beginning) -> ObjectRun:
    """Return the file specification and the catalog as one run of objects. *relationship* is one of RELATIONSHIPS,
    *intent* the number of the output intent."""
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
