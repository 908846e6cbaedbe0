"""Fast path (docs/fast-paths.md): the frame of a bill's pages is built once for all bills with the same outline.

Entered by `cached_page_frame`; the plain way is `render.pdf.page_frame.build_page_frame`.
"""

from functools import lru_cache

from render.pdf.page_frame import PageFrame, build_page_frame


@lru_cache(maxsize=1024)
def cached_page_frame(outline: str, pictures: tuple[bytes, ...], pages: int, resources: int, root: int) -> PageFrame:
    """Return what `build_page_frame` returns."""
    return build_page_frame(outline, pictures, pages, resources, root)
