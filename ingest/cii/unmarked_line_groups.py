"""Detects group lines that are not marked as such: lines named as parent by others (BT-X-304), whose amount repeats the
sum of theirs."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from bill import GROUP_LINE, ZERO, Line


def imply_groups(lines: Sequence[Line], total: Decimal | None) -> list[Line]:
    """Return the lines, with parents marked as groups where the sum of lines (BT-106) is reached only without the
    parents. Where any line states its kind (BT-X-8), nothing is changed."""
    parents = {line.parent for line in lines if line.parent}
    if not parents or total is None or any(line.kind for line in lines):
        return list(lines)
    without = sum((line.net_amount or ZERO for line in lines if line.id not in parents), ZERO)
    if without != total or sum((line.net_amount or ZERO for line in lines), ZERO) == total:
        return list(lines)
    return [replace(line, kind=GROUP_LINE) if line.id in parents else line for line in lines]
