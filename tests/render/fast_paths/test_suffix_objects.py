"""Streams joined of pieces that are deflated already, as anybody's zlib reads them, and what of them is shared."""

import zlib

import pytest

from render.fast_paths.shared_parts import SuffixObjects
from render.pdf.pdf_objects import Objects

COMMON = b"<x:xmpmeta>" + b"what all bills say, and say again; " * 40
END = b"</x:xmpmeta>"


def written(*pieces: bytes) -> SuffixObjects:
    objects = SuffixObjects(1, 0)
    objects.add_pieces(b"/Type/Metadata", pieces)
    return objects


def stream(objects: Objects) -> bytes:
    return objects.joined().partition(b">>\nstream\n")[2].removesuffix(b"\nendstream\nendobj\n")


@pytest.mark.parametrize("own", [b"", b"Facture LO-1", b"\0\xff" * 40_000], ids=["nothing", "a title", "80 kB"])
def test_pieces_read_as_one_text(own: bytes):
    for pieces in ([COMMON, own, END, own, END], [COMMON, own, END, own], [COMMON, own], [COMMON]):
        assert zlib.decompress(stream(written(*pieces))) == b"".join(pieces)


def test_the_length_of_a_stream_and_the_place_of_what_follows_are_right():
    objects = written(COMMON, b"Alice", END)
    assert objects.joined().startswith(b"1 0 obj\n<</Length %d/Filter/FlateDecode/" % len(stream(objects)))
    assert objects.end == len(objects.joined()) == sum(map(len, objects.parts()))


def test_what_was_deflated_once_stands_in_every_stream_as_a_shared_part():
    alices, bobs = written(COMMON, b"Alice", END), written(COMMON, b"Bob" * 9)
    assert zlib.decompress(stream(bobs)) == COMMON + b"Bob" * 9
    shared = alices.parts()[1]
    assert bobs.parts()[1::2] == [shared]
    assert len(shared) < len(COMMON) / 10
    assert b"Alice" not in shared


def test_a_run_of_objects_is_a_shared_part():
    catalog, objects = Objects(2, 0), written(COMMON, b"Alice", END)
    catalog.add(b"<</Type/Catalog>>")
    objects.add_run(catalog.run())
    assert objects.parts()[-2:] == [b"2 0 obj\n<</Type/Catalog>>\nendobj\n", b""]
    assert objects.joined() == b"".join(objects.parts())


@pytest.mark.parametrize("place", range(5))
def test_a_changed_byte_is_noticed(place: int):
    whole = bytearray(stream(written(COMMON, b"Alice", END)))
    whole[-2 - 3 * place] ^= 1
    with pytest.raises(zlib.error):
        zlib.decompress(bytes(whole))
