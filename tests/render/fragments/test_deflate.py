"""Streams joined of pieces that are deflated already, as anybody's zlib reads them."""

import zlib

import pytest

from render.fragments.deflate import compress_after, compress_shared, interleave

COMMON = b"<x:xmpmeta>" + b"what all bills say, and say again; " * 40
END = b"</x:xmpmeta>"


@pytest.mark.parametrize("own", [b"", b"Facture LO-1", b"\0\xff" * 40_000], ids=["nothing", "a title", "80 kB"])
def test_pieces_read_as_one_text(own: bytes):
    parts = interleave(compress_shared(COMMON), (own, compress_shared(END)), (own, compress_shared(END)))
    assert zlib.decompress(b"".join(parts)) == COMMON + own + END + own + END


def test_what_was_deflated_once_stands_in_every_stream_as_a_leaf():
    alices, bobs = (
        interleave(compress_shared(COMMON), (b"Alice", compress_shared(END))),
        compress_after(compress_shared(COMMON), b"Bob" * 9, 4),
    )
    assert zlib.decompress(b"".join(bobs)) == COMMON + b"Bob" * 9
    shared = alices[1]
    assert bobs[1::2] == [shared]
    assert len(shared) < len(COMMON) / 10
    assert b"Alice" not in shared


@pytest.mark.parametrize("place", range(5))
def test_a_changed_byte_is_noticed(place: int):
    whole = bytearray(b"".join(interleave(compress_shared(COMMON), (b"Alice", compress_shared(END)))))
    whole[-2 - 3 * place] ^= 1
    with pytest.raises(zlib.error):
        zlib.decompress(bytes(whole))
