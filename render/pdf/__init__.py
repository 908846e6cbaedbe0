"""PDF objects: pages, fonts' resources, structure tree, metadata, cross-references (ISO 32000-1)."""
