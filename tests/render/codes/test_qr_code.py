"""QR symbols: equal to another encoder's, and read by another reader."""

import random

import pytest
import segno

from render.codes import qr_code


def as_text(rows: tuple[int, ...], size: int) -> list[str]:
    return [f"{row:0{size}b}" for row in rows]


@pytest.mark.parametrize("length", [*range(1, 40, 3), 62, 63, 84, 106, 122, 152, 153, 180, 181, 213, 251, 287, 331])
def test_it_is_segnos_symbol_at_the_same_mask(length):
    data = random.Random(length).randbytes(length)
    symbol = qr_code.encode(data)
    theirs = segno.make(data, error="m", mask=qr_code.MASK, mode="byte", micro=False, boost_error=False)
    assert as_text(symbol.rows, symbol.size) == ["".join(map(str, row)) for row in theirs.matrix]


def test_every_capacity_is_used_to_its_last_byte():
    for version, most in qr_code._CAPACITY.items():
        assert qr_code.encode(bytes(most)).size == 17 + 4 * version
    assert max(qr_code._CAPACITY.values()) == qr_code.MOST_BYTES


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="332 bytes do not fit"):
        qr_code.encode(bytes(332))
