"""Fast path (docs/fast-paths.md): what many bills have byte for byte is compressed once, and can be stored once.

Entered by `SuffixObjects`; the plain way is `render.pdf.pdf_objects.Objects`, which writes the same objects in other
bytes.
"""

from render.fast_paths.shared_parts.objects_with_shared_parts import SuffixObjects

__all__ = ["SuffixObjects"]
