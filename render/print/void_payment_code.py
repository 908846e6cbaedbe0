"""Strikes out a payment QR code in print when its amount is no longer due."""

import re
import zlib
from typing import Final

from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import mm
from render.print.parse_archived_bill import NotOurs

#: The first operators of `render.codes.symbol_image`: side, left and lower edge. Nothing else on a page is so.
_CODE: Final = re.compile(rb"q 0 g (\d+) 0 0 -\d+ (\d+) (\d+) cm\s+BI/W")
_LINE: Final = mm(0.3)


def void_payment_code(body: bytes) -> bytes:
    """Return the content stream to lay over a page: a crossed-out square over its payment code; b"" where the page
    shows none. *body* is the page's content stream object. Raises NotOurs when it is damaged."""
    try:
        content = zlib.decompress(body.partition(b"\nstream\n")[2].removesuffix(b"\nendstream"))
    except zlib.error as error:
        raise NotOurs(f"a page's content is damaged: {error}") from error
    code = _CODE.search(content)
    if code is None:
        return b""
    side, left, bottom = map(int, code.groups())
    right, top = left + side, bottom - side
    canvas = PageCanvas()
    canvas.marks.append(
        f"1 g {left} {top} {side} {side} re f\n0 G {_LINE} w {left} {top} {side} {side} re S\n"
        f"{left} {top} m {right} {bottom} l S\n{left} {bottom} m {right} {top} l S"
    )
    return canvas.content()
