"""Keeps the fragments of a brand by layout, and fills them in with the texts of a bill."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, TypeVarTuple

from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_fragment import PageFragment
from render.fast_paths.fragments.fragment_template import FragmentRecorder, FragmentTemplate

_KEPT: Final = 2048
Layout = TypeVarTuple("Layout")


class FragmentCache:
    """The fragments of one brand, least recently used ones dropped."""

    def __init__(self) -> None:
        self._template_of = lru_cache(_KEPT)(_recorded)

    def draw(
        self,
        lay: Callable[[FragmentCanvas, *Layout], None],
        tagged: int,
        texts: Sequence[str],
        *layout: *Layout,
    ) -> PageFragment:
        """Return what `render.canvas.fragment_canvas.draw_fragment` returns."""
        words, typesetters, frame = self._template_of(lay, tagged, *layout)
        if typesetters:
            texts = [typeset(text) for typeset, text in zip(typesetters, texts, strict=True)]
        return words % tuple(texts), frame


def _recorded(lay: Callable[[FragmentCanvas, *Layout], None], tagged: int, *layout: *Layout) -> FragmentTemplate:
    recorder = FragmentRecorder(tagged)
    lay(recorder, *layout)
    return recorder.template()
