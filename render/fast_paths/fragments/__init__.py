"""Fast path (docs/fast-paths.md): page fragments that are drawn once and filled in for many bills.

Entered by `FragmentCache.draw`; the plain way is `render.canvas.fragment_canvas.draw_fragment`.
"""

from render.fast_paths.fragments.fragment_cache import FragmentCache

__all__ = ["FragmentCache"]
