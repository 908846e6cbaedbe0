"""Groups of lines that do not say so: a line that others name as theirs (BT-X-304) and whose amount is theirs again."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from bill import GROUP_LINE, ZERO, Line


def imply_groups(lines: Sequence[Line], total: Decimal | None) -> list[Line]:
    """The lines, of which those with lines of their own are groups where the sum of the lines (BT-106) is reached
    without them, and not with them. Where a line says what it is (BT-X-8), all do."""
    parents = {line.parent for line in lines if line.parent}
    if not parents or total is None or any(line.kind for line in lines):
        return list(lines)
    without = sum((line.net_amount or ZERO for line in lines if line.id not in parents), ZERO)
    if without != total or sum((line.net_amount or ZERO for line in lines), ZERO) == total:
        return list(lines)
    return [replace(line, kind=GROUP_LINE) if line.id in parents else line for line in lines]
