"""Folds a line that is too long into several, between its words."""


def fold(line: str, most: int) -> list[str]:
    """Return *line* as lines of at most *most* characters. A word that is longer is divided, after a hyphen where it
    has one."""
    lines, rest = [], line.strip()
    while len(rest) > most:
        at = _end_of_line(rest, most)
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*lines, rest] if rest else lines


def _end_of_line(line: str, most: int) -> int:
    """Return where the first line ends: at the last blank, else after the last hyphen, else where it is full."""
    blank = line.rfind(" ", 1, most + 1)
    if blank > 0:
        return blank
    hyphen = line.rfind("-", 1, most)
    return hyphen + 1 if hyphen > 0 else most
