"""Fast paths of drawing give what the plain way gives (docs/fast-paths.md); reading's are in
`tests/ingest/test_shape_cache.py`, shared parts in `tests/render/test_shared_parts.py` and
`tests/store/vault/test_pdf_segment.py`."""

import io
from collections.abc import Iterator

import pikepdf
import pytest

from bill import Bill
from render.compiled_template import compile_template
from tests.render.sample_bills import BOB, BRAND, CHARLIE, bill
from tests.slow_paths import PATHS, plainly

#: Of one page and several, of people who share much and of one who shares nothing.
BILLS = [
    bill(3, number="L-1"), bill(12, number="L-2"), bill(12, number="L-3", buyer=BOB), bill(0, number="L-4"),
    bill(60, number="L-5", buyer=CHARLIE), bill(12, number="L-6"), bill(200, number="L-7"),
]  # fmt: skip
SAME_BYTES = sorted(PATHS.keys() - {"shared parts"})


def suffixes() -> list[bytes]:
    template = compile_template(BRAND)
    return [template.suffix(each) for each in BILLS]


@pytest.mark.parametrize("path", SAME_BYTES)
def test_the_plain_way_gives_the_same_bytes(path: str) -> None:
    fast = suffixes()
    with plainly(path):
        assert suffixes() == fast


@pytest.mark.parametrize("made", BILLS, ids=lambda made: made.number)
def test_what_is_written_in_pieces_says_the_same(made: Bill) -> None:
    template = compile_template(BRAND)
    with plainly("shared parts"):
        whole = template.prefix + template.suffix(made)
    assert list(streams(template.prefix + template.suffix(made))) == list(streams(whole))


def streams(pdf: bytes) -> Iterator[bytes]:
    """What the streams say that are no rows of a cross-reference: other lengths are other offsets."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for each in opened.objects:
            if isinstance(each, pikepdf.Stream) and each.get("/Type") != "/XRef":
                yield each.read_bytes()


@pytest.mark.parametrize("path", PATHS)
def test_the_plain_way_is_really_taken(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else fast would be compared with fast."""

    def refuse(*_: object) -> None:
        raise ZeroDivisionError

    for where, name, _ in PATHS[path]:
        monkeypatch.setattr(where, name, refuse)
    with pytest.raises(ZeroDivisionError):
        suffixes()
