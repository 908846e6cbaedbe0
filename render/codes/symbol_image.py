"""Draws a two-dimensional barcode as an inline image mask, one bit a module (ISO 32000-1, 8.9.6.2 and 8.9.7)."""

from render.codes.module_grid import ModuleGrid, stride


def symbol_image(symbol: ModuleGrid, x: int, y: int, side: int) -> str:
    """Return operators that paint the dark modules black in a square of this *side* whose upper left corner is (x, y),
    all in drawing units."""
    size = symbol.size
    rows = symbol.modules.to_bytes(stride(size) // 8 * size).hex()
    return (
        f"q 0 g {side} 0 0 {-side} {x} {y + side} cm\nBI/W {size}/H {size}/BPC 1/IM true/D[1 0]/F/AHx ID\n{rows}>\nEI Q"
    )
