"""The PDF file format: objects, pages, structure tree, metadata, cross-references (ISO 32000-1)."""
