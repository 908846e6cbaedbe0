"""Fast path: XML documents with markup seen before in the feed are read without a parser.

`ShapeCache` is the only way in: `read` a document, and `learn` one that lxml has parsed. How it works is told in
`docs/fast-paths.md`.
"""

from ingest.xml.shapes.shape_cache import ShapeCache

__all__ = ["ShapeCache"]
